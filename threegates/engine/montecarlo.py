"""Monte Carlo over every input that carries a low or a high, through the very same expressions as everything else.

Each input is drawn by itself, growths too, but for those that share a draw by its name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from threegates.definition.declare import HIGH, LOW, SCENARIOS
from threegates.engine import distributions
from threegates.engine.distributions import Range, Shape
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.engine.sweep import Plan
from threegates.formula.readers import Address
from threegates.inputs import ranges
from threegates.inputs.schema import bounds
from threegates.problems import InputError, Problem
from threegates.text import Text

PERCENTILES = (5, 25, 50, 75, 95)
OUTPUTS = ("training_flop", "cards", "facility_power_gw", "owned_cost_bn", "run_cost_bn")
OPENINGS = ("cards_opening", "power_opening", "data_opening", "money_opening")
BINDING, ALL_OPEN = "binding_code", "all_opening"
NOT_KNOWN, NONE = 0, 1  # codes of the gate that opens last; the others are gates
CODES = 6
HORIZON, LAST_DAY = ("dates", "day", "horizon"), ("constants", "value", "never")
BASE_QUANTILE = Text(
    "share of the draws that open before the base case; the same day counts half",
    "早于基准情形的抽样占比（同日计一半）",
)
BASE_STATE = Text(
    "base case: 1 in the middle half of the draws, 2 outside, 0 not known",
    "基准情形：1 在抽样的中间一半，2 在其外，0 未知",
)
OFTEN_CODE = Text(
    "the gate that most often opens last: 1 none, 2 cards, 3 power, 4 data, 5 money",
    "最常最晚打开的一关：1 无，2 卡，3 电，4 数据，5 钱",
)
OFTEN_SHARE = Text("how often it does", "其占比")
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
    percentiles: int  # inputs that state them
    bounds: int
    lines: tuple[Line, ...]

    @property
    def inputs(self) -> int:
        return self.percentiles + self.bounds

    def value(self, name: str, scenario: int) -> float:
        return next(line.values[scenario] for line in self.lines if line.id == name)


def uncertain(results: Results) -> Iterator[tuple[Address, Range]]:
    """Every input that carries a low or a high, with what it is drawn from; an end that is not given is the base.

    Of a formula the base is what it computes, and what is drawn takes its place.
    """
    model = results.model
    for (table, name, key), datum in model.data.items():
        low, high = (model.data.get((table, name + end, key)) for end in (LOW, HIGH))
        if low or high:
            base = float(results.value(table, name, key))
            ends = [float(end.value) if end else base for end in (low, high)]
            field = model.fields[table, name]
            shape: Shape = "rate" if field.scale else "number"
            if ranges.is_share(field, model.unit_of(field, key), (*ends, base)):
                shape = "share"
            yield (table, name, key), Range(datum.range or ranges.BOUNDS, shape, ends[0], base, ends[1], *bounds(field))


def _outside(results: Results) -> Iterator[Problem]:
    """The formulas whose own result lies outside the range that they state."""
    for address, of in uncertain(results):
        if not of.low <= of.base <= of.high:
            table, name, key = address
            found = f"found {of.base:g} as what it computes, outside its range of {of.low:g} to {of.high:g}"
            remedy = "mend the range, or what the formula reads"
            yield results.model.assumptions.document.problem((table, key, name), found, "low ≤ base ≤ high", remedy)


def _stream(results: Results, address: Address) -> str:
    """The name of an input's stream: its own, so that another input changes nothing; scenarios share theirs."""
    table, field, key = address
    return results.model.data[address].draw or (field if table == SCENARIOS else f"{table}.{key}.{field}")


def _drawn(stream: str, of: Range, draws: int, seed: int) -> Array:
    digest = hashlib.sha256(stream.encode()).digest()
    uniform = np.random.default_rng([seed, *np.frombuffer(digest, dtype="<u4")]).random(draws)
    return distributions.drawn(uniform, of)


def wanted(scenarios: Iterable[str]) -> list[Address]:
    """What is drawn of each scenario."""
    return [(SCENARIOS, name, key) for key in scenarios for name in (*OUTPUTS, *OPENINGS, BINDING, ALL_OPEN)]


def draw(results: Results, draws: int, seed: int) -> dict[Address, Array]:
    """The draws of every uncertain input that an output reads."""
    found = dict(uncertain(results))
    plan = Plan(results, found, wanted(results.model.keys[SCENARIOS]))
    read = {address: of for address, of in found.items() if address in plan.read}
    different = {(_stream(results, address), of) for address, of in read.items()}
    with ThreadPoolExecutor() as pool:  # each stream is its own, and NumPy works on them side by side
        made = {one: pool.submit(_drawn, *one, draws, seed) for one in sorted(different)}
    return {address: made[_stream(results, address), of].result() for address, of in read.items()}


def outputs(results: Results, given: dict[Address, Array], scenario: str) -> dict[str, Array]:
    """The outputs of one scenario for all draws; ``given`` holds the draws, and what scenarios share of results."""
    found = _run(Plan(results, given, wanted([scenario])), given)
    return {name: values for (_, name, _), values in found.items()}


def shared(results: Results, given: dict[Address, Array]) -> dict[Address, Array]:
    """What the scenarios read and no scenario changes, computed once: what the gates let through."""
    whole = Plan(results, given, wanted(results.model.keys[SCENARIOS]))
    read = {cell for address, _ in whole.steps if address[0] == SCENARIOS for cell in whole.cells(address)}
    once = [address for address, _ in whole.steps if address[0] != SCENARIOS and address in read]
    return given | _run(Plan(results, given, once), given)


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
    """What the sheet Uncertainty says, for the draws, the seed and the dates of the report.

    Raises InputError where a formula computes what lies outside of its own range.
    """
    if problems := list(_outside(results)):
        raise InputError(problems)
    model = results.model
    asked = model.assumptions.report.uncertainty
    given = draw(results, asked.draws, asked.seed) or {(SCENARIOS, "", ""): np.zeros(1)}
    kinds = Counter(of.kind for address, of in uncertain(results) if address in given)
    given = shared(results, given)
    by_scenario = []
    for key in model.keys[SCENARIOS]:
        base = float(results.value(SCENARIOS, ALL_OPEN, key))
        by_scenario.append(_statistics(outputs(results, given, key), asked.open_by, base))
    horizon, never = (float(results.value(*at)) for at in (HORIZON, LAST_DAY))
    drawn = []
    for line in lines(model):
        values = [found[line.id] for found in by_scenario]
        if line.format == "until":  # beyond the horizon a date would be false precision
            values = [never if value > horizon else value for value in values]
        drawn.append(line._replace(values=tuple(values)))
    bounded = kinds.pop(ranges.BOUNDS, 0)
    digest = model.assumptions.document.digest[:16]
    return Uncertainty(asked.draws, asked.seed, digest, kinds.total(), bounded, tuple(drawn))


def lines(model: Model) -> Iterator[Line]:
    """The lines in their order, still without values."""
    dates = model.assumptions.report.uncertainty.open_by
    for name in (*OUTPUTS, *OPENINGS, ALL_OPEN):
        field = model.fields[SCENARIOS, name]
        shown = "until" if field.unit == "day" else field.format
        for percentile in PERCENTILES:
            label = Text(f"{field.label.en}: P{percentile}", f"{field.label.zh}：P{percentile}")
            yield Line(f"{name}_p{percentile}", label, field.unit, shown, (), name)
    yield Line("base_quantile", BASE_QUANTILE, "1", "percent", (), ALL_OPEN)
    yield Line("base_state", BASE_STATE, "1", "whole", (), ALL_OPEN)
    for name in (*OPENINGS, ALL_OPEN):
        gate = Text("All gates: ", "四关：") if name == ALL_OPEN else model.fields[SCENARIOS, name].label
        for date in dates:
            label = Text(
                f"{gate.en.partition(':')[0]}: probability of being open on {date}",
                f"{gate.zh.partition('：')[0]}：{date} 已打开的概率",
            )
            yield Line(f"{name}_by_{date:%Y%m%d}", label, "1", "percent", (), "open")
    for code, words in enumerate(model.fields[SCENARIOS, "binding_gate"].words):
        label = Text(
            f"share of the draws in which this gate opens last: {words.en}", f"以此关为最晚的抽样占比：{words.zh}"
        )
        yield Line(f"binds_{code}", label, "1", "percent", (), "binds")
    yield Line("often_code", OFTEN_CODE, "1", "whole", (), "binds")
    yield Line("often_share", OFTEN_SHARE, "1", "percent", (), "binds")


def _statistics(found: dict[str, Array], dates: Iterable[dt.date], base: float) -> dict[str, float]:
    """Percentiles, probabilities and shares of one scenario's draws, by line; NaN where a draw is not known.

    A gate counts as open on a date that is not before its opening, and so do all: their opening is the last of the four.
    """
    answer = {}
    for name in (*OUTPUTS, *OPENINGS, ALL_OPEN):
        for percentile, value in zip(PERCENTILES, np.percentile(found[name], PERCENTILES), strict=True):
            answer[f"{name}_p{percentile}"] = float(value)
    for name in (*OPENINGS, ALL_OPEN):
        for date in dates:
            answer[f"{name}_by_{date:%Y%m%d}"] = _share(found[name] <= (date - DAY_ZERO).days, found[name])
    codes = found[BINDING].astype(int)
    shares = np.bincount(codes, minlength=CODES) / len(codes)
    answer |= {f"binds_{code}": float(share) for code, share in enumerate(shares)}
    often = NONE + int(np.argmax(shares[NONE:]))
    known = shares[NOT_KNOWN] == 0
    answer["often_code"], answer["often_share"] = (often, float(shares[often])) if known else (np.nan, np.nan)
    ties = _share(found[ALL_OPEN] == base, found[ALL_OPEN])  # never is a day like any other
    quantile = _share(found[ALL_OPEN] < base, found[ALL_OPEN]) + ties / 2
    middle = PERCENTILES[1] <= 100 * quantile <= PERCENTILES[3]
    return answer | {"base_quantile": quantile, "base_state": 0 if np.isnan(quantile) else 1 if middle else 2}


def _share(true: Array, of: Array) -> float:
    """The share of draws in which it is true; NaN where what it speaks of is not known."""
    return np.nan if np.isnan(of).any() else float(np.mean(true))
