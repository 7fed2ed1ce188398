"""A second calculation, written from the specification and the YAML alone, agrees on every gate of every scenario."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest

import threegates
from tests import small
from tests.conftest import ROOT, VINTAGE
from tests.independent import ALL_OPEN, GATES, NOT_KNOWN, Vintage
from tests.small import ASSUMPTIONS
from threegates.engine.evaluate import Results
from threegates.report.facts import day

CODES = (NOT_KNOWN, ALL_OPEN, *GATES)
NEAR = 1e-9


def test_it_has_no_part_of_the_package() -> None:
    tree = ast.parse((ROOT / "tests/independent.py").read_text("utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [name for name in imported if name.split(".")[0] in ("threegates", "tests")]


def differences(path: Path) -> tuple[list[str], int]:
    """Where the model of a file and the second calculation differ, and how many scenarios were held against each other."""
    other, results = Vintage(path), threegates.load(path).solved
    scenarios = results.model.keys["scenarios"]
    assert set(scenarios) == set(other.sections["scenarios"])
    found = [line for scenario in scenarios for line in _of_scenario(other, results, scenario)]
    return found, len(scenarios)


def _of_scenario(other: Vintage, results: Results, scenario: str) -> list[str]:
    def model(name: str) -> float:
        return float(results.value("scenarios", name, scenario))

    pairs: list[tuple[str, object, object]] = []
    for gate, found in other.gates(scenario).items():
        for name in ("need", "available", "ratio"):
            pairs.append((f"{gate}_{name}", getattr(found, name), model(f"{gate}_{name}")))
        pairs.append((f"{gate}_opening", str(found.opening(other.as_of) or "—"), day(model(f"{gate}_opening"))))
        if not math.isnan(found.ratio):
            until, theirs = other.closed_until(scenario, gate), model(f"{gate}_closed_until")
            pairs.append((f"{gate}_closed_until", str(until or "open"), day(theirs) if theirs else "open"))
    binding = other.binding(scenario)
    pairs.append(("binding_code", binding, CODES[int(model("binding_code"))]))
    if binding in GATES:
        pairs.append(("binding_ratio", other.gate(scenario, binding).ratio, model("binding_ratio")))
    return [f"{scenario}.{name}: {ours}, the model {theirs}" for name, ours, theirs in pairs if not _same(ours, theirs)]


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=NEAR) or (math.isnan(ours) and math.isnan(theirs))
    return ours == theirs


@pytest.mark.parametrize("path", [ASSUMPTIONS, VINTAGE], ids=["first vintage", "second vintage"])
def test_it_agrees_on_need_supply_ratio_day_and_gate_of_every_scenario(path: Path) -> None:
    """Numbers within 1e-9, dates to the day."""
    found, count = differences(path)
    assert not found
    assert count >= 8


def as_of(date: str) -> tuple[str, str]:
    return "base: 2024-04-21", f"base: {date}"


# Edits of the first vintage, each of which another part of the equations decides.
EDITS = {
    "before the campus of the vintage": as_of("2024-03-15"),
    "after the developers of 2024": as_of("2025-03-01"),
    "the day of a campus": as_of("2025-10-01"),
    "before the spending of a year is known": as_of("2026-02-05"),
    "while a campus is still the largest": as_of("2026-05-01"),
    "long after the last record": as_of("2027-06-15"),
    "announced campuses count": (
        'zh: "计入已宣布的园区（0 或 1）"}\n    base: 0\n',
        'zh: "计入已宣布的园区（0 或 1）"}\n    base: 1\n',
    ),
    "several campuses": ("campuses_used: {base: 1,", "campuses_used: {base: 4,"),
    "one epoch": ("epochs: {base: 4,", "epochs: {base: 1,"),
    "human text alone": ("synthetic_share_allowed: {base: 0.5,", "synthetic_share_allowed: {base: 0,"),
    "almost all synthetic": ("synthetic_share_allowed: {base: 0.5,", "synthetic_share_allowed: {base: 0.95,"),
    "a stock that is too small": ("    base: 102e12\n", "    base: 60e12\n"),
    "a growth of one's own": (
        "    growth: campus_growth_2024\n",
        "    growth: campus_growth_2024\n    own_growth: 2.7\n",
    ),
    "a part in 16 bit": ("share_16bit: {base: 0, low: 0", "share_16bit: {base: 0.15, low: 0"),
    "a campus by its IT power": ("    stated_mw: 167\n    it_basis: 0\n", "    stated_mw: 167\n    it_basis: 1\n"),
    "a nearer horizon": ("base: 2040-12-31", "base: 2027-12-31"),
    "a chip without 8 bits": (
        "    tokens_multiple: 5\n    chip: h100_sxm\n",
        "    tokens_multiple: 5\n    chip: a100_80gb_sxm\n    precision: bf16\n",
    ),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if at % 3 else []) for at, name in enumerate(EDITS)]
)
def test_it_agrees_after_an_edit(name: str, tmp_path: Path) -> None:
    found, _ = differences(small.copied(tmp_path, EDITS[name]))
    assert not found
