"""MFU by precision: a scenario without one takes that of its precision, everywhere; and part of the FLOP in 16 bit."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import VINTAGE, load
from threegates.engine import evaluate, montecarlo
from threegates.notebook import Workbench
from threegates.problems import InputError
from threegates.returned import changes

OWN = {"gpt4", "grok3", "your_scenario"}  # of the second vintage: these have an MFU of their own
SEVEN = "gpt6_low_rubin"


def test_a_scenario_without_an_mfu_takes_that_of_its_precision(vintage: evaluate.Results) -> None:
    for key in vintage.model.keys["scenarios"]:
        table = vintage.value("precisions", "mfu", vintage.value("scenarios", "precision", key))
        own = vintage.value("scenarios", "mfu", key)
        assert vintage.value("scenarios", "mfu_used", key) == (own if key in OWN else table)
        assert (own > 0) == (key in OWN)


def test_at_the_mfu_of_fp8_runs_the_100_times_case_takes_419647_cards(results: evaluate.Results) -> None:
    """The published count rests on 0.34 of the FP8 peak; with 0.20 it is 1.7 times that."""
    cards = results.value("scenarios", "cards", "gpt5_high")
    assert results.value("scenarios", "cards_at_precision_mfu", "gpt5_high") == pytest.approx(cards * 0.34 / 0.20)
    assert round(results.value("readings", "value", "gpt5_at_fp8_mfu")) == 419_647


def test_the_uncertain_mfu_of_a_scenario_without_one_is_that_of_its_precision(vintage: evaluate.Results) -> None:
    """In the cases of one input, cards go as 1 / MFU from 0.15 to 0.30; the input of the scenario moves nothing."""
    cards = vintage.value("scenarios", "cards", vintage.model.picked)
    low, high = (vintage.value("swings", f"cards_{end}", "precision_mfu") for end in ("low", "high"))
    assert (low, high) == (pytest.approx(cards * 0.20 / 0.15), pytest.approx(cards * 0.20 / 0.30))
    if "mfu" in vintage.model.keys["swings"]:
        assert vintage.value("swings", "cards_swing", "mfu") == 0


def test_the_mfu_of_a_precision_moves_nothing_where_a_scenario_has_its_own(results: evaluate.Results) -> None:
    assert results.value("swings", "cards_swing", "precision_mfu") == 0
    assert results.value("swings", "cards_swing", "mfu") > 0


def test_the_two_way_table_of_cards_runs_over_the_mfu_used(vintage: evaluate.Results) -> None:
    """The picked scenario has no MFU of its own: the values of the axis stand for that of the table."""
    picked, axes = vintage.model.picked, vintage.model.keys["axes"]
    cards, months = (vintage.value("scenarios", name, picked) for name in ("cards", "months"))
    for down in axes:
        for across in axes:
            by_hand = cards * 0.20 / vintage.value("axes", "mfu_axis", across)
            by_hand *= months / vintage.value("axes", "months_axis", down)
            assert vintage.value("grid_cards", across, down) == pytest.approx(by_hand, rel=1e-9)


def test_the_draws_move_the_mfu_of_the_precision_and_all_scenarios_share_it(vintage: evaluate.Results) -> None:
    given = montecarlo.draw(vintage, 2000, 1)
    drawn = given["precisions", "mfu", "fp8"]
    assert np.percentile(drawn, [10, 90]) == pytest.approx([0.15, 0.30], rel=0.05)
    one = {("precisions", "mfu", "fp8"): drawn}
    for key in ("x100_rubin", "x10_gb300"):
        cards = montecarlo.outputs(vintage, one, key)["cards"]
        np.testing.assert_allclose(cards, vintage.value("scenarios", "cards", key) * 0.20 / drawn, rtol=1e-12)


def test_a_share_in_16_bit_takes_the_time_that_it_takes_on_any_chip(results: evaluate.Results) -> None:
    """A fifth of the FLOP at 4 PFLOP/s, the rest at 17.5: the usable peak is 1 / (0.2 / 4 + 0.8 / 17.5)."""
    after = evaluate.evaluate(changes.with_values(results.model, {("scenarios", "share_16bit", SEVEN): 0.2}))
    assert after.value("scenarios", "peak_flops", SEVEN) == pytest.approx(1e15 / (0.2 / 4 + 0.8 / 17.5))
    ratio = (0.2 / 4 + 0.8 / 17.5) * 17.5
    cards = results.value("scenarios", "cards", SEVEN) * ratio
    assert after.value("scenarios", "cards", SEVEN) == pytest.approx(cards)
    assert after.value("anychip_cards", SEVEN, "vr200_nvl72") == pytest.approx(cards)
    on_h100 = results.value("anychip_cards", SEVEN, "h100_sxm") * (0.2 * 1979 / 989.5 + 0.8)
    assert after.value("anychip_cards", SEVEN, "h100_sxm") == pytest.approx(on_h100)
    on_a100 = results.value("anychip_cards", SEVEN, "a100_80gb_sxm")  # all of it is in 16 bit there
    assert after.value("anychip_cards", SEVEN, "a100_80gb_sxm") == pytest.approx(on_a100)
    unstated = results.value("anychip_cards", SEVEN, "blackwell_plus2")  # no 16-bit peak is known: left out
    assert after.value("anychip_cards", SEVEN, "blackwell_plus2") == pytest.approx(unstated)


def test_a_question_in_a_precision_without_an_mfu_must_give_one() -> None:
    bench = Workbench(load(VINTAGE))
    with pytest.raises(InputError) as caught:
        bench.evaluate(scenario="x100_rubin", precision="fp4", wanted=["cards"])
    assert (
        str(caught.value) == "evaluate: mfu: found none, and none in precisions.fp4; allowed: one of the two; give mfu"
    )
    assert bench.evaluate(scenario="x100_rubin", precision="fp4", mfu=0.1, wanted=["cards"]).at[0, "cards"] > 0
