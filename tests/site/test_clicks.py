"""What staff would ask is answered in at most three clicks from the home page."""

from collections import deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

MOST = 3
QUESTIONS = {
    "我们学校适用哪一份指引": "guidelines/jiangsu/school.html",
    "考评组要几个人": "rules/jiangsu/school/staff/panel-size.html",
    "名单考前几天交": "rules/jiangsu/school/registration/list-submission.html",
    "公示几天": "rules/jiangsu/school/publicity/result-publicity.period.html",
    "材料留多久": "materials.html",
    "申报表长什么样": "documents/application-form.html",
    "下载空白表": "forms.html",
    "评委会外聘要几成": "rules/jiangsu/special-and-chief/committee/committee-external-share.html",
    "比2019年细则严在哪里": "changes/jiangsu-rules-2019--jiangsu-employer.html",
    "名单最迟哪天交": "tools/deadlines.html",
    "吉林怎样规定": "guidelines/jilin/rules-2024.html",
    "中职学生最高考几级": "rules/jiangsu/school/eligibility/level-ceiling.other.html",
    "学生组第一名晋升什么": "rules/jiangsu/competition/promotion/promotion-technician.class-one-student.html",
    "补考名单什么样": "documents/resit-list.html",
    "论文答辩几个评委": "rules/jiangsu/third-party/exam/thesis-defence.reviewers.html",
    "管着全省的机构": "guides/province.html",
    "程序可靠吗": "guides/security.html",
    "怎样用自己的模板": "guides/word-template.html",
}


class Links(HTMLParser):
    """Gathers the links of a page's own content, without the navigation around it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside |= tag == "article"
        if tag == "a" and self.inside:
            self.found.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "article"


def links_of(path: Path) -> list[Path]:
    """Return the pages a page's content links to."""
    reader = Links()
    reader.feed(path.read_text(encoding="utf-8"))
    targets = [urlsplit(link) for link in reader.found]
    return [(path.parent / unquote(one.path)).resolve() for one in targets if one.path and not one.scheme]


@pytest.fixture(scope="module")
def clicks(site: Path) -> dict[str, int]:
    """Return how many clicks from the home page each page is."""
    away = {(site / "index.html").resolve(): 0}
    waiting = deque(away)
    while waiting:
        page = waiting.popleft()
        for target in links_of(page) if away[page] < MOST and page.suffix == ".html" else ():
            if target not in away and target.is_file():
                away[target] = away[page] + 1
                waiting.append(target)
    return {page.relative_to(site.resolve()).as_posix(): number for page, number in away.items()}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_in_three_clicks(question: str, clicks: dict[str, int]) -> None:
    assert clicks.get(QUESTIONS[question], MOST + 1) <= MOST


def test_every_rule_is_two_clicks_away(site: Path, clicks: dict[str, int]) -> None:
    rules = [path.relative_to(site).as_posix() for path in (site / "rules").rglob("*.html")]
    assert [rule for rule in rules if clicks.get(rule, MOST + 1) > 2] == []
