"""Only the guideline in use is read; what is said of the others without reading them is what reading them says."""

import shutil
from pathlib import Path

import pytest

from generator.policy.load import KINDS, Policy, load_policy, open_policy, read_already
from generator.problems import KaowuError
from tests.policy.cases import whole_policy

ROOT = Path(__file__).parents[2] / "policy"
GUIDELINE = "jiangsu/school"


@pytest.fixture
def opened() -> Policy:
    return open_policy(ROOT)


def test_nothing_is_read_before_it_is_asked_for(opened: Policy) -> None:
    assert set(opened.guidelines) == set(whole_policy().guidelines)
    assert not read_already(opened.guidelines)

    opened.guideline(GUIDELINE)

    assert set(read_already(opened.guidelines)) == {GUIDELINE}


def test_a_guideline_read_alone_is_the_one_read_with_all(opened: Policy) -> None:
    for name, guideline in whole_policy().guidelines.items():
        assert opened.guidelines[name] == guideline


def test_titles_and_names_of_records_are_told_without_reading(opened: Policy) -> None:
    assert opened.titles == whole_policy().titles
    assert opened.record_names == whole_policy().record_names
    assert all(opened.record_names[kind] for kind in KINDS)
    assert not read_already(opened.guidelines)


def test_a_guideline_is_found_by_its_titles(opened: Policy) -> None:
    head = whole_policy().guideline(GUIDELINE).head

    assert opened.guideline(head.title) is opened.guideline(head.short) is opened.guidelines[GUIDELINE]
    assert set(read_already(opened.guidelines)) == {GUIDELINE}


@pytest.mark.parametrize("fault", ["unknown: 1\n", "a: [\n", "a: 1\na: 2\n"])
def test_a_fault_stops_only_who_asks_for_that_guideline(fault: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "policy")
    faulty = tmp_path / "policy" / "jiangsu" / "employer" / "guideline.yaml"
    faulty.write_text(faulty.read_text("utf-8") + fault, encoding="utf-8", newline="\n")

    policy = open_policy(tmp_path / "policy")

    assert policy.guidelines[GUIDELINE].rules
    with pytest.raises(KaowuError, match=r"employer/guideline\.yaml"):
        policy.guideline("jiangsu/employer")
    with pytest.raises(KaowuError, match=r"employer/guideline\.yaml"):
        load_policy(tmp_path / "policy")
