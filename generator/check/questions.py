"""Keep the questionnaire: open questions of reports in, the text of ``answers.yaml`` with them added out.

What is there stays as it is, comments too. A question is added as a comment, so that nothing is answered by default;
it is not added twice.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from generator.check.report import Report
from generator.policy.load import Guideline

ANSWERS = "answers.yaml"
HEADING = """# 对人工问题的回答，一个问题一行：规则、回答（是、否、不适用）、日期和签名；可加“说明”。
# 答一个问题：去掉那一行开头的“# ”，把“回答”“日期”“签名”填好。只回答某一批次的，写“批次”。
"""


@dataclass(frozen=True)
class Question:
    """One question nobody has answered: its rule, the round it is about (empty: all), and what is asked."""

    rule: str
    round: str
    title: str
    at: tuple[str, ...]
    asks: str


def open_questions(report: Report, guideline: Guideline) -> Iterator[Question]:
    """Yield the questions of a report that are not answered; those about the institution itself once for all rounds."""
    for finding in report.findings:
        if finding.status == "by-hand":
            lasting = guideline.rules[finding.rule].for_each in ("institution", "filing", "staff_member")
            yield Question(finding.rule, "" if lasting else report.round, finding.title, finding.at, finding.note)


def add_questions(text: str, questions: Iterable[Question], today: date) -> str:
    """Return the text of an answers file with the questions it does not hold yet, each under what it asks."""
    lines = [text.rstrip("\n") if text.strip() else HEADING.rstrip("\n")]
    known = set(text.splitlines())
    fresh = [question for question in dict.fromkeys(questions) if skeleton(question) not in known]
    if not fresh:
        return text
    lines += ["", f"# —— {today.isoformat()} 列出，尚未回答 ——"]
    for question in fresh:
        lines += [f"# {question.title}（{'、'.join(question.at)}）：{question.asks}", skeleton(question)]
    return "\n".join(lines) + "\n"


def skeleton(question: Question) -> str:
    """Return the commented line that waits for an answer."""
    about = f", 批次: {json.dumps(question.round, ensure_ascii=False)}" if question.round else ""
    return f"# - {{规则: '{question.rule}'{about}, 回答: , 日期: , 签名: }}"
