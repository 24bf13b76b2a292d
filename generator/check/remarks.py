"""Review what people noted beside the data: answers and waivers in, those that settle nothing any more out."""

from collections.abc import Iterator, Mapping
from datetime import date

from generator.institution.folders import rounds_in
from generator.institution.given import quote
from generator.institution.load import Institution
from generator.policy.load import Policy
from generator.policy.records import Rule
from generator.problems import Place, Problem, nearest


def review_remarks(institution: Institution, policy: Policy, today: date) -> Iterator[Problem]:
    """Yield the answers to rules that are gone or checked by data now, and the waivers gone or run out."""
    rules = rules_of(institution, policy)
    yield from lost_rounds(institution)
    answers, waivers = (Place(f"{institution.folder.name}/{name}.yaml") for name in ("answers", "waivers"))
    for answer in institution.answers:
        title, rule = f"“{policy.duties.get(answer.rule, answer.rule)}”（{answer.rule}）", rules.get(answer.rule)
        if rule is None:
            yield Problem(answers, "remark-retired", f"{title}不在所用的指引里，这个回答不起作用", "核对后删去")
        elif rule.checked != "by-hand":
            what = f"{title}已改为用数据检查，这个回答不起作用"
            yield Problem(answers, "remark-retired", what, "把数据填全，删去这个回答")
    for waiver in institution.waivers:
        title = f"“{policy.duties.get(waiver.rule, waiver.rule)}”（{waiver.rule}）"
        if waiver.rule not in rules:
            yield Problem(waivers, "remark-retired", f"{title}不在所用的指引里，这个豁免不起作用", "核对后删去")
        elif waiver.until < today:
            what = f"{title}的豁免已于 {waiver.until} 到期，不再起作用"
            yield Problem(waivers, "waiver-expired", what, "改正，或重新批准")


def lost_rounds(institution: Institution) -> Iterator[Problem]:
    """Yield the remarks about a round that is not there; told only where all rounds were read."""
    names = {str(thing.facts.get("name", "")) for thing in institution.rounds.values()}
    if set(rounds_in(institution.folder)) != set(institution.rounds):
        return
    for name, remarks in (("answers", institution.answers), ("waivers", institution.waivers)):
        place = Place(f"{institution.folder.name}/{name}.yaml")
        for round_name in sorted({remark.round for remark in remarks if remark.round} - names):
            what = f"没有名为“{quote(round_name)}”的批次，写给它的都不起作用"
            yield Problem(place, "remark-unknown-round", what, nearest(round_name, names) or "写批次名称，或删去")


def rules_of(institution: Institution, policy: Policy) -> Mapping[str, Rule]:
    """Return the rules of the guidelines that the institution's rounds follow."""
    names = {str(thing.one("guideline")) for thing in institution.rounds.values()}
    return {name: rule for guideline in sorted(names) for name, rule in policy.guideline(guideline).rules.items()}
