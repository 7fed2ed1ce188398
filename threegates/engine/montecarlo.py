"""Monte Carlo over every input that carries a low or a high, through the very same expressions as everything else."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from threegates.definition.declare import HIGH, LOW, SCENARIOS
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.sweep import Plan
from threegates.formula.readers import Address
from threegates.text import Text

PERCENTILES = (5, 25, 50, 75, 95)
OUTPUTS = ("training_flop", "cards", "facility_power_gw", "owned_cost_bn", "run_cost_bn")
OPENINGS = ("cards_opening", "power_opening", "data_opening", "money_opening")
BINDING, ALL_OPEN = "binding_code", "all_opening"
POINTS = 4097  # of the table of a quantile function
CHUNK = 1 << 14  # draws computed at a time, few enough to stay in the processor's cache
Array = np.ndarray[Any, Any]


class Line(NamedTuple):
    """One row of what was drawn: id, label, unit, number format, and a value for each scenario (NaN: not known)."""

    id: str
    label: Text
    unit: str
    format: str
    values: tuple[float, ...]
    of: str = ""


@dataclass(frozen=True)
class Uncertainty:
    """The lines of the sheet, and what they were computed from."""

    draws: int
    seed: int
    digest: str
    inputs: int
    lines: tuple[Line, ...]

    def value(self, name: str, scenario: int) -> float:
        return next(line.values[scenario] for line in self.lines if line.id == name)


@cache
def _quantiles(rise: float) -> Array:
    """The quantile function of a BetaPERT on 0…1 whose mode is ``rise``: (2, POINTS), probabilities over values.

    A beta distribution with alpha = 1 + 4 rise and beta = 1 + 4 (1 - rise).
    """
    x = (1 - np.cos(np.linspace(0.0, np.pi, POINTS))) / 2  # closer to the ends, where the density bends most
    middle = (x[1:] + x[:-1]) / 2
    steps = np.cumsum(middle ** (4 * rise) * (1 - middle) ** (4 * (1 - rise)) * np.diff(x))
    return np.array([np.concatenate([[0.0], steps / steps[-1]]), x])


def pert(uniform: Array, low: float, base: float, high: float) -> Array:
    """Draws of a BetaPERT from low over base to high, one for each uniform draw, in the same order."""
    if high <= low:
        return np.full_like(uniform, base)
    probabilities, values = _quantiles((base - low) / (high - low))
    drawn: Array = low + (high - low) * np.interp(uniform, probabilities, values)
    return drawn


def uncertain(results: Results) -> Iterator[tuple[Address, tuple[float, float, float]]]:
    """Every input that carries a low or a high, with (low, base, high); an end that is not given is the base."""
    data = results.model.data
    for table, field, key in data:
        low, high = (data.get((table, field + end, key)) for end in (LOW, HIGH))
        if low or high:
            base = float(results.value(table, field, key))  # of a formula, what it computes
            ends = [base, *(float(end.value) for end in (low, high) if end)]
            yield (table, field, key), (min(ends), base, max(ends))


def _stream(results: Results, address: Address) -> str:
    """The name of an input's stream: its own, so that another input changes nothing; scenarios share theirs."""
    table, field, key = address
    return results.model.data[address].draw or (field if table == SCENARIOS else f"{table}.{key}.{field}")


def _drawn(stream: str, ends: tuple[float, float, float], draws: int, seed: int) -> Array:
    digest = hashlib.sha256(stream.encode()).digest()
    return pert(np.random.default_rng([seed, *np.frombuffer(digest, dtype="<u4")]).random(draws), *ends)


def wanted(scenarios: Iterable[str]) -> list[Address]:
    """What is drawn of each scenario."""
    return [(SCENARIOS, name, key) for key in scenarios for name in (*OUTPUTS, *OPENINGS, BINDING, ALL_OPEN)]


def draw(results: Results, draws: int, seed: int) -> dict[Address, Array]:
    """The draws of every uncertain input that an output reads."""
    ranges = dict(uncertain(results))
    plan = Plan(results, ranges, wanted(results.model.keys[SCENARIOS]))
    read = {address: ends for address, ends in ranges.items() if address in plan.read}
    different = {(_stream(results, address), ends) for address, ends in read.items()}
    with ThreadPoolExecutor() as pool:  # each stream is its own, and NumPy works on them side by side
        made = {one: pool.submit(_drawn, *one, draws, seed) for one in sorted(different)}
    return {address: made[_stream(results, address), ends].result() for address, ends in read.items()}


def outputs(results: Results, given: dict[Address, Array], scenario: str) -> dict[str, Array]:
    """The outputs of one scenario for all draws; ``given`` holds the draws, and what scenarios share of results."""
    found = _run(Plan(results, given, wanted([scenario])), given)
    return {name: values for (_, name, _), values in found.items()}


def shared(results: Results, given: dict[Address, Array]) -> dict[Address, Array]:
    """What the scenarios read and no scenario changes, computed once: what the gates let through."""
    whole = Plan(results, given, wanted(results.model.keys[SCENARIOS]))
    return given | _run(Plan(results, given, [a for a, _ in whole.steps if a[0] == "gates"]), given)


def _run(plan: Plan, given: dict[Address, Array]) -> dict[Address, Array]:
    length = len(next(iter(given.values())))
    found = {address: np.empty(length) for address in plan.wanted}
    used = {address: values for address, values in given.items() if address in plan.read}
    for start in range(0, length, CHUNK):
        part = slice(start, start + CHUNK)
        for address, values in plan.run({a: values[part] for a, values in used.items()}).items():
            found[address][part] = values
    return found


def sample(results: Results) -> Uncertainty:
    """What the sheet Uncertainty says, for the draws, the seed and the dates of the report."""
    model = results.model
    report = model.assumptions.report
    asked = report.uncertainty
    given = draw(results, asked.draws, asked.seed) or {(SCENARIOS, "", ""): np.zeros(1)}
    inputs, given = len(given), shared(results, given)
    by_scenario = [_statistics(outputs(results, given, key), asked.open_by) for key in model.keys[SCENARIOS]]
    lines: list[Line] = []

    def add(name: str, label: Text, unit: str, shown: str, of: str) -> None:
        lines.append(Line(name, label, unit, shown, tuple(found[name] for found in by_scenario), of))

    for name in (*OUTPUTS, *OPENINGS, ALL_OPEN):
        field = model.fields[SCENARIOS, name]
        shown = "date" if field.unit == "day" else field.format
        for percentile in PERCENTILES:
            label = Text(f"{field.label.en}: P{percentile}", f"{field.label.zh}：P{percentile}")
            add(f"{name}_p{percentile}", label, field.unit, shown, name)
    for name in (*OPENINGS, ALL_OPEN):
        gate = Text("All gates: ", "四关：") if name == ALL_OPEN else model.fields[SCENARIOS, name].label
        for date in asked.open_by:
            label = Text(
                f"{gate.en.partition(':')[0]}: probability of being open on {date}",
                f"{gate.zh.partition('：')[0]}：{date} 已打开的概率",
            )
            add(f"{name}_by_{date:%Y%m%d}", label, "1", "percent", "open")
    for code, words in enumerate(model.fields[SCENARIOS, "binding_gate"].words):
        label = Text(f"share of the draws in which this gate binds: {words.en}", f"以此关为最紧的抽样占比：{words.zh}")
        add(f"binds_{code}", label, "1", "percent", "binds")
    return Uncertainty(asked.draws, asked.seed, model.assumptions.document.digest[:16], inputs, tuple(lines))


def _statistics(found: dict[str, Array], dates: Iterable[dt.date]) -> dict[str, float]:
    """Percentiles, probabilities and shares of one scenario's draws, by line; NaN where a draw is not known."""
    answer = {}
    for name in (*OUTPUTS, *OPENINGS, ALL_OPEN):
        for percentile, value in zip(PERCENTILES, np.percentile(found[name], PERCENTILES), strict=True):
            answer[f"{name}_p{percentile}"] = float(value)
    for name in (*OPENINGS, ALL_OPEN):
        known = not np.isnan(found[name]).any()
        for date in dates:
            open_by = np.mean(found[name] <= (date - DAY_ZERO).days)
            answer[f"{name}_by_{date:%Y%m%d}"] = float(open_by) if known else np.nan
    counts = np.bincount(found[BINDING].astype(int), minlength=6)
    return answer | {f"binds_{code}": float(count / counts.sum()) for code, count in enumerate(counts)}
