"""The numbers: the decode of the published table, the claims, and the same equations over arrays."""

from __future__ import annotations

import numpy as np
import pytest

from threegates.engine import evaluate, sweep

# domain table: params T, tokens T, FLOP, multiple, cards, GW at annual PUE, GW of capacity; each within 0.1 % or its last digit
DECODE = {
    "gpt4": (1.76, 13, 2.184e25, 1, 25_083, 0.027, 0.030),
    "gpt5_low": (8.80, 65, 5.460e26, 25, 61_713, 0.103, 0.117),
    "gpt5_high": (17.60, 130, 2.184e27, 100, 246_851, 0.413, 0.466),
    "gpt6_low": (66.88, 494, 3.154e28, 1_444, 1_567_602, 3.674, 4.153),
    "gpt6_low_plus2": (66.88, 494, 3.154e28, 1_444, 959_756, 3.670, 4.149),
    "gpt6_high": (129.98, 960.05, 1.191e29, 5_454, 5_920_651, 13.875, 15.684),
    "gpt6_low_rubin": (66.88, 494, 3.154e28, 1_444, 403_098, 1.542, 1.743),
}
COLUMNS = (
    "total_params_t",
    "tokens_t",
    "training_flop",
    "compute_multiple",
    "cards",
    "facility_power_gw",
    "facility_capacity_gw",
)


@pytest.mark.parametrize("scenario", DECODE)
def test_the_decode_of_the_published_table_is_reproduced(results: evaluate.Results, scenario: str) -> None:
    frame = results.frame()
    for name, published in zip(COLUMNS, DECODE[scenario], strict=True):
        last_digit = 0.0005 if published < 1 else 0  # the small figures are printed with three decimals
        assert frame.at[name, scenario] == pytest.approx(published, rel=1e-3, abs=last_digit), name


def test_the_first_thirteen_claims_hold_and_the_rest_say_that_they_are_context(results: evaluate.Results) -> None:
    keys = results.model.keys["claims"]
    codes = {int(results.value("claims", "number", k)): int(results.value("claims", "verdict", k)) for k in keys}
    words = [text.en for text in results.model.fields["claims", "verdict"].words]
    assert {number: words[code] for number, code in codes.items()} == {
        number: "holds" if number <= 13 else "context only" for number in range(1, 21)
    }


# What a verdict proves, by the number of the claim: three tests alone could have failed.
PROVES = {
    "independent test": {5, 10, 13},
    "calibrated": {11, 12},
    "restates an input": {1, 2, 3, 4, 6, 7, 8, 9},
    "–": set(range(14, 21)),
}


def test_three_of_the_claims_are_independent_tests_and_the_rest_say_that_they_prove_nothing(
    results: evaluate.Results,
) -> None:
    words = [text.en for text in results.model.fields["claims", "proves"].words]
    found: dict[str, set[int]] = {word: set() for word in words}
    for key in results.model.keys["claims"]:
        found[words[int(results.value("claims", "proves", key))]].add(int(results.value("claims", "number", key)))
    assert found == PROVES


# what the decode shows, from the text that explains it
READINGS = {
    "months_on_most_cards": 4.1,
    "months_on_fewest_cards": 6.2,
    "mfu_fewest_fastest": 0.52,
    "other_reading_rate": 7.9e15,
    "other_reading_share": 0.45,
    "watts_per_card_low": 2215,
    "watts_per_card_high": 2658,
    "pue_low": 1.09,
    "pue_high": 1.30,
    "synthetic_in_use_low": 0.97,
    "synthetic_corpus_low": 0.93,
    "synthetic_stock_low": 0.39,
    "synthetic_stock_high": 0.69,
    "deepseek_penalty": 1.74,
    "high_case_cards": 5.9,
    "high_case_gw": 13.9,
    "rate_with_total_params": 2.9e15,
    "rate_with_total_params_as_run": 4.2e15,
    "plus2_gw_rated": 3.67,
    "plus2_gw_peak": 4.15,
    "synthetic_in_use_high": 0.98,
    "synthetic_corpus_high": 0.96,
}


@pytest.mark.parametrize("name", READINGS)
def test_the_readings_say_what_the_decode_found(results: evaluate.Results, name: str) -> None:
    assert results.value("readings", "value", name) == pytest.approx(READINGS[name], rel=0.02)


def test_frames_have_equations_in_rows_and_scenarios_in_columns(results: evaluate.Results) -> None:
    frame = results.frame(sheet="cards")
    assert list(frame.columns) == list(results.model.keys["scenarios"])
    assert frame.index[0] == "chip_peak"
    assert frame.dtypes.unique() == [np.dtype(float)]


def test_a_chip_without_a_price_has_no_cost_but_keeps_its_cards_and_power(results: evaluate.Results) -> None:
    frame = results.frame()
    assert frame.loc[["hardware_cost", "owned_cost"], "gpt6_low_plus2"].isna().all()
    assert frame.loc[["cards", "facility_power", "site_cost", "run_cost"], "gpt6_low_plus2"].notna().all()


def test_a_plan_over_arrays_equals_the_scenarios_one_by_one(results: evaluate.Results) -> None:
    """The same expressions over arrays: scenarios of one chip, put into the first of them, come out as they are."""
    fields = [f for f in results.model.fields_of("scenarios") if results.columns["scenarios", f.id].dtype == float]
    inputs, wanted = ([f.id for f in fields if f.is_input is kind] for kind in (True, False))
    kinds = list(zip(*(results.columns["scenarios", name] for name in ("chip", "precision")), strict=True))
    for kind in set(kinds):
        alike = [position for position, other in enumerate(kinds) if other == kind]
        first = results.model.keys["scenarios"][alike[0]]
        given = {("scenarios", name, first): results.columns["scenarios", name][alike] for name in inputs}
        found = sweep.Plan(results, given, [("scenarios", name, first) for name in wanted]).run(given)
        for (_, name, _), values in found.items():
            np.testing.assert_array_equal(values, results.columns["scenarios", name][alike], name)
    assert len(kinds) > len(set(kinds)) > 1


def test_a_plan_keeps_the_value_of_inputs_that_it_does_not_give(results: evaluate.Results) -> None:
    months, cards, multiple = (("scenarios", name, "gpt4") for name in ("months", "cards", "compute_multiple"))
    found = sweep.Plan(results, [months], [cards, multiple]).run({months: np.array([1.0, 2.0])})
    one, two = found[cards]
    assert one == pytest.approx(2 * two)
    assert one == pytest.approx(results.value(*months) * results.value(*cards))
    assert found[multiple] == 1.0


def test_the_hindcast_holds_the_forecast_against_what_has_been_estimated_since(results: evaluate.Results) -> None:
    """Over this model's GPT-4, 6 × 280e9 × 13e12 = 2.184e25 FLOP; what the estimators divided by is not used."""
    gpt4 = 6 * 280e9 * 13e12
    expected = {
        "gpt5_run": 6.6e25,
        "gpt45_run": 3.8e26,
        "gpt45_run_earlier": 2.1e26,
        "grok3_run": 3.5e26,
        "grok4_run": 5e26,
    }
    others = {"dsv4_run", "gpt55_run", "grok5_plan", "mai_base_1_run"}  # no forecast was made of them
    assert set(results.model.keys["hindcast"]) == set(expected) | others
    assert {results.value("hindcast", "outcome", key) for key in others} == {0}
    for key, flop in expected.items():
        assert results.value("hindcast", "times_anchor", key) == pytest.approx(flop / gpt4, rel=1e-9)
        assert results.value("hindcast", "forecast_ratio", key) == pytest.approx(25 * gpt4 / flop, rel=1e-9)
        assert results.value("hindcast", "outcome", key) == 1  # even 5.4e26, the high end of GPT-4.5, is 24.7 times
