"""results.csv: a row for every result of every scenario."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math

from threegates.definition.declare import Field
from threegates.definition.sheets import GATES
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.report.facts import day
from threegates.text import Text

COLUMNS = ("scenario", "id", "label", "unit", "value")
BINDING, OPEN = "binding_gate", "open"
DATES = ("date", "until", "opening")
BY_CODE = ("", OPEN, *GATES)  # of the gate that binds; blank: not known


def results_csv(results: Results) -> str:
    """scenario, id, label, unit, value: numbers in full precision and the declared unit, dates in ISO 8601; blank if not known.

    What a gate is closed until is ``open`` where it is open; the gate that binds is named by its id, ``open`` if none does.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, field, value in results.rows():
        writer.writerow((key, field.id, _not_a_formula(field.label), field.unit, _shown(field, value)))
    return stream.getvalue()


def read(field: Field, text: str) -> float | str:
    """What a row says: a number, for a date its serial day, or the word as it stands; NaN if not known.

    Raises ValueError for what no build has written.
    """
    if not text:
        return math.nan
    if field.id == BINDING and text in BY_CODE:
        return text
    if field.format in DATES:
        return OPEN if text == OPEN else float((dt.date.fromisoformat(text) - DAY_ZERO).days)
    return float(text)


def told(field: Field, value: float) -> float | str | None:
    """What a result says outside a workbook: its number, a date in ISO 8601, or a word; None if it is not known."""
    if math.isnan(value):
        return None
    if field.id == BINDING:
        return BY_CODE[int(value)] or None
    if field.format in DATES:
        return OPEN if value == 0 and field.format == "until" else day(value)
    return value


def _shown(field: Field, value: float) -> str:
    found = told(field, value)
    return found or "" if isinstance(found, str | None) else repr(found)


def _not_a_formula(label: Text) -> str:
    """The label, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{label.en}" if label.en[:1] in ("=", "+", "-", "@", "\t", "\r") else label.en
