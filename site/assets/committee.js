/* 组评委会的网页：数据来自 committee.data.js，算法在 votes.js。 */
(function () {
  "use strict";
  const { judgeRule, votesNeeded, rowsOf } = window.kaowuVotes;
  const { guidelines, facts, derived } = window.KAOWU;
  const tool = document.getElementById("committee");
  const [form, status, result] = [tool.querySelector("form"), tool.querySelector("p"), tool.querySelector(".result")];
  const make = (name, set = {}, ...inner) => {
    const node = Object.assign(document.createElement(name), set);
    node.append(...inner);
    return node;
  };
  const words = new Map([
    [true, ["yes", "符合"]],
    [false, ["no", "不符合"]],
    [null, ["", "说不准：席位没有填全"]],
  ]);
  const members = [];

  const select = make("select", { name: "guideline" });
  for (const one of guidelines) select.append(new Option(`${one.short}（${one.status}）`, one.id));
  const add = make("button", { type: "button", textContent: "加一个席位" });
  const seats = make("div", { className: "md-typeset__scrollwrap", tabIndex: 0 });
  form.append(make("label", {}, "指引", select), add);
  form.after(seats);

  const chosen = () => guidelines.find((one) => one.id === select.value);
  const link = (one) => make("a", { href: one.url, textContent: one.title });
  const table = (heads, rows) => {
    const line = (name, cells) => make("tr", {}, ...cells.map((inner) => make(name, {}, inner)));
    const body = make("tbody", {}, ...rows.map((cells) => line("td", cells)));
    return make("table", {}, make("thead", {}, line("th", heads)), body);
  };

  function showSeats() {
    const rows = members.map((member, at) => {
      const picks = Object.entries(facts).map(([name, fact]) => {
        const pick = make("select", { name: `${name}-${at}`, ariaLabel: `${at + 1} 号席位的${fact.label}` });
        pick.append(new Option("未定", ""));
        for (const [id, label] of Object.entries(fact.terms)) pick.append(new Option(label, id));
        pick.value = member[name] || "";
        pick.addEventListener("change", () => {
          member[name] = pick.value;
          show();
        });
        return pick;
      });
      const drop = make("button", { type: "button", textContent: "去掉", ariaLabel: `去掉 ${at + 1} 号席位` });
      drop.addEventListener("click", () => {
        members.splice(at, 1);
        showSeats();
      });
      return [String(at + 1), ...picks, drop];
    });
    const heads = ["席位", ...Object.values(facts).map((fact) => fact.label), ""];
    seats.replaceChildren(make("div", { className: "md-typeset__table" }, table(heads, rows)));
    show();
  }

  function show() {
    const one = chosen();
    const voters = rowsOf("voters", members, { derived, values: {} });
    const rows = one.rules.map((rule) => {
      const [name, word] = words.get(judgeRule(rule, members, derived));
      const says = rule.when ? `${rule.says}（${rule.when}时）` : rule.says;
      return [make("span", { className: name, textContent: word }), link(rule), says, rule.at];
    });
    const votes = one.votes.map((vote) => {
      const least = voters.length ? `${votesNeeded(voters.length, vote)} 票` : "先加席位";
      return [make("span", { textContent: least }), link(vote), vote.says, vote.at];
    });
    const parts = [["规定", rows], ["表决至少要", votes]].filter(([, found]) => found.length);
    result.replaceChildren(
      ...parts.map(([title, found]) => {
        const wrap = make("div", { className: "md-typeset__table" }, table([title, "事项", "内容", "出处"], found));
        return make("div", { className: "md-typeset__scrollwrap", tabIndex: 0 }, wrap);
      })
    );
    status.textContent = `席位 ${members.length} 个，有表决权 ${voters.length} 人`;
  }

  add.addEventListener("click", () => {
    members.push({});
    showSeats();
  });
  select.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  showSeats();
})();
