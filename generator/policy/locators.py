"""The grammar of locators: how a record says where in the source it stands.

``序言`` · ``六（三）1（2）`` · ``第三十六条`` · ``第三条第2款`` · ``第七条（一）``
· ``一（二）首席1`` · ``材料清单 7`` ·
``材料清单 注`` · ``附件3（二）解决难题 第1档`` · ``三 行2`` · ``成员表 委员``.
"""

import re

NUMERAL = "[一二三四五六七八九十百]+"
ARTICLE = rf"第{NUMERAL}条(?:第\d+款)?(?:（{NUMERAL}）)?"
CHAPTER = rf"第{NUMERAL}章"
STEP = rf"(?:（{NUMERAL}）|（\d+）|\d+|[\u4e00-\u9fff、]{{1,16}})"
SECTION = rf"(?:附件\d?|{NUMERAL})(?:{STEP})*"
NAMED = r"(?:序言|落款|附则|材料清单|附表|成员表|申报表|备案表|通知)"
TAIL = r"(?: [\u4e00-\u9fffA-Za-z0-9/（）、·第注行档]+)*"
LOCATOR = re.compile(rf"(?:{ARTICLE}|{CHAPTER}|{NAMED}|{SECTION}){TAIL}")


def is_locator(text: str) -> bool:
    """Return whether ``text`` follows the grammar of locators."""
    return LOCATOR.fullmatch(text) is not None
