"""The units: equal means the same size of the same thing, and every unit has its words."""

from __future__ import annotations

import pytest

from threegates.definition import MODEL
from threegates.formula import units


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("W*s", "J", True),
        ("W", "GW", False),
        ("W*h", "Wh", True),
        ("card*h", "card*s", False),
        ("month", "s", False),
        ("FLOP", "token", False),
    ],
)
def test_equal_means_equal_and_not_merely_of_one_dimension(one: str, other: str, equal: bool) -> None:
    assert units.equal(units.parse(one), units.parse(other)) is equal


@pytest.mark.parametrize("text", ["furlong", "W/", "", "W*W*nothing", "1e9", "W; import os"])
def test_an_unknown_unit_is_named(text: str) -> None:
    with pytest.raises(units.UnitProblem, match="is not known"):
        units.parse(text)


@pytest.mark.parametrize(
    ("unit", "english", "chinese"),
    [
        ("Tparam", "T params", "万亿参数"),
        ("FLOP/s/card", "FLOP/s/card", "FLOP/s/卡"),
        ("card*h", "card-hours", "卡时"),
        ("USD/card", "USD/card", "美元/卡"),
        ("1", "–", "–"),
    ],
)
def test_units_are_words_in_both_languages(unit: str, english: str, chinese: str) -> None:
    assert (units.words(unit, "en"), units.words(unit, "zh")) == (english, chinese)


def test_every_unit_of_the_model_has_words_in_chinese_for_what_is_counted() -> None:
    for field in MODEL.equations:
        if field.unit and field.unit != "@unit":
            assert not {"param", "card", "month", "USD"} & set(
                units.words(field.unit, "zh").replace("·", "/").split("/")
            )
