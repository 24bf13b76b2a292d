"""The sample sources with data for them, as plain attribute objects."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from generator.document.render import render
from generator.document.source import load_source
from generator.document.tree import Document
from generator.document.values import EMPTY

SOURCES = Path(__file__).parent / "sources"
NAMES = ("plan", "application", "score", "committee")


class Facts(SimpleNamespace):
    """Facts of the data; what has an attribute may be printed."""

    def known_names(self) -> Iterator[str]:
        return iter(vars(self))


MISSING = EMPTY


def facts(data: Any) -> Any:
    """Return nested dicts and lists as Facts."""
    if isinstance(data, dict):
        return Facts(**{key: facts(value) for key, value in data.items()})
    return [facts(value) for value in data] if isinstance(data, list) else data


DATA: dict[str, dict[str, Any]] = {
    "plan": {
        "院校": {"名称": "云湖技师学院"},
        "主管": {"名称": "云湖市职业技能鉴定中心"},
        "指引": {"名称": "院校技能评价工作指引"},
        "批次": {
            "名称": "2026年秋季职业技能等级",
            "开始": date(2026, 11, 7),
            "落款": date(2026, 10, 9),
            "合计": 126,
            "说明": MISSING,
            "职业": [
                {
                    "名称": "电工",
                    "等级": "四级",
                    "人数": 96,
                    "说明": "理论知识采用机考",
                    "条件": ["在籍在册", "课程合格"],
                },
                {"名称": "钳工", "等级": "二级", "人数": 30, "说明": MISSING, "条件": []},
            ],
            "场次": [
                {"日期": date(2026, 11, 7), "考场": "实训楼101、102", "人数": 64},
                {"日期": date(2026, 11, 8), "考场": "实训楼101", "人数": 62},
            ],
        },
    },
    "application": {
        "考生": {
            "姓名": "𠮷田䶮",
            "性别": "女",
            "单位": "云湖技师学院",
            "编号": "KS-007",
            "证件": "11010119900307001X",
            "出生": date(1990, 3, 7),
            "学历": "大专",
            "电话": "000-0000",
            "职业": "电工",
            "等级": "三级",
            "照片": MISSING,
            "经历": "2010年至2014年在校学习\n2014年起从事电工工作",
            "证书": [{"名称": "电工四级", "编号": "S0001"}, {"名称": "焊工四级", "编号": "S0002"}],
            "签名日期": MISSING,
            "意见": "同意申报。",
            "意见日期": date(2026, 9, 30),
            "审核": "符合条件",
            "附言": [],
        },
    },
    "score": {
        "考生": {"姓名": "王乐山", "等级": "一级"},
        "评分": {
            "模块": [
                {
                    "名称": "业绩",
                    "项目": [
                        {"名称": "解决难题", "满分": 20, "档次": ["优 18～20", "良 14～17", "中 10～13"], "得分": 18},
                        {"名称": "技术革新", "满分": 20, "档次": ["优 18～20", "良 14～17"], "得分": 15.5},
                        {"名称": "传授技艺", "满分": 10, "档次": ["优 9～10"], "得分": 9},
                    ],
                },
                {
                    "名称": "答辩",
                    "项目": [{"名称": "现场答辩", "满分": 50, "档次": ["优 45～50", "良 35～44"], "得分": 44}],
                },
            ],
            "附加": [{"名称": "省级以上竞赛获奖", "得分": 3}, {"名称": "发明专利", "得分": MISSING}],
            "总分": 89.5,
            "日期": MISSING,
        },
    },
    "committee": {
        "委员会": {
            "席位": [
                {"名称": "主任委员", "成员": [{"姓名": "李明", "职称": "正高级工程师", "单位": "云湖机械有限公司"}]},
                {
                    "名称": "委员",
                    "成员": [
                        {"姓名": "赵一", "职称": "高级技师", "单位": "云湖技师学院"},
                        {"姓名": "钱二", "职称": "高级讲师", "单位": "云湖技师学院"},
                        {"姓名": "孙三", "职称": "特级技师", "单位": "云湖机械有限公司"},
                    ],
                },
                {"名称": "外聘委员", "成员": []},
            ],
            "秘书": ["周四", "吴五"],
            "出席": 4,
            "同意": 3,
            "回避": [{"姓名": "郑六", "原因": "师徒关系"}],
        },
    },
}


def context_of(name: str) -> dict[str, Any]:
    """Return the data of a sample."""
    return {key: facts(value) for key, value in DATA[name].items()}


def rendered(name: str) -> Document:
    """Return a sample rendered with its data."""
    return render(load_source(SOURCES / name), context_of(name))


def bare(text: str) -> str:
    """Return text without white space and cell borders: what every format must agree on."""
    return "".join(text.replace(" | ", "").replace("|", "").split())
