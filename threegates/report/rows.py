"""What the summary and the terminal say of scenarios, claims, readings and runs: a row each, formatted as text."""

from __future__ import annotations

from functools import partial
from typing import Any

from threegates.definition.declare import Field
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.formula import units
from threegates.inputs.assumptions import SCENARIOS
from threegates.report.facts import counted_unit
from threegates.report.numbers import escape, figure, percent
from threegates.text import Language
from threegates.workbook.layout import checks


def label_of(model: Model, table: str, key: str, language: Language) -> str:
    """The label of a scenario or record."""
    return model.assumptions.entries[table][key].label.of(language)


def chip_of(results: Results, scenario: str, language: Language) -> str:
    """The label of the chip that a scenario uses."""
    return label_of(results.model, "chips", results.value(SCENARIOS, "chip", scenario), language)


def result(results: Results, field: Field, language: Language) -> dict[str, Any]:
    """A row of the scenario table: label, unit (empty where the values show it), and a value for each scenario."""
    model = results.model
    values = [results.value(SCENARIOS, field.id, key) for key in model.keys[SCENARIOS]]
    if field.kind == "link":
        shown = [escape(chip_of(results, key, language)) for key in model.keys[SCENARIOS]]
    elif field.words:
        shown = [field.words[int(value)].of(language) for value in values]
    else:
        shown = [percent(v, language) if field.format == "percent" else figure(float(v)) for v in values]
    unit = units.words(field.unit, language) if field.unit else ""
    bare = field.format == "percent" or field.words
    return {"label": field.label.of(language), "unit": "" if bare else unit, "values": shown}


def _formatted(results: Results, field: Field, key: str, value: float, language: Language) -> str:
    if results.model.format_of(field, key) == "percent":
        return percent(value, language)
    return figure(float(value) * counted_unit(results, results.model.unit_of(field, key), language)[0])


def claim(results: Results, key: str, language: Language) -> dict[str, Any]:
    """A published claim, the model's numbers and the verdict; ``tests`` unless the model was calibrated to it."""
    model = results.model
    entry = model.assumptions.entries["claims"][key]
    fields = {name: model.fields["claims", name] for name in ("low", "high", "model_low", "model_high")}
    shown = {
        name: "—"
        if field.is_input and ("claims", name, key) not in model.data
        else _formatted(results, field, key, results.value("claims", name, key), language)
        for name, field in fields.items()
    }
    code = int(results.value("claims", "verdict", key))
    unit = units.words(counted_unit(results, entry.unit, language)[1], language) if entry.unit else ""
    is_share = model.format_of(fields["low"], key) == "percent"
    return shown | {
        "number": int(results.value("claims", "number", key)),
        "label": entry.label.of(language),
        "unit": "" if is_share else unit,
        "code": code,
        "verdict": model.fields["claims", "verdict"].words[code].of(language),
        "deviation": results.value("claims", "deviation", key),
        "note": entry.note.of(language) if entry.note else "",
        "tests": "calibrated" not in entry.marks,
    }


def reading(results: Results, key: str, language: Language) -> dict[str, str]:
    """A number of interest that the YAML computes from the results, with its unit and note."""
    model = results.model
    entry = model.assumptions.entries["readings"][key]
    value = _formatted(
        results, model.fields["readings", "value"], key, results.value("readings", "value", key), language
    )
    counted = counted_unit(results, entry.unit, language)[1]
    unit = "" if value.endswith("%") or entry.unit == "1" else units.words(counted, language)
    note = entry.note.of(language) if entry.note else ""
    return {"label": entry.label.of(language), "value": value, "unit": unit, "note": note}


def run(results: Results, key: str, language: Language) -> dict[str, str]:
    """A training run since the forecast: when it was released, its compute as a multiple of the anchor's, the outcome."""
    value = partial(results.value, "hindcast", key=key)
    outcome = results.model.fields["hindcast", "outcome"].words[int(value("outcome"))]
    rough = ("times_anchor", "times_low", "times_high", "forecast_ratio")
    shown = {name: figure(float(value(name)), 2) for name in rough}  # estimates are not known to four figures
    shown |= {name: figure(float(value(name))) for name in ("forecast_low", "forecast_high")}
    released = results.value("hindcast", "published_on", key)
    return shown | {
        "label": label_of(results.model, "hindcast", key, language),
        "released": f"{released:%Y-%m}",
        "outcome": outcome.of(language),
    }


def failed_checks(results: Results) -> list[tuple[Field, list[str]]]:
    """The checks that fail, with the keys where they do."""
    found = []
    for field in checks(results.model):
        keys = [key for key in results.model.keys[field.table] if results.value(field.table, field.id, key) != 1]
        if keys:
            found.append((field, keys))
    return found
