"""The unit registry: a unit is one line here, and pint does the arithmetic.

Units of equations must be equal, not merely of one dimension: W and GW do not mix without a named constant.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pint

from threegates.text import Language, Text

# pint's own list knows furlongs and not tokens; a closed list refuses what the model does not speak of.
DEFINITIONS = """
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
param = [parameter]
token = [token]
card = [card]
FLOP = [operation]
USD = [money]
wancard = 1e4 * card
yiUSD = 1e8 * USD
B = [byte]
s = [time]
h = 3600 * s
day = 24 * h
month = 30.4375 * day
year = 365.25 * day
W = [power]
J = W * s
Wh = W * h
"""

WORDS: dict[str, Text] = {
    "1": Text("–", "–"),
    "param": Text("params", "参数"),
    "token": Text("tokens", "token"),
    "card": Text("cards", "卡"),
    "USD": Text("USD", "美元"),
    "month": Text("months", "个月"),
    "day": Text("days", "天"),
    "Tparam": Text("T params", "万亿参数"),
    "Ttoken": Text("T tokens", "万亿 token"),
    "Mcard": Text("M cards", "百万卡"),
    "wancard": Text("10,000 cards", "万卡"),
    "GUSD": Text("bn USD", "十亿美元"),
    "yiUSD": Text("100 m USD", "亿美元"),
    "GB": Text("GB", "GB"),
    "s": Text("s", "秒"),
    "FLOP/s/card": Text("FLOP/s/card", "FLOP/s/卡"),
    "card*h": Text("card-hours", "卡时"),
    "USD/card/h": Text("USD/card-hour", "美元/卡时"),
}
# As Chinese readers count: the unit, and the constant of the model that leads there.
COUNTED = {"Mcard": ("wancard", "wan_per_million"), "GUSD": ("yiUSD", "yi_per_billion")}
SINGULAR: dict[str, Text] = {
    "param": Text("param", "参数"),
    "token": Text("token", "token"),
    "card": Text("card", "卡"),
    "month": Text("month", "月"),
    "day": Text("day", "天"),
    "h": Text("h", "小时"),
    "year": Text("year", "年"),
}


LONGEST_UNIT = 60  # pint takes long for long ones
SPELLING = re.compile(r"[A-Za-z]+([*/][A-Za-z]+)*")  # no numbers and powers: a unit is names


class UnitProblem(Exception):
    """Two units that should be equal are not, or a unit is unknown; the words say which."""


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The one registry; made when it is first needed."""
    return pint.UnitRegistry(DEFINITIONS.strip().splitlines())


@cache
def parse(text: str) -> pint.Unit:
    """The unit that ``text`` names, such as ``FLOP/s/card``; ``1`` is the dimensionless unit.

    Raises UnitProblem for a unit that is not in the registry.
    """
    if text == "1":
        return registry().dimensionless
    if len(text) > LONGEST_UNIT or not SPELLING.fullmatch(text):
        raise UnitProblem(f"unit {text!r} is not known")
    try:
        return registry().parse_units(text)
    except Exception as error:
        raise UnitProblem(f"unit {text!r} is not known") from error


@cache
def equal(one: pint.Unit, other: pint.Unit) -> bool:
    """Whether the two are the same size of the same thing: W*s and J are, W and GW are not."""
    if one == other:
        return True
    if one.dimensionality != other.dimensionality:
        return False
    return abs(registry().convert(1.0, one, other) - 1.0) < 1e-12


def spell(unit: pint.Unit) -> str:
    """The unit as an equation would declare it."""
    return f"{unit:~}".replace(" ", "") or "1"


def words(text: str, language: Language) -> str:
    """The unit ``text`` as a reader of the edition reads it: 'T params', '万亿参数', 'FLOP/s/卡'."""
    if text in WORDS:
        return WORDS[text].of(language)
    head, *rest = text.split("/")
    parts = [WORDS[head].of(language) if head in WORDS else _factors(head, language)]
    parts += [SINGULAR[part].of(language) if part in SINGULAR else _factors(part, language) for part in rest]
    return "/".join(parts)


def _factors(text: str, language: Language) -> str:
    return "·".join(SINGULAR.get(part, WORDS.get(part, Text(part, part))).of(language) for part in text.split("*"))
