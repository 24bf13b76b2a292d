/* 日期的算法：与 generator/calendar.py、generator/schedule.py、generator/pack/materials.py 的结果相同，由测试比对。
   日子用整数表示：1970-01-01 起的天数。浏览器和 node 都能用。 */
(function (root) {
  "use strict";

  const parse = (text) => Math.round(Date.parse(text + "T00:00:00Z") / 86400000);
  const write = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
  const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text || "") && !Number.isNaN(Date.parse(text + "T00:00:00Z"));
  const weekday = (day) => (day + 3) % 7; // 星期一为 0

  function openCalendar(data) {
    const holidays = new Set(data.holidays.map(parse));
    const workdays = new Set(data.workdays.map(parse));
    const [first, last] = [parse(data.first), parse(data.last)];
    const isKnown = (day) => first <= day && day <= last;
    const isWorkday = (day) => workdays.has(day) || (weekday(day) < 5 && !holidays.has(day));

    function add(day, number) {
      const step = number > 0 ? 1 : -1;
      let reached = day;
      let left = Math.abs(number);
      while (left) {
        reached += step;
        left -= isWorkday(reached) ? 1 : 0;
      }
      return { day: reached, provisional: !(number === 0 || (isKnown(day + step) && isKnown(reached))) };
    }
    return { isKnown, isWorkday, add };
  }

  function addMonths(day, months) {
    const from = new Date(day * 86400000);
    const index = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
    const first = Date.UTC(Math.floor(index / 12), index % 12, 1) / 86400000;
    const following = Date.UTC(Math.floor((index + 1) / 12), (index + 1) % 12, 1) / 86400000;
    return Math.min(first + from.getUTCDate() - 1, following - 1);
  }

  /* 一步离它的事件多远，就是哪一天；超出工作日安排的为暂定。规定“不足”的，满那个数的前一天为止。 */
  function reckon(anchor, step, calendar) {
    const { day, provisional } = count(anchor, step, calendar);
    return { day: day - (step.short ? 1 : 0), provisional };
  }

  function count(anchor, step, calendar) {
    if (step.next_day) return { day: anchor + (step.before ? -1 : 1), provisional: false };
    const number = step.number;
    if (!step.counted.startsWith("workdays")) {
      const signed = step.before ? -number : number;
      const day = step.counted === "days" ? anchor + signed : addMonths(anchor, signed * (step.counted === "years" ? 12 : 1));
      return { day, provisional: false };
    }
    if (number === 0) return { day: anchor, provisional: !calendar.isKnown(anchor) };
    const strict = step.counted === "workdays";
    if (step.before) {
      const found = calendar.add(anchor, -number);
      return { day: found.day - (strict ? 1 : 0), provisional: found.provisional };
    }
    const found = calendar.add(step.counted === "workdays-inclusive" ? anchor - 1 : anchor, number);
    return { day: found.day + (strict && step.bound === "earliest" ? 1 : 0), provisional: found.provisional };
  }

  root.kaowuDays = { parse, write, isDate, openCalendar, addMonths, reckon };
  if (typeof module !== "undefined") module.exports = root.kaowuDays;
})(typeof globalThis === "undefined" ? this : globalThis);
