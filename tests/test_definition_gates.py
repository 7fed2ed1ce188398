"""The gates: what each scenario needs against what there is on a day, and which of them opens last."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from tests.conftest import built, load
from threegates.engine.evaluate import DAY_ZERO, Results, evaluate
from threegates.engine.sweep import Plan
from threegates.formula.readers import Address

GATES = ("cards", "power", "data", "money")
CODES = {gate: code for code, gate in enumerate(GATES, 2)}
AS_OF = ("dates", "day", "as_of")
YEAR = 365.25  # days
SHARE, EPOCHS = "synthetic_share_allowed", "epochs"
SPENDING_2024 = ("growths", "factor", "spending_growth_2024")
MONEY_GROWTH = ("gates", "growth", "money_gate")


def serial(day: str) -> int:
    """The day as spreadsheets count it."""
    return (dt.date.fromisoformat(day) - DAY_ZERO).days


def moved(results: Results, given: Mapping[Address, Any], *wanted: Address) -> list[list[float]]:
    """What the wanted results become when inputs are edited; each input as one number or one a case."""
    arrays = {address: np.asarray(values, dtype=float) for address, values in given.items()}
    found = Plan(results, arrays, wanted).run(arrays)
    cases = max((array.size for array in arrays.values()), default=1)
    return [np.broadcast_to(found[address], (cases,)).tolist() for address in wanted]


def of(scenario: str, *names: str) -> list[Address]:
    return [("scenarios", name, scenario) for name in names]


# No gate is shut out by its definition ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "gate", "scenario", "ends"),
    [
        ("results", "cards", "gpt5_low", {}),
        ("results", "power", "gpt5_high", {}),
        ("results", "data", "gpt6_high", {}),
        ("results", "money", "gpt6_high", {("scenarios", SHARE, "gpt6_high"): "high", SPENDING_2024: "low"}),
        ("vintage", "cards", "x10_gb300", {("constants", "value", "run_share"): "low"}),
        ("vintage", "power", "gpt6_low_b200", {("scenarios", EPOCHS, "gpt6_low_b200"): "high"}),
        ("vintage", "data", "gpt6_low_b200", {}),
        ("vintage", "money", "gpt6_high_b200", {("scenarios", SHARE, "gpt6_high_b200"): "high", MONEY_GROWTH: "low"}),
    ],
)
def test_each_gate_opens_last_somewhere_within_the_stated_ranges(
    request: pytest.FixtureRequest, read: str, gate: str, scenario: str, ends: dict[Address, str]
) -> None:
    """No gate is shut out: with at most two inputs at an end of their stated range it is the last of the four."""
    results: Results = request.getfixturevalue(read)
    given = {(t, f, key): results.value(t, f"{f}__{end}", key) for (t, f, key), end in ends.items()}
    code, *openings = moved(results, given, *of(scenario, "binding_code", *(f"{gate}_opening" for gate in GATES)))
    assert code == [CODES[gate]]
    assert max(openings) == openings[GATES.index(gate)]


@pytest.mark.parametrize(
    ("gate", "edit"),
    [
        ("cards", {("constants", "run_share", "base"): 0.2}),
        ("power", {("campuses", "qts_richmond_2024_04", "stated_mw"): 60}),
        ("data", {("defaults", SHARE, "base"): 0}),
        ("money", {("constants", "spender_share", "base"): 0.005}),
    ],
)
def test_an_edit_of_one_figure_makes_any_gate_the_last(
    small_file: Callable[..., Path], gate: str, edit: dict[tuple[str, ...], Any]
) -> None:
    """The YAML decides which gate binds: one figure moved, and it is another one."""
    results = evaluate(load(small_file(edit)))
    assert results.value("scenarios", "binding_code", "gpt5_low") == CODES[gate]


# Open or closed on the day ---------------------------------------------------------------------------------------


def test_a_scenario_is_not_open_before_its_chip_is_sold(small_file: Callable[..., Path]) -> None:
    """With an H100 that ships in March 2025, enough of other cards the day before opens nothing."""
    late = {("chips", "h100_sxm", "available"): "2025-03", ("dates", "as_of", "base"): dt.date(2025, 2, 28)}
    results = evaluate(load(small_file(late)))
    march = serial("2025-03-01")
    days = [march - 1, march, march + 1]
    ratio, closed, last, code = moved(
        results, {AS_OF: days}, *of("gpt5_low", "cards_ratio", "cards_closed_until", "all_opening", "binding_code")
    )
    assert max(ratio) < 1
    assert closed == [march, 0, 0]
    assert min(last) >= march
    assert code[0] == CODES["cards"]


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_closed_on_the_day_before_its_date_and_open_on_the_day_after(results: Results, gate: str) -> None:
    """A need that growth meets in ten days and a half: closed for ten days and open on the eleventh, by the same date."""
    scenario, today = "gpt5_high", results.value(*AS_OF)
    ratio = results.value("scenarios", f"{gate}_ratio", scenario)
    factor = results.value("gates", "growth_used", f"{gate}_gate") ** (10.5 / YEAR) / ratio  # of the need
    if gate == "data":
        lever, value = SHARE, 1 - (1 - results.value("scenarios", SHARE, scenario)) * factor
    else:  # cards, power and money go as 1 / months
        lever, value = "months", results.value("scenarios", "months", scenario) / factor
    given = {AS_OF: today + np.array([0, 10, 11, 12]), ("scenarios", lever, scenario): np.full(4, value)}
    opening, closed = moved(results, given, *of(scenario, f"{gate}_opening", f"{gate}_closed_until"))
    assert opening == pytest.approx([today + 10.5] * 4, abs=1e-6)
    assert closed == [opening[0], opening[1], 0, 0]


@pytest.mark.parametrize(
    ("gate", "day", "before", "after"),
    [
        ("cards", "2024-12-31", 102535 * 0.4, 386219 * 0.4),  # OpenAI at the end of 2024
        ("power", "2024-09-02", 0.167, 0.181),  # Colossus 1
        ("data", "2025-05-14", 15.6e12, 36e12),  # Qwen3
        ("money", "2025-02-07", 168e9 * 0.25, 256e9 * 0.25),  # the day on which 2024 was told, not its last
    ],
)
def test_a_figure_counts_from_the_day_on_which_it_is_known(
    small_results: Results, gate: str, day: str, before: float, after: float
) -> None:
    """A later holding, campus, corpus or year's spending opens nothing until its day has come."""
    key = f"{gate}_gate"
    days = [serial(day) - 1, serial(day)]
    found, on = moved(small_results, {AS_OF: days}, ("gates", "available", key), ("gates", "available_on", key))
    assert found == pytest.approx([before, after])
    assert all(known <= day for known, day in zip(on, days, strict=True))


def test_what_was_still_the_largest_later_is_carried_from_there(small_results: Results, vintage: Results) -> None:
    """Qwen3's corpus does not grow while none larger is found; New Carlisle grows from June 2026, not from March."""
    still = ("corpora", "still_largest_on", "qwen3")
    days = {AS_OF: [serial("2026-11-24") + YEAR] * 2, still: [serial("2026-11-24"), 0]}
    (now,) = moved(small_results, days, ("gates", "available_now", "data_gate"))
    growth = small_results.value("gates", "growth_used", "data_gate")
    assert now[0] == pytest.approx(36e12 * growth)
    years = (serial("2026-11-24") + YEAR - serial("2025-05-14")) / YEAR
    assert now[1] == pytest.approx(36e12 * growth**years)
    assert vintage.value("gates", "available_on", "power_gate") == serial("2026-06-11")
    by_hand = 1.092 * vintage.value("gates", "growth_used", "power_gate") ** ((serial("2026-11-24") - 46184) / YEAR)
    assert vintage.value("gates", "available_now", "power_gate") == pytest.approx(by_hand)


# Alerts ----------------------------------------------------------------------------------------------------------


def test_growth_that_runs_ahead_of_every_plan_raises_an_alert(vintage: Results) -> None:
    """1.68 GW carried to November 2026 is above the 1.49 GW planned by then; a larger plan clears it, a later does not."""
    plan, wanted = ("campuses", "stated_mw", "colossus_2_plan"), ("campuses", "within_plans", "new_carlisle_2026")
    later = ("campuses", "operating_from", "colossus_2_plan")
    due = vintage.value(*later)
    (fits,) = moved(vintage, {plan: [1494, 1690, 1690], later: [due, due, vintage.value(*AS_OF) + 1]}, wanted)
    assert fits == [0, 1, 0]


def test_a_gate_that_reads_a_figure_of_tomorrow_raises_an_alert(small_file: Callable[..., Path]) -> None:
    """What is of a day after the day of the workbook could not be known."""
    changed = {("gates", "power_gate", "available_on"): "horizon"}
    results = evaluate(load(small_file(changed)))
    assert results.value("gates", "known_by_then", "power_gate") == 0
    assert all(results.value("gates", "known_by_then", f"{gate}_gate") for gate in GATES if gate != "power")


def test_a_campus_with_more_it_watts_than_another_has_facility_watts_raises_an_alert(vintage: Results) -> None:
    """Fairwater Atlanta has 1.60 times its cards' IT watts, Colossus 1 has 1.42 in all: the former is no IT power."""
    basis, fits = (("campuses", name, "fairwater_atlanta_2026") for name in ("it_basis", "basis_fits"))
    assert moved(vintage, {basis: [0, 1]}, fits) == [[1, 0]]


def test_a_growth_outside_its_stated_range_raises_an_alert(vintage: Results) -> None:
    """The range is of what was stated; a record edited until growth leaves it is told."""
    campus, fits = ("campuses", "stated_mw", "new_carlisle_2026"), ("gates", "growth_in_range", "power_gate")
    low, high = (vintage.value("gates", f"growth__{end}", "power_gate") for end in ("low", "high"))
    years = vintage.value("campus_spans", "years", "campus_2024_04_to_2026_03")
    edges = [167 * low**years * 0.999, 167 * low**years * 1.001, 167 * high**years * 0.999, 167 * high**years * 1.001]
    assert moved(vintage, {campus: edges}, fits) == [[0, 1, 1, 0]]


# Growth ----------------------------------------------------------------------------------------------------------


def test_growth_follows_the_record_live_and_an_own_number_wins(vintage: Results) -> None:
    """Another megawatt in the record is another growth; a number of one's own takes its place."""
    campus, own = ("campuses", "stated_mw", "new_carlisle_2026"), ("gates", "own_growth", "power_gate")
    growth, used = (("gates", name, "power_gate") for name in ("growth", "growth_used"))
    found = moved(vintage, {campus: [1092, 1200, 1200], own: [0, 0, 1.9]}, growth, used)
    by_hand = [(mw / 167) ** (YEAR / 721) for mw in (1092, 1200, 1200)]  # from 2024-04-01 to 2026-03-23
    assert found[0] == pytest.approx(by_hand, rel=1e-12)
    assert found[1] == pytest.approx([by_hand[0], by_hand[1], 1.9], rel=1e-12)


DAYS = {
    "campuses": "operating_from", "developers": "held_on", "shipped": "counted_on",
    "corpora": "reported_on", "spending": "known_on",
}  # fmt: skip


@pytest.mark.parametrize("read", ["results", "vintage"])
def test_growth_rests_on_nothing_later_than_the_day(request: pytest.FixtureRequest, read: str) -> None:
    """Every record that the growth of a gate reads is of the day of the workbook or before."""
    results: Results = request.getfixturevalue(read)
    plan = Plan(results, [], [("gates", "growth_used", f"{gate}_gate") for gate in GATES])
    days = [results.value(table, DAYS[table], key) for table, _, key in plan.read if table in DAYS]
    assert all(day <= results.value(*AS_OF) for day in days)
    assert bool(days) is (read == "vintage")  # the first vintage argues its growths, and reads no record


# Announced campuses, and more than one -----------------------------------------------------------------------------


def test_counting_announced_campuses_never_makes_power_scarcer(results: Results, vintage: Results) -> None:
    """In 2024 later campuses raise what there is; in 2026 growth already gives more than any plan put back to the day."""
    switch = ("switches", "value", "count_announced")
    (first,) = moved(results, {switch: [0, 1]}, *of("gpt6_low", "power_available"))
    assert first[0] == pytest.approx(0.167 * 2 ** (20 / YEAR))
    assert first[1] == pytest.approx(1.092 * 2 ** (-(serial("2026-03-23") - serial("2024-04-21")) / YEAR))
    (second,) = moved(vintage, {switch: [0, 1]}, *of("x100_rubin", "power_available"))
    assert second[0] == second[1] == vintage.value("gates", "available_now", "power_gate")


def test_announced_campuses_open_the_power_gate_earlier_where_growth_is_slower_than_the_plans(vintage: Results) -> None:
    """Were Colossus 2 delivered in full and growth what the plans imply, the largest plan would count for more."""
    switch, own = ("switches", "value", "count_announced"), ("gates", "own_growth", "power_gate")
    slip = ("campuses", "delivered_h100e", "colossus_2_plan")
    given = {switch: [0, 1, 1], own: 1.8, slip: [1389591, 1389591, 556000]}
    available, opening = moved(vintage, given, *of("x100_rubin", "power_available", "power_opening"))
    days = serial("2027-10-03") - serial("2026-11-24")
    assert available[1] == pytest.approx(3.328 * 1.8 ** (-days / YEAR))  # Fairwater Wisconsin in full
    assert available[0] < available[1]
    assert opening[1] < opening[0]
    assert available[2] == available[0]  # with 40 % delivered, as it was, it counts for less than what operates


def test_two_campuses_halve_the_need_and_say_what_must_be_synchronised(vintage: Results) -> None:
    """Half the gigawatts on each; gradients of two bytes of each active parameter go out and back at each step."""
    used = ("scenarios", "campuses_used", "x100_rubin")
    need, sync, cards = moved(vintage, {used: [1, 2]}, *of("x100_rubin", "power_need", "sync_per_step", "cards_need"))
    assert need[1] == pytest.approx(need[0] / 2)
    active = vintage.value("scenarios", "active_params", "x100_rubin")
    assert sync == pytest.approx([0, 2 * 2 * active / 1e12])
    assert cards[0] == cards[1]


# Data ------------------------------------------------------------------------------------------------------------


def test_synthesis_and_repetition_move_what_unique_text_is_needed(vintage: Results) -> None:
    """Of 622 trillion tokens: what may not be synthetic, over what each number of epochs is worth at R* = 15."""
    scenario, tokens = "x100_rubin", 13e12 * 47.84744
    shares, epochs = np.meshgrid([0, 0.5, 0.95], [1, 4, 10])
    given = {("scenarios", SHARE, scenario): shares.ravel(), ("scenarios", EPOCHS, scenario): epochs.ravel()}
    need, years, outlook, stock = moved(
        vintage, given, *of(scenario, "data_need", "data_years", "data_outlook", "stock_ratio")
    )
    worth = {1: 1, 4: 1 + 15 * (1 - math.exp(-3 / 15)), 10: 1 + 15 * (1 - math.exp(-9 / 15))}
    by_hand = [tokens * (1 - s) / worth[e] for s, e in zip(shares.ravel(), epochs.ravel(), strict=True)]
    assert need == pytest.approx(by_hand)
    growth = (36 / 15.6) ** (YEAR / 950)  # from Llama 3 to the day up to which none larger was found
    never = [unique > 102e12 for unique in by_hand]
    assert [math.isnan(year) for year in years] == never
    expected = [math.log(unique / 36e12) / math.log(growth) for unique in by_hand]
    assert [y for y in years if not math.isnan(y)] == pytest.approx(
        [e for e, lost in zip(expected, never, strict=True) if not lost]
    )
    assert outlook == [3 if lost else 2 if unique > 36e12 else 1 for unique, lost in zip(by_hand, never, strict=True)]
    assert stock == pytest.approx([tokens * (1 - s) / 300e12 for s in shares.ravel()])  # repetition counted once


def test_more_unique_text_than_there_is_never_opens_the_data_gate(vintage: Results) -> None:
    """A thousand times the largest run needs 264 trillion unique tokens of 102; growth does not help, synthesis does."""
    growth, share = ("gates", "growth", "data_gate"), ("scenarios", SHARE, "x1000_rubin")
    need, opening, outlook = moved(
        vintage, {growth: [1.38, 100, 1.38], share: [0.5, 0.5, 0.95]},
        *of("x1000_rubin", "data_need", "data_opening", "data_outlook"),
    )  # fmt: skip
    assert need[:2] == pytest.approx([264e12] * 2, rel=0.01)
    assert opening[:2] == [2958465] * 2
    words = vintage.model.fields["scenarios", "data_outlook"].words
    assert [words[int(code)].en for code in outlook] == ["NOT by more human text"] * 2 + ["open"]
    assert [vintage.value("scenarios", name, "x1000_rubin") for name in ("all_opening", "last_closed")] == [2958465] * 2


# What is not known ------------------------------------------------------------------------------------------------


def test_a_gate_that_is_not_known_makes_the_last_one_unknown(results: Results) -> None:
    """No price of Blackwell+2 is known: then neither is what it costs, nor the last gate, nor whether all are open."""
    value = {name: results.value("scenarios", name, "gpt6_low_plus2") for name in (
        "money_ratio", "money_opening", "money_closed_until", "all_opening", "last_closed", "months_to_open",
        "binding_ratio", "gates_state", "binding_code", "power_opening",
    )}  # fmt: skip
    assert not math.isnan(value.pop("power_opening"))
    assert [value.pop("gates_state"), value.pop("binding_code")] == [0, 0]
    assert all(math.isnan(number) for number in value.values())
    assert results.model.fields["scenarios", "binding_gate"].words[0].en == "not known: a gate has no figure"


# A growth of 1 or below is a belief that a person may hold ---------------------------------------------------------


def without_growth(growth: float) -> dict[tuple[str, ...], Any]:
    own = {"base": growth, "source": "judgement", "confidence": "judgement"}
    return {("gates", f"{gate}_gate", "own_growth"): own for gate in GATES}


@pytest.mark.parametrize("growth", [1, 0.8])
def test_without_growth_a_closed_gate_never_opens_and_an_open_one_stays_open(
    growth: float, small_file: Callable[..., Path]
) -> None:
    found = evaluate(load(small_file(without_growth(growth))))
    for scenario in found.model.keys["scenarios"]:
        for gate in GATES:
            ratio = found.value("scenarios", f"{gate}_ratio", scenario)
            opening = found.value("scenarios", f"{gate}_opening", scenario)
            assert math.isnan(found.value("scenarios", f"{gate}_years", scenario))
            ships = found.value("scenarios", "chip_from", scenario) if gate == "cards" else 0
            assert opening == (serial("9999-12-31") if ratio > 1 else max(ships, serial("2024-04-21")))
    last = found.value("scenarios", "data_outlook", "gpt5_high")
    assert found.model.fields["scenarios", "data_outlook"].words[int(last)].en == "NOT without growth"
    assert found.value("scenarios", "data_closed_until", "gpt4") == 0


def test_a_growth_that_follows_from_the_record_may_be_below_1(small_file: Callable[..., Path]) -> None:
    """A closed gate was told to be open since long: the logarithm of such a growth is negative."""
    shrinks = {("gates", "power_gate", "growth"): "1 / campus_growth_2024"}
    found = evaluate(load(small_file(shrinks)))
    assert found.value("scenarios", "power_ratio", "gpt5_high") > 1
    assert found.value("scenarios", "power_opening", "gpt5_high") == serial("9999-12-31")


def test_the_workbook_says_never_and_both_engines_agree_without_growth(small_file: Callable[..., Path]) -> None:
    found = evaluate(load(small_file(without_growth(1))))
    placed, entry = built(found)
    cell = placed.homes["scenarios", "power_opening", "gpt5_high"]
    sheet = load_workbook(io.BytesIO(entry.package), data_only=True)[placed.sheet_name(cell.sheet)]
    shown = sheet.cell(cell.row, cell.column)
    assert shown.value == serial("9999-12-31") or f"{shown.value:%Y-%m-%d}" == "9999-12-31"
    assert '"never"' in shown.number_format
    values = [c.value for each in load_workbook(io.BytesIO(entry.package), data_only=True) for row in each for c in row]
    assert not [value for value in values if isinstance(value, str) and value.startswith(("#DIV", "#NUM", "#VALUE"))]
