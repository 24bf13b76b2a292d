"""Bad institutions: each folder has one thing wrong, and the message that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.problems import KaowuError
from tests.institutions.support import ROOT, load

BAD = ROOT / "tests" / "bad" / "institution"


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_bad_institution_is_refused_with_its_message(folder: Path, golden: Callable[[Path, str], None]) -> None:
    with pytest.raises(KaowuError) as refused:
        load(folder / "示例学校")
    golden(folder / "message.txt", f"{refused.value}\n")
    told = [problem for problem in refused.value.problems if not problem.code.startswith("remark")]
    assert all(problem.remedy for problem in told), "every message says what to do"
