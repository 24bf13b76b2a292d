/* 算期限的网页：数据来自 deadlines.data.js，算法在 days.js。 */
(function () {
  "use strict";
  const { parse, write, isDate, openCalendar, reckon } = window.kaowuDays;
  const { guidelines, calendar: days } = window.KAOWU;
  const calendar = openCalendar(days);
  const tool = document.getElementById("deadlines");
  const [form, status, result] = [tool.querySelector("form"), tool.querySelector("p"), tool.querySelector(".result")];
  const make = (name, set = {}, ...inner) => {
    const node = Object.assign(document.createElement(name), set);
    node.append(...inner);
    return node;
  };
  let events = {};

  const select = make("select", { name: "guideline" });
  for (const one of guidelines.filter((g) => g.steps.length)) select.append(new Option(`${one.short}（${one.status}）`, one.id));
  form.append(make("label", {}, "指引", select));
  const fields = make("span", { style: "display:contents" });
  const save = make("button", { type: "button", textContent: "存成日历（.ics）" });
  form.append(fields, save);

  const chosen = () => guidelines.find((one) => one.id === select.value);

  function dated() {
    return chosen()
      .steps.map((step) => {
        if (step.on) return { step, day: parse(step.on), provisional: false };
        const anchor = events[step.before || step.after];
        return anchor === undefined ? { step, day: null } : { step, ...reckon(anchor, step, calendar) };
      })
      .sort((one, other) => (one.day === null) - (other.day === null) || one.day - other.day);
  }

  function cell(text, name = "td") {
    return make(name, {}, text);
  }

  function show() {
    const rows = dated();
    const body = make("tbody");
    for (const { step, day, provisional } of rows) {
      const title = step.url ? make("a", { href: step.url, textContent: step.title }) : step.title;
      const side = step.bound === "earliest" ? "最早" : "最迟";
      const due = day === null ? "—" : `${side} ${write(day)}${provisional ? "（暂定）" : ""}`;
      const when = step.when ? `${step.told}（${step.when}时）` : step.told;
      body.append(make("tr", {}, cell(due), cell(title), cell(when), cell(step.actor), cell(step.at)));
    }
    const head = make("tr", {}, ...["日期", "步骤", "依据", "谁", "出处"].map((text) => cell(text, "th")));
    const wrap = make("div", { className: "md-typeset__table" }, make("table", {}, make("thead", {}, head), body));
    const scroll = make("div", { className: "md-typeset__scrollwrap", tabIndex: 0 }, wrap);
    result.replaceChildren(scroll);
    const known = rows.filter((row) => row.day !== null).length;
    status.textContent = `${rows.length} 步，算出 ${known} 步。工作日安排到 ${days.last}。`;
    save.disabled = known === 0;
  }

  function ask() {
    events = {};
    fields.replaceChildren(
      ...Object.entries(chosen().events).map(([path, label]) => {
        const input = make("input", { type: "date", name: path, min: "2000-01-01", max: "2099-12-31" });
        input.addEventListener("input", () => {
          if (isDate(input.value)) events[path] = parse(input.value);
          else delete events[path];
          show();
        });
        return make("label", {}, label, input);
      })
    );
    show();
  }

  const fold = (line) => line.match(/.{1,24}/gu).join("\r\n "); // 一行不超过 75 字节
  const plain = (text) => text.replace(/[\\;,]/g, "\\$&");

  function writeCalendar() {
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kaowu//kaowu//ZH"];
    for (const { step, day, provisional } of dated().filter((row) => row.day !== null)) {
      const compact = (one) => write(one).replace(/-/g, "");
      const word = `${step.title}（${step.bound === "earliest" ? "起" : "止"}）${provisional ? "（暂定）" : ""}`;
      lines.push("BEGIN:VEVENT", `UID:${select.value.replace("/", "-")}-${step.id}@kaowu`);
      lines.push("DTSTAMP:19800101T000000Z", `DTSTART;VALUE=DATE:${compact(day)}`, `DTEND;VALUE=DATE:${compact(day + 1)}`);
      lines.push(`SUMMARY:${plain(word)}`, `DESCRIPTION:${plain(`${step.told}；出处：${step.at}`)}`, "TRANSP:TRANSPARENT", "END:VEVENT");
    }
    return [...lines, "END:VCALENDAR", ""].map((line) => (line ? fold(line) : "")).join("\r\n");
  }

  save.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([writeCalendar()], { type: "text/calendar" }));
    make("a", { href: url, download: "日程.ics" }).click();
    URL.revokeObjectURL(url);
  });
  select.addEventListener("change", ask);
  form.addEventListener("submit", (event) => event.preventDefault());
  ask();
})();
