"""A text in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Text(NamedTuple):
    """A sentence or label in both languages."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def replace(self, old: str, new: Text) -> Text:
        return Text(self.en.replace(old, new.en), self.zh.replace(old, new.zh))


class Word(NamedTuple):
    """A word that stands for a code of a formula, in both languages; ``tone`` is what its colour says.

    That of a ``row`` marks the label of its row, too: the record that counts among many.
    """

    en: str
    zh: str
    tone: Literal["", "good", "bad", "row"] = ""

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


NOTHING = Text("", "")
