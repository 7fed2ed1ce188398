"""The Monte Carlo: what it draws, that it repeats itself, and that it says what a sampling written by hand says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.by_hand import ByHand, load, without_ranges
from tests.conftest import ASSUMPTIONS
from threegates.engine import evaluate, montecarlo
from threegates.engine.evaluate import DAY_ZERO
from threegates.workbook import layout

DRAWS, SEED = 4_000, 7


@pytest.fixture(scope="module")
def hand() -> ByHand:
    return ByHand(load(ASSUMPTIONS), DRAWS, SEED)


@pytest.fixture(scope="module")
def draws(results: evaluate.Results) -> dict:
    return montecarlo.draw(results, DRAWS, SEED)


def test_every_draw_of_every_output_is_that_of_a_sampling_written_by_hand(results, draws, hand: ByHand) -> None:
    """The same streams through plain NumPy, with the equations written again from their definitions."""
    draws = montecarlo.shared(results, draws)
    for scenario in results.model.keys["scenarios"]:
        ours, theirs = montecarlo.outputs(results, draws, scenario), hand.scenario(scenario)
        assert set(ours) == set(theirs)
        for name, values in ours.items():
            np.testing.assert_allclose(values, theirs[name], rtol=1e-9, err_msg=f"{name} {scenario}")


def test_opening_dates_and_bindings_of_the_workbook_follow_from_the_definitions(results: evaluate.Results) -> None:
    """The base values, by hand: growth ** years closes the ratio, and the last of the closed gates binds."""
    data = without_ranges(load(ASSUMPTIONS))
    still = ByHand(data, 1, 0)
    for scenario in results.model.keys["scenarios"]:
        for name, values in still.scenario(scenario).items():
            ours = float(results.value("scenarios", name, scenario))
            assert (math.isnan(ours) and np.isnan(values).all()) or ours == pytest.approx(values[0], rel=1e-9), name


@given(
    low=st.floats(0.1, 10), rise=st.floats(0, 1), width=st.floats(0.1, 10)
)  # fmt: skip
def test_a_draw_keeps_its_bounds_and_the_mean_of_a_pert(low: float, rise: float, width: float) -> None:
    base, high = low + rise * width, low + width
    uniform = (np.arange(20_000) + 0.5) / 20_000
    values = montecarlo.pert(uniform, low, base, high)
    assert low <= values.min()
    assert values.max() <= high
    assert values.mean() == pytest.approx((low + 4 * base + high) / 6, rel=1e-4)
    assert values.var() == pytest.approx((values.mean() - low) * (high - values.mean()) / 7, rel=1e-3)
    assert (np.diff(values) >= 0).all()


def test_scenarios_share_their_draws_so_that_mfu_moves_together(draws: dict) -> None:
    high, low = draws["scenarios", "mfu", "gpt6_high"], draws["scenarios", "mfu", "gpt6_low"]
    np.testing.assert_array_equal(high, low)
    ranks = [np.argsort(draws["scenarios", "mfu", scenario]) for scenario in ("gpt4", "gpt6_low")]
    np.testing.assert_array_equal(*ranks)  # of another range, but high where the others are high


def test_an_input_has_a_stream_of_its_own_so_that_another_input_changes_no_draw(results, draws) -> None:
    data = dict(results.model.data)
    del data["constants", "value__low", "developer_share"], data["constants", "value__high", "developer_share"]
    model = replace(results.model, assumptions=replace(results.model.assumptions, data=data))
    fewer = montecarlo.draw(evaluate.evaluate(model), DRAWS, SEED)
    assert set(draws) - set(fewer) == {("constants", "value", "developer_share")}
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
    assert drawn.value("power_opening_p95", at) == pytest.approx(np.quantile(found["power_opening"], 0.95), rel=1e-9)
    date = asked.open_by[1]
    by = (date - DAY_ZERO).days
    assert drawn.value(f"power_opening_by_{date:%Y%m%d}", at) == np.mean(found["power_opening"] <= by)
    assert drawn.value(f"last_closed_by_{date:%Y%m%d}", at) == np.mean(found["last_closed"] <= by)
    assert drawn.value("binds_3", at) == np.mean(found["binding_code"] == 3)
    assert sum(drawn.value(f"binds_{code}", at) for code in range(5)) == pytest.approx(1)


def test_only_inputs_that_an_output_reads_are_drawn(results, draws) -> None:
    used = set(results.columns["scenarios", "chip"])
    assert {key for table_, _, key in draws if table_ == "chips"} <= used
    assert ("chips", "it_power_per_card", "ascend_910b") not in draws


def test_the_sheet_says_draws_seed_and_hash_and_turns_stale_with_an_edit(english, results, tmp_path) -> None:
    from tests.engines import IronCalc, reader

    placed, entry = english
    value = reader(placed, entry.values)
    facts = [value(layout.Spot("uncertainty", row, layout.FIRST)) for row in range(5, 9)]
    asked = results.model.assumptions.report.uncertainty
    assert facts[0] == asked.draws
    assert facts[1] == str(asked.seed)
    assert facts[3] == results.model.assumptions.document.digest[:16]
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(entry.package)
    engine = IronCalc(path, placed)
    flag = layout.Spot("uncertainty", layout.STATUS_ROW, layout.FIRST + 1)
    assert engine.value(flag) == "drawn from the inputs as they are"
    engine.put(placed.spot("scenarios", "mfu", "gpt6_low"), 0.4)
    engine.model.evaluate()
    assert engine.value(flag) == "✎ STALE: rebuild; inputs changed by a reader: 1"


def test_every_number_drawn_stands_in_a_named_cell(english, results) -> None:
    import io

    from openpyxl import load_workbook

    entry = english[1]
    names = load_workbook(io.BytesIO(entry.package), data_only=True)
    for line in entry.uncertainty.lines:
        for key, drawn in zip(results.model.keys["scenarios"], line.values, strict=True):
            sheet, cell = next(names.defined_names[f"{line.id}__{key}"].destinations)
            found = names[sheet][cell].value
            if line.format == "date" and not math.isnan(drawn):
                assert (found.date() - DAY_ZERO).days == math.floor(drawn)
            else:
                assert found == ("—" if math.isnan(drawn) else pytest.approx(drawn, rel=1e-14))


def test_a_model_without_uncertain_inputs_has_percentiles_that_are_its_base_values(results: evaluate.Results) -> None:
    data = {a: datum for a, datum in results.model.data.items() if not a[1].endswith(("__low", "__high"))}
    model = replace(results.model, assumptions=replace(results.model.assumptions, data=data))
    still = evaluate.evaluate(model)
    drawn = montecarlo.sample(still)
    for i, key in enumerate(model.keys["scenarios"]):
        assert drawn.value("cards_p5", i) == drawn.value("cards_p95", i) == still.value("scenarios", "cards", key)
