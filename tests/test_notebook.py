"""What a notebook asks: the tidy results, sweeps over arrays by the same equations, and the sentences of a wrong question."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import threegates
from tests.conftest import ROOT, how_many
from tests.small import ASSUMPTIONS
from threegates import notebook
from threegates.engine import evaluate
from threegates.notebook import Workbench
from threegates.problems import InputError
from threegates.report.results import DATES, results_csv

README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return threegates.load(ASSUMPTIONS)


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def test_results_are_those_of_results_csv_with_its_columns(bench: Workbench) -> None:
    """Except that its values are all numbers: dates as serial days, the gate that binds as a code."""
    ours, theirs = bench.results(), pd.read_csv(io.StringIO(results_csv(bench.solved)), dtype={"value": "str"})
    written = theirs["value"].map(number, na_action="ignore").astype(float)
    words = (theirs["value"].notna() & written.isna()) | (theirs["id"] == "binding_gate")
    assert set(theirs["id"][words]) == {
        *(field.id for field in bench.model.fields_of("scenarios") if field.formula and field.format in DATES),
        "binding_gate",
    }
    pd.testing.assert_frame_equal(ours[~words], theirs.assign(value=written)[~words], check_exact=True)


def test_a_question_without_inputs_gives_what_summary_shows_of_the_picked_scenario(bench: Workbench) -> None:
    frame = bench.evaluate()
    assert len(frame) == 1
    assert {"cards_m", "facility_power_gw", "owned_cost_bn"} <= set(frame.columns)
    for name, value in frame.iloc[0].items():
        assert value == bench.solved.value("scenarios", name, "gpt6_low")


@pytest.mark.parametrize("count", how_many(20, 1_000))
def test_a_question_gives_what_the_changed_file_would(count: int, bench: Workbench) -> None:
    """The whole model is solved again with the changed inputs, and every result of the scenario compared."""
    scenario = "gpt5_high"
    wanted = [field.id for field in bench.model.fields_of("scenarios") if field.formula]

    @given(st.fixed_dictionaries({"mfu": st.floats(0.05, 1), "months": st.floats(0.1, 60), "pue": st.floats(1, 3)}))
    @settings(max_examples=count, deadline=None)
    def gives(inputs: dict[str, float]) -> None:
        data = dict(bench.model.data)
        for name, value in inputs.items():
            data["scenarios", name, scenario] = replace(data["scenarios", name, scenario], value=value)
        again = evaluate.evaluate(replace(bench.model, assumptions=replace(bench.model.assumptions, data=data)))
        found = bench.evaluate(scenario=scenario, wanted=wanted, **inputs).iloc[0]
        for name in wanted:
            np.testing.assert_allclose(found[name], again.value("scenarios", name, scenario), rtol=1e-12, err_msg=name)

    gives()


def test_a_million_rows_come_at_once_and_each_is_its_own_answer(bench: Workbench) -> None:
    mfu = np.linspace(0.2, 0.5, 1_000_000)
    frame = bench.evaluate(scenario="gpt6_low", mfu=mfu, months=4, wanted=["cards", "facility_power_gw"])
    assert list(frame.columns) == ["mfu", "months", "cards", "facility_power_gw"]
    assert len(frame) == 1_000_000
    base = bench.solved.value("scenarios", "cards", "gpt6_low")
    np.testing.assert_allclose(frame["cards"], base * 0.34 / mfu * 5 / 4, rtol=1e-12)
    one = bench.evaluate(scenario="gpt6_low", mfu=mfu[777_777], months=4, wanted=["cards"])
    assert one["cards"][0] == frame["cards"][777_777]


def test_axes_that_broadcast_give_each_pair_in_the_order_of_the_array(bench: Workbench) -> None:
    frame = bench.evaluate(mfu=np.array([0.2, 0.4])[:, None], months=[3, 4, 6], wanted=["cards"])
    assert frame["mfu"].tolist() == [0.2, 0.2, 0.2, 0.4, 0.4, 0.4]
    assert frame["months"].tolist() == [3, 4, 6, 3, 4, 6]
    assert frame["cards"][0] == pytest.approx(2 * frame["cards"][3])
    assert bench.evaluate(mfu=[], wanted="cards").shape == (0, 2)


def test_constants_switches_chips_gates_and_other_scenarios_move_by_their_names(bench: Workbench) -> None:
    wanted = ["cards", "synthetic_share", "compute_multiple", "power_ratio", "claims__gpt5_cards__deviation"]
    still = bench.evaluate(wanted=wanted).iloc[0]

    def moved(**inputs: Any) -> pd.Series:
        return bench.evaluate(wanted=wanted, **inputs).iloc[0]

    assert moved(chips__b200_hgx__fp8=9e15)["cards"] == pytest.approx(still["cards"] / 2)
    assert moved(corpora__llama3__corpus_tokens=494e12)["synthetic_share"] == 0
    assert moved(reference_tokens=26e12)["cards"] == pytest.approx(still["cards"] * 2)
    assert moved(constant__reference_tokens=26e12)["cards"] == pytest.approx(still["cards"] * 2)
    assert moved(params_multiple__gpt4=2)["compute_multiple"] == pytest.approx(still["compute_multiple"] / 2)
    assert moved(count_announced=1)["power_ratio"] < still["power_ratio"]
    assert moved(mfu__gpt5_high=0.1)["claims__gpt5_cards__deviation"] > still["claims__gpt5_cards__deviation"]


def test_a_chip_or_a_precision_is_asked_for_by_its_id(bench: Workbench) -> None:
    frame = bench.evaluate(chip="vr200_nvl72", mfu=[0.34, 0.17], wanted=["cards"])
    rubin = bench.solved.value("scenarios", "cards", "gpt6_low_rubin")
    assert frame["chip"].tolist() == ["vr200_nvl72"] * 2
    np.testing.assert_allclose(frame["cards"], [rubin, 2 * rubin], rtol=1e-12)
    assert bench.evaluate(precision="bf16", wanted=["peak_flops"])["peak_flops"][0] == 2.25e15
    assert bench.evaluate(wanted=["peak_flops"])["peak_flops"][0] == 4.5e15  # the question before has left nothing


def test_a_date_may_be_a_date(bench: Workbench) -> None:
    frame = bench.evaluate(as_of=dt.date(2030, 1, 1), wanted=["chip_from", "money_opening"])
    assert frame["money_opening"][0] != bench.solved.value("scenarios", "money_opening", "gpt6_low")


def test_inputs_lists_what_may_be_given_each_once_under_its_short_name(bench: Workbench) -> None:
    frame = bench.inputs("gpt4")
    assert frame.index.is_unique
    assert frame.loc["mfu", ["unit", "value", "low", "high", "range", "maximum"]].tolist() == [
        "1",
        0.34,
        0.32,
        0.36,
        "bounds",
        1,
    ]
    assert frame.loc["chip", "value"] == "a100_80gb_sxm"
    assert {"reference_tokens", "count_announced", "chips__h100_sxm__fp8", "gates__power_gate__own_growth"} <= set(
        frame.index
    )
    assert not {"constant__reference_tokens", "mfu__gpt4", "cards", "mfu__low"} & set(frame.index)
    numbers = frame[frame["maximum"].notna() & frame["value"].notna()]
    assert len(numbers) > 500
    for name in numbers.index[::25]:
        bench.evaluate(scenario="gpt4", wanted=["cards"], **{name: numbers.at[name, "value"]})


SHAPES = "found mfu of shape (2,), months of shape (3,); allowed: shapes that broadcast; give one of them another axis, as in x[:, None]"
INPUT = "allowed: an input by its id or the name of its cell, as .inputs() lists them"
# what is asked, and the whole sentence
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown input": ({"muf": 0.3}, f"evaluate: muf: found an unknown name; {INPUT}; did you mean mfu?"),
    "an unknown constant": ({"reference_token": 1}, f"evaluate: reference_token: found an unknown name; {INPUT}; did you mean reference_tokens?"),
    "an unknown cell": ({"chips__h100_smx__fp8": 1}, f"evaluate: chips__h100_smx__fp8: found an unknown name; {INPUT}; did you mean chips__h100_sxm__fp8?"),
    "a result as input": ({"cards": 3}, f"evaluate: cards: found a result; {INPUT}; did you mean stops_cards?"),
    "a text as input": ({"chips__h100_sxm__vendor": 3}, f"evaluate: chips__h100_sxm__vendor: found a text; {INPUT}; did you mean chips__h100_sxm__tdp?"),
    "an unknown result": ({"wanted": ["crads"]}, "evaluate: crads: found an unknown name; allowed: a result by its id or the name of its cell; did you mean cards?"),
    "an unknown scenario": ({"scenario": "gpt6_lo"}, "evaluate: scenario: found the unknown scenario 'gpt6_lo'; allowed: gpt4, gpt5_low, gpt5_high, gpt6_low, gpt6_low_plus2, gpt6_high, gpt6_low_rubin, your_scenario; did you mean gpt6_low?"),
    "above the range": ({"mfu": 1.2}, "evaluate: mfu: found 1.2; allowed: numbers from 1e-09 to 1"),
    "below the range, somewhere": ({"months": [4, 5, -6]}, "evaluate: months: found -6 as element 2 of 3; allowed: numbers from 0.01 to 240"),
    "not a number": ({"mfu": np.array([0.3, np.nan])}, "evaluate: mfu: found nan as element 1 of 2; allowed: numbers from 1e-09 to 1"),
    "infinite": ({"own_tokens": np.inf}, "evaluate: own_tokens: found inf; allowed: numbers from 1e-09 to 1e+30"),
    "a text for a number": ({"mfu": "0.3"}, "evaluate: mfu: found '0.3'; allowed: a number, or an array of numbers"),
    "a truth value": ({"mfu": True}, "evaluate: mfu: found True; allowed: a number, or an array of numbers"),
    "nothing": ({"mfu": None}, "evaluate: mfu: found None; allowed: a number, or an array of numbers"),
    "a ragged list": ({"mfu": [[1], [1, 2]]}, "evaluate: mfu: found [[1], [1, 2]]; allowed: a number, or an array of numbers"),
    "shapes that do not fit": ({"mfu": [0.1, 0.2], "months": [1, 2, 3]}, f"evaluate: inputs: {SHAPES}"),
    "one input twice": ({"mfu": 0.3, "mfu__gpt6_low": 0.4}, "evaluate: mfu__gpt6_low: found an input twice, under two names; allowed: each input once; keep one of them"),
    "a precision that the chip lacks": ({"chip": "a100_80gb_sxm"}, "evaluate: precision: found fp8, which the chip a100_80gb_sxm lacks; allowed: bf16; choose another precision or chip"),
    "an unknown precision": ({"precision": "fp16"}, "evaluate: precision: found 'fp16'; allowed: one of 'bf16, fp8, fp4'; did you mean bf16?"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_question_gets_its_sentence_word_for_word(name: str, bench: Workbench) -> None:
    asked, sentence = WRONG[name]
    with pytest.raises(InputError) as caught:
        bench.evaluate(**asked)
    assert str(caught.value) == sentence


def test_everything_wrong_with_a_question_is_said_at_once(bench: Workbench) -> None:
    with pytest.raises(InputError) as caught:
        bench.evaluate(scenario="gpt7", muf=1, months=[-1], wanted=["crads"])
    assert [problem.path for problem in caught.value.problems] == ["crads", "months", "muf", "scenario"]


def test_an_unknown_chip_is_told_the_nearest_one(bench: Workbench) -> None:
    with pytest.raises(InputError, match=r"chip: found 'h100_smx'; allowed: one of .*; did you mean h100_sxm\?$"):
        bench.evaluate(chip="h100_smx")
    with pytest.raises(InputError, match=r"chip: found .*; ask once for each$"):
        bench.evaluate(chip=["h100_sxm", "b200_hgx"])


def test_a_file_with_mistakes_gets_the_sentences_of_a_build(tmp_path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("report: 1\n", "utf-8")
    with pytest.raises(InputError, match=r"bad.yaml:1: report: found 1; allowed: a mapping"):
        threegates.load(str(path))


def test_importing_the_package_imports_none_of_its_parts() -> None:
    """The command line imports the package first; what a notebook needs waits until it is asked for."""
    code = "import sys, threegates; print(sorted(n for n in sys.modules if n.split('.')[0] in ('threegates', 'numpy', 'pandas')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['threegates', 'threegates.version']"


def test_what_is_public_says_its_shapes_units_and_errors() -> None:
    for public in (threegates.load, notebook.load, Workbench.inputs, Workbench.evaluate):
        assert "Raises InputError" in (public.__doc__ or "")
    assert "one row for each element of the broadcast shape" in (Workbench.evaluate.__doc__ or "")


def test_the_lines_of_the_readme_run_and_give_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(ROOT)
    scope: dict[str, Any] = {}
    exec(block, scope)  # noqa: S102  # our own lines
    assert isinstance(scope["model"], Workbench)
    assert len(scope["sweep"]) == 1_000_000
    assert len(scope["grid"]) == 4 * 3
