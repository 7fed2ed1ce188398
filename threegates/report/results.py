"""results.csv: a row for every result of every scenario."""

from __future__ import annotations

import csv
import io
import math

from threegates.engine.evaluate import Results
from threegates.text import Text


def results_csv(results: Results) -> str:
    """scenario, id, label, unit, value: in full precision and the declared unit; blank if not known."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("scenario", "id", "label", "unit", "value"))
    for key, field, value in results.rows():
        shown = "" if math.isnan(value) else repr(value)
        writer.writerow((key, field.id, _not_a_formula(field.label), field.unit, shown))
    return stream.getvalue()


def _not_a_formula(label: Text) -> str:
    """The label, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{label.en}" if label.en[:1] in ("=", "+", "-", "@", "\t", "\r") else label.en
