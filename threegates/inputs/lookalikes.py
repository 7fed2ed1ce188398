"""Characters that look like those of YAML and are others: full-width ones of Chinese input methods, curly quotes, and
blanks and marks that nobody sees. In prose they are right; in a name, a number or between them, they are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
OTHERS = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]",
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "∶": ":", "︰": ":", "﹕": ":", "﹐": ",", "٪": "%",
}  # fmt: skip
# What nobody sees: blanks of other kinds become a plain one, marks without width nothing.
BLANKS = dict.fromkeys(
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
MARKS = dict.fromkeys("\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff", "")  # fmt: skip
MEANT = FULL_WIDTH | OTHERS | BLANKS | MARKS
ANY = re.compile("[" + "".join(map(re.escape, MEANT)) + "]")
QUOTES = {sign for sign, meant in MEANT.items() if meant in ('"', "'")}
SHOWN = 3  # of the look-alikes of one line


class Stray(NamedTuple):
    """One look-alike: its 0-based line and column."""

    line: int
    column: int
    sign: str

    def __str__(self) -> str:
        code = f"U+{ord(self.sign):04X}, {unicodedata.name(self.sign, 'no name').lower()}"
        shown = f"{self.sign} ({code})" if self.sign not in BLANKS | MARKS else code
        return f"column {self.column + 1} holds {shown}"

    @property
    def remedy(self) -> str:
        meant = MEANT[self.sign]
        words = {" ": "type a plain blank", "": "delete it", ":": "type : with a blank behind it"}
        return words.get(meant, f"type {meant}")


def said(strays: Iterable[Stray]) -> str:
    """Where they stand, what they are, and what to type instead."""
    each = [f"{stray}: {stray.remedy}" for stray in strays]
    return "; ".join(each[:SHOWN]) + (f"; and {len(each) - SHOWN} more" if len(each) > SHOWN else "")


def mended(text: str) -> str:
    """The text with each look-alike replaced by what was meant."""
    return ANY.sub(lambda match: MEANT[match[0]], text)


def is_meant_plain(text: str) -> bool:
    """Whether a text holds look-alikes, and nothing else that a name or a number would not: prose is left alone."""
    return ANY.search(text) is not None and mended(text).isascii()


def within(text: str, number: int = 0) -> list[Stray]:
    """All the look-alikes of a line."""
    return [Stray(number, match.start(), match[0]) for match in ANY.finditer(text)]


def unquoted(line: str, number: int) -> list[Stray]:
    """The look-alikes of a line that stand neither in quotes nor in a comment.

    Where a quote is opened and not closed on the line, a curly one after it may have been meant to close it.
    """
    found: list[Stray] = []
    quote, opened = "", 0
    for column, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote and line[column - 1] != "\\" else quote
        elif sign in "\"'" and line[:column].rstrip(" ")[-1:] in ("", ":", ",", "[", "{", "-", "："):
            quote, opened = sign, column
        elif sign == "#" and line[:column][-1:] in ("", " "):
            break
        elif sign in MEANT:
            found.append(Stray(number, column, sign))
    rest = enumerate(line[opened + 1 :], opened + 1) if quote else ()
    return (
        found + [Stray(number, column, sign) for column, sign in rest if sign in QUOTES and MEANT[sign] == quote][-1:]
    )


def replaced(text: str, strays: Iterable[Stray]) -> str:
    """The text with these look-alikes replaced; a colon gets the blank that YAML wants behind it."""
    lines = text.split("\n")
    for stray in sorted(strays, reverse=True):
        line = lines[stray.line]
        before, after = line[: stray.column], line[stray.column + 1 :]
        meant = MEANT[stray.sign]
        gap = " " if meant in (":", ",") and after[:1] not in (" ", "") and after[:1] not in BLANKS else ""
        lines[stray.line] = before + meant + gap + after
    return "\n".join(lines)
