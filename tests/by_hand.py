"""The Monte Carlo written by hand in plain NumPy, from the definitions and the YAML itself: nothing of the package is used.

A second opinion for the tests, and the measure that the benchmarks hold the package's own sampling against.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from ruamel.yaml import YAML

Array = Any
GATES = ("cards", "power", "data", "money")
ENDS = ("low", "high", "range")
TAILS = {"p10_p90": 0.1, "p5_p95": 0.05}
NEVER, YEAR = 2958465, 365.25
# What the scenarios' percentiles are of: shares are drawn by their odds. All other percentiles are of numbers above 0.
SHARES = ("mfu", "share_16bit", "goodput", "active_share", "load_factor", "synthetic_share_allowed")
GROWTH = (0.01, 100.0)  # what a growth may be


def load(path: Path) -> dict[str, Any]:
    """A file with what it includes, whole or by section or by record; its own records come before those of others."""
    data = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    for include in data.pop("include", []):
        other = load(path.parent / include["file"])
        for name in include.get("sections", [name for name in other if name not in ("report", "mail")]):
            section, _, record = name.partition(".")
            taken = {record: other[section][record]} if record else other[section]
            own = data.setdefault(section, {})
            data[section] = {key: value for key, value in taken.items() if key not in own} | own
    return data


def serial(day: Any) -> float:
    """The number that a spreadsheet keeps for a day."""
    return float((base(day) - dt.date(1899, 12, 30)).days)


def base(value: Any) -> Any:
    return value["base"] if isinstance(value, dict) else value


@cache
def quantiles(rise: float) -> tuple[Array, Array]:
    x = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 4097))
    middle = (x[1:] + x[:-1]) / 2
    total = np.cumsum(middle ** (4 * rise) * (1 - middle) ** (4 - 4 * rise) * np.diff(x))
    return np.concatenate([[0], total / total[-1]]), x


def without_ranges(data: dict[str, Any]) -> dict[str, Any]:
    """The data with base values alone."""
    if not isinstance(data, dict):
        return data
    return {key: without_ranges(value) for key, value in data.items() if key not in ENDS}


class ByHand:
    """Draws of every input that matters, each once, and the results of each scenario."""

    def __init__(self, data: dict[str, Any], draws: int, seed: int) -> None:
        self.data = data
        self.draws = draws
        self.seed = seed
        self.drawn: dict[Any, Array] = {}
        self.normal: dict[str, Array] = {}
        self.today = serial(data["dates"]["as_of"])

    # How an input is drawn ------------------------------------------------------------------------------------

    def put(self, name: str, value: Any, kind: str = "number", middle: float | None = None) -> Array:
        """Draws of an input; ``kind`` is share, growth or number, and ``middle`` its base where that is a formula."""
        if not isinstance(value, dict) or not {"low", "high"} & set(value):
            return float(base(value)) if middle is None else middle
        mode = float(value["base"]) if middle is None else middle
        low, high = float(value.get("low", mode)), float(value.get("high", mode))
        key = name, low, mode, high
        if key not in self.drawn:
            self.drawn[key] = self._draw(name, value["range"], kind, low, mode, high)
        return self.drawn[key]

    def uniform(self, name: str) -> Array:
        stream = [self.seed, *np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype="<u4")]
        return np.random.default_rng(stream).random(self.draws)

    def _draw(self, name: str, what: str, kind: str, low: float, mode: float, high: float) -> Array:
        if what == "bounds":
            if low == high:
                return mode
            return low + (high - low) * np.interp(self.uniform(name), *quantiles((mode - low) / (high - low)))
        if name not in self.normal:
            self.normal[name] = np.frompyfunc(NormalDist().inv_cdf, 1, 1)(self.uniform(name)).astype(float)
        z = self.normal[name] / -NormalDist().inv_cdf(TAILS[what])
        if kind == "share":
            a, b, c = (np.log(p / (1 - p)) for p in (low, mode, high))
        elif kind == "growth":
            a, b, c = (np.log(np.log(g)) for g in (low, mode, high))
        else:
            a, b, c = np.log([low, mode, high])
        y = np.where(z < 0, b + z * (b - a), b + z * (c - b))
        if kind == "share":
            return 1 / (1 + np.exp(-y))
        return np.clip(np.exp(np.exp(y)), *GROWTH) if kind == "growth" else np.exp(y)

    def constant(self, name: str, section: str = "constants") -> Array:
        value = self.data[section][name]
        is_share = value.get("unit") == "1" and all(0 <= value.get(end, 0) <= 1 for end in ("low", "base", "high"))
        return self.put(value.get("draw", f"{section}.{name}.value"), value, "share" if is_share else "number")

    # What a scenario needs ------------------------------------------------------------------------------------

    def scenario(self, name: str) -> dict[str, Array]:
        own, defaults, constant = self.data["scenarios"][name], self.data["defaults"], self.constant

        def given(field: str) -> Array:
            return self.put(field, own.get(field, defaults.get(field, 0)), "share" if field in SHARES else "number")

        def text(field: str) -> str:
            return base(own.get(field, defaults.get(field)))

        chip_id = text("chip")
        chip, h100 = self.data["chips"][chip_id], self.data["chips"][self.data["report"]["reference_chip"]]

        def fact(field: str) -> Array:
            return self.put(f"chips.{chip_id}.{field}", chip[field]) if field in chip else None

        tokens = base(own.get("own_tokens", 0)) or constant("reference_tokens") * given("tokens_multiple")
        params = base(own.get("own_params", 0)) or constant("reference_params") * given("params_multiple")
        flop = constant("flop_per_param_token") * params * given("active_share") * tokens
        seconds = given("months") * constant("days_per_month") * 86400
        cards = flop / (self._peak(chip, text("precision"), given("share_16bit")) * given("goodput") * seconds)
        cards = cards / self._mfu(text("precision"), given("mfu"))
        eight_bit = max(chip.get("fp8", 0), chip.get("int8", 0))
        h100e = cards * (eight_bit / h100["fp8"] if eight_bit else chip["bf16"] / h100["bf16"])
        it = cards * fact("it_power_per_card") * given("it_over_server")
        facility, capacity = it * given("pue"), it * given("capacity_factor") / 1e9
        kwh = facility * given("load_factor") * seconds / 3.6e6
        price = next((each for each in (fact("system_price"), fact("price")) if each is not None), np.nan)
        hardware = cards * price * (1 + constant("network_over_servers"))
        site, electricity = capacity * constant("site_cost_per_gw"), kwh * constant("electricity_price")
        wear = hardware / constant("it_life_years") + site / constant("site_life_years")
        answer = {
            "training_flop": flop,
            "cards": cards,
            "facility_power_gw": facility / 1e9,
            "owned_cost_bn": (hardware + site + electricity) / 1e9,
            "run_owned_cost_bn": (given("months") / 12 * wear + electricity) / 1e9,
            "run_cost_bn": cards * seconds / 3600 * given("card_hour_price") / 1e9,
        }
        decay = constant("repetition_decay")
        reading = 1 + decay * (1 - np.exp(-(given("epochs") - 1) / decay))
        needs = {
            "cards": h100e,
            "power": capacity / given("campuses_used"),
            "data": tokens * (1 - given("synthetic_share_allowed")) / reading,
            "money": (hardware + site) / constant("build_years"),
        }
        ships = dt.date.fromisoformat(f"{chip['available']}-01") if "available" in chip else None
        self._gates(answer, needs, serial(ships) if ships else 0)
        return {key: np.broadcast_to(np.asarray(value, dtype=float), (self.draws,)) for key, value in answer.items()}

    @staticmethod
    def _peak(chip: dict[str, Any], precision: str, in_16_bit: Array) -> Array:
        """The time of a FLOP is a mixture: a part of them runs at the 16-bit peak."""
        if not chip.get("bf16"):
            return chip[precision]
        return 1 / (in_16_bit / chip["bf16"] + (1 - in_16_bit) / chip[precision])

    def _mfu(self, precision: str, own: Array) -> Array:
        if np.any(own):
            return own
        return self.put(f"precisions.{precision}.mfu", self.data["precisions"][precision]["mfu"], "share")

    # What there is, and when the gates open -------------------------------------------------------------------

    def _latest(self, table: str, value: str, day: str, known: str) -> tuple[Array, float]:
        """The largest figure of the latest day that was known on the day of the workbook."""
        seen = {key: r for key, r in self.data[table].items() if serial(r[known]) <= self.today}
        last = max(serial(record[day]) for record in seen.values())
        figures = [self.put(f"{table}.{k}.{value}", r[value]) for k, r in seen.items() if serial(r[day]) == last]
        return np.maximum.reduce(np.broadcast_arrays(*figures)), last

    def _largest(self, table: str, there: dict[str, Array], day: str) -> tuple[Array, Array]:
        """The largest figure of those there, and up to which day it is known to be."""
        figures = np.array(np.broadcast_arrays(*there.values()))
        days = []
        for key in there:
            record = self.data[table][key]
            still = min(self.today, serial(record["still_largest_on"])) if "still_largest_on" in record else 0
            days.append(max(serial(record[day]), still))
        top = figures.max(axis=0)
        return top, np.where(figures >= top, np.reshape(days, (-1,) + (1,) * top.ndim), 0).max(axis=0)

    def available(self) -> dict[str, tuple[Array, Array]]:
        """What there is of each, and on which day; no announced campus counts."""
        assert base(self.data["switches"]["count_announced"]) == 0
        over = self.constant("campus_facility_over_it")
        campuses = {
            key: self.put(f"campuses.{key}.stated_mw", r["stated_mw"]) * (over if r["it_basis"] else 1) / 1000
            for key, r in self.data["campuses"].items()
            if not r["announced"] and serial(r["operating_from"]) <= self.today and "stated_mw" in r
        }
        corpora = {
            key: self.put(f"corpora.{key}.corpus_tokens", r["corpus_tokens"])
            for key, r in self.data["corpora"].items()
            if serial(r["reported_on"]) <= self.today
        }
        held, held_on = self._latest("developers", "h100e", "held_on", "held_on")
        spent, year_ends = self._latest("spending", "spent", "year_ends", "known_on")
        return {
            "cards": (held * self.constant("run_share"), held_on),
            "power": self._largest("campuses", campuses, "operating_from"),
            "data": self._largest("corpora", corpora, "reported_on"),
            "money": (spent * self.constant("spender_share"), min(self.today, year_ends)),
        }

    def growth(self, gate: str) -> Array:
        """A growth of the list, or what a span of the record came to, within the range that is stated for it."""
        own = self.data["gates"][gate].get("own_growth")
        if own is not None:
            return self.put(f"gates.{gate}.own_growth", own)
        value = self.data["gates"][gate]["growth"]
        words = base(value)
        if not isinstance(words, str):  # of a test that moves it
            return float(words)
        name, _, came = words.partition(".")
        if not came:
            return self.put(f"growths.{name}.factor", self.data["growths"][name], "growth")
        return np.clip(self.put(f"gates.{gate}.growth", value, "growth", self._came(name)), *GROWTH)

    def _came(self, name: str) -> float:
        """The growth a year over a span of the record, at base values."""
        tables = {
            "campus_spans": ("campuses", "stated_mw", "operating_from"),
            "developer_spans": ("developers", "h100e", "held_on"),
            "corpus_spans": ("corpora", "corpus_tokens", "reported_on"),
            "spending_spans": ("spending", "spent", "year_ends"),
        }
        spans, (table, value, day) = next((s, t) for s, t in tables.items() if name in self.data[s])
        span = self.data[spans][name]
        start, end = (self.data[table][span[which]] for which in ("start", "end"))
        assert not start.get("it_basis")
        assert not end.get("it_basis")
        last = serial(end["still_largest_on"]) if span.get("carried") else serial(end[day])
        return float((base(end[value]) / base(start[value])) ** (YEAR / (last - serial(start[day]))))

    def _gates(self, answer: dict[str, Array], needs: dict[str, Array], ships: float) -> None:
        """Growth carries what there is to the day, and on until it is enough; the gate that opens last binds."""
        reach, openings = None, []
        for gate, (there, on) in self.available().items():
            growth = self.growth(f"{gate}_gate")
            now = there * growth ** ((self.today - on) / YEAR)
            if gate == "data":  # more unique human text than that there is not
                reach = np.maximum(self.constant("unique_text_stock"), there)
                now = np.minimum(now, reach)
            ratio = needs[gate] / now
            grows = growth > 1
            after = np.log(ratio) / np.log(np.where(grows, growth, 2))
            opening = np.where(
                grows, np.clip(self.today + YEAR * after, 0, NEVER), np.where(ratio > 1, NEVER, self.today)
            )
            if gate == "cards":
                opening = np.maximum(opening, ships)
            if reach is not None and gate == "data":
                opening = np.where(needs[gate] > reach, NEVER, opening)
            answer[f"{gate}_opening"] = opening
            openings.append(opening)
        dates = np.array(np.broadcast_arrays(*openings, np.zeros(self.draws))[:4])
        last = answer["all_opening"] = dates.max(axis=0)  # not known where one is not
        binds = np.where(last > self.today, 2.0 + np.argmax(dates, axis=0), 1.0)  # of equals the earlier gate
        answer["binding_code"] = np.where(np.isnan(last), 0.0, binds)
