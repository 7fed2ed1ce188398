"""Every check on the sheet Checks can fail: an edit that a reader might make fails it, by an independent engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.engines import IronCalc
from threegates.engine import evaluate
from threegates.formula.readers import Address
from threegates.workbook import layout

LOW, HIGH = "gpt5_low", "gpt6_high"
# What is typed, and where; the identities guard against a number typed over a formula. No gate is open to the high case.
FAILS: dict[str, tuple[Address, Any]] = {
    "precision_on_chip": (("scenarios", "precision", LOW), "fp4"),
    "inputs_positive": (("scenarios", "goodput", LOW), 0),
    "shares_within_one": (("scenarios", "mfu", LOW), 34),
    "pue_at_least_one": (("scenarios", "pue", LOW), 0.15),
    "cards_do_the_job": (("scenarios", "cards", LOW), 100_000),
    "growths_multiply": (("scenarios", "params_growth", LOW), 6),
    "energy_by_card_hours": (("scenarios", "energy", LOW), 1e15),
    "tokens_add_up": (("scenarios", "synthetic_tokens", LOW), 0),
    "multiple_or_own": (("scenarios", "own_params", LOW), 2e12),
    "capacity_above_average": (("scenarios", "capacity_factor", LOW), 1.1),
    "mfu_in_range": (("scenarios", "mfu", LOW), 0.6),
    "months_in_range": (("scenarios", "months", LOW), 12),
    "cards_gate_grows_open": (("scenarios", "cards_opening", HIGH), dt.date(2030, 1, 1)),
    "power_gate_grows_open": (("scenarios", "power_opening", HIGH), dt.date(2030, 1, 1)),
    "data_gate_grows_open": (("scenarios", "data_opening", HIGH), dt.date(2030, 1, 1)),
    "money_gate_grows_open": (("scenarios", "money_opening", HIGH), dt.date(2030, 1, 1)),
    "price_known": (("scenarios", "chip", LOW), "blackwell_plus2"),
    "peaks_in_order": (("chips", "fp8", "h200_sxm"), 1e12),
    "power_above_tdp": (("chips", "it_power_per_card", "h200_sxm"), 100),
    "inputs_fit": (("constants", "value", "electricity_price"), "n/a"),
}

# Alerts that the default workbook has: nobody sells Blackwell+2, and Your scenario says its parameters directly.
SHIPPED = {"price_known": {"gpt6_low_plus2"}, "multiple_or_own": {"your_scenario"}}


@pytest.fixture
def engine(english, tmp_path: Path) -> IronCalc:
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(english[1].package)
    return IronCalc(path, english[0])


def lines(placed: layout.Layout) -> dict[str, int]:
    """The row of each check on the sheet Checks."""
    names = [*(field.id for field in layout.checks(placed.model)), "inputs_fit"]
    return {name: placed.spots["check_list"].row + offset for offset, name in enumerate(names)}


def statuses(engine: IronCalc, placed: layout.Layout) -> dict[str, str]:
    return {name: engine.value(layout.Spot("checks", row, layout.FIRST + 2)) for name, row in lines(placed).items()}


def test_every_check_has_an_edit_that_fails_it(english) -> None:
    assert set(FAILS) == set(lines(english[0]))


@pytest.mark.parametrize("name", FAILS)
def test_an_edit_fails_its_check_and_the_header_says_so(name: str, english, engine: IronCalc) -> None:
    placed = english[0]
    shipped = statuses(engine, placed)
    assert {status for check, status in shipped.items() if check not in SHIPPED} == {"pass"}
    address, value = FAILS[name]
    engine.put(placed.spot(*address), float((value - evaluate.DAY_ZERO).days) if isinstance(value, dt.date) else value)
    engine.model.evaluate()
    field = next((f for f in layout.checks(placed.model) if f.id == name), None)
    if field is not None:
        cells = {key: engine.value(placed.spot(field.table, name, key)) for key in placed.model.keys[field.table]}
        known = {key for key, passes in cells.items() if passes == 0}
        assert address[2] in known
        assert known - {address[2]} == SHIPPED.get(name, set())
    kind = field.check if field is not None else "error"
    failed = statuses(engine, placed)
    assert failed[name] == {"error": "FAIL", "alert": "review"}[kind]
    master = engine.value(placed.spots["master"])
    assert master.startswith("✘ CHECKS FAILED: ") == ("FAIL" in failed.values())
    assert ("FAIL" in failed.values()) == (kind == "error")
    assert master.endswith(f"; alerts: {list(failed.values()).count('review')}")
