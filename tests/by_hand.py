"""The Monte Carlo written by hand in plain NumPy, from the definitions and the YAML itself: nothing of the package is used.

A second opinion for the tests, and the measure that the benchmarks hold the package's own sampling against.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

Array = Any
GATES = ("cards", "power", "data", "money")


def load(path: Path) -> dict[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    files = [yaml.load(each.read_text("utf-8")) for each in (path, *(path.parent / "data").glob("*.yaml"))]
    return {name: section for file in files for name, section in file.items()}


def ends(value: Any) -> tuple[float, float, float]:
    """low, base, high of an input; an end that is not given is the base."""
    if not isinstance(value, dict):
        return float(value), float(value), float(value)
    base = float(value["base"])
    return float(value.get("low", base)), base, float(value.get("high", base))


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
    return {key: without_ranges(value) for key, value in data.items() if key not in ("low", "high")}


class ByHand:
    """Draws of every input that matters, each once, and the results of each scenario."""

    def __init__(self, data: dict[str, Any], draws: int, seed: int) -> None:
        self.data = data
        self.draws = draws
        self.seed = seed
        self.drawn: dict[Any, Array] = {}
        self.ratios: dict[str, Array] = {}  # needed over available, of the scenario computed last

    def put(self, name: str, value: Any) -> Array:
        low, base, high = ends(value)
        if low == high:
            return base
        key = name, low, base, high
        if key not in self.drawn:
            stream = [self.seed, *np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype="<u4")]
            uniform = np.random.default_rng(stream).random(self.draws)
            self.drawn[key] = low + (high - low) * np.interp(uniform, *quantiles((base - low) / (high - low)))
        return self.drawn[key]

    def constant(self, name: str, section: str = "constants") -> Array:
        return self.put(f"{section}.{name}.value", self.data[section][name])

    def scenario(self, name: str) -> dict[str, Array]:
        own, defaults, constant = self.data["scenarios"][name], self.data["defaults"], self.constant

        def given(field: str) -> Array:
            return self.put(field, own.get(field, defaults.get(field, 0)))

        def text(field: str) -> str:
            value = own.get(field, defaults.get(field))
            return value["base"] if isinstance(value, dict) else value

        chip_id = text("chip")
        chip, h100 = self.data["chips"][chip_id], self.data["chips"][self.data["report"]["reference_chip"]]

        def fact(field: str) -> Array:
            return self.put(f"chips.{chip_id}.{field}", chip[field]) if field in chip else None

        tokens = ends(own.get("own_tokens", 0))[1] or constant("reference_tokens") * given("tokens_multiple")
        params = ends(own.get("own_params", 0))[1] or constant("reference_params") * given("params_multiple")
        flop = constant("flop_per_param_token") * params * given("active_share") * tokens
        seconds = given("months") * constant("days_per_month") * 86400
        precision, share = text("precision"), given("share_16bit")
        mfu = (
            given("mfu")
            if {"mfu"} & {*own, *defaults}
            else self.put(f"precisions.{precision}.mfu", self.data["precisions"][precision]["mfu"])
        )
        peak = chip[precision]
        if "bf16" in chip:
            peak = peak / (1 + share * (peak / chip["bf16"] - 1))
        cards = flop / (peak * mfu * given("goodput") * seconds)
        eight_bit = max(chip.get("fp8", 0), chip.get("int8", 0))
        h100e = cards * (eight_bit / h100["fp8"] if eight_bit else chip["bf16"] / h100["bf16"])
        it = cards * fact("it_power_per_card") * given("it_over_server")
        facility, capacity = it * given("pue"), it * given("capacity_factor") / 1e9
        kwh = facility * given("load_factor") * seconds / 3.6e6
        prices = [price for price in (fact("system_price"), fact("price")) if price is not None]
        servers = cards * (prices[0] if prices else np.nan)  # the system's price before the card's
        upfront = servers * (1 + constant("network_over_servers")) + capacity * constant("site_cost_per_gw")
        owned = upfront + kwh * constant("electricity_price")
        answer = {
            "training_flop": flop,
            "cards": cards,
            "facility_power_gw": facility / 1e9,
            "owned_cost_bn": owned / 1e9,
            "run_cost_bn": cards * seconds / 3600 * given("card_hour_price") / 1e9,
        }
        human = tokens * (1 - constant("synthetic_allowed", "switches"))
        self._gates(answer, {"cards": h100e, "power": capacity, "data": human, "money": owned})
        return {key: np.broadcast_to(np.asarray(value, dtype=float), (self.draws,)) for key, value in answer.items()}

    def available(self) -> dict[str, Array]:
        """What there is of each at its stated date; no announced campus counts."""
        on = self.data["gates"]["power_gate"]["available_on"]
        over = self.constant("campus_facility_over_it")
        megawatts = [
            campus["facility_mw"] if "facility_mw" in campus else campus["it_mw"] * over
            for campus in self.data["campuses"].values()
            if not campus["announced"] and campus["operating_from"] <= on
        ]
        return {
            "cards": self.constant("stock_h100e") * self.constant("developer_share"),
            "power": np.maximum.reduce(np.broadcast_arrays(*megawatts)) / 1000,
            "data": self.constant("human_text_stock"),
            "money": self.constant("spending") * self.constant("spender_share"),
        }

    def _gates(self, answer: dict[str, Array], needs: dict[str, Array]) -> None:
        """Each gate opens when growth has closed its ratio; the one that opens last of those closed binds."""
        there = self.available()
        closed = []
        for gate in GATES:
            supply = self.data["gates"][f"{gate}_gate"]
            on = float((supply["available_on"] - dt.date(1899, 12, 30)).days)
            ratio = needs[gate] / there[gate]
            growth = self.put(f"gates.{gate}_gate.growth", supply["growth"])
            opening = on + 365.25 * np.log(np.maximum(1, ratio)) / np.log(growth)
            answer[f"{gate}_opening"] = opening
            self.ratios[gate] = ratio
            closed.append(np.where(ratio > 1, opening, 0.0))  # what is not known is not above 1
        closed = np.broadcast_arrays(*closed, np.zeros(self.draws))[:4]
        answer["last_closed"] = np.maximum.reduce(closed)
        first = np.argmax(closed, axis=0)  # of equals the earlier gate
        answer["binding_code"] = np.where(answer["last_closed"] > 0, first + 1.0, 0.0)
