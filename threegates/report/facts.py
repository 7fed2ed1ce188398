"""What the summary and the terminal say of scenarios, claims, gates, swings and runs, taken from the results.

No number is computed here.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import partial
from typing import Any

from threegates.definition.declare import SCENARIOS, Field
from threegates.definition.derived import OUTPUTS
from threegates.definition.gates import BINDING as GATES
from threegates.definition.published import TEST
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.engine.montecarlo import ALL_OPEN, Uncertainty
from threegates.formula import units
from threegates.report.numbers import escape, figure, percent
from threegates.text import Language
from threegates.workbook.layout import checks

NO_MORE_TEXT = 3  # the code of data_outlook where no more human text opens the data gate


def day(value: float) -> str:
    """A serial day as a date in ISO 8601, within the years that have one; — if it is not known."""
    if math.isnan(value):
        return "—"
    first, last = ((end - DAY_ZERO).days for end in (dt.date.min, dt.date.max))
    return (DAY_ZERO + dt.timedelta(days=math.floor(min(max(value, first), last)))).isoformat()


def day_told(results: Results, value: float, language: Language) -> str:
    """A serial day for readers: beyond the horizon no date is told."""
    beyond = value > results.value("dates", "day", "horizon")
    return PHRASES["beyond"].of(language) if beyond else day(value)


def counted_unit(results: Results, unit: str, language: Language) -> tuple[float, str]:
    """What a number of that unit is multiplied by for the edition's readers, and the unit that it then has."""
    if language != "zh" or unit not in units.COUNTED:
        return 1.0, unit
    unit, constant = units.COUNTED[unit]
    return float(results.value("constants", "value", constant)), unit


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
    """A published claim, the model's numbers, the verdict, and what it proves; ``tests`` if it is an independent test."""
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
    proves = int(results.value("claims", "proves", key))
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
        "proves": model.fields["claims", "proves"].words[proves].of(language),
        "tests": proves == TEST,
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
    released = results.model.data["hindcast", "published_on", key].value
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


def gates(results: Results, drawn: Uncertainty, language: Language) -> list[dict[str, Any]]:
    """For each scenario: which gate opens last in the base case and in the draws, when, and how likely that is.

    ``state`` is 0 where a gate is not known, 1 where all are open on the day, 2 where one is closed; ``no_more_text`` tells
    whether the last is the data gate, and no more human text would open it.
    """
    model = results.model
    words = model.fields[SCENARIOS, "binding_gate"].words
    told = partial(day_told, results, language=language)
    found = []
    for position, key in enumerate(model.keys[SCENARIOS]):
        value, line = partial(results.value, SCENARIOS, key=key), partial(drawn.value, scenario=position)
        often = line("often_code")
        found.append(
            {
                "label": label_of(model, SCENARIOS, key, language),
                "state": int(value("gates_state")),
                "gate": words[int(value("binding_code"))].of(language),
                "ratio": value("binding_ratio"),
                "opens": told(value("all_opening")),
                "no_more_text": value("data_outlook") == NO_MORE_TEXT and value("data_opening") == value("all_opening"),
                "closed": [
                    (gate.label.of(language), told(value(f"{gate.name}_closed_until")))
                    for gate in GATES
                    if value(f"{gate.name}_closed_until") > 0
                ],
                "often": "" if math.isnan(often) else words[int(often)].of(language),
                "often_share": line("often_share"),
                "early": told(line(f"{ALL_OPEN}_p5")),
                "middle": told(line(f"{ALL_OPEN}_p50")),
                "late": told(line(f"{ALL_OPEN}_p95")),
                "by": [
                    (date.isoformat(), line(f"{ALL_OPEN}_by_{date:%Y%m%d}"))
                    for date in model.assumptions.report.uncertainty.open_by
                ],
                "mfu_cards": value("mfu_to_open_cards"),
                "share_cards": value("share_to_open_cards"),
                "watts": value("watts_to_open_power"),
                "watts_now": value("capacity_per_card"),
                "synthetic": value("synthetic_to_open_data"),
                "picked": key == model.picked,
            }
        )
    return found


def swings(results: Results, language: Language, most: int = 3) -> list[dict[str, Any]]:
    """For each output of a tornado chart: the inputs that move it most, and its values at their low and high."""
    model = results.model
    found = []
    for output, name in OUTPUTS:
        places = {int(results.value("swings", f"{name}_rank", key)): key for key in model.keys["swings"]}
        ranked = [places[place] for place in sorted(places)]
        moving = [key for key in ranked[:most] if results.value("swings", f"{name}_swing", key) > 0]
        found.append(
            {
                "label": model.fields[SCENARIOS, output].label.of(language),
                "base": results.value("cases_base", output, model.keys["cases_base"][0]),
                "inputs": [
                    {
                        "label": label_of(model, "swings", key, language),
                        "low": results.value("swings", f"{name}_low", key),
                        "high": results.value("swings", f"{name}_high", key),
                    }
                    for key in moving
                ],
            }
        )
    return found


def fits(results: Results, language: Language) -> list[dict[str, Any]]:
    """How well the equations predict the training runs of each group."""
    model = results.model
    names = ("runs", "middle_mfu", "half_within", "all_within", "middle_gap")
    return [
        {"label": label_of(model, "fits", key, language)} | {name: results.value("fits", name, key) for name in names}
        for key in model.keys["fits"]
    ]
