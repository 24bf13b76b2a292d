/* 全站：给搜索对话框起名；按列筛选表格；手机上宽表一行一张卡片。 */
(function () {
  "use strict";
  const dialog = document.querySelector(".md-search[role=dialog]");
  if (dialog) dialog.setAttribute("aria-label", "搜索");
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) box.setAttribute("tabindex", "0");

  const WIDE = 3; // 这么多列起，手机上一行变成一张卡片
  const LONG = 7; // 这么多字起，一栏不许挤成一字一行
  function labelCells(table) {
    const heads = table.tHead ? [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()) : [];
    if (!heads.length || !table.tBodies.length) return;
    const rows = [...table.tBodies[0].rows];
    const long = heads.map((_, at) => rows.some((row) => row.cells[at] && row.cells[at].textContent.length >= LONG));
    if (heads.length >= WIDE) table.dataset.wide = "";
    for (const row of rows)
      [...row.cells].forEach((cell, at) => {
        cell.classList.toggle("long", Boolean(long[at]));
        if (heads.length >= WIDE) cell.dataset.label = heads[at];
      });
  }
  const labelAll = (root) => root.querySelectorAll("table").forEach(labelCells);
  labelAll(document);
  for (const tool of document.querySelectorAll(".tool"))
    new MutationObserver(() => labelAll(tool)).observe(tool, { childList: true, subtree: true });

  const textOf = (cell) => cell.innerText.trim().split("\n")[0].trim();

  function openFilter(box) {
    let next = box.nextElementSibling;
    while (next && !next.querySelector("table") && next.tagName !== "TABLE") next = next.nextElementSibling;
    if (!next) return;
    const table = next.tagName === "TABLE" ? next : next.querySelector("table");
    const heads = [...table.tHead.rows[0].cells].map(textOf);
    const rows = [...table.tBodies[0].rows];
    const parts = (row, at) => {
      const links = [...row.cells[at].querySelectorAll("a")].map((link) => link.innerText.trim());
      return links.length ? links : textOf(row.cells[at]).split("、");
    };
    const count = document.createElement("p");
    count.setAttribute("role", "status");
    const chosen = new Map();

    function show() {
      let shown = 0;
      for (const row of rows) {
        const kept = [...chosen].every(([at, word]) => !word || parts(row, at).includes(word));
        row.hidden = !kept;
        shown += kept ? 1 : 0;
      }
      count.textContent = `共 ${rows.length} 行，显示 ${shown} 行`;
    }

    for (const name of box.dataset.columns.split("|")) {
      const at = heads.indexOf(name);
      if (at < 0) continue;
      const label = document.createElement("label");
      const select = document.createElement("select");
      const words = [...new Set(rows.flatMap((row) => parts(row, at)))].filter(Boolean);
      words.sort((one, other) => one.localeCompare(other, "zh"));
      select.append(new Option("全部", ""), ...words.map((word) => new Option(word, word)));
      select.addEventListener("change", () => {
        chosen.set(at, select.value);
        show();
      });
      label.append(name, select);
      box.append(label);
    }
    box.after(count);
    show();
  }

  for (const box of document.querySelectorAll(".filter[data-columns]")) openFilter(box);
})();
