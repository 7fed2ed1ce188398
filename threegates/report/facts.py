"""What the summary says of gates, swings and the back-test, taken from the results; no number is computed here."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from threegates.definition.derived import OUTPUTS
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.montecarlo import ALL_OPEN, Uncertainty
from threegates.formula import units
from threegates.inputs.assumptions import SCENARIOS
from threegates.text import Language


def day(value: float) -> str:
    """A serial day as a date in ISO 8601; — if it is not known."""
    return "—" if math.isnan(value) else (DAY_ZERO + dt.timedelta(days=math.floor(value))).isoformat()


def counted_unit(results: Results, unit: str, language: Language) -> tuple[float, str]:
    """What a number of that unit is multiplied by for the edition's readers, and the unit that it then has."""
    if language != "zh" or unit not in units.COUNTED:
        return 1.0, unit
    unit, constant = units.COUNTED[unit]
    return float(results.value("constants", "value", constant)), unit


def gates(results: Results, drawn: Uncertainty, language: Language) -> list[dict[str, Any]]:
    """For each scenario: which gate binds, by how much, until when, and how likely that is."""
    model = results.model
    report = model.assumptions.report
    words = model.fields[SCENARIOS, "binding_gate"].words
    found = []
    for position, key in enumerate(model.keys[SCENARIOS]):
        code = int(results.value(SCENARIOS, "binding_code", key))
        shares = [drawn.value(f"binds_{other}", position) for other in range(len(words))]
        often = shares.index(max(shares))
        by = [
            (date.isoformat(), drawn.value(f"{ALL_OPEN}_by_{date:%Y%m%d}", position))
            for date in report.uncertainty.open_by
        ]
        found.append(
            {
                "label": model.assumptions.entries[SCENARIOS][key].label.of(language),
                "code": code,
                "gate": words[code].of(language),
                "ratio": results.value(SCENARIOS, "binding_ratio", key),
                "opens": day(results.value(SCENARIOS, "all_open_on", key)),
                "binds": shares[code],
                "often": words[often].of(language) if often != code else "",
                "often_binds": shares[often],
                "early": day(drawn.value(f"{ALL_OPEN}_p5", position)),
                "late": day(drawn.value(f"{ALL_OPEN}_p95", position)),
                "by": by,
                "mfu_cards": results.value(SCENARIOS, "mfu_to_open_cards", key),
                "share_cards": results.value(SCENARIOS, "share_to_open_cards", key),
                "watts": results.value(SCENARIOS, "watts_to_open_power", key),
                "watts_now": results.value(SCENARIOS, "capacity_per_card", key),
                "synthetic": results.value(SCENARIOS, "synthetic_to_open_data", key),
                "picked": key == model.picked,
            }
        )
    return found


def swings(results: Results, language: Language, most: int = 3) -> list[dict[str, Any]]:
    """For each output of a tornado chart: the inputs that move it most, and its values at their low and high."""
    model = results.model
    labels = model.assumptions.entries["swings"]
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
                        "label": labels[key].label.of(language),
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
    names = ("runs", "middle_mfu", "middle_ratio", "half_within", "all_within", "middle_gap")
    entries = model.assumptions.entries["fits"]
    return [
        {"label": entries[key].label.of(language)} | {name: results.value("fits", name, key) for name in names}
        for key in model.keys["fits"]
    ]
