"""Tell together what is one thing to a reader: findings in, fewer findings out, none of what they say lost.

What one rule says of several things is told once; so is what several rules say of one fault: a rule that rests on
another that fails, variants of one duty at the same place, and everything that waits for the same missing facts.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from generator.check.rules import Finding

MOST_NAMED = 5
NOT_MET = ("fail", "warn")


def gather_alike(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with those put into one that say the same."""
    alike: dict[Hashable, list[Finding]] = {}
    for finding in fold_same_fault(list(findings)):
        same = (finding.rule, finding.status, finding.found, finding.missing, finding.note, finding.waiver)
        alike.setdefault((*same, finding.also), []).append(finding)
    return [gather_one(group) if len(group) > 1 else group[0] for group in alike.values()]


def gather_one(group: Sequence[Finding]) -> Finding:
    """Return one finding for several that say the same, naming the first things and how many there are."""
    number = sum(finding.number for finding in group)
    named = "、".join(finding.subject for finding in group[:MOST_NAMED])
    subject = named if len(group) <= MOST_NAMED else f"{named}等 {number} 个"
    places = tuple(dict.fromkeys(place for finding in group for place in finding.places))
    return replace(group[0], subject=subject, places=places, number=number)


def fold_same_fault(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings without those that another stands for; it names them."""
    hosts = {guest: host for guest, host in enumerate(hosts_of(findings)) if host is not None and host != guest}
    guests: dict[int, list[Finding]] = {}
    for guest in hosts:
        host = guest
        while host in hosts:
            host = hosts[host]
        guests.setdefault(host, []).append(findings[guest])
    return [
        replace(finding, also=tuple(dict.fromkeys(map(name_rule, guests.get(number, ())))))
        for number, finding in enumerate(findings)
        if number not in hosts
    ]


def hosts_of(findings: Sequence[Finding]) -> list[int | None]:
    """Return for each finding the number of the one that stands for it, or None."""
    by_rule = {(f.rule, f.subject, f.status): n for n, f in enumerate(findings) if f.status in NOT_MET}
    first: dict[Hashable, int] = {}
    hosts: list[int | None] = []
    for number, finding in enumerate(findings):
        rests = [(rule, finding.subject, finding.status) for rule in finding.rests_on]
        host = next((by_rule[key] for key in rests if key in by_rule), None) if finding.status in NOT_MET else None
        keys = faults_of(finding)
        host = next((first[key] for key in keys if key in first), None) if host is None else host
        first.update({key: number for key in keys if host is None})
        hosts.append(host)
    return hosts


def faults_of(finding: Finding) -> list[Hashable]:
    """Return what makes findings of different rules one fault; nothing where nothing does."""
    if finding.status == "unchecked":
        return [("unchecked", finding.missing, finding.found)]
    if finding.status not in NOT_MET or not finding.places:
        return []
    there = (finding.status, frozenset(finding.places), finding.waiver)
    return [(*there, finding.rule.partition(".")[0]), (*there, finding.subject, finding.found)]


def name_rule(finding: Finding) -> str:
    """Return a folded finding's title and clauses."""
    return f"{finding.title}（{'、'.join(finding.at)}）"
