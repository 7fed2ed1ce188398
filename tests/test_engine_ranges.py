"""Ranges of any input, of formulas, and of what shares its draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import built
from tests.small import dump, smallest
from threegates.definition import MODEL
from threegates.engine import evaluate, model, montecarlo
from threegates.problems import InputError

GROWTH = next(field for field in MODEL.equations if (field.table, field.id) == ("gates", "growth"))
FORMULAS = replace(GROWTH, kind="formula", ranged=True)
OURS = replace(MODEL, equations=tuple(FORMULAS if field is GROWTH else field for field in MODEL.equations))


@pytest.fixture
def with_growths(tmp_path: Path) -> Callable[..., Path]:
    """A file whose gates grow by formulas: the given one at the power gate, a bare one at the others."""

    def make(power: Any) -> Path:
        data = smallest()
        gates = {key: gate | {"growth": "1 + spender_share"} for key, gate in data["gates"].items()}
        gates["power_gate"] |= {"growth": power}
        growths = {
            key: r for key, r in data["growths"].items() if key != "campus_growth_2024"
        }  # the power gate's alone
        path = tmp_path / "growths.yaml"
        path.write_text(dump(data | {"gates": gates, "growths": growths}), "utf-8")
        return path

    return make


def words(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        model.load(path, OURS)
    return [f"{p.path}: {p.found}; {p.allowed}; {p.remedy}" for p in caught.value.problems]


def test_a_formula_with_a_range_is_drawn_in_the_place_of_what_it_computes(with_growths) -> None:
    path = with_growths({"base": "1 + spender_share + spender_share", "low": 1.2, "high": 2.5, "range": "bounds"})
    results = evaluate.evaluate(model.load(path, OURS))
    at = ("gates", "growth", "power_gate")
    assert results.value(*at) == 1.5
    of = dict(montecarlo.uncertain(results))[at]
    assert (of.low, of.base, of.high) == (1.2, 1.5, 2.5)
    drawn = montecarlo.draw(results, 4000, 1)
    assert 1.2 <= drawn[at].min() < 1.25
    assert 2.2 < drawn[at].max() <= 2.5
    opening = montecarlo.outputs(results, drawn, "gpt5_high")["power_opening"]
    ratio = results.value("scenarios", "power_ratio", "gpt5_high")
    assert ratio > 1
    assert np.corrcoef(opening, 1 / np.log(drawn[at]))[0, 1] > 0.5


def test_a_formula_with_a_range_counts_as_an_input_in_cases_and_moves_between_its_ends(with_growths) -> None:
    path = with_growths({"base": "1 + spender_share + spender_share", "low": 1.2, "high": 2.5, "range": "bounds"})
    data = smallest()["constants"]["spender_share"]
    assert "low" not in data  # so that nothing but the formula's own range can move it
    joined = model.load(path, OURS)
    results = evaluate.evaluate(joined)
    name = next(key for key in joined.keys["uncertain"] if "growth" in key)
    values = [results.value("uncertain", f"input_{end}", name) for end in ("low", "base", "high")]
    assert values == [1.2, 1.5, 2.5]
    assert results.value("cases_low", name, name) == 1.2
    assert not any("corpus" in key for key in joined.keys["uncertain"])
    layout, entry = built(results)  # both engines agree on every cell
    spot = layout.spot("gates", "growth__high", "power_gate")
    assert entry.values["Supply"][spot.row, spot.column] == 2.5


def test_a_formula_without_a_range_is_followed_and_nothing_is_drawn(with_growths) -> None:
    joined = model.load(with_growths("1 + spender_share"), OURS)
    results = evaluate.evaluate(joined)
    assert ("gates", "growth", "power_gate") not in dict(montecarlo.uncertain(results))
    assert not any("growth" in key for key in joined.keys["uncertain"])


def test_a_formula_is_no_number_and_its_range_is_asked_for(with_growths) -> None:
    assert words(with_growths(2)) == [
        "gates.power_gate.growth: found 2; an expression of the model; a number of its own goes into a record that the "
        "expression names; "
    ]
    found = words(with_growths({"base": "1 + spender_share", "low": 1.1}))
    assert [line.partition(";")[0] for line in found] == ["gates.power_gate.growth: found low without range"]
    found = words(with_growths({"base": "1 + spender_share", "low": 3, "high": 2, "range": "bounds"}))
    assert found == ["gates.power_gate.growth: found a mapping; low ≤ base ≤ high; "]
