"""Numbers, days and months written as people and spreadsheets write them, and how the YAML wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from threegates.formula import units
from threegates.inputs.lookalikes import mended
from threegates.text import LANGUAGES

# A number that YAML would have read as one, had it not stood in quotes.
PLAIN = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
NUMBER = re.compile(
    r"(?:US\$|[$€£¥~≈约])?\s*(?P<sign>[-+]?)\s*(?P<digits>[0-9]+(?:[ .,'_][0-9]+)*)"
    r"(?:\s*(?:[eE]|[x×*]\s*10\s*(?:\^|\*\*)?)\s*(?P<power>[-+]?[0-9]{1,3}))?\s*(?P<rest>[^0-9]*)"
)
SCALES = {
    "%": "0.01", "percent": "0.01", "‰": "0.001", "x": "1", "×": "1", "倍": "1",
    "k": "1e3", "thousand": "1e3", "m": "1e6", "mn": "1e6", "million": "1e6",
    "b": "1e9", "bn": "1e9", "billion": "1e9", "t": "1e12", "tn": "1e12", "trillion": "1e12",
    "千": "1e3", "万": "1e4", "十万": "1e5", "百万": "1e6", "千万": "1e7",
    "亿": "1e8", "十亿": "1e9", "百亿": "1e10", "千亿": "1e11", "万亿": "1e12",
}  # fmt: skip
SCALE = re.compile(f"({'|'.join(sorted(map(re.escape, SCALES), key=len, reverse=True))})(?![a-zA-Z])\\s*(.*)", re.I)
LONGEST = 60  # characters that may be a number
LONGEST_PLAIN = 9  # characters of a number before an exponent is shorter to read
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[. ]\s*(?P<m>\d{1,2}|[a-z]{3,9})[., ]\s*(?P<y>\d{4})", re.I)
YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s*[-./年]\s*(?P<m>\d{1,2})(?:\s*[-./月]\s*(?P<d>\d{1,2})?\s*日?)?")
NAME_FIRST = re.compile(r"(?P<m>[a-z]{3,9})\.?\s*(?:(?P<d>\d{1,2}),?\s+)?(?P<y>\d{4})", re.I)


def remedy(value: object, unit: str = "") -> str:
    """What to write for a number that is written another way, of a key in ``unit``; nothing where it is none."""
    if isinstance(value, float) and value.is_integer():  # where a whole number is wanted
        return f"write {int(value)}"
    if not isinstance(value, str) or len(value) > LONGEST:
        return ""
    if PLAIN.fullmatch(value):
        return "remove the quotes"
    match = NUMBER.fullmatch(mended(value).strip(" \t\n\"'"))
    readings = _readings(match["digits"]) if match else ()
    if match is None or not readings:
        return ""
    scale, rest = _scaled(match["rest"].strip())
    factor, words = _converted(rest, unit)
    if factor is None:
        return f"write the number alone, in {unit}"
    exact = [Decimal(f"{match['sign']}{each}e{match['power'] or 0}") * scale * factor for each in readings]
    first, *others = [spelled(number) for number in exact]
    return f"write {first}" + "".join(f", or {other} where the comma is a decimal point" for other in others) + words


def _readings(digits: str) -> tuple[str, ...]:
    """What digits with separators may mean: a comma is a point, or stands between thousands, or may be either."""
    digits = re.sub("[ '_]", "", digits)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = max(".", ",", key=digits.rfind)
        digits = digits.replace("," if last == "." else ".", "")
        return (digits.replace(",", "."),) if digits.count(last) == 1 else ()
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", digits)
    if points + commas > 1:
        return (re.sub("[.,]", "", digits),) if grouped else ()
    if commas and grouped:
        return digits.replace(",", ""), digits.replace(",", ".")
    return (digits.replace(",", "."),)


def _scaled(rest: str) -> tuple[Decimal, str]:
    match = SCALE.fullmatch(rest)
    return (Decimal(SCALES[match[1].lower()]), match[2].strip()) if match else (Decimal(1), rest)


def _converted(written: str, unit: str) -> tuple[Decimal | None, str]:
    """The factor from a written unit to that of the key, and what is to be said of it."""
    if not written:
        return Decimal(1), ""
    known = unit not in ("", "1", "@unit")
    names = {unit, unit + "s", *(units.words(unit, language) for language in LANGUAGES)} if known else set()
    if written in names or not known:
        return Decimal(1), ", without the unit"
    for name in (written, written.removesuffix("s")):
        try:
            factor = units.registry().convert(1.0, units.parse(name), units.parse(unit))
        except Exception:  # noqa: S112  # another unit, or none: pint says so in many ways
            continue
        return Decimal(f"{factor:.6g}"), f", without the unit: it is {unit}"
    return None, ""


def spelled(number: Decimal) -> str:
    """A number as the YAML writes it."""
    plain = f"{number.normalize():f}" if number else "0"
    if (abs(number) >= 1e-4 and len(plain) <= LONGEST_PLAIN) or not number:
        return plain
    return f"{number.normalize():e}".replace("e+", "e")


def dated(value: object, with_day: bool) -> str:
    """What to write for a day or a month that is written another way; nothing where it is none."""
    text = mended(value if isinstance(value, str) else repr(value)).strip()[:LONGEST]
    match = next((m for shape in (YEAR_FIRST, DAY_FIRST, NAME_FIRST) if (m := shape.fullmatch(text))), None)
    if match is None:
        return ""
    month = match["m"] if match["m"].isdigit() else str(_named(match["m"], MONTHS))
    if not 1 <= int(month) <= 12 or (with_day and match["d"] is None):
        return ""
    return f"write {match['y']}-{int(month):02}" + (f"-{int(match['d']):02}" if with_day else "")


def _named(name: str, names: Iterable[str]) -> int:
    return next((number for number, start in enumerate(names, 1) if name.lower().startswith(start)), 0)
