"""Numbers as text for readers: significant figures, percentages, and large numbers as each language counts."""

from __future__ import annotations

import math
import re
from typing import Any

from threegates.text import Language

SIGNIFICANT = 4
# What CommonMark and GitHub read as markup, anywhere in a line or only at its beginning.
MARKDOWN = re.compile(r"([\\`*_\[\]<>|&~@$]|(?<=:)/(?=/)|(?<=[Ww]{3})\.|:(?=\w+:)|^[#+\-=]|^\d+(?=[.)]\s))")


def figure(value: Any, figures: int = SIGNIFICANT) -> str:
    """A number with so many significant figures, thousands separators, and a power of ten if very large or small."""
    if not isinstance(value, int | float) or math.isnan(value):
        return "—"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{figures - 1}e}"))))
    if not -4 <= exponent < 12:
        mantissa, power = f"{value:.{figures - 1}e}".split("e")
        return f"{mantissa}e{int(power)}"
    digits = figures - 1 - exponent
    rounded = round(value, digits)
    text = f"{rounded:,.{max(digits, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float, language: Language = "en") -> str:
    """A share as a percentage with four significant figures and at most two decimals."""
    if math.isnan(value):
        return "—"
    shown = figure(round(100 * value, 2))
    return f"{shown}%" if language == "zh" else f"{shown} %"


# How each language counts: the size, and the word after the number.
COUNTS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
    "zh": ((1e12, " 万亿"), (1e8, " 亿"), (1e4, " 万")),
}


def counted(value: float, language: Language = "en") -> str:
    """A large number as readers of the language count: 5.921 million, 592.1 万."""
    for size, word in COUNTS[language]:
        if abs(value) >= size:
            return figure(value / size) + word
    return figure(value)


def money(value: float, language: Language = "en") -> str:
    """An amount in dollars: $121.8 billion, 1,218 亿美元; — if it is not known."""
    if math.isnan(value):
        return "—"
    return f"{counted(value, language)}美元" if language == "zh" else f"${counted(value)}"


def escape(text: object) -> str:
    """Text of the YAML for markdown, on one line and with all markup escaped."""
    return MARKDOWN.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", " ".join(str(text).split()))
