"""The assumptions as the model uses them, and the names of their sections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from threegates.definition.declare import SCENARIOS, Definition
from threegates.formula import grammar
from threegates.inputs.document import Document
from threegates.inputs.mail_headers import Mail
from threegates.inputs.sections import Change, Report, Source
from threegates.problems import Problem
from threegates.text import Text

DATES, AS_OF = "dates", "as_of"
CONSTANTS, DEFAULTS, REPORT = "constants", "defaults", "report"
SOURCES, HISTORY, MAIL = "sources", "history", "mail"
# Keys of the report that equations call by role: what multiples and H100 equivalents refer to, and the published job
# that the trade-off is held against.
ROLES = {
    "anchor": SCENARIOS,
    "reference_chip": "chips",
    "yardstick": SCENARIOS,
    "yardstick_cards": "claims",
    "yardstick_months": "claims",
}
PICKED, OTHERS = "picked", "others"  # words of the grammar: the scenario on Summary, the other records of the table
YOURS = "yours"  # the scenario that a reader overwrites
OWN_SOURCES = ("judgement", "definition")  # sources that need no record
RESERVED = (*ROLES, PICKED, OTHERS, grammar.UNKNOWN_NAME)


@dataclass(frozen=True)
class Datum:
    """One input as the model uses it: the value and where it comes from."""

    value: Any
    source: tuple[str, ...] = ()
    confidence: str = ""
    marks: tuple[str, ...] = ()
    note: Text | None = None
    range: str = ""  # what its low and high are, where it has any
    draw: str = ""  # the name of the draws that it shares with others


@dataclass(frozen=True)
class Entry:
    """A key of a table: its label and what is said of it as a whole."""

    label: Text
    source: tuple[str, ...] = ()
    confidence: str = ""
    marks: tuple[str, ...] = ()
    note: Text | None = None
    unit: str = ""
    format: str = ""


@dataclass(frozen=True)
class Assumptions:
    """All inputs. ``data[table, field, key]`` is absent where an optional input is blank.

    ``definition`` is what the model says of itself, with the tables that the document names.
    """

    document: Document
    definition: Definition
    report: Report
    mail: Mail | None
    entries: Mapping[str, Mapping[str, Entry]]
    data: Mapping[tuple[str, str, str], Datum]
    sources: Mapping[str, Source]
    history: Mapping[str, Change]  # newest first; of one day, in the order of the file
    ids: Mapping[str, tuple[str, ...]]

    @property
    def as_of(self) -> dt.date:
        """The day that the figures speak of."""
        day: dt.date = self.data[DATES, "day", AS_OF].value
        return day

    @property
    def problems(self) -> list[Problem]:
        return self.document.problems
