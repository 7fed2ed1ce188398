"""The records of which the definition is made: fields, tables, views, sheets and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from threegates.text import NOTHING, Language, Text, Word

Kind = Literal["number", "text", "month", "date", "link", "choice", "formula"]
Check = Literal["", "error", "alert"]
Scale = Literal["", "rate"]
PER_RECORD = "@unit"
SCENARIOS = "scenarios"  # the table whose keys stand across, and of which one is picked
LOW, HIGH = "__low", "__high"
CONSTANT_OF_HOLE = re.compile(r"\{[^{}]+\*(\w+)[:}]")
TABLE_OF_HOLE = re.compile(r"\{[\w ]*?(\w+)\.")


@dataclass(frozen=True)
class Field:
    """A row of a scenario table or a column of a record table: an input, or with ``formula`` an equation.

    ``unit`` is a unit of :mod:`threegates.formula.units`, ``@unit`` where each record names its own, or empty for text.
    ``source`` is a source id of the assumptions, ``definition`` or ``judgement``; inputs carry theirs in the YAML.
    ``target`` is the table that a link points into, or the ids that a choice may take.
    ``words`` turn the codes 0, 1, 2 … of the formula into words in the workbook.
    A formula that a record does not give for itself is that of its ``fallback`` field. A number may not be above the
    field of the same record that ``at_most`` names. A record that gives it gives the field ``together``, too.
    The records of the table ``records`` bear the ids of a choice, which reads them as a link does. Where an input of a
    scenario is blank, the field of its name counts that the record of the choice ``of_choice`` has.
    Any number may have a low and a high beside its base value, as the fields ``<id>__low`` and ``<id>__high``; a ``ranged``
    one has these fields even where no record gives any. A ranged formula takes a low and a high about what it computes.
    The Monte Carlo draws a number of the ``scale`` rate, a growth, as its logarithm over time.
    """

    id: str
    label: Text
    unit: str = ""
    formula: str = ""
    table: str = SCENARIOS
    sheet: str = ""
    kind: Kind = "number"
    format: str = "significant"
    why: Text = NOTHING
    source: str = ""
    minimum: float | None = None
    maximum: float | None = None
    optional: bool = False
    ranged: bool = False
    scale: Scale = ""
    target: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    check: Check = ""
    fallback: str = ""
    records: str = ""
    of_choice: str = ""
    at_most: str = ""
    together: str = ""

    @property
    def is_input(self) -> bool:
        return not self.formula and self.kind != "formula"

    @property
    def may_range(self) -> bool:
        """Whether a value may have a low and a high: any number that is given, and a formula that is ranged."""
        return self.is_input and self.kind == "number" if self.kind != "formula" else self.ranged

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "date", "month", "formula")


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
    One of ``facts`` has many columns, with a row of units; formulas may name its records only where it is ``cited``.
    ``calls`` are records that the model's own equations read by name, and of a ``closed`` table there are no others; at
    least ``least`` records must be given.
    With ``groups``, the table stands for all tables of its kind until the YAML has named them: its section gives each
    a label, under an id that begins so and names the section of its records.
    """

    id: str
    label: Text
    across: bool = False
    prefix: str = ""
    main: str = ""
    facts: bool = False
    cited: bool = False
    derived: bool = False
    calls: tuple[str, ...] = ()
    closed: bool = False
    least: int = 0
    groups: str = ""

    @property
    def is_named(self) -> bool:
        """Whether formulas may name its records."""
        return self.cited or not self.facts


class Group(NamedTuple):
    """A group of records, as the YAML names it; where it is ``predicted``, each of them is so from the others."""

    id: str
    label: Text
    predicted: bool = True


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
    """A sheet of the workbook: its tab name, the title in A1, one sentence on what it answers, its tab colour.

    The first sheet is headed by the title of the report.
    """

    id: str
    name: Text
    title: Text
    lead: Text
    colour: str
    tables: tuple[str, ...] = ()


class Sentence(NamedTuple):
    """A sentence with holes for numbers and words of the model, as :mod:`threegates.workbook.live_sentences` reads them.

    Where a code chooses what is said, ``by`` is the hole that gives it: ``instead`` are the texts of the codes 0, 1 …, and
    ``text`` is that of the last. ``sheet`` is where its cell stands.
    """

    id: str
    sheet: str
    text: Text
    instead: tuple[Text, ...] = ()
    by: str = ""

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that it may say, in the order of the codes."""
        return (*self.instead, self.text)

    @property
    def needs(self) -> tuple[str, ...]:
        """The tables without which it is not said: those that its holes name."""
        return tuple(dict.fromkeys(TABLE_OF_HOLE.findall(self.text.en)))


class Series(NamedTuple):
    """What a chart shows: a field over all keys of its table. Without a table: a line of the Monte Carlo, over scenarios.

    A ``line`` joins its points; a ``guide`` is a thin line without marks, to hold the others against. ``against`` is
    the field along the horizontal axis of a scatter chart. Series of one label are named once.
    """

    table: str
    field: str
    label: Text
    line: bool = False
    guide: bool = False
    against: str = ""


class Split(NamedTuple):
    """Two kinds of keys in a picture: those whose ``field`` is above a number, and the others, with a name for each."""

    field: str
    above: float
    others: Text
    those: Text


@dataclass(frozen=True)
class Chart:
    """A chart, drawn twice from this one record: on its sheet of the workbook, and as a picture named by its id.

    Its title is a sentence, the ``finding``, with ``instead`` and ``by`` as sentences have them; it stands in a cell of
    the sheet, or of the sheet ``said_on``. ``says`` tells what the chart shows to those who cannot see it.
    ``axis`` names the axis of numbers and ``across`` the other one of a scatter chart. ``most`` limits the keys to the
    first so many; ``until``, a table and its input, ends them before the first record without it, and ``first``, an input, before
    the first record where it is not 1, since a text on a log axis would be taken for 0.

    The sheet alone: ``labels`` is the number format of what stands at the points of the first series; ``turned`` turns
    the names of the keys; ``width`` and ``height`` are in cm.
    The picture alone: ``beside`` stands beside each key, with fields of its record in the holes, or the first number
    where nothing is given; ``ranked`` puts the smallest first; ``origin`` is where a line stands that dots are held
    against. A ``mailed`` picture is in the draft, too.
    """

    id: str
    sheet: str
    kind: Literal["dots", "bars", "tornado", "range", "scatter"]
    series: tuple[Series, ...]
    finding: Text
    says: Text
    axis: Text
    across: Text = NOTHING
    log: bool = True
    log_across: bool = False
    most: int = 0
    until: tuple[str, str] | None = None
    first: str = ""
    labels: str = ""
    turned: bool = False
    width: float = 24.0
    height: float = 13.0
    column: int = 1
    beside: Text = NOTHING
    split: Split | None = None
    ranked: bool = False
    origin: float | None = None
    mailed: bool = False
    instead: tuple[Text, ...] = ()
    by: str = ""
    said_on: str = ""

    @property
    def title(self) -> Sentence:
        """The sentence that is its title."""
        return Sentence(f"chart_{self.id}", self.said_on or self.sheet, self.finding, self.instead, self.by)


@dataclass(frozen=True)
class Definition:
    """Everything that the model says of itself, handed around whole."""

    equations: tuple[Field, ...]
    tables: tuple[Table, ...]
    sheets: tuple[Sheet, ...]
    views: tuple[View, ...] = ()
    headline: tuple[Sentence, ...] = ()
    findings: tuple[Sentence, ...] = ()
    charts: tuple[Chart, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def constants_said(self) -> set[str]:
        """The constants by which sentences multiply."""
        texts = (text.en for sentence in self.sentences for text in sentence.texts)
        return {name for text in texts for name in CONSTANT_OF_HOLE.findall(text)}

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences that stand in cells: the headline, further findings, and what each chart finds."""
        return (*self.headline, *self.findings, *(chart.title for chart in self.charts))
