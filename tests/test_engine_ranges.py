"""Ranges of formulas, and of any input: drawn, moved in Cases, and given columns where some record has one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import built, load
from tests.small import copied
from threegates.engine import evaluate, montecarlo
from threegates.problems import InputError

BARE = "    growth: campus_growth_2024\n"
RANGED = "    growth: {base: campus_growth_2024, low: 1.2, high: 3.5, range: p5_p95}\n"
AT = ("gates", "growth", "power_gate")
READ = ("growths", "factor", "campus_growth_2024")


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., evaluate.Results]:
    return lambda *changes: evaluate.evaluate(load(copied(tmp_path, *changes)))


def words(folder: Path, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(copied(folder, *changes))
    return [f"{p.path}: {p.found}; {p.allowed}; {p.remedy}" for p in caught.value.problems]


def test_a_formula_with_a_range_is_drawn_in_the_place_of_what_it_computes(edited) -> None:
    results = edited((BARE, RANGED))
    assert results.value(*AT) == results.value(*READ) == 2
    assert dict(montecarlo.uncertain(results))[AT][:5] == ("p5_p95", "rate", 1.2, 2, 3.5)
    drawn = montecarlo.draw(results, 20_000, 1)
    np.testing.assert_allclose(np.quantile(drawn[AT], (0.05, 0.5, 0.95)), (1.2, 2, 3.5), rtol=0.02)
    assert READ not in drawn  # nothing else reads it
    opening = montecarlo.outputs(results, drawn, "gpt6_high")["power_opening"]
    assert results.value("scenarios", "power_ratio", "gpt6_high") > 1
    slow, fast = drawn[AT] < 1.5, drawn[AT] > 2.5
    assert np.median(opening[slow]) > np.median(opening[fast]) + 1000


def test_a_formula_with_a_range_counts_as_an_input_in_cases_and_moves_between_its_ends(edited) -> None:
    results = edited((BARE, RANGED))
    names = results.model.keys["uncertain"]
    assert "power_gate_growth" in names
    assert "campus_growth_2024" not in names
    values = [results.value("uncertain", f"input_{end}", "power_gate_growth") for end in ("low", "base", "high")]
    assert values == [1.2, 2, 3.5]
    for case, moved in (("cases_low", 1.2), ("cases_high", 3.5)):
        assert results.value(case, "power_gate_growth", "power_gate_growth") == moved
        assert results.value(case, "power_gate_growth", "months") == 2
    slower = [results.value(case, "power_opening", "power_gate_growth") for case in ("cases_low", "cases_high")]
    assert slower[0] > results.value("scenarios", "power_opening", results.model.picked) > slower[1]
    layout, entry = built(results)  # the workbook's own engine finds the same in every cell
    spot = layout.spot("gates", "growth__high", "power_gate")
    assert entry.values["Supply"][spot.row, spot.column] == 3.5


def test_a_formula_without_a_range_is_followed_to_what_it_reads(edited) -> None:
    results = edited()
    assert AT not in dict(montecarlo.uncertain(results))
    assert {READ} <= set(montecarlo.draw(results, 10, 1))
    assert "power_gate_growth" not in results.model.keys["uncertain"]
    assert "campus_growth_2024" in results.model.keys["uncertain"]


def test_the_range_of_a_formula_is_asked_for_and_must_be_in_order(tmp_path: Path) -> None:
    found = words(tmp_path, (BARE, "    growth: {base: campus_growth_2024, low: 1.1}\n"))
    assert [line.partition(";")[0] for line in found] == ["gates.power_gate.growth: found low without range"]
    found = words(tmp_path, (BARE, RANGED.replace("1.2", "3.6")))
    assert found == ["gates.power_gate.growth: found low 3.6 above high 3.5; low ≤ base ≤ high; mend one of them"]
    found = words(tmp_path, (BARE, RANGED.replace("1.2", "0")))
    assert found == ["gates.power_gate.growth.low: found 0; a number of at least 0.01; "]
    found = words(tmp_path, (BARE, "    growth: 2.5\n"))
    assert found == [
        "gates.power_gate.growth: found 2.5; an expression of the model; a number of its own goes into a record that the "
        "expression names; "
    ]


def test_any_number_may_have_a_range_and_gets_its_columns_only_where_some_record_has_one(edited) -> None:
    plain = edited()
    assert ("chips", "fp8__low") not in plain.model.fields
    assert ("scenarios", "active_share__high") not in plain.model.fields
    share = "active_share: {base: 0.15909090909090909, unit"
    results = edited(
        (share, share.replace(", unit", ", low: 0.03, high: 0.3, range: p10_p90, unit")),
        ("    fp8: 4500e12\n", "    fp8: {base: 4500e12, low: 4e15, range: bounds}\n"),
    )
    fields = results.model.fields
    assert {("chips", "fp8__low"), ("chips", "fp8__high"), ("scenarios", "active_share__high")} <= set(fields)
    assert results.model.is_blank("chips", "fp8__high", "b200_hgx")
    drawn = montecarlo.draw(results, 20_000, 1)
    ends = np.quantile(drawn["scenarios", "active_share", "gpt6_low"], (0.1, 0.9))
    np.testing.assert_allclose(ends, (0.03, 0.3), rtol=0.02)
    peaks = drawn["chips", "fp8", "b200_hgx"]
    assert 4e15 <= peaks.min() < peaks.max() <= 4.5e15
    cards = montecarlo.outputs(results, drawn, "gpt6_low")["cards"]
    assert np.corrcoef(cards, drawn["scenarios", "active_share", "gpt6_low"])[0, 1] > 0.5
    assert "active_share" in results.model.keys["uncertain"]
    layout, _ = built(results)  # every edition keeps the rules of form
    assert layout.name("chips", "fp8__low", "b200_hgx") == "chips__b200_hgx__fp8__low"
