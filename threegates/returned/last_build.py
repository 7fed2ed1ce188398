"""The results of the build before, as its results.csv tells them: for what has moved since."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from threegates.engine import names
from threegates.engine.evaluate import Results
from threegates.report.results import read, results_csv
from threegates.returned.compare import Side, Statement, field_of, result_of

LARGEST_CSV_BYTES = 20_000_000


def earlier(folder: Path) -> Side | None:
    """The results of the last build into a folder; None if there are none that can be read."""
    try:
        path = folder / "results.csv"
        if path.stat().st_size > LARGEST_CSV_BYTES:
            return None
        return _of_csv(path.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None


def of_scenarios(results: Results) -> Side:
    """The results of scenarios, as :func:`earlier` will read them after this build."""
    return _of_csv(results_csv(results))


def _of_csv(text: str) -> Side:
    found: dict[str, Statement] = {}
    for row in csv.DictReader(io.StringIO(text), strict=True):
        name = names.of_scenario(row["id"], row["scenario"])
        field = field_of(name)
        if field is not None:
            value = read(field, row["value"])
            made = value if isinstance(value, str) else result_of(field, value)
            found[name] = Statement(made, field.unit, field.format)
    return Side({}, found)
