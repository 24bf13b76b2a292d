"""Resident ID numbers and credit codes: their text in, what is wrong with them in Chinese out.

python-stdnum knows check digits and places; here is what it lacks: residence permits of Hong Kong, Macao and
Taiwan residents (81, 82, 83), permanent residence cards of foreigners (9), future birth dates, credit codes
of the authorities A, N and Y. No message repeats a number.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from generator.width import normalise_width

_LENGTH = 18
_OLDEST = 1900
_NOT_IN_THE_TABLE = re.compile(r"9|8[123]0000")
# GB 32100: authority, kind, six digits of the region, nine of the body, check digit; no I, O, S, V, Z.
_CREDIT_CODE = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ANY_ID = re.compile(r"(?<![0-9０-９])[0-9０-９]{17}[0-9０-９XxＸｘ](?![0-9０-９])")


def normalise_id(text: str) -> str:
    """Return an ID number or credit code in half width, capitals, without spaces; no other repair is made."""
    return text.upper() if text.isascii() and text.isalnum() else re.sub(r"\s", "", normalise_width(text)).upper()


def note_normalised(text: str) -> str | None:
    """Return what ``normalise_id`` had to change, in Chinese, or None when the number was written plainly."""
    if text.isascii() and text.isalnum() and text == text.upper():
        return None
    changes = {
        "全角字符": normalise_width(text) != text,
        "空格": bool(re.search(r"\s", text)),
        "小写字母": any(sign.islower() for sign in normalise_width(text)),
    }
    found = "、".join(name for name, changed in changes.items() if changed)
    return f"号码里有{found}，已按半角、大写、无空格读取" if found else None


def check_resident_id(text: str, *, today: date | None = None) -> str | None:
    """Return what is wrong with a resident ID number or None; a birth date after ``today`` is wrong."""
    number = normalise_id(text)
    if re.fullmatch("[0-9]{15}", number):
        return "身份证号是 15 位旧号，应填 18 位"
    if len(number) != _LENGTH:
        return f"身份证号应为 18 位，现为 {len(number)} 位"
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        return "身份证号前 17 位应为数字，末位为数字或 X"
    born = _birth_date(number)
    if born is None:
        return "身份证号中的出生日期不存在"
    if born.year < _OLDEST or (today and born > today):
        return "身份证号中的出生日期不可能"
    if number[-1] != ric.calc_check_digit(number):
        return "身份证号的校验码不符，可能写错了某一位"
    return None


def doubt_resident_id(text: str) -> str | None:
    """Return a doubt about a valid number whose place is in no table (places change), or None."""
    return None if check_resident_id(text) else doubt_place(text)


def doubt_place(text: str) -> str | None:
    """Return a doubt about the place in a number otherwise valid, or None."""
    number = normalise_id(text)
    if _NOT_IN_THE_TABLE.match(number):
        return None
    if not _is_place(number[:6], number[6:10]):
        return "身份证号前 6 位的地区代码不在对照表中，请核对"
    return None


@lru_cache(maxsize=4096)
def _is_place(code: str, year: str) -> bool:
    """Return whether a county had this code in a year; a roster has few of them, and looking up is slow."""
    try:
        ric.get_birth_place(f"{code}{year}01010010")
    except (ValidationError, KeyError):  # KeyError where it knows the province but not the county
        return False
    return True


def _birth_date(number: str) -> date | None:
    """Return the birth date in an 18-digit number, or None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def read_resident_id(text: str) -> tuple[date, Literal["男", "女"]] | None:
    """Return the birth date and sex a valid resident ID number holds, or None when the number is not valid."""
    number = normalise_id(text)
    born = None if check_resident_id(number) else _birth_date(number)
    return (born, "男" if int(number[16]) % 2 else "女") if born else None


def birth_date(text: str) -> date | None:
    """Return the birth date a valid resident ID number holds, or None when the number is not valid."""
    return None if check_resident_id(text) else _birth_date(normalise_id(text))


def sex(text: str) -> Literal["男", "女"] | None:
    """Return the sex a valid resident ID number holds, or None when the number is not valid."""
    if check_resident_id(text):
        return None
    return "男" if int(normalise_id(text)[16]) % 2 else "女"


def mask_id(text: str) -> str:
    """Return the number with its middle starred, as ``320102********0018``; of others two signs show."""
    number = normalise_id(text)
    if len(number) == _LENGTH:
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    shown = number[-2:] if len(number) >= 8 else ""
    return "*" * (len(number) - len(shown)) + shown


def mask_ids_in(text: str) -> str:
    """Return the text with every run that looks like an 18-digit ID number masked."""
    return _ANY_ID.sub(lambda found: mask_id(found[0]), text)


def check_credit_code(text: str) -> str | None:
    """Return what is wrong with a unified social credit code in Chinese, or None."""
    code = normalise_id(text)
    if len(code) != _LENGTH:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位"
    if not _CREDIT_CODE.fullmatch(code):
        return "统一社会信用代码的写法不对：第 3 至 8 位为数字，且不用字母 I、O、S、V、Z"
    if code[-1] != uscc.calc_check_digit(code):
        return "统一社会信用代码的校验码不符，可能写错了某一位"
    return None
