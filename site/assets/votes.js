/* 评委会的算法：按指引的判断，看一份席位表符合哪些规定；与 kaowu check 的结果相同，由测试比对。 */
(function (root) {
  "use strict";

  const bounds = {
    at_least: (a, b) => a >= b,
    at_most: (a, b) => a <= b,
    more_than: (a, b) => a > b,
    less_than: (a, b) => a < b,
    exactly: (a, b) => a === b,
  };

  /* 三值：true、false、null（缺数据）。 */
  const all = (found) => (found.includes(false) ? false : found.includes(null) ? null : true);
  const any = (found) => (found.includes(true) ? true : found.includes(null) ? null : false);
  const not = (found) => (found === null ? null : !found);

  /* 集合里的行；由条件得出的集合（如有表决权委员）只收确定的。 */
  function rowsOf(name, members, scene) {
    const where = scene.derived[name];
    return where ? members.filter((one) => judgeAll(where, one, members, scene) === true) : members;
  }

  /* 数 n/d 是否守住每一个界限。 */
  function keeps(n, d, test, values) {
    const within = Object.keys(bounds)
      .filter((name) => test[name])
      .every((name) => bounds[name](n * values[test[name]].d, values[test[name]].n * d));
    return within && (!test.parity || n % 2 === (test.parity === "odd" ? 1 : 0));
  }

  function judgeFact(test, row) {
    const value = row[test.fact];
    if (!value) return null;
    if (test.is !== undefined && value !== test.is) return false;
    if (test.one_of && !test.one_of.includes(value)) return false;
    return !(test.none_of && test.none_of.includes(value));
  }

  /* 有的行说不准时，数量在一个范围里；整个范围都守住或都守不住，才有结论。 */
  function judgeCount(rows, test, members, scene) {
    const found = rows.map((row) => judgeAll(test.where || [], row, members, scene));
    const sure = found.filter((one) => one === true).length;
    const maybe = sure + found.filter((one) => one === null).length;
    if (test.share && rows.length === 0) return null;
    const outcomes = new Set();
    for (let n = sure; n <= maybe; n += 1) outcomes.add(keeps(n, test.share ? rows.length : 1, test, scene.values));
    return outcomes.size === 1 ? [...outcomes][0] : null;
  }

  function judgeEach(test, members, scene) {
    return all(
      rowsOf(test.each, members, scene)
        .map((one) => [one, judgeAll(test.where || [], one, members, scene)])
        .filter(([, picked]) => picked !== false)
        .map(([one, picked]) => (picked === null ? null : judgeAll(test.require, one, members, scene)))
    );
  }

  function judge(test, row, members, scene) {
    if (test.fact) return judgeFact(test, row);
    if (test.count || test.share) return judgeCount(rowsOf(test.count || test.share, members, scene), test, members, scene);
    if (test.each) return judgeEach(test, members, scene);
    if (test.all_of) return judgeAll(test.all_of, row, members, scene);
    if (test.any_of) return any(test.any_of.map((one) => judge(one, row, members, scene)));
    if (test.not) return not(judgeAll(test.not, row, members, scene));
    return null;
  }

  function judgeAll(tests, row, members, scene) {
    return all(tests.map((test) => judge(test, row, members, scene)));
  }

  /* 一条规定是否符合：true、false，或 null（席位没有填全）。 */
  function judgeRule(rule, members, derived) {
    return members.length ? judgeAll(rule.require, {}, members, { values: rule.values, derived }) : null;
  }

  /* 要通过，至少要多少赞成票。 */
  function votesNeeded(voters, vote) {
    const exact = (voters * vote.share.n) / vote.share.d;
    return vote.least ? Math.ceil(exact) : Math.floor(exact) + 1;
  }

  root.kaowuVotes = { judgeRule, votesNeeded, rowsOf };
  if (typeof module !== "undefined") module.exports = root.kaowuVotes;
})(typeof globalThis === "undefined" ? this : globalThis);
