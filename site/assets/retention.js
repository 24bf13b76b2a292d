/* 保存到哪天的网页：数据来自 retention.data.js，算法在 days.js。 */
(function () {
  "use strict";
  const { parse, write, isDate, addMonths } = window.kaowuDays;
  const { guidelines } = window.KAOWU;
  const tool = document.getElementById("retention");
  const [form, status, result] = [tool.querySelector("form"), tool.querySelector("p"), tool.querySelector(".result")];
  const make = (name, set = {}, ...inner) => {
    const node = Object.assign(document.createElement(name), set);
    node.append(...inner);
    return node;
  };

  const select = make("select", { name: "guideline" });
  for (const one of guidelines) select.append(new Option(`${one.short}（${one.status}）`, one.id));
  const find = make("input", { name: "material", type: "search", placeholder: "如 签到表" });
  const start = make("input", { name: "start", type: "date", min: "1990-01-01", max: "2099-12-31" });
  const started = make("span", { textContent: "起算的日子" });
  form.append(make("label", {}, "指引", select), make("label", {}, "材料", find), make("label", {}, started, start));

  const chosen = () => guidelines.find((one) => one.id === select.value);

  function until(kept) {
    if (kept.forever) return "永久保存";
    if (!kept.months) return "定不了";
    return isDate(start.value) ? `${write(addMonths(parse(start.value), kept.months))} 起` : "填起算的日子";
  }

  function show() {
    const one = chosen();
    started.textContent = one.start ? `起算的日子（${one.start}）` : "起算的日子";
    const body = make("tbody");
    const rows = one.rows.filter((row) => row.name.includes(find.value.trim()));
    for (const row of rows) {
      for (const kept of row.kept) {
        const cells = [row.no ?? "正文", row.name, kept.medium, kept.period, until(kept), row.at];
        body.append(make("tr", {}, ...cells.map((text) => make("td", {}, String(text)))));
      }
    }
    const heads = ["序号", "材料", "介质", "期限", "可以销毁", "出处"].map((text) => make("th", {}, text));
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
    const wrap = make("div", { className: "md-typeset__table" }, table);
    result.replaceChildren(make("div", { className: "md-typeset__scrollwrap", tabIndex: 0 }, wrap));
    status.textContent = `${rows.length} 件材料`;
  }

  for (const field of [select, find, start]) field.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
