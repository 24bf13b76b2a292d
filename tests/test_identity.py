"""Identity numbers: every slip is seen, the official exceptions pass, and nothing shows a whole number."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from generator import identity

TODAY = date(2026, 11, 20)
GOOD = "11010519491231002X"  # the specimen of the standard


def with_check(first: str) -> str:
    return first + ric.calc_check_digit(first + "0")


@pytest.mark.parametrize(
    "number",
    [
        GOOD, "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X　",
        with_check("81000019900101001"), with_check("82000019900101001"), with_check("83000019900101002"),
        with_check("93284019900101001"), with_check("99999919900101001"),
    ],
)  # fmt: skip
def test_a_good_number_passes(number: str) -> None:
    assert identity.check_resident_id(number, today=TODAY) is None
    assert identity.doubt_resident_id(number) is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "应为 18 位，现为 0 位"),
        ("110105491231002", "15 位旧号"),
        ("11010519491231002", "现为 17 位"),
        (GOOD + "1", "现为 19 位"),
        ("1101051949123100XX", "前 17 位应为数字"),
        ("11010519491231002Y", "末位为数字或 X"),
        ("①1010519491231002X", "前 17 位应为数字"),
        ("٣1010519491231002X", "前 17 位应为数字"),
        ("110105-9491231002X", "前 17 位应为数字"),
        (with_check("11010519490230002"), "出生日期不存在"),
        (with_check("11010519491331002"), "出生日期不存在"),
        (with_check("11010500000101002"), "出生日期不存在"),
        (with_check("11010518991231002"), "出生日期不可能"),
        (with_check("11010520261121002"), "出生日期不可能"),
        ("110105194912310021", "校验码不符"),
    ],
)
def test_a_bad_number_is_refused_for_its_reason(number: str, problem: str) -> None:
    found = identity.check_resident_id(number, today=TODAY)
    assert found is not None
    assert problem in found
    assert not re.search("[0-9]{6}", found)
    assert identity.birth_date(number) in {None, date(2026, 11, 21)}


def test_the_birth_date_may_be_today_but_not_tomorrow() -> None:
    assert identity.check_resident_id(with_check("11010520261120002"), today=TODAY) is None
    assert identity.check_resident_id(with_check("11010520261121002")) is None


def test_every_slip_of_one_digit_or_swap_of_neighbours_is_seen() -> None:
    for place in range(18):
        for digit in "0123456789":
            slip = GOOD[:place] + digit + GOOD[place + 1 :]
            assert slip == GOOD or identity.check_resident_id(slip)
    for place in range(17):
        swap = GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :]
        assert swap == GOOD or identity.check_resident_id(swap)


def test_a_place_in_no_table_is_a_doubt_and_no_fault() -> None:
    number = with_check("32999919900101001")
    assert identity.check_resident_id(number) is None
    assert "地区代码" in str(identity.doubt_resident_id(number))


def test_birth_date_and_sex_are_read_from_a_good_number() -> None:
    assert identity.birth_date(GOOD) == date(1949, 12, 31)
    assert identity.sex(GOOD) == "女"
    assert identity.sex(with_check("81000019900101001")) == "男"
    assert identity.sex("1") is None


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (GOOD, None),
        ("11010519491231002x", "小写字母"),
        ("11010519491231002Ｘ", "全角字符"),
        ("11010519491231002 X", "空格"),
        ("１1010519491231002 x", "全角字符、空格、小写字母"),
    ],
)
def test_a_normalised_number_is_reported(text: str, note: str | None) -> None:
    found = identity.note_normalised(text)
    assert (found is None) if note is None else f"里有{note}，" in str(found)


def test_a_mask_shows_six_and_four_of_a_whole_number_and_less_of_any_other() -> None:
    assert identity.mask_id("320102199001010018") == "320102********0018"
    assert identity.mask_id("3201021990010100") == "*" * 14 + "00"
    assert identity.mask_id("1234567") == "*" * 7
    text = "张三（11010519491231002x）与 １１０１０５１９４９１２３１００２Ｘ，电话 13800000000"
    assert identity.mask_ids_in(text) == "张三（110105********002X）与 110105********002X，电话 13800000000"


@given(st.text(max_size=30))
def test_no_text_breaks_the_checks_or_shows_much(text: str) -> None:
    identity.check_resident_id(text, today=TODAY)
    identity.doubt_resident_id(text)
    identity.check_credit_code(text)
    assert sum(sign != "*" for sign in identity.mask_id(text)) <= 10


def test_credit_codes_are_checked() -> None:
    assert identity.check_credit_code("91110000600037341L") is None
    assert identity.check_credit_code("９１110000600037341l ") is None
    body = "A1110000600037341"
    assert identity.check_credit_code(body + uscc.calc_check_digit(body)) is None
    assert "校验码" in str(identity.check_credit_code("911100006000373410"))
    assert "17 位" in str(identity.check_credit_code("91110000600037341"))
    assert "写法不对" in str(identity.check_credit_code("9111000O600037341L"))
    assert "写法不对" in str(identity.check_credit_code("91110000I00037341L"))
    assert "写法不对" in str(identity.check_credit_code("01110000600037341L"))
