"""The shapes of what the model says about itself: texts, fields, tables and sheets, all as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from threegates.text import NOTHING, Language, Text, Word

Kind = Literal["number", "text", "month", "date", "link", "choice", "formula"]
Check = Literal["", "error", "alert"]
PER_RECORD = "@unit"
LOW, HIGH = "__low", "__high"


@dataclass(frozen=True)
class Field:
    """A row of a scenario table or a column of a record table: an input, or with ``formula`` an equation.

    ``unit`` is a unit of :mod:`threegates.formula.units`, ``@unit`` where each record names its own, or empty for text.
    ``source`` is a source id of the assumptions, ``definition`` or ``judgement``; inputs carry theirs in the YAML.
    ``target`` is the table that a link points into, or the ids that a choice may take.
    ``words`` turn the codes 0, 1, 2 … of the formula into words in the workbook.
    A formula that a record does not give for itself is that of its ``fallback`` field. A number may not be above the
    field of the same record that ``at_most`` names.
    A ``ranged`` input has a low and a high beside its base value, as the fields ``<id>__low`` and ``<id>__high``.
    """

    id: str
    label: Text
    unit: str = ""
    formula: str = ""
    table: str = "scenarios"
    sheet: str = ""
    kind: Kind = "number"
    format: str = "significant"
    why: Text = NOTHING
    source: str = ""
    minimum: float | None = None
    maximum: float | None = None
    optional: bool = False
    ranged: bool = False
    target: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    check: Check = ""
    fallback: str = ""
    at_most: str = ""

    @property
    def is_input(self) -> bool:
        return not self.formula and self.kind != "formula"

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "date", "formula")


def equation(name: str, unit: str, formula: str, en: str, zh: str, why_en: str, why_zh: str, **more: Any) -> Field:
    """A field that is computed; its label and then its explanation, each in English and Chinese."""
    return Field(name, Text(en, zh), unit, formula, why=Text(why_en, why_zh), **more)


def given(name: str, unit: str, en: str, zh: str, why_en: str = "", why_zh: str = "", **more: Any) -> Field:
    """A field whose values, or whose formulas record by record, stand in the YAML."""
    return Field(name, Text(en, zh), unit, why=Text(why_en, why_zh), **more)


@dataclass(frozen=True)
class Table:
    """A set of keys (scenarios, or records) and the fields that each has.

    ``across`` puts the keys into columns (a scenario table); otherwise each key is a row (a record table).
    A ``derived`` table follows from the model by itself: it has no section in the YAML.
    ``main`` names the field that a bare reference to a record means, and that its defined name leaves out.
    ``calls`` are records that the model's own equations read by name; of a table that is used, at least ``least``
    records must be given.
    """

    id: str
    label: Text
    across: bool = False
    prefix: str = ""
    main: str = ""
    facts: bool = False
    derived: bool = False
    calls: tuple[str, ...] = ()
    least: int = 0


@dataclass(frozen=True)
class View:
    """Fields of a table shown once more on another sheet, as links to their homes, below a line of its own.

    ``large`` are shown in large type. ``counted`` names, for a field, the one that counts as Chinese readers do and
    takes its place in the Chinese edition.
    """

    sheet: str
    table: str
    fields: tuple[str, ...]
    lead: Text
    large: tuple[str, ...] = ()
    counted: tuple[tuple[str, str], ...] = ()

    def shown(self, language: Language) -> tuple[str, ...]:
        """The fields of the edition."""
        others = dict(self.counted) if language == "zh" else {}
        return tuple(others.get(field, field) for field in self.fields)


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook: its tab name, the title in A1, one sentence on what it answers, its tab colour."""

    id: str
    name: Text
    title: Text
    lead: Text
    colour: str
    tables: tuple[str, ...] = ()


class Sentence(NamedTuple):
    """One sentence: its id, the sheet whose cell holds it, and its words with holes for what is live."""

    id: str
    sheet: str
    text: Text
    instead: Text | None = None
    unless: str = ""
    needs: tuple[str, ...] = ()  # tables without which it is not said


@dataclass(frozen=True)
class Definition:
    """Everything that the model says of itself, handed around whole."""

    equations: tuple[Field, ...]
    tables: tuple[Table, ...]
    sheets: tuple[Sheet, ...]
    views: tuple[View, ...] = ()
    sentences: tuple[Sentence, ...] = ()
