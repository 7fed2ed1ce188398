"""What check, pull and diff find, as JSON for other programs: full precision, null for what is not known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import json
import math
from collections.abc import Mapping
from typing import Any

from threegates.definition.declare import SCENARIOS
from threegates.engine.evaluate import Results
from threegates.report import facts
from threegates.report import results as results_file
from threegates.report.editions import Editions
from threegates.text import Text
from threegates.version import __version__


def text(told: Mapping[str, Any]) -> str:
    """The JSON, with the version that wrote it; in ASCII, which every pipe and program takes."""
    return json.dumps(plain({"version": __version__, **told}), indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """A value made of what JSON has: of a record its fields and properties, of a date its day in ISO 8601."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Text):
        return value._asdict()
    if dataclasses.is_dataclass(value):
        stated = [field.name for field in dataclasses.fields(value)]
        computed = [name for name, what in inspect.getmembers(type(value)) if isinstance(what, property)]
        return {name: plain(getattr(value, name)) for name in (*stated, *computed)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, tuple | list) else str(value)


def checked(results: Results, entries: Editions) -> dict[str, Any]:
    """Every result of every scenario, the published claims, and the checks that do not pass."""
    model = results.model
    document = model.assumptions.document
    return {
        "assumptions": document.file,
        "hash": document.digest,
        "as_of": model.assumptions.as_of,
        "picked": model.picked,
        "scenarios": {key: model.assumptions.entries[SCENARIOS][key].label for key in model.keys[SCENARIOS]},
        "results": [
            {"scenario": key, "id": field.id, "unit": field.unit, "value": results_file.told(field, value)}
            for key, field, value in results.rows()
        ],
        "claims": [_claim(results, key) for key in model.keys["claims"]],
        "checks_failed": [
            {"id": field.id, "class": field.check, "label": field.label, "where": keys}
            for field, keys in facts.failed_checks(results)
        ],
        "numbers_compared": max(entry.compared for entry in entries.values()),
        "largest_difference": max(entry.largest_difference for entry in entries.values()),
    }


def _claim(results: Results, key: str) -> dict[str, Any]:
    """A published claim, in the unit that it is stated in."""
    entry, words = results.model.assumptions.entries["claims"][key], results.model.fields["claims", "verdict"].words
    numbers = {name: _number(results, name, key) for name in ("low", "high", "model_low", "model_high", "deviation")}
    verdict = words[int(results.value("claims", "verdict", key))].en
    return {"id": key, "label": entry.label, "unit": entry.unit, **numbers, "verdict": verdict}


def _number(results: Results, name: str, key: str) -> float | None:
    """A number of a claim; None where it is blank or not known."""
    model = results.model
    if model.fields["claims", name].is_input and ("claims", name, key) not in model.data:
        return None
    return float(results.value("claims", name, key))
