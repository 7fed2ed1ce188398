"""What each picture shows, picked from the results: labels, numbers and the finding. Nothing is drawn or computed here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from threegates.definition.backtest import RUN_GROUPS
from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import OPENINGS, PERCENTILES, Uncertainty
from threegates.formula import units
from threegates.inputs.assumptions import SCENARIOS
from threegates.report import facts
from threegates.report.numbers import counted, figure, money
from threegates.report.pictures.words import TITLES, WORDS
from threegates.text import Language

MOST_ROWS = 40
TORNADO_ROWS = 12
MOST_TEXTS = 8  # beside the points of a curve
BACKTEST_ALL = "runs"  # of the fits, the one with the most runs speaks for all


@dataclass(frozen=True)
class Row:
    """A line of a chart of rows: what it is, its numbers, how they read, and which mark they get."""

    label: str
    values: tuple[float, ...]
    text: str
    kind: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows over one axis, on which a number that is not known, or not above 0 on a log axis, gets no mark. A row has one number (a dot), two (ends of a bar that begins at ``origin``), or a value and
    the five percentiles behind it. ``stems`` joins dots with the origin. ``kinds`` name the marks."""

    title: str
    axis: str
    rows: tuple[Row, ...]
    kinds: tuple[str, ...] = ()
    log: bool = True
    origin: float | None = None
    stems: bool = False
    note: str = ""


@dataclass(frozen=True)
class Points:
    """Groups of points over two axes: (name, x, y, text of each). ``exact`` names the line on which both are equal,
    ``within`` is the factor of the band around it; without it the first group is a curve."""

    title: str
    across: str
    up: str
    groups: tuple[tuple[str, tuple[tuple[float, float, str], ...]], ...]
    exact: str = ""
    within: float = math.nan


Chart = Rows | Points


class Picker:
    """Picks what the pictures show of one build, in the words of one language."""

    def __init__(self, results: Results, drawn: Uncertainty, language: Language) -> None:
        self.results, self.drawn, self.language = results, drawn, language
        self.model = results.model
        self.picked = self.model.picked

    def say(self, key: str, **given: object) -> str:
        return WORDS[key].of(self.language).format(**given)

    def title(self, key: str, **given: object) -> str:
        return TITLES[key].of(self.language).format(**given)

    def label(self, table: str, key: str) -> str:
        return self.model.assumptions.entries[table][key].label.of(self.language)

    def count(self, value: float) -> str:
        return counted(value, self.language)

    def value(self, name: str, key: str, table: str = SCENARIOS) -> Any:
        return self.results.value(table, name, key)

    def field(self, name: str, table: str = SCENARIOS) -> str:
        return self.model.fields[table, name].label.of(self.language)

    def amount(self, value: float, unit: str) -> str:
        if unit == "USD":
            return money(value, self.language)
        word = units.words(unit, self.language)
        return "—" if math.isnan(value) else f"{self.count(value)}{' ' if word.isascii() else ''}{word}"

    @property
    def scenario(self) -> str:
        return self.label(SCENARIOS, self.picked)

    def few(self, rows: Iterable[Row], note: str = "") -> tuple[tuple[Row, ...], str]:
        """As many rows with known numbers as a picture takes, and a note where there are more."""
        known = tuple(row for row in rows if all(math.isfinite(value) and value > 0 for value in row.values))
        if len(known) <= MOST_ROWS:
            return known, note
        more = self.say("more", shown=MOST_ROWS, all=len(known))
        return known[:MOST_ROWS], "; ".join(filter(None, (more, note)))


def compute(pick: Picker) -> Chart | None:
    """Training compute of each scenario over the anchor's."""
    keys = pick.model.keys[SCENARIOS]
    most = max(keys, key=lambda key: pick.value("compute_multiple", key))
    rows, note = pick.few(
        Row(pick.label(SCENARIOS, key), (value := pick.value("compute_multiple", key),), figure(value)) for key in keys
    )
    times = figure(pick.value("compute_multiple", most))
    title = pick.title(
        "compute", most=pick.label(SCENARIOS, most), times=times, anchor=pick.label(SCENARIOS, pick.model.anchor)
    )
    return Rows(title, pick.say("log", label=pick.field("compute_multiple")), rows, note=note)


def gates(pick: Picker) -> Chart | None:
    """Need over available at each of the four gates, for the picked scenario."""
    names = [name.removesuffix("_opening") for name in OPENINGS]
    rows = tuple(_gate(pick, name) for name in names)
    code = int(pick.value("binding_code", pick.picked))
    if not code:
        title = pick.title("open", scenario=pick.scenario)
    else:
        gate = pick.model.fields[SCENARIOS, "binding_gate"].words[code].of(pick.language)
        opens, ratio = facts.day(pick.value("all_open_on", pick.picked)), pick.value("binding_ratio", pick.picked)
        title = pick.title("closed", scenario=pick.scenario, gate=gate, opens=opens, ratio=figure(ratio, 3))
    kinds = (pick.say("open_gate"), pick.say("closed_gate"))
    return Rows(title, pick.say("ratio"), rows, kinds, origin=1.0, stems=True)


def _gate(pick: Picker, name: str) -> Row:
    need, available, ratio = (pick.value(f"{name}_{what}", pick.picked) for what in ("need", "available", "ratio"))
    field = pick.model.fields[SCENARIOS, f"{name}_need"]
    against = pick.say("against", need=pick.amount(need, field.unit), available=pick.amount(available, field.unit))
    label = f"{pick.label('gates', f'{name}_gate')}\n{field.why.of(pick.language)}"
    return Row(label, (ratio,), against, int(ratio > 1))


def chips(pick: Picker) -> Chart | None:
    """Cards of the picked scenario on every chip that can run it, the fewest first."""
    own = pick.value("chip", pick.picked)
    cards = {key: pick.value(pick.picked, key, "anychip_cards") for key in pick.model.keys["anychip_cards"]}
    known = sorted((key for key in cards if not math.isnan(cards[key])), key=lambda key: cards[key])
    if not known:
        return None
    left = pick.say("semicolon").join(pick.label("chips", key) for key in cards if key not in known)
    rows, note = pick.few(
        (Row(pick.label("chips", key), (cards[key],), pick.count(cards[key]), int(key == own)) for key in known),
        pick.say("no_peak", names=left) if left else "",
    )
    title = pick.title(
        "chips", scenario=pick.scenario, fewest=pick.count(cards[known[0]]), few_chip=pick.label("chips", known[0]),
        most=pick.count(cards[known[-1]]), many_chip=pick.label("chips", known[-1]),
    )  # fmt: skip
    kinds = (pick.say("other_chip"), pick.say("own_chip"))
    return Rows(title, pick.say("log", label=pick.say("cards")), rows, kinds, note=note)


def campuses(pick: Picker) -> Chart | None:
    """Gigawatts of campuses and of scenarios, the smallest first."""
    to_gw = units.registry().convert(1.0, "MW", "GW")
    rows, unknown = [], []
    for key in pick.model.keys["campuses"]:
        power, since = pick.value("campus_mw", key, "campuses"), pick.value("operating_from", key, "campuses")
        label = pick.say("from", campus=pick.label("campuses", key), date=facts.day(since)[:7])
        if math.isnan(power):
            unknown.append(pick.label("campuses", key))
        else:
            announced = pick.value("announced", key, "campuses") > 0
            rows.append(Row(label, (power * to_gw,), figure(power * to_gw, 3), 1 if announced else 0))
    for key in pick.model.keys[SCENARIOS]:
        power = pick.value("facility_capacity_gw", key)
        rows.append(Row(pick.label(SCENARIOS, key), (power,), figure(power, 3), 2))
    note = pick.say("no_power", names=pick.say("semicolon").join(unknown)) if unknown else ""
    shown, note = pick.few(sorted(rows, key=lambda row: row.values), note)
    title = pick.title(
        "campuses", scenario=pick.scenario, need=pick.amount(pick.value("power_need", pick.picked), "GW"),
        date=facts.day(pick.value("available_on", "power_gate", "gates")),
        available=pick.amount(pick.value("power_available", pick.picked), "GW"),
    )  # fmt: skip
    kinds = (pick.say("operating"), pick.say("announced"), pick.say("to_build"))
    return Rows(title, pick.say("log", label=pick.say("capacity")), shown, kinds, note=note)


def tradeoff(pick: Picker) -> Chart | None:
    """Cards over months for the picked scenario, with the gigawatts at each point."""

    def point(months: float, cards: float, gw: float) -> tuple[float, float, str]:
        return months, cards, pick.say("cards_and_gw", cards=pick.count(cards), gw=figure(gw, 3))

    names = ("months_given", "cards_at", "power_at")
    curve = sorted(point(*(pick.value(name, key, "tradeoff") for name in names)) for key in pick.model.keys["tradeoff"])
    if not curve:
        return None
    own = point(*(pick.value(name, pick.picked) for name in ("months", "cards", "facility_power_gw")))
    every = math.ceil(len(curve) / MOST_TEXTS)
    others = tuple(
        (months, cards, text if position % every == 0 else "")
        for position, (months, cards, text) in enumerate(curve)
        if not math.isclose(months, own[0])
    )
    (short, most, _), (long, fewest, _) = curve[0], curve[-1]
    title = pick.title(
        "tradeoff", scenario=pick.scenario, most=pick.count(most), short=figure(short), fewest=pick.count(fewest), long=figure(long)
    )  # fmt: skip
    groups = ((pick.say("any_length"), others), (pick.say("own_length"), (own,)))
    return Points(title, pick.say("months"), pick.say("log", label=pick.say("cards")), groups)


def tornado(pick: Picker) -> Chart | None:
    """What each uncertain input does to the cards of the picked scenario, the largest swing first."""
    keys = sorted(pick.model.keys["swings"], key=lambda key: pick.value("cards_rank", key, "swings"))
    moving = [key for key in keys if pick.value("cards_swing", key, "swings") > 0][:TORNADO_ROWS]
    if not moving:
        return None
    rows = []
    for key in moving:
        low, high = (pick.value(f"cards_{end}", key, "swings") for end in ("low", "high"))
        text = pick.say("from_to", low=pick.count(low), high=pick.count(high))
        rows.append(Row(pick.label("swings", key), (low, high), text))
    first, (low, high) = rows[0].label, rows[0].values
    title = pick.title("tornado", scenario=pick.scenario, input=first, low=pick.count(low), high=pick.count(high))
    kinds = (pick.say("at_low"), pick.say("at_high"))
    return Rows(title, pick.say("cards"), tuple(rows), kinds, log=False, origin=pick.value("cards", pick.picked))


def backtest(pick: Picker) -> Chart | None:
    """Card-hours predicted against those reported, group by group, with the line on which both are equal."""
    groups = []
    for table in RUN_GROUPS:
        hours = [
            (pick.value("reported_hours", key, table), pick.value("predicted_hours", key, table), "")
            for key in pick.model.keys[table]
        ]
        if known := tuple(pair for pair in hours if not math.isnan(pair[1])):
            groups.append((pick.model.tables[table].label.of(pick.language), known))
    fits = pick.model.keys["fits"]
    if not groups or not fits:
        return None
    whole = max(fits, key=lambda key: pick.value(BACKTEST_ALL, key, "fits"))
    runs, half, every = (pick.value(name, whole, "fits") for name in ("runs", "half_within", "all_within"))
    title = pick.title("backtest", runs=figure(runs), half=figure(half, 3), all=figure(every, 3))
    across, up = (pick.say("log", label=pick.say(which)) for which in ("reported", "predicted"))
    return Points(title, across, up, tuple(groups), pick.say("exact"), every)


def ranges(pick: Picker) -> Chart | None:
    """The percentiles of the cards of each scenario, around the value at base."""
    rows = []
    for position, key in enumerate(pick.model.keys[SCENARIOS]):
        base = pick.value("cards", key)
        drawn = [pick.drawn.value(f"cards_p{percentile}", position) for percentile in PERCENTILES]
        text = pick.say("between", low=pick.count(drawn[0]), high=pick.count(drawn[-1]))
        rows.append(Row(pick.label(SCENARIOS, key), (base, *drawn), text, int(key == pick.picked)))
    base, low, *_, high = rows[pick.model.keys[SCENARIOS].index(pick.picked)].values
    shown, note = pick.few(rows)
    title = pick.title(
        "ranges", scenario=pick.scenario, low=pick.count(low), high=pick.count(high), base=pick.count(base)
    )
    kinds = tuple(pick.say(word) for word in ("outer", "quarters", "middle", "base"))
    return Rows(title, pick.say("log", label=pick.say("cards")), shown, kinds, note=note)


# In the order of the argument: how much, whether it can be had, and how sure.
CHARTS: tuple[Callable[[Picker], Chart | None], ...] = (
    compute, gates, chips, campuses, tradeoff, tornado, backtest, ranges,
)  # fmt: skip
