"""The Monte Carlo: what it draws, that it repeats itself, and that it says what a sampling written by hand says."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.by_hand import ByHand, load, without_ranges
from tests.conftest import ASSUMPTIONS, VINTAGE
from threegates.definition.declare import SCENARIOS
from threegates.engine import evaluate, montecarlo
from threegates.engine.evaluate import DAY_ZERO
from threegates.inputs.ranges import PERCENTILES
from threegates.problems import InputError
from threegates.workbook import layout

DRAWS, SEED = 4_000, 7
BOTH = {"results": ASSUMPTIONS, "vintage": VINTAGE}


@pytest.fixture(params=BOTH)
def each(request: pytest.FixtureRequest) -> evaluate.Results:
    """The one vintage and the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def draws(results: evaluate.Results) -> dict:
    return montecarlo.draw(results, DRAWS, SEED)


@cache
def outputs_of(name: str, key: str, draws: int = DRAWS) -> dict[str, Any]:
    """The draws of a scenario by hand."""
    return ByHand(load(BOTH[name]), draws, SEED).scenario(key)


@pytest.mark.parametrize("name", BOTH)
def test_every_draw_of_every_output_is_that_of_a_sampling_written_by_hand(
    name: str, request: pytest.FixtureRequest
) -> None:
    """The same streams through plain NumPy, with the equations written again from their definitions."""
    results = request.getfixturevalue(name)
    hand = ByHand(load(BOTH[name]), DRAWS, SEED)
    shared = montecarlo.shared(results, montecarlo.draw(results, DRAWS, SEED))
    for scenario in results.model.keys["scenarios"]:
        ours, theirs = montecarlo.outputs(results, shared, scenario), hand.scenario(scenario)
        assert ours.keys() <= theirs.keys()
        for output, values in ours.items():
            np.testing.assert_allclose(values, theirs[output], rtol=1e-9, err_msg=f"{output} {scenario}")


@pytest.mark.parametrize("name", BOTH)
def test_opening_dates_and_bindings_of_the_workbook_follow_from_the_definitions(
    name: str, request: pytest.FixtureRequest
) -> None:
    """The base values, by hand: growth ** years closes the ratio, and the last of the gates binds."""
    results = request.getfixturevalue(name)
    still = ByHand(without_ranges(load(BOTH[name])), 1, 0)
    for scenario in results.model.keys["scenarios"]:
        for output, values in still.scenario(scenario).items():
            ours = float(results.value("scenarios", output, scenario))
            assert ours == pytest.approx(values[0], rel=1e-9, nan_ok=True), (output, scenario)


def test_every_stated_percentile_is_the_one_that_is_drawn(each: evaluate.Results) -> None:
    """Of every input of both vintages that states them, read by a result or not: within 2 %."""
    found = 0
    for address, of in montecarlo.uncertain(each):
        values = montecarlo._drawn(".".join(address), of, 100_000, SEED)
        if of.kind in PERCENTILES:
            tail = PERCENTILES[of.kind]
            drawn = np.quantile(values, (tail, 0.5, 1 - tail))
            np.testing.assert_allclose(drawn, (of.low, of.base, of.high), rtol=0.02, err_msg=f"{address}")
            found += 1
        else:
            assert of.low <= values.min(), address
            assert values.max() <= of.high, address
        field = each.model.fields[address[:2]]
        assert field.minimum is None or values.min() >= field.minimum, address
        assert field.maximum is None or values.max() <= field.maximum, address
    assert found > 20


def test_growths_never_fall_to_1_and_shares_stay_within_0_and_1(each: evaluate.Results) -> None:
    shapes = {"rate": 0, "share": 0}
    for address, of in montecarlo.uncertain(each):
        values = montecarlo._drawn(".".join(address), of, 100_000, SEED)
        if of.shape == "rate":
            assert values.min() > 1, address
        elif of.shape == "share":
            assert values.min() >= 0, address
            assert values.max() <= 1, address
        shapes[of.shape] = shapes.get(of.shape, 0) + 1
    assert min(shapes.values()) > 0
    growths = [(table, name) for (table, name, _), of in montecarlo.uncertain(each) if of.shape == "rate"]
    assert (
        {("growths", "factor")} <= set(growths) <= {("growths", "factor"), ("gates", "growth"), ("gates", "own_growth")}
    )


def test_scenarios_share_their_draws_so_that_mfu_moves_together(draws: dict) -> None:
    high, low = draws["scenarios", "mfu", "gpt6_high"], draws["scenarios", "mfu", "gpt6_low"]
    np.testing.assert_array_equal(high, low)
    ranks = [np.argsort(draws["scenarios", "mfu", scenario]) for scenario in ("gpt4", "gpt6_low")]
    np.testing.assert_array_equal(*ranks)  # of another range, but high where the others are high


def test_inputs_that_name_one_draw_are_high_together(each: evaluate.Results) -> None:
    """Facility over IT power is one quantity: of the campuses, and of what a scenario needs."""
    assert each.model.data["constants", "value", "campus_facility_over_it"].draw == "capacity_factor"
    named = ("constants", "value", "campus_facility_over_it")
    key = each.model.keys["scenarios"][-1]
    found = dict(montecarlo.uncertain(each))
    streams = {montecarlo._stream(each, address) for address in (named, ("scenarios", "capacity_factor", key))}
    assert streams == {"capacity_factor"}
    one, other = (
        montecarlo._drawn(*streams, found[at], DRAWS, SEED) for at in (named, ("scenarios", "capacity_factor", key))
    )
    np.testing.assert_array_equal(np.argsort(one), np.argsort(other))
    assert found[named][:5] == found["scenarios", "capacity_factor", key][:5]
    np.testing.assert_array_equal(one, other)


def test_growths_are_drawn_independently_of_each_other(vintage: evaluate.Results) -> None:
    drawn = montecarlo.draw(vintage, 20_000, SEED)
    growths = [drawn["gates", "growth", gate] for gate in vintage.model.keys["gates"]]
    assert abs(np.corrcoef(growths) - np.eye(len(growths))).max() < 0.03


def _without(results: evaluate.Results, *addresses: tuple[str, str, str]) -> evaluate.Results:
    data = {address: datum for address, datum in results.model.data.items() if address not in addresses}
    assert len(data) == len(results.model.data) - len(addresses)
    model = replace(results.model, assumptions=replace(results.model.assumptions, data=data))
    return evaluate.evaluate(model)


def test_an_input_has_a_stream_of_its_own_so_that_another_input_changes_no_draw(results, draws) -> None:
    ends = (("constants", f"value__{end}", "run_share") for end in ("low", "high"))
    fewer = montecarlo.draw(_without(results, *ends), DRAWS, SEED)
    assert set(draws) - set(fewer) == {("constants", "value", "run_share")}
    for address, values in fewer.items():
        np.testing.assert_array_equal(values, draws[address])


def test_the_same_seed_gives_the_same_digits_and_another_seed_others(results: evaluate.Results) -> None:
    one, two = montecarlo.sample(results), montecarlo.sample(results)
    assert repr(one.lines) == repr(two.lines)
    report = results.model.assumptions.report
    other = report.model_copy(update={"uncertainty": report.uncertainty.model_copy(update={"seed": 1})})
    model = replace(results.model, assumptions=replace(results.model.assumptions, report=other))
    three = montecarlo.sample(replace(results, model=model))
    assert one.value("cards_p50", 3) != three.value("cards_p50", 3)
    assert one.value("cards_p50", 3) == pytest.approx(three.value("cards_p50", 3), rel=0.01)


def test_the_chunks_do_not_show_in_the_draws(results, draws, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = montecarlo.outputs(results, draws, "gpt6_low")
    monkeypatch.setattr(montecarlo, "CHUNK", 333)
    for name, values in montecarlo.outputs(results, draws, "gpt6_low").items():
        np.testing.assert_array_equal(values, whole[name])


def test_percentiles_probabilities_and_shares_are_those_of_the_draws(results: evaluate.Results) -> None:
    asked = results.model.assumptions.report.uncertainty
    drawn = montecarlo.sample(results)
    found = ByHand(load(ASSUMPTIONS), asked.draws, asked.seed).scenario("gpt6_low")
    at = results.model.keys["scenarios"].index("gpt6_low")
    assert drawn.value("cards_p5", at) == pytest.approx(np.quantile(found["cards"], 0.05), rel=1e-9)
    assert drawn.value("power_opening_p50", at) == pytest.approx(np.quantile(found["power_opening"], 0.5), rel=1e-9)
    date = asked.open_by[1]
    by = (date - DAY_ZERO).days
    assert drawn.value(f"power_opening_by_{date:%Y%m%d}", at) == np.mean(found["power_opening"] <= by)
    assert drawn.value(f"all_opening_by_{date:%Y%m%d}", at) == np.mean(found["all_opening"] <= by)
    assert drawn.value("binds_3", at) == np.mean(found["binding_code"] == 3)
    assert sum(drawn.value(f"binds_{code}", at) for code in range(6)) == pytest.approx(1)
    counts = np.bincount(found["binding_code"].astype(int), minlength=6)
    assert drawn.value("often_code", at) == np.argmax(counts)
    assert drawn.value("often_share", at) == max(counts) / asked.draws
    base = results.value("scenarios", "all_opening", "gpt6_low")
    assert drawn.value("base_quantile", at) == pytest.approx(np.mean(found["all_opening"] < base), abs=1e-9)


def test_a_date_beyond_the_horizon_is_never_and_one_within_it_is_told(each: evaluate.Results) -> None:
    """A date 30 years out would be false precision; the share of draws that open by a day is not touched by it."""
    horizon = (dt.date(2040, 12, 31) - DAY_ZERO).days
    lines = [line for line in montecarlo.sample(each).lines if line.format == "until"]
    told = [value for line in lines for value in line.values if not math.isnan(value)]
    assert len(lines) == 25
    assert all(value <= horizon or value == 2958465 for value in told)
    assert any(value <= horizon for value in told)
    assert any(value == 2958465 for value in told)


def test_the_place_of_the_base_case_among_its_draws_counts_the_same_day_half() -> None:
    found = {
        name: np.array([1.0, 2.0, 3.0, 3.0]) for name in (*montecarlo.OUTPUTS, *montecarlo.OPENINGS, "all_opening")
    }
    found["binding_code"] = np.array([2.0, 3.0, 3.0, 4.0])
    lines = montecarlo._statistics(found, [], 3.0)
    assert (lines["base_quantile"], lines["often_code"], lines["often_share"]) == (0.75, 3, 0.5)
    assert montecarlo._statistics(found, [], 0.5)["base_quantile"] == 0


def test_what_is_not_known_of_one_gate_is_not_known_of_all(results: evaluate.Results) -> None:
    """Blackwell+2 has no price: the money gate is not known, and then neither is whether all are open, nor the last."""
    drawn = montecarlo.sample(results)
    at = results.model.keys["scenarios"].index("gpt6_low_plus2")
    dates = [f"{date:%Y%m%d}" for date in results.model.assumptions.report.uncertainty.open_by]
    for name in ("money_opening", "all_opening"):
        assert math.isnan(drawn.value(f"{name}_p50", at))
        assert all(math.isnan(drawn.value(f"{name}_by_{date}", at)) for date in dates)
    assert all(math.isnan(drawn.value(name, at)) for name in ("often_code", "often_share", "base_quantile"))
    assert drawn.value("binds_0", at) == 1
    assert drawn.value("power_opening_p50", at) > 0
    assert drawn.value(f"power_opening_by_{dates[0]}", at) >= 0


def _dated(results: evaluate.Results, days: tuple[dt.date, ...]) -> montecarlo.Uncertainty:
    report = results.model.assumptions.report
    asked = report.uncertainty.model_copy(update={"open_by": days, "draws": DRAWS})
    assumptions = replace(results.model.assumptions, report=report.model_copy(update={"uncertainty": asked}))
    return montecarlo.sample(replace(results, model=replace(results.model, assumptions=assumptions)))


def _never_above(results: evaluate.Results, days: tuple[dt.date, ...]) -> list[float]:
    """That all gates are open by a day is never more probable than that one of them is; returns the probabilities."""
    drawn, whole = _dated(results, days), []
    for at in range(len(results.model.keys[SCENARIOS])):
        for day in days:
            every = drawn.value(f"all_opening_by_{day:%Y%m%d}", at)
            single = [drawn.value(f"{name}_by_{day:%Y%m%d}", at) for name in montecarlo.OPENINGS]
            assert math.isnan(every) == any(map(math.isnan, single))
            assert math.isnan(every) or every <= min(single)
            whole.append(every)
    return whole


def test_all_gates_are_never_more_probably_open_than_one_of_them(each: evaluate.Results) -> None:
    """By days before the gates' dates, on the day of the workbook, at each opening date, and long after."""
    as_of = DAY_ZERO + dt.timedelta(days=int(each.value("dates", "day", "as_of")))
    openings = {
        int(value)
        for name in montecarlo.OPENINGS
        for value in each.columns[SCENARIOS, name]
        if 30_000 < value < 60_000  # neither long open, nor never
    }
    at_them = tuple(DAY_ZERO + dt.timedelta(days=day) for day in sorted(openings))
    found = _never_above(each, (dt.date(2000, 1, 1), as_of, *at_them, dt.date(2099, 12, 31)))
    known = [share for share in found if not math.isnan(share)]
    assert min(known) == 0
    assert max(known) == 1


@settings(max_examples=12, deadline=None)
@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), second=st.booleans())
def test_by_any_day_all_gates_are_never_more_probably_open_than_one(day: dt.date, second: bool) -> None:
    _never_above(_evaluated(second), (day,))


@cache
def _evaluated(second: bool) -> evaluate.Results:
    from tests.conftest import load as loaded

    return evaluate.evaluate(loaded(VINTAGE if second else ASSUMPTIONS))


def test_a_formula_that_computes_what_lies_outside_its_range_is_refused_in_words(vintage: evaluate.Results) -> None:
    at = ("gates", "growth__low", "power_gate")
    data = dict(vintage.model.data)
    data[at] = replace(data[at], value=2.9)
    moved = evaluate.evaluate(replace(vintage.model, assumptions=replace(vintage.model.assumptions, data=data)))
    with pytest.raises(InputError) as caught:
        montecarlo.sample(moved)
    (problem,) = caught.value.problems
    assert (problem.path, problem.found, problem.allowed, problem.remedy) == (
        "gates.power_gate.growth",
        "found 2.58896 as what it computes, outside its range of 2.9 to 3.1",
        "low ≤ base ≤ high",
        "mend the range, or what the formula reads",
    )


def test_only_inputs_that_an_output_reads_are_drawn(results, draws) -> None:
    used = {*results.columns["scenarios", "chip"], None}
    assert {key for table_, _, key in draws if table_ == "chips"} <= used
    assert ("chips", "it_power_per_card", "ascend_910b") not in draws


def test_the_sheet_says_draws_seed_and_hash_and_turns_stale_with_an_edit(english, results, tmp_path) -> None:
    from tests.engines import IronCalc, reader

    placed, entry = english
    value = reader(placed, entry.values)
    facts = [value(layout.Spot("uncertainty", row, layout.FIRST)) for row in range(5, 11)]
    asked = results.model.assumptions.report.uncertainty
    assert facts[0] == asked.draws
    assert facts[1] == str(asked.seed)
    assert facts[2] == facts[3] + facts[4] == len(montecarlo.draw(results, 10, 1))
    assert min(facts[3:5]) > 0
    assert facts[5] == results.model.assumptions.document.digest[:16]
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(entry.package)
    engine = IronCalc(path, placed)
    flag = layout.Spot("uncertainty", layout.STATUS_ROW, layout.FIRST + 1)
    assert engine.value(flag) == "drawn from the inputs as they are"
    engine.put(placed.spot("scenarios", "mfu", "gpt6_low"), 0.4)
    engine.model.evaluate()
    assert engine.value(flag) == "✎ STALE: rebuild; inputs changed by a reader: 1"


def test_the_sheet_says_how_each_kind_of_range_is_drawn(edition) -> None:
    placed, entry = edition
    said = [
        entry.values["Uncertainty" if placed.language == "en" else "不确定性"][row, layout.LABEL]
        for row in range(11, 15)
    ]
    words = {
        "en": ("P10–P90", "BetaPERT", "Growths are drawn independently of each other", "drawn once"),
        "zh": ("P10–P90", "BetaPERT", "各增速相互独立抽样", "只抽一次"),
    }
    for sentence, word in zip(said, words[placed.language], strict=True):
        assert word in sentence


def test_the_confidence_of_an_input_says_of_which_kind_its_range_is(english) -> None:
    placed, entry = english
    spots = {name: placed.spot("scenarios", name, "gpt6_low") for name in ("mfu", "months", "active_share")}
    column = placed.documentation("assumptions") + 3
    words = {name: entry.values["Assumptions"].get((spot.row, column)) for name, spot in spots.items()}
    assert words["mfu"].endswith("; P10–P90, bounds")  # GPT-4's own is one of bounds
    assert words["months"].endswith("; bounds")
    assert ";" not in words["active_share"]


def test_every_number_drawn_stands_in_a_named_cell(english, results) -> None:
    import io

    from openpyxl import load_workbook

    entry = english[1]
    names = load_workbook(io.BytesIO(entry.package), data_only=True)
    for line in entry.uncertainty.lines:
        for key, drawn in zip(results.model.keys["scenarios"], line.values, strict=True):
            sheet, cell = next(names.defined_names[f"{line.id}__{key}"].destinations)
            found = names[sheet][cell].value
            if line.format == "until" and not math.isnan(drawn):  # whole days
                assert found == math.floor(drawn)
            else:
                assert found == ("—" if math.isnan(drawn) else pytest.approx(drawn, rel=1e-14))


def test_a_model_without_uncertain_inputs_has_percentiles_that_are_its_base_values(results: evaluate.Results) -> None:
    ends = [a for a in results.model.data if a[1].endswith(("__low", "__high"))]
    still = _without(results, *ends)
    drawn = montecarlo.sample(still)
    for i, key in enumerate(still.model.keys["scenarios"]):
        assert drawn.value("cards_p5", i) == drawn.value("cards_p95", i) == still.value("scenarios", "cards", key)
