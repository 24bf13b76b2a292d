"""Every case of every rule: nested facts in, the status the rule must give out."""

import pytest

from tests.policy.cases import Case, load_cases, run_case, whole_policy


@pytest.mark.parametrize("case", list(load_cases()), ids=str)
def test_case_gives_its_status(case: Case) -> None:
    assert run_case(case, whole_policy(), whole_policy().guideline(case.guideline)) == case.expect


def test_every_checked_rule_has_a_passing_and_a_failing_case() -> None:
    outcomes: dict[str, set[str]] = {}
    for case in load_cases():
        outcomes.setdefault(f"{case.guideline}/{case.rule}", set()).add(case.expect)
    checked = [
        f"{guideline.id}/{name}"
        for guideline in whole_policy().guidelines.values()
        for name, rule in guideline.rules.items()
        if rule.checked != "by-hand"
    ]

    lacking = [
        name for name in checked if not {"pass"} <= outcomes.get(name, set()) or not outcomes[name] & {"fail", "warn"}
    ]

    assert not lacking
