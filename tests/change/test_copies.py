"""A copy of a source read as clauses: what differs is told clause by clause, however its lines are broken."""

import pytest

from generator.change.copies import changed_clauses, read_lines, split_clauses

COPY = """示例指引
参照本指引组织实施。
一、人员
（一）考评人员。不少于 3 人，人数为
单数：
1. 组长负责制；
2. 回避。
（二）条件
参评甲等须具备以下条件之一：
1. 满 5 年；
2. 有证书。
参评乙等须具备以下条件之一：
1. 满 8 年；
2. 有荣誉。
— 2 —
二、工作内容为：（1）公示 5 个工作日；（2）录入成绩。
方式。
业绩评价：由委员会评价。
面试答辩：现场作答。
示例所需材料
序号 材料名称 保存期限
1 方案 1 年
2 影像
（1）接入平台的不用提供 2 年
（2）自行拍摄
3 说明 1 年
注：可以增设表单。
附件 1
评分细则
（一）业绩
得 10 分
"""
OUTLINE = [
    *("序言", "一", "一（一）", "一（一）1", "一（一）2", "一（二）", "一（二）甲等1", "一（二）甲等2"),
    *(
        "一（二）乙等1",
        "一（二）乙等2",
        "二",
        "二（1）",
        "二（2）",
        "二业绩评价",
        "二面试答辩",
        "材料清单",
        "材料清单 1",
    ),
    *("材料清单 2", "材料清单 2（1）", "材料清单 2（2）", "材料清单 3", "材料清单 注", "附件1", "附件1（一）"),
]
EDITS = [
    ("参照本指引组织实施", "对照本指引组织实施", ["序言"]),
    ("不少于 3 人", "不少于 5 人", ["一（一）"]),
    ("2. 回避", "2. 回避和轮换", ["一（一）2"]),
    ("满 5 年", "满 6 年", ["一（二）甲等1"]),
    ("满 8 年", "满 9 年", ["一（二）乙等1"]),
    ("公示 5 个工作日", "公示 7 个工作日", ["二（1）"]),
    ("由委员会评价", "由专家评价", ["二业绩评价"]),
    ("现场作答", "书面作答", ["二面试答辩"]),
    ("1 方案 1 年", "1 方案 2 年", ["材料清单 1"]),
    ("（1）接入平台的不用提供", "（1）都要提供", ["材料清单 2（1）"]),
    ("可以增设表单", "不得增设表单", ["材料清单 注"]),
    ("得 10 分", "得 20 分", ["附件1（一）"]),
    ("\n2. 回避。", "", ["一（一）2"]),
    ("2. 回避。", "2. 回避。\n3. 轮换。", ["一（一）2"]),
    ("人数为\n单数", "人数为单数", []),
    ("— 2 —", "— 3 —", []),
]


def lines(text: str) -> list[str]:
    return read_lines(text.encode())


def test_every_clause_of_the_outline_is_found() -> None:
    assert list(split_clauses(lines(COPY), OUTLINE)) == OUTLINE


@pytest.mark.parametrize(("old", "new", "clauses"), EDITS, ids=[f"{old} → {new}" for old, new, _clauses in EDITS])
def test_what_differs_is_told_clause_by_clause(old: str, new: str, clauses: list[str]) -> None:
    assert old in COPY
    assert changed_clauses(lines(COPY), lines(COPY.replace(old, new, 1)), OUTLINE) == clauses


def test_a_clause_that_cannot_be_found_goes_with_the_one_before() -> None:
    outline = [*OUTLINE, "附件1（一）第1档"]
    changed = changed_clauses(lines(COPY), lines(COPY.replace("得 10 分", "得 20 分")), outline)
    assert changed == ["附件1（一）", "附件1（一）第1档"]


def test_articles_are_clauses() -> None:
    copy = "第一章 总则\n第一条 为了规范，依据第三条制定。\n第二条 有下列情形的：\n（一）甲；\n（二）乙。\n"
    outline = ["第一章", "第一条", "第二条", "第二条（一）", "第二条（二）"]
    assert list(split_clauses(lines(copy), outline)) == outline
    assert changed_clauses(lines(copy), lines(copy.replace("乙", "丙")), outline) == ["第二条（二）"]
