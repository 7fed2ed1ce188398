"""The second vintage: it builds, keeps every rule, shares by include, and steps up from the largest known run."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import small
from tests.conftest import VINTAGE, built, invoke
from threegates import lint
from threegates.engine import evaluate
from threegates.inputs import read_yaml
from threegates.inputs.value_types import INCLUDE
from threegates.report import facts, summary
from threegates.text import Language
from threegates.workbook.exceptions import EXCEPTIONS

GPT6 = {"gpt6_low": 1444, "gpt6_high": 5454}  # times the compute of GPT-4, as published
STEPS = {"x10": 10, "x100": 100, "x1000": 1000}
CHIPS = {"gb300": "gb300_nvl72", "rubin": "vr200_nvl72"}


@cache
def plain(path: Path) -> dict[str, Any]:
    return read_yaml.read(path).data


def test_the_vintage_builds_by_double_entry(vintage: evaluate.Results, vintage_english: tuple[Any, Any]) -> None:
    entry = vintage_english[1]
    assert entry.compared > 5000
    assert summary.render(vintage, entry.uncertainty, "en", entry.compared).startswith("# ")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_vintage_keeps_every_rule(
    language: Language, vintage: evaluate.Results, request: pytest.FixtureRequest
) -> None:
    entry = request.getfixturevalue("vintage_english")[1] if language == "en" else built(vintage, language)[1]
    assert [str(finding) for finding in lint.check(entry.package, "scenarios.xlsx", EXCEPTIONS)] == []


@pytest.mark.slow
def test_the_command_line_builds_the_vintage_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("--assumptions", VINTAGE, "--output", "here")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [
        "results.csv",
        "scenarios.xlsx",
        "scenarios.zh.xlsx",
        "summary.md",
        "summary.zh.md",
    ]


def test_every_check_of_the_vintage_passes_and_each_alert_is_true(vintage: evaluate.Results) -> None:
    """Your scenario says its parameters directly; Grok 3's cards and hours imply an MFU above all that are published;
    the largest campus, carried to the day, exceeds every plan; all that is larger than GPT-4 stops more often than its
    goodput allows, at Llama 3's rate of stops and ten minutes until training goes on."""
    failed = [(field.id, keys) for field, keys in facts.failed_checks(vintage)]
    larger = [key for key in vintage.model.keys["scenarios"] if key not in ("gpt4", "your_scenario")]
    assert failed == [
        ("goodput_plausible", larger),
        ("multiple_or_own", ["your_scenario"]),
        ("mfu_plausible", ["grok3"]),
        ("within_plans", ["new_carlisle_2026"]),
    ]


def test_chips_runs_and_sources_are_those_of_the_first_vintage(vintage: evaluate.Results, default_model) -> None:
    given = plain(VINTAGE)
    groups = [group.id for group in default_model.definition.groups]
    for section in ("chips", "sources", "campuses", "switches", "hindcast", "run_groups", *groups):
        assert section not in given
    assert {entry["file"] for entry in given[INCLUDE] if "sections" not in entry} == {
        f"../data/{path.name}" for path in small.DATA if path.stem != "published"
    }
    for section in ("chips", *groups):
        assert vintage.model.keys[section] == default_model.keys[section]
    assert vintage.model.assumptions.sources == default_model.assumptions.sources


def test_no_record_of_the_vintage_says_again_what_the_first_one_says() -> None:
    first = small.whole()
    for section, records in plain(VINTAGE).items():
        for key, record in records.items() if section not in (INCLUDE, "report") else ():
            assert record != first[section].get(key), f"{section}.{key}"


def test_every_figure_of_the_vintage_says_where_it_comes_from(vintage: evaluate.Results) -> None:
    for address, datum in vintage.model.data.items():
        assert datum.source, address
        assert datum.confidence or datum.source == ("definition",), address


def test_the_steps_go_up_from_the_largest_known_run(vintage: evaluate.Results) -> None:
    """It is the largest of the estimates on Hindcast; 10, 100 and 1,000 times it run on both cards, in FP8; beside them
    stand the two cases of GPT-6 on each card of today."""
    flop = {key: vintage.value("scenarios", "training_flop", key) for key in vintage.model.keys["scenarios"]}
    known = [vintage.value("hindcast", "estimate", key) for key in vintage.model.keys["hindcast"]]
    assert flop["grok4"] == pytest.approx(max(known), rel=1e-5)
    assert flop["grok3"] == pytest.approx(vintage.value("hindcast", "estimate", "grok3_run"), rel=1e-5)
    for step, times in STEPS.items():
        for short, chip in CHIPS.items():
            key = f"{step}_{short}"
            assert flop.pop(key) == pytest.approx(times * flop["grok4"], rel=1e-5)
            assert vintage.value("scenarios", "chip", key) == chip
            assert vintage.value("scenarios", "precision", key) == "fp8"
    for case, times in GPT6.items():
        for short, chip in {**CHIPS, "b200": "b200_hgx"}.items():
            key = f"{case}_{short}"
            assert flop.pop(key) == pytest.approx(times * flop["gpt4"], rel=1e-4)
            assert vintage.value("scenarios", "chip", key) == chip
            assert vintage.value("scenarios", "precision", key) == "fp8"
    assert set(flop) == {"gpt4", "grok3", "grok4", "your_scenario"}


def test_compute_is_split_as_that_of_gpt4_was(vintage: evaluate.Results) -> None:
    """46 tokens per active parameter: the neutral split, since nobody has published another."""
    given = [key for key in vintage.model.keys["scenarios"] if key != "your_scenario"]
    split = {vintage.value("scenarios", "tokens_per_param", key) for key in given}
    assert max(split) == pytest.approx(min(split), rel=1e-9)
    assert min(split) == pytest.approx(13e12 / 280e9, rel=1e-9)  # GPT-4: 13 trillion tokens, 280 billion active


def test_the_spread_of_the_mfu_is_that_of_the_back_test(vintage: evaluate.Results) -> None:
    runs = [
        vintage.value(group.id, "implied_mfu", key)
        for group in vintage.model.definition.groups
        for key in vintage.model.keys[group.id]
        if group.predicted and vintage.value(group.id, "precision_used", key) == "bf16"
    ]
    of_16_bit = plain(small.ASSUMPTIONS)["precisions"]["bf16"]
    assert f"the {len(runs)} 16-bit runs of Back-test" in of_16_bit["note"]["en"]
    given = of_16_bit["mfu"]
    for name, percentile in (("low", 10), ("base", 50), ("high", 90)):
        assert given[name] == pytest.approx(np.percentile(runs, percentile), abs=0.005)  # stated to two digits


def test_grok_3_takes_its_reported_cards_and_hours(vintage: evaluate.Results) -> None:
    assert vintage.value("scenarios", "cards", "grok3") == pytest.approx(80_000, rel=1e-4)
    assert vintage.value("scenarios", "card_hours", "grok3") == pytest.approx(80_000 * 2160, rel=1e-4)


def test_the_gates_of_the_vintage_are_later_than_those_of_the_first_and_no_smaller(
    vintage: evaluate.Results, results: evaluate.Results
) -> None:
    assert vintage.model.keys["gates"] == results.model.keys["gates"]
    for key in vintage.model.keys["gates"]:
        for name in ("available_on", "available"):
            assert vintage.value("gates", name, key) >= results.value("gates", name, key), (key, name)
