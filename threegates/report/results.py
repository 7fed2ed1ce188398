"""results.csv: every result of every scenario, a row each."""

from __future__ import annotations

import csv
import io
import math

from threegates.engine.evaluate import Results
from threegates.text import Text


def results_csv(results: Results) -> str:
    """results.csv: scenario, id, label, unit, value in full precision, units as the equations declare; blank: not known."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("scenario", "id", "label", "unit", "value"))
    for key, field, value in results.rows():
        shown = "" if math.isnan(value) else repr(value)
        writer.writerow((key, field.id, _as_text(field.label), field.unit, shown))
    return stream.getvalue()


def _as_text(label: Text) -> str:
    """A label that a spreadsheet cannot take for a formula."""
    return f"'{label.en}" if label.en[:1] in ("=", "+", "-", "@", "\t", "\r") else label.en
