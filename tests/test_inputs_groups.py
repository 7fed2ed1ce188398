"""The groups of the back-test are data: the YAML names them, and tables, chart and fits follow; each mistake gets a sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import load
from tests.small import ASSUMPTIONS, copied, dump, smallest
from threegates.definition.backtest import MOST_GROUPS
from threegates.engine import evaluate, montecarlo
from threegates.problems import InputError
from threegates.report.pictures.design import MARKS
from threegates.returned import compare
from threegates.workbook import charts, placing
from threegates.workbook.double_entry import double_entry

Sections = dict[str, Any]

# Made up: on GB300, whose FP8 peak is 5e15 FLOP/s, at 0.1, 0.2 and 0.25 of it.
BLACKWELL = {"first": 0.1, "second": 0.2, "third": 0.25}
PEAK, FLOP = 5e15, 6 * 50e9 * 20e12


def runs_text() -> str:
    """The section of the made-up group, as an analyst would write it."""
    lines = ["runs_blackwell:"]
    for key, mfu in BLACKWELL.items():
        hours = FLOP / (mfu * PEAK * 3600)
        lines += [f"  {key}:", f'    label: "{key.title()}"', "    chip: gb300_nvl72", "    precision_used: fp8"]
        lines += ["    active_params: 50e9", "    tokens: 20e12", f"    reported_hours: {hours!r}"]
        lines += ["    source: judgement", "    confidence: judgement"]
    return "\n".join(lines) + "\n\n"


@pytest.fixture(scope="module")
def blackwell(tmp_path_factory: pytest.TempPathFactory) -> evaluate.Results:
    """The default assumptions with one more group, added in data/runs.yaml and nowhere else."""
    named = '  runs_blackwell: {label: {en: "Blackwell", zh: "Blackwell 架构"}}\n'
    single = "  runs_single: {label:"
    folder = tmp_path_factory.mktemp("blackwell")
    path = copied(folder, (single, named + single), ("runs_single:\n", runs_text() + "runs_single:\n"))
    return evaluate.evaluate(load(path))


def test_a_group_that_is_added_in_the_yaml_is_predicted_by_hand(blackwell: evaluate.Results) -> None:
    """Each run from the median of the two others: (0.2 + 0.25) / 2 for the first, and so on."""
    others = {"first": (0.2 + 0.25) / 2, "second": (0.1 + 0.25) / 2, "third": (0.1 + 0.2) / 2}
    for key, mfu in BLACKWELL.items():
        assert blackwell.value("runs_blackwell", "implied_mfu", key) == pytest.approx(mfu, rel=1e-9)
        ratio = blackwell.value("runs_blackwell", "hours_ratio", key)
        assert ratio == pytest.approx(mfu / others[key], rel=1e-9)


def test_a_group_that_is_added_in_the_yaml_is_among_the_fits(blackwell: evaluate.Results, results) -> None:
    fits = blackwell.model.keys["fits"]
    assert fits[-2:] == ("runs_blackwell", "all_groups")
    assert blackwell.value("fits", "runs", "runs_blackwell") == 3
    assert blackwell.value("fits", "middle_mfu", "runs_blackwell") == pytest.approx(0.2, rel=1e-9)
    # 0.225 / 0.1, 0.2 / 0.175 and 0.25 / 0.15: the largest, and the one in the middle
    assert blackwell.value("fits", "all_within", "runs_blackwell") == pytest.approx(2.25, rel=1e-9)
    assert blackwell.value("fits", "half_within", "runs_blackwell") == pytest.approx(0.25 / 0.15, rel=1e-9)
    assert blackwell.value("fits", "runs", "all_groups") == results.value("fits", "runs", "all_groups") + 3


def test_a_group_that_is_added_in_the_yaml_is_on_the_sheet_and_in_the_chart(blackwell: evaluate.Results) -> None:
    """In the order of the YAML, by its own label, and no mark twice."""
    order = [*blackwell.model.assumptions.document.data["run_groups"], "fits"]
    placed = placing.place(blackwell.model, "en")
    assert [block.table.id for block in placed.blocks_of("backtest")] == order
    chart = next(chart for chart in blackwell.model.definition.charts if chart.id == "backtest")
    points = [series for series in chart.series if not series.guide]
    assert [series.table for series in points] == [name for name in order if name not in ("runs_single", "fits")]
    assert points[-1].label.zh == "Blackwell 架构"
    drawn = montecarlo.sample(blackwell)
    assert double_entry(placed, blackwell, lambda: drawn).package


def test_marks_tell_as_many_groups_apart_as_there_may_be() -> None:
    assert len(set(charts.INKS)) >= MOST_GROUPS <= len(set(MARKS))
    assert len({shape for _, shape in charts.INKS}) == len(charts.INKS)


def test_what_is_alone_of_its_kind_is_not_predicted(results: evaluate.Results) -> None:
    columns = {field.id for field in results.model.fields_of("runs_single")}
    assert "implied_mfu" in columns
    assert columns.isdisjoint({"group_mfu", "predicted_hours", "hours_ratio", "off_by"})
    assert "runs_single" not in results.model.keys["fits"]


# Of the dense peak of the run's own chip at its own precision: FLOP over what the reported card-hours could do.
IMPLIED = {
    ("runs_fp8", "deepseek_v3"): 6 * 37e9 * 14.8e12 / (2.664e6 * 3600 * 1979e12),  # 0.173 of the FP8 peak of an H800
    ("runs_fp8", "llama4_scout"): 6 * 17e9 * 40e12 / (5e6 * 3600 * 1979e12),
    ("runs_fp8", "llama4_maverick"): 6 * 17e9 * 22e12 / (2.38e6 * 3600 * 1979e12),
    ("runs_moe", "dots_llm1"): 6 * 14e9 * 11.328e12 / (1.456e6 * 3600 * 989e12),  # of the 16-bit peak
    ("runs_single", "mai_base_1"): 6 * 35e9 * 30e12 / (8192 * 510 * 3600 * 5000e12),  # 51 hours lost are a tenth
    ("runs_single", "trinity_large"): 6 * 13e9 * 17e12 / (2048 * 33 * 24 * 3600 * 2250e12),
    ("runs_tpu", "gopher_280b"): 6
    * 280e9
    * 300e9
    / (4096 * 920 * 3600 * 123e12),  # its own peak: TPU v3 is not on Chips
}


@pytest.mark.parametrize(("group", "key"), IMPLIED)
def test_the_implied_mfu_is_of_the_peak_at_the_precision_of_the_run(group: str, key: str, results) -> None:
    assert results.value(group, "implied_mfu", key) == pytest.approx(IMPLIED[group, key], rel=1e-9)


def test_deepseek_v3_lost_a_ninth_of_its_steady_state(results: evaluate.Results) -> None:
    """0.173 of the FP8 peak by its card-hours, 0.1947 while it ran; both of the same peak."""
    assert results.value("runs_fp8", "implied_mfu", "deepseek_v3") == pytest.approx(0.173, abs=5e-4)
    gap = pytest.approx(IMPLIED["runs_fp8", "deepseek_v3"] / 0.1947, rel=1e-9)
    assert results.value("runs_fp8", "goodput_gap", "deepseek_v3") == gap
    assert results.value("fits", "middle_gap", "runs_fp8") == gap  # the only one of its group that states an MFU
    assert results.value("fits", "stated", "runs_fp8") == 1


def changed(change: Callable[[Sections], Any]) -> Sections:
    data = copy.deepcopy(smallest())
    change(data)
    return data


WRONG: dict[str, tuple[Callable[[Sections], Any], str]] = {
    "a section that no group names": (
        lambda d: d.update(runs_b300={"trinity_large": d["runs_single"].pop("trinity_large")}),
        "runs_b300: found runs that run_groups does not name; allowed: runs_dense_a100, runs_dense_hopper, runs_fp8, runs_moe, "
        "runs_single, runs_tpu; add runs_b300: to run_groups, with a label",
    ),
    "a misspelt section": (
        lambda d: d.update(runs_mo=d.pop("runs_moe")),
        "runs_mo: found runs that run_groups does not name; allowed: runs_dense_a100, runs_dense_hopper, runs_fp8, runs_moe, "
        "runs_single, runs_tpu; did you mean runs_moe?",
    ),
    "a group without a section": (
        lambda d: d.pop("runs_moe"),
        "run_groups.runs_moe: found no section runs_moe; allowed: one with at least 3 of its runs; "
        "add the section runs_moe:, or delete the group",
    ),
    "an empty group": (
        lambda d: d["runs_single"].clear(),
        "runs_single: found 0 of this group; allowed: at least 1; "
        "add more, or move what is alone to a group with predicted: false",
    ),
    "a group of two": (
        lambda d: d["runs_moe"].pop("olmoe_1b7b"),
        "runs_moe: found 2 of this group; allowed: at least 3; "
        "add more, or move what is alone to a group with predicted: false",
    ),
    "the name of another section": (
        lambda d: d["run_groups"].update(chips={"label": "Chips"}),
        "run_groups.chips: found the name 'chips'; allowed: runs_ and more, of a–z, 0–9 and single _, up to 60 characters; "
        "rename it, and its section",
    ),
    "a name that cells could not bear": (
        lambda d: d["run_groups"].update(runs__moe={"label": "Two lines"}),
        "run_groups.runs__moe: found the name 'runs__moe'; allowed: runs_ and more",
    ),
    "a scenario of the same name": (
        lambda d: d["scenarios"].update(runs_moe=d["scenarios"]["gpt5_low"]),
        "scenarios.runs_moe: found the name 'runs_moe', which is also a table; allowed: a name used once; rename it",
    ),
    "a misspelt key": (
        lambda d: d["run_groups"]["runs_moe"].update(predcted=False),
        "run_groups.runs_moe.predcted: found the unknown key 'predcted'; allowed: label, predicted; did you mean predicted?",
    ),
    "no label": (
        lambda d: d["run_groups"]["runs_moe"].pop("label"),
        "run_groups.runs_moe.label: found nothing; allowed: a value; add the key label:",
    ),
    "predicted as a word": (
        lambda d: d["run_groups"]["runs_moe"].update(predicted="no"),
        "run_groups.runs_moe.predicted: found the text 'no'; allowed: true or false",
    ),
    "a list of groups": (
        lambda d: d.update(run_groups=["runs_moe"]),
        "run_groups: found a list; allowed: a mapping of names to groups; mend run_groups:",
    ),
    "more groups than marks": (
        lambda d: [
            (d["run_groups"].update({f"runs_{n}": {"label": str(n)}}), d.update({f"runs_{n}": d["runs_moe"]})) for n in range(9)
        ],
        "run_groups: found 14 groups that are predicted; allowed: at most 8; join some of them",
    ),
    "a precision in words": (
        lambda d: d["runs_moe"]["dots_llm1"].update(precision_used="FP8"),
        "runs_moe.dots_llm1.precision_used: found the unknown precision 'FP8'; allowed: bf16, fp8, fp4; did you mean fp8?",
    ),
    "a precision that the chip lacks": (
        lambda d: d["runs_dense_a100"]["llama2_70b"].update(precision_used="fp8"),
        "runs_dense_a100.llama2_70b.precision_used: found fp8, which the chip a100_80gb_sxm lacks; allowed: bf16",
    ),
    "no precision": (
        lambda d: d["runs_moe"]["dots_llm1"].pop("precision_used"),
        "runs_moe.dots_llm1.precision_used: found nothing; allowed: a value; add the key precision_used:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_group_gets_a_sentence_at_its_line(name: str, tmp_path: Path) -> None:
    change, words = WRONG[name]
    path = tmp_path / "groups.yaml"
    path.write_text(dump(changed(change)), "utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    found = [problem for problem in caught.value.problems if words in str(problem)]
    assert found, [str(problem) for problem in caught.value.problems]
    assert found[0].line > 1


def test_several_mistakes_of_groups_are_said_at_once(tmp_path: Path) -> None:
    def change(data: Sections) -> None:
        data["run_groups"]["runs_moe"]["predcted"] = True
        del data["runs_tpu"]
        data["runs_more"] = {}

    path = tmp_path / "groups.yaml"
    path.write_text(dump(changed(change)), "utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert {problem.path for problem in caught.value.problems} == {
        "run_groups.runs_moe.predcted", "run_groups.runs_tpu", "runs_more",
    }  # fmt: skip


def including(folder: Path, *sections: str) -> Path:
    """A file with all but the runs, which takes some sections from another that has them."""
    of_runs = {name for name in smallest() if name.startswith(("runs_", "run_groups"))}
    (folder / "runs.yaml").write_text(dump({name: smallest()[name] for name in of_runs}), "utf-8")
    own = {name: section for name, section in smallest().items() if name not in of_runs}
    path = folder / "own.yaml"
    path.write_text(dump(own | {"include": {"file": "runs.yaml", "sections": list(sections)}}), "utf-8")
    return path


def test_groups_can_be_taken_one_by_one_from_another_file(tmp_path: Path) -> None:
    path = including(tmp_path, "run_groups.runs_moe", "runs_moe")
    model = load(path)
    assert [group.id for group in model.definition.groups] == ["runs_moe"]
    assert model.keys["fits"] == ("runs_moe", "all_groups")


def test_a_group_taken_without_its_runs_is_told_at_the_file_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(including(tmp_path, "run_groups", "runs_moe", "runs_tpu", "runs_fp8", "runs_dense_a100", "runs_single"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.path) == ("runs.yaml", "run_groups.runs_dense_hopper")


def test_runs_without_any_group_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(including(tmp_path, "runs_moe"))
    (problem,) = caught.value.problems
    assert "found runs that run_groups does not name; allowed: no group" in str(problem)


def test_a_run_is_compared_by_its_name_whatever_its_group() -> None:
    """A returned workbook may hold groups that this version has never heard of."""
    for group in ("runs_fp8", "runs_of_a_stranger"):
        field = compare.field_of(f"{group}__deepseek_v3__tokens")
        assert field is not None
        assert (field.id, field.unit) == ("tokens", "token")
    assert compare.field_of("runs_fp8__deepseek_v3__stated_mfu__low") is not None
    assert compare.field_of("runs_fp8__deepseek_v3__nothing") is None


def test_the_real_file_says_how_to_add_a_group() -> None:
    text = (ASSUMPTIONS.parent / "data/runs.yaml").read_text("utf-8")
    assert "to add one, name it here" in text.partition("run_groups:")[0]
