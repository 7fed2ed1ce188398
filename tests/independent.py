"""A second calculation of the gates, written from the specification and the YAML files without sight of the package.

It reads the files itself and imports nothing of ``threegates``. For each scenario of a vintage it gives, gate by gate, what is
needed, what there is on the day, the ratio of the two and the day on which the gate opens; and the gate that opens last.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Record = dict[str, Any]
Sections = dict[str, Record]

GATES = ("cards", "power", "data", "money")
ALL_OPEN, NOT_KNOWN = "open", "not known"
NEVER = dt.date(9999, 12, 31)
ONE_FILE = ("report", "include", "mail", "history")  # said by each file for itself
YEAR = 365.25


@dataclass(frozen=True)
class Gate:
    """Of one gate: the need, what there is on the day, their ratio, and the day it opens as the days after the day asked of."""

    need: float
    available: float
    ratio: float
    opens_after: float

    def opening(self, as_of: dt.date) -> dt.date | None:
        """The day on which it opens, which may be past; the last day of the calendar for never, None where not known."""
        if math.isnan(self.opens_after):
            return None
        last = NEVER.toordinal()
        return dt.date.fromordinal(min(last, math.floor(min(last, as_of.toordinal() + self.opens_after))))


def sections(path: Path) -> Sections:
    """The records of a file and of those that it includes, by section; its own records replace included ones whole."""
    own = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    includes = own.get("include", [])
    found: Sections = {}
    for include in includes if isinstance(includes, list) else [includes]:
        taken = sections(path.parent / include["file"])
        for name in include.get("sections", taken):
            section, _, key = name.partition(".")
            if section not in ONE_FILE:
                records = taken[section]
                found.setdefault(section, {}).update({key: records[key]} if key else records)
    for section, records in own.items():
        found.setdefault(section, {}).update(records) if section not in ONE_FILE else found.update({section: records})
    return found


def plain(value: Any) -> Any:
    """The base of ``{base:, low:, …}``, or the bare value."""
    return value["base"] if isinstance(value, dict) and "base" in value else value


def first_day(month: Any) -> dt.date | None:
    """The first day of a month such as 2026-10."""
    return dt.date.fromisoformat(f"{month}-01") if month else None


class Vintage:
    """The gates of every scenario of a file."""

    def __init__(self, path: Path) -> None:
        self.sections = sections(path)
        self.as_of: dt.date = plain(self.sections["dates"]["as_of"])

    def constant(self, name: str) -> float:
        return float(plain(self.sections["constants"][name]))

    def of(self, scenario: str, name: str) -> Any:
        """An input of a scenario: its own, else the default; None if neither is given."""
        own = self.sections["scenarios"][scenario].get(name)
        return plain(own if own is not None else self.sections["defaults"].get(name))

    def chip(self, scenario: str) -> Record:
        return {name: plain(value) for name, value in self.sections["chips"][self.of(scenario, "chip")].items()}

    # What a run needs

    def tokens(self, scenario: str) -> float:
        own = self.of(scenario, "own_tokens")
        return float(own or self.constant("reference_tokens") * self.of(scenario, "tokens_multiple"))

    def cards(self, scenario: str) -> float:
        params = self.of(scenario, "own_params") or self.constant("reference_params") * self.of(
            scenario, "params_multiple"
        )
        flop = (
            self.constant("flop_per_param_token") * params * self.of(scenario, "active_share") * self.tokens(scenario)
        )
        chip, precision = self.chip(scenario), self.of(scenario, "precision")
        share = self.of(scenario, "share_16bit") or 0
        peak = (
            1 / (share / chip["bf16"] + (1 - share) / chip[precision])
            if share and chip.get("bf16")
            else chip[precision]
        )
        mfu = self.of(scenario, "mfu") or plain(self.sections["precisions"][precision]["mfu"])
        seconds = self.of(scenario, "months") * self.constant("days_per_month") * self.constant("seconds_per_day")
        return float(flop / (peak * mfu * self.of(scenario, "goodput") * seconds))

    def h100_equivalents(self, scenario: str) -> float:
        """By the 8-bit peak, or by the 16-bit peak of a chip that has no 8-bit one."""
        chip = self.chip(scenario)
        reference = {k: plain(v) for k, v in self.sections["chips"][self.sections["report"]["reference_chip"]].items()}
        eight = max(chip.get("fp8", 0), chip.get("int8", 0))
        ratio = eight / reference["fp8"] if eight else chip["bf16"] / reference["bf16"]
        return self.cards(scenario) * float(ratio)

    def capacity_gw(self, scenario: str) -> float:
        watts = self.cards(scenario) * self.chip(scenario)["it_power_per_card"] * self.of(scenario, "it_over_server")
        return float(watts * self.of(scenario, "capacity_factor") / 1e9)

    def unique_tokens(self, scenario: str) -> float:
        """The human text that must be there once, when a share is synthetic and the rest is read several times."""
        decay = self.constant("repetition_decay")
        worth = 1 + decay * (1 - math.exp(-(self.of(scenario, "epochs") - 1) / decay))
        return self.tokens(scenario) * (1 - float(self.of(scenario, "synthetic_share_allowed"))) / worth

    def upfront_cost(self, scenario: str) -> float:
        """Hardware, network and site; NaN for a chip without a price."""
        chip = self.chip(scenario)
        price = chip.get("system_price") or chip.get("price") or math.nan
        hardware = self.cards(scenario) * price
        site = self.capacity_gw(scenario) * self.constant("site_cost_per_gw")
        return float(hardware * (1 + self.constant("network_over_servers")) + site)

    def needs(self, scenario: str) -> dict[str, float]:
        return {
            "cards": self.h100_equivalents(scenario),
            "power": self.capacity_gw(scenario) / float(self.of(scenario, "campuses_used")),
            "data": self.unique_tokens(scenario),
            "money": self.upfront_cost(scenario) / self.constant("build_years"),
        }

    # What there is

    def records(self, table: str) -> list[Record]:
        return [{name: plain(value) for name, value in record.items()} for record in self.sections[table].values()]

    def supply(self, gate: str) -> tuple[float, dt.date]:
        """What is known of a gate on the day, and the day for which that holds; NaN where nothing was known by then."""
        if gate == "cards":
            held = [(r["h100e"], r["held_on"]) for r in self.known("developers", "held_on")]
            return self.largest(gate, [(h100e * self.constant("run_share"), on) for h100e, on in held])
        if gate == "power":
            return self.largest(gate, self.campuses())
        if gate == "data":
            corpora = self.known("corpora", "reported_on")
            return self.largest(gate, [(r["corpus_tokens"], self.held_until(r, "reported_on")) for r in corpora])
        years = self.known("spending", "known_on")
        last = [r for r in years if r["year_ends"] == max(other["year_ends"] for other in years)]
        spent = [(r["spent"] * self.constant("spender_share"), min(r["year_ends"], self.as_of)) for r in last]
        return self.largest(gate, spent)

    def known(self, table: str, since: str) -> list[Record]:
        """The records of a table that there were on the day."""
        return [record for record in self.records(table) if record[since] <= self.as_of]

    def campuses(self) -> list[tuple[float, dt.date]]:
        """Facility gigawatts and their day: of campuses that operate on the day, and if asked for, of later ones."""
        slips = [r["delivered_h100e"] / r["h100e"] for r in self.records("campuses") if r.get("delivered_h100e")]
        found = []
        for record in self.records("campuses"):
            over = self.constant("campus_facility_over_it") if record["it_basis"] else 1.0
            gigawatts = record["stated_mw"] / 1000 * over * (statistics.median(slips) if record["announced"] else 1)
            if record["operating_from"] <= self.as_of and not record["announced"]:
                found.append((gigawatts, self.held_until(record, "operating_from")))
            elif plain(self.sections["switches"]["count_announced"]):
                found.append((gigawatts, record["operating_from"]))
        return found

    def largest(self, gate: str, found: list[tuple[float, dt.date]]) -> tuple[float, dt.date]:
        """The largest of those on hand; one that comes later is put back to the day along the growth before it is compared."""

        def on_the_day(one: tuple[float, dt.date]) -> float:
            return one[0] * self.growth(gate) ** (min(0, (self.as_of - one[1]).days) / YEAR)

        return max(found, key=on_the_day, default=(math.nan, self.as_of))

    def held_until(self, record: Record, since: str) -> dt.date:
        """The last day up to which a record is known to have been the largest."""
        return min(max(record[since], record.get("still_largest_on") or record[since]), self.as_of)

    def growth(self, gate: str) -> float:
        """The factor a year: a number, one that was argued, or what came between two records."""
        record = self.sections["gates"][f"{gate}_gate"]
        if plain(record.get("own_growth")):
            return float(plain(record["own_growth"]))
        stated = plain(record["growth"])
        if isinstance(stated, int | float):
            return float(stated)
        name = str(stated).partition(".")[0]
        if name in self.sections["growths"]:
            return float(plain(self.sections["growths"][name]))
        return self._came(name)

    def _came(self, span: str) -> float:
        for table, records, since, size in (
            ("developer_spans", "developers", "held_on", "h100e"),
            ("shipped_spans", "shipped", "counted_on", "shipped_h100e"),
            ("campus_spans", "campuses", "operating_from", "stated_mw"),
            ("corpus_spans", "corpora", "reported_on", "corpus_tokens"),
            ("spending_spans", "spending", "year_ends", "spent"),
        ):
            if span in self.sections[table]:
                ends = self.sections[table][span]
                start, end = (self.sections[records][ends[name]] for name in ("start", "end"))
                last = end["still_largest_on"] if plain(ends.get("carried")) else end[since]
                return float((plain(end[size]) / plain(start[size])) ** (YEAR / (last - start[since]).days))
        raise KeyError(span)

    # The gates

    def gate(self, scenario: str, gate: str) -> Gate:
        need, (there, on), growth = self.needs(scenario)[gate], self.supply(gate), self.growth(gate)
        available = there * growth ** ((self.as_of - on).days / YEAR)
        most = self.constant("unique_text_stock") if gate == "data" else math.inf
        available = most if available > most else available
        ratio = need / available
        without_growth = math.inf if ratio > 1 else 0
        after = math.log(ratio) / math.log(growth) * YEAR if growth > 1 else without_growth
        if need > most and not math.isnan(available):
            after = math.inf
        if gate == "cards" and (sold := first_day(self.chip(scenario).get("available"))):
            after = max(after, (sold - self.as_of).days)
        return Gate(need, available, ratio, after)

    def closed_until(self, scenario: str, gate: str) -> dt.date | None:
        """None for a gate that is open; the last day of the calendar for one that does not open within the horizon."""
        found = self.gate(scenario, gate)
        opening = found.opening(self.as_of)
        if opening is None or not found.opens_after > 0:
            return None
        return opening if opening <= plain(self.sections["dates"]["horizon"]) else NEVER

    def gates(self, scenario: str) -> dict[str, Gate]:
        return {gate: self.gate(scenario, gate) for gate in GATES}

    def binding(self, scenario: str) -> str:
        """The gate that opens last, ``open`` where all are open on the day, ``not known`` where one is not known."""
        after = {gate: found.opens_after for gate, found in self.gates(scenario).items()}
        if any(math.isnan(days) for days in after.values()):
            return NOT_KNOWN
        last = max(after, key=lambda gate: after[gate])
        return last if after[last] > 0 else ALL_OPEN
