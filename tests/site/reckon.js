// Reckon many cases with the scripts of the pages: JSON on standard input, results as JSON on standard output.
const fs = require("node:fs");
const input = JSON.parse(fs.readFileSync(0, "utf8"));
const days = require(input.assets + "/days.js");
const votes = require(input.assets + "/votes.js");

const calendar = input.calendar && days.openCalendar(input.calendar);
const dated = (found) => ({ day: days.write(found.day), provisional: found.provisional });
const verbs = {
  step: ([anchor, step]) => dated(days.reckon(days.parse(anchor), step, calendar)),
  months: ([day, months]) => days.write(days.addMonths(days.parse(day), months)),
  rule: ([rule, members, derived]) => votes.judgeRule(rule, members, derived),
  votes: ([voters, vote]) => votes.votesNeeded(voters, vote),
};
process.stdout.write(JSON.stringify(input.cases.map(([verb, ...rest]) => verbs[verb](rest))));
