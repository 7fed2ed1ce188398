"""The tables that a build prints in the terminal: key results, claims, and checks that do not pass. In English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threegates.engine.evaluate import Results
from threegates.inputs.assumptions import SCENARIOS
from threegates.report import rows
from threegates.text import Language

ENGLISH: Language = "en"
MOST_COLUMNS = 10  # scenarios side by side; more become rows
MAIN_RESULTS = ("compute_multiple", "cards_m", "facility_power_gw", "facility_capacity_gw", "owned_cost_bn")


class TerminalTable(NamedTuple):
    """A table to print: each row has as many texts as there are headings."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def tables(results: Results) -> list[TerminalTable]:
    """Key results, claims, and the checks that do not pass where there are any."""
    found = [_key_results(results), _claims(results), _failed_checks(results)]
    return found if found[-1].rows else found[:-1]


def _key_results(results: Results) -> TerminalTable:
    """What Summary shows of all scenarios; of many, a scenario a row and only the main results."""
    model = results.model
    view = next(v for v in model.views if v.table == SCENARIOS)
    shown = {name: rows.result(results, model.fields[SCENARIOS, name], ENGLISH) for name in view.fields}
    keys = model.keys[SCENARIOS]
    if len(keys) <= MOST_COLUMNS:
        lines = [(row["label"], row["unit"], *row["values"]) for row in shown.values()]
        return TerminalTable("Key results", ("", "unit", *keys), lines)
    chosen = [row for name, row in shown.items() if name in MAIN_RESULTS]
    headings = ("scenario", "", *(f"{row['label']}, {row['unit']}" for row in chosen))
    lines = [(key, "", *(row["values"][i] for row in chosen)) for i, key in enumerate(keys)]
    return TerminalTable("Key results", headings, lines)


def _claims(results: Results) -> TerminalTable:
    """The claims that have an answer of the model."""
    columns = ("label", "unit", "low", "high", "model_low", "model_high", "verdict")
    claims = [rows.claim(results, key, ENGLISH) for key in results.model.keys["claims"]]
    headings = ("claim", "unit", "published, low", "high", "model, low", "high", "verdict")
    lines = [tuple(claim[column] for column in columns) for claim in claims if claim["code"]]
    return TerminalTable("Published claims", headings, lines)


def _failed_checks(results: Results) -> TerminalTable:
    lines = [(field.label.en, str(field.check), ", ".join(keys)) for field, keys in rows.failed_checks(results)]
    return TerminalTable("Checks", ("does not pass", "class", "where"), lines)
