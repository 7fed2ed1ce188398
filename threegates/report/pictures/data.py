"""What the picture of a chart shows: its numbers with their labels, picked from the results."""

from __future__ import annotations

import math
from typing import NamedTuple

from threegates.definition.declare import PER_RECORD, SCENARIOS, Chart
from threegates.definition.wording import PHRASES
from threegates.formula import units
from threegates.report import facts
from threegates.report.numbers import counted
from threegates.workbook.holes import Readout
from threegates.workbook.live_sentences import HOLE

MOST_ROWS = 40
MOST_TEXTS = 8  # beside the points of a curve


class Row(NamedTuple):
    """A key of a chart: its name, a number for each series, what stands beside it, and whether it is of the other kind."""

    label: str
    values: tuple[float, ...]
    beside: str
    is_other: bool


class Point(NamedTuple):
    """A point of a scatter chart, and what stands beside it."""

    x: float
    y: float
    beside: str


def rows(chart: Chart, readout: Readout) -> tuple[list[Row], str]:
    """As many keys with known numbers as a picture takes, and a note on those that are left out."""
    table = chart.series[0].table
    keys = readout.model.keys[table or SCENARIOS][: chart.most or None]
    every = [_row(chart, readout, table, key) for key in keys]
    known = [row for row in every if _can_be_drawn(chart, row)]
    if chart.ranked:
        known.sort(key=lambda row: row.values[0])
    notes = []
    if len(known) > MOST_ROWS:
        notes.append(PHRASES["first_shown"].of(readout.language).format(shown=MOST_ROWS, all=len(known)))
    if unknown := [row.label for row in every if any(math.isnan(value) for value in row.values)]:
        names = PHRASES["semicolon"].of(readout.language).join(unknown)
        notes.append(PHRASES["not_shown"].of(readout.language).format(names=names))
    return known[:MOST_ROWS], "\n".join(notes)


def points(chart: Chart, readout: Readout) -> list[tuple[Point, ...]]:
    """The points of each series of a scatter chart; the first series has texts, at no more than so many points."""
    found = []
    for series in chart.series:
        keys = readout.model.keys[series.table]
        every = math.ceil(len(keys) / MOST_TEXTS)
        has_text = series is chart.series[0] and chart.beside.en
        made = (
            Point(
                _number(readout, series.table, series.against, key),
                _number(readout, series.table, series.field, key),
                _beside(chart, readout, series.table, key) if has_text and position % every == 0 else "",
            )
            for position, key in enumerate(keys)
        )
        found.append(tuple(sorted(point for point in made if _can_stand(chart, point))))
    return found


def _can_stand(chart: Chart, point: Point) -> bool:
    """Whether both numbers are known, and above 0 where the axis is a log one."""
    logs = (chart.log_across, chart.log)
    return all(math.isfinite(at) and (at > 0 or not log) for at, log in zip(point[:2], logs, strict=True))


def _can_be_drawn(chart: Chart, row: Row) -> bool:
    """Whether all numbers are known, and above 0 on a log axis; bars of no length say nothing."""
    return all(math.isfinite(value) and (value > 0 or not chart.log) for value in row.values) and any(row.values)


def _row(chart: Chart, readout: Readout, table: str, key: str) -> Row:
    values = tuple(_number(readout, series.table, series.field, key) for series in chart.series)
    split = chart.split
    is_other = split is not None and _number(readout, table, split.field, key) > split.above
    text = _beside(chart, readout, table, key) if chart.beside.en else counted(values[0], readout.language)
    return Row(_name(readout, table, key), values, text, is_other)


def _name(readout: Readout, table: str, key: str) -> str:
    """The label of a record, or what its first field says where the table is a ranking of others."""
    first = next((field for field in readout.model.fields.values() if field.table == table), None)
    if first is not None and first.kind == "text" and readout.model.tables[table].derived:
        return str(readout.shown(table, first.id, key))
    return readout.label(table or SCENARIOS, key)


def _number(readout: Readout, table: str, field: str, key: str) -> float:
    if not table:
        return readout.uncertainty.value(field, readout.model.keys[SCENARIOS].index(key))
    return math.nan if readout.model.is_blank(table, field, key) else float(readout.results.value(table, field, key))


def _beside(chart: Chart, readout: Readout, table: str, key: str) -> str:
    return HOLE.sub(lambda match: _amount(readout, table, match[1], key), chart.beside.of(readout.language))


def _amount(readout: Readout, table: str, field: str, key: str) -> str:
    """A number as its readers count it, with its unit where each record has its own."""
    value = _number(readout, table, field, key)
    made = readout.model.fields.get((table, field))
    if math.isnan(value) or made is None or made.unit != PER_RECORD:
        return counted(value, readout.language)
    times, unit = facts.counted_unit(readout.results, readout.model.unit_of(made, key), readout.language)
    return f"{counted(value * times, readout.language)} {units.words(unit, readout.language)}"
