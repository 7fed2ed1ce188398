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
from threegates.workbook.sheets import summary

LOW, HIGH = "gpt5_low", "gpt6_high"
YOURS, RUBIN = "your_scenario", "gpt6_low_rubin"
FROM_TABLE = YOURS  # its MFU is cleared, so that it takes that of the table
# What is typed, and where: no field for the id of a record; the identities guard against a number typed over a formula.
FAILS: dict[str, tuple[Address, Any]] = {
    "precision_on_chip": (("scenarios", "precision", LOW), "fp4"),
    "inputs_positive": (("scenarios", "goodput", LOW), 0),
    "shares_within_one": (("scenarios", "mfu", LOW), 34),
    "share_has_peak": (("scenarios", "share_16bit", "gpt6_low_plus2"), 0.1),
    "pue_at_least_one": (("scenarios", "pue", LOW), 0.15),
    "cards_do_the_job": (("scenarios", "cards", LOW), 100_000),
    "growths_multiply": (("scenarios", "params_growth", LOW), 6),
    "energy_by_card_hours": (("scenarios", "energy", LOW), 1e15),
    "tokens_add_up": (("scenarios", "synthetic_tokens", LOW), 0),
    "multiple_or_own": (("scenarios", "own_params", LOW), 2e12),
    "capacity_above_average": (("scenarios", "capacity_factor", LOW), 1.1),
    "mfu_in_range": (("scenarios", "mfu", LOW), 0.6),
    "months_in_range": (("scenarios", "months", LOW), 12),
    "cards_gate_grows_open": (("scenarios", "cards_years", HIGH), 1),
    "power_gate_grows_open": (("scenarios", "power_years", HIGH), 1),
    "data_gate_grows_open": (("scenarios", "data_years", HIGH), 1),
    "money_gate_grows_open": (("scenarios", "money_years", HIGH), 1),
    "price_known": (("scenarios", "chip", LOW), "blackwell_plus2"),
    "share_16bit_once": (("scenarios", "share_16bit", FROM_TABLE), 0.1),
    "precision_mfu_in_range": (("precisions", "mfu", "fp8"), 0.4),
    "params_plausible": (("scenarios", "own_params", LOW), 671),
    "tokens_plausible": (("scenarios", "own_tokens", LOW), 15),
    "active_share_plausible": (("scenarios", "active_share", LOW), 0.001),
    "mfu_plausible": (("scenarios", "mfu", LOW), 0.6),
    "sustained_plausible": (("scenarios", "mfu", LOW), 0.6),
    "months_plausible": (("scenarios", "months", LOW), 90),
    "card_hour_price_plausible": (("scenarios", "card_hour_price", LOW), 98),
    "goodput_plausible": (("scenarios", "goodput", "gpt4"), 0.99),
    "fp8_peak_plausible": (("chips", "fp8", "h200_sxm"), 3958e12),
    "campus_plausible": (("campuses", "stated_mw", "colossus_1_2024"), 0.181),
    "peaks_in_order": (("chips", "fp8", "h200_sxm"), 1e12),
    "power_above_tdp": (("chips", "it_power_per_card", "h200_sxm"), 100),
    "basis_fits": (("campuses", "it_basis", "colossus_2_2025"), 1),
    "campus_spans_run_forward": (("campus_spans", "end", "campus_2024_04_to_2024_09"), "goodyear_2023_04"),
    "developer_spans_run_forward": (("developer_spans", "start", "openai_2023_to_2024"), "openai_2025"),
    "shipped_spans_run_forward": (("shipped_spans", "start", "shipped_2023_to_2025"), "shipped_2025"),
    "corpus_spans_run_forward": (("corpus_spans", "start", "corpus_2024_04_to_2025_05"), "qwen3"),
    "spending_spans_run_forward": (("spending_spans", "end", "spending_2023_to_2025"), "spending_2022"),
    "within_plans": (("campuses", "planned_mw", "qts_richmond_2024_04"), 100),
    "growth_in_range": (("gates", "growth__low", "power_gate"), 5),
    "known_by_then": (("gates", "available_on", "data_gate"), dt.date(2030, 1, 1)),
    "pick_found": (("", "picker", ""), "GPT-5"),
    "inputs_fit": (("constants", "value", "electricity_price"), "n/a"),
    "ids_fit": (("chips", "", "h100_sxm"), "h200_sxm"),
}

# Alerts that the default workbook has: nobody sells Blackwell+2, Your scenario says its parameters directly, and 0.34 of
# Rubin's FP8 peak is above its 16-bit peak.
SHIPPED = {
    "price_known": {"gpt6_low_plus2"},
    "multiple_or_own": {"your_scenario"},
    "goodput_plausible": {"gpt5_low", "gpt5_high", "gpt6_low", "gpt6_low_plus2", "gpt6_high", "gpt6_low_rubin"},
    "sustained_plausible": {"gpt6_low_rubin"},
}


@pytest.fixture
def engine(english, tmp_path: Path) -> IronCalc:
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(english[1].package)
    return IronCalc(path, english[0])


def lines(placed: layout.Layout) -> dict[str, int]:
    """The row of each check on the sheet Checks."""
    names = [*(field.id for field in layout.checks(placed.model)), "pick_found", "inputs_fit", "ids_fit"]
    return {name: placed.spots["check_list"].row + offset for offset, name in enumerate(names)}


def statuses(engine: IronCalc, placed: layout.Layout) -> dict[str, str]:
    return {name: engine.value(layout.Spot("checks", row, layout.FIRST + 2)) for name, row in lines(placed).items()}


def test_every_check_has_an_edit_that_fails_it(english) -> None:
    assert set(FAILS) == set(lines(english[0]))


def test_a_pick_that_is_no_scenario_fails_its_check_and_the_headline_says_not_known(english, engine: IronCalc) -> None:
    placed = english[0]
    engine.put(placed.spots["picker"], "GPT-5")
    engine.model.evaluate()
    assert {name for name, status in statuses(engine, placed).items() if status == "FAIL"} == {"pick_found"}
    assert engine.value(placed.spots["master"]).startswith("✘ CHECKS FAILED: 1; ")
    *picked, claims = (engine.value(layout.Spot("summary", row, layout.LABEL)) for row in summary.HEADLINE_ROWS)
    assert all(line.startswith("Not known: ") and "Pick a scenario from the list" in line for line in picked)
    assert claims.startswith("Of 13 published figures")
    verdicts = {engine.value(placed.spot("verdicts", "verdict", gate)) for gate in placed.model.keys["verdicts"]}
    assert verdicts == {"not known"}


@pytest.mark.parametrize("name", FAILS)
def test_an_edit_fails_its_check_and_the_header_says_so(name: str, english, engine: IronCalc) -> None:
    placed = english[0]
    shipped = statuses(engine, placed)
    assert {status for check, status in shipped.items() if check not in SHIPPED} == {"pass"}
    address, value = FAILS[name]
    if address[2] == FROM_TABLE:
        engine.put(placed.spot("scenarios", "mfu", FROM_TABLE), None)
    if not address[0]:
        spot = placed.spots[address[1]]
    else:
        spot = placed.spot(*address) if address[1] else placed.key_spot(address[0], address[2])
    engine.put(spot, float((value - evaluate.DAY_ZERO).days) if isinstance(value, dt.date) else value)
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


# Each alert with what a reader types by mistake, and where: a magnitude, a sparse peak, a percentage without its sign.
TYPED: dict[str, tuple[str, Address, float]] = {
    "parameters in billions": ("params_plausible", ("scenarios", "own_params", YOURS), 671),
    "tokens in trillions": ("tokens_plausible", ("scenarios", "own_tokens", YOURS), 15),
    "an active share of a thousandth": ("active_share_plausible", ("scenarios", "active_share", LOW), 0.001),
    "a utilization that counts recomputation": ("mfu_plausible", ("scenarios", "mfu", "gpt4"), 0.57),
    "a 16-bit MFU of a fast FP8 chip": ("sustained_plausible", ("scenarios", "mfu", RUBIN), 0.34),
    "months in days": ("months_plausible", ("scenarios", "months", "gpt4"), 95),
    "the price of a server": ("card_hour_price_plausible", ("scenarios", "card_hour_price", LOW), 98),
    "a peak with sparsity": ("fp8_peak_plausible", ("chips", "fp8", "h200_sxm"), 3958e12),
    "a sparse peak of a design that favours FP8": (
        "fp8_peak_plausible",
        ("chips", "fp8", "rubin_ultra_2die"),
        34700e12,
    ),
    "a campus in gigawatts": ("campus_plausible", ("campuses", "stated_mw", "colossus_1_2024"), 0.181),
    "a campus in kilowatts": ("campus_plausible", ("campuses", "stated_mw", "colossus_1_2024"), 181_000),
    "a 16-bit share beside the table's MFU": ("share_16bit_once", ("scenarios", "share_16bit", YOURS), 0.1),
}
QUIET = (
    (("scenarios", "mfu", RUBIN), 0.2),
    (("scenarios", "mfu", YOURS), None),
    (("scenarios", "mfu__low", "gpt4"), None),
)
NO_RANGE = (
    ("scenarios", "months__high", "gpt4"),
    ("scenarios", "mfu__high", "gpt4"),
)  # whose own alerts are not asked for


@pytest.mark.parametrize("what", TYPED)
def test_a_magnitude_typed_wrong_adds_an_alert_to_the_header_of_every_sheet(what: str, english, engine) -> None:
    """The header of Cards goes from no errors and so many alerts to no errors and one more."""
    name, address, value = TYPED[what]
    placed = english[0]
    for quiet, before in (*QUIET, *((place, None) for place in NO_RANGE)):
        engine.put(placed.spot(*quiet), before)
    engine.model.evaluate()
    header = layout.Spot("cards", 2, 1)
    count = list(statuses(engine, placed).values()).count("review")
    assert statuses(engine, placed)[name] == "pass"
    assert engine.value(header) == f"✔ no errors; alerts: {count}"
    engine.put(placed.spot(*address), value)
    engine.model.evaluate()
    assert statuses(engine, placed)[name] == "review"
    assert engine.value(header) == f"✔ no errors; alerts: {count + 1}"


def test_an_active_share_above_one_is_an_error_and_an_alert(english, engine: IronCalc) -> None:
    """The list of a cell refuses it when it is typed; pasted, it fails its check, and the alert says what is wanted."""
    placed = english[0]
    before = list(statuses(engine, placed).values()).count("review")
    engine.put(placed.spot("scenarios", "active_share", LOW), 37)
    engine.model.evaluate()
    assert statuses(engine, placed)["active_share_plausible"] == "review"
    assert engine.value(layout.Spot("cards", 2, 1)) == f"✘ CHECKS FAILED: 1; alerts: {before + 1}"
