"""Model → numbers: the same expressions over NumPy arrays, as a second opinion on what the workbook computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from threegates.definition.declare import SCENARIOS, Field
from threegates.engine.model import Model
from threegates.formula import grammar
from threegates.formula.functions import Array
from threegates.formula.nodes import Node
from threegates.formula.readers import Step

DAY_ZERO = dt.date(1899, 12, 30)  # of spreadsheets
Columns = dict[Step, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Results:
    """``columns[table, field]`` holds one value per key: floats (NaN: not known), or texts for links and choices."""

    model: Model
    columns: Mapping[Step, np.ndarray[Any, Any]]

    def value(self, table: str, field: str, key: str) -> Any:
        return self.columns[table, field][self._positions[table, key]]

    @cached_property
    def _positions(self) -> Mapping[tuple[str, str], int]:
        return {(table, key): i for table, keys in self.model.keys.items() for i, key in enumerate(keys)}

    def rows(self) -> Iterator[tuple[str, Field, float]]:
        """Scenario, equation and value of every result of every scenario; NaN: not known."""
        for key in self.model.keys[SCENARIOS]:
            for field in self.model.fields_of(SCENARIOS):
                if not field.is_input:
                    yield key, field, float(self.value(SCENARIOS, field.id, key))

    def frame(self, table: str = SCENARIOS, sheet: str | None = None) -> pd.DataFrame:
        """The computed numbers: rows = ids of the equations, columns = keys; in the units that the equations declare."""
        fields = [f.id for f in self.model.fields_of(table, sheet) if not f.is_input]
        rows = np.array([self.columns[table, field] for field in fields], dtype=float)
        return pd.DataFrame(rows.reshape(len(fields), -1), index=fields, columns=list(self.model.keys[table]))


def evaluate(model: Model) -> Results:
    """All numbers of the model, table by table in the order of their dependence."""
    columns = _inputs(model)
    solver = _Solver(model, columns)
    for step in model.order:
        solver.solve(step)
    return Results(model, columns)


def _inputs(model: Model) -> Columns:
    """The inputs as arrays; a blank number is 0, as Excel reads it."""
    columns: Columns = {}
    for step, field in model.fields.items():
        if field.is_input:
            blank = 0.0 if field.is_number else None
            data = (model.data.get((*step, key)) for key in model.keys[field.table])
            values = [blank if datum is None else _plain(field, datum.value) for datum in data]
            columns[step] = np.array(values, dtype=float if field.is_number else object)
    return columns


def _plain(field: Field, value: Any) -> Any:
    """A date as the number that a spreadsheet keeps for it."""
    return float((value - DAY_ZERO).days) if field.kind in ("date", "month") else value


class _Solver:
    """``columns`` grow field by field; it is what the numbers of references ask."""

    def __init__(self, model: Model, columns: Columns) -> None:
        self.model = model
        self.picked = model.picked
        self._columns = columns
        self._positions: dict[tuple[Step, tuple[str, ...]], Array] = {}

    def solve(self, step: Step) -> None:
        field, formulas = self.model.fields[step], self.model.formulas
        if field.is_input:
            return
        keys = self.model.keys[step[0]]
        own = {i: formulas[*step, key] for i, key in enumerate(keys) if (*step, key) in formulas}
        kind = float if field.is_number else object
        column = self._columns[step] = np.full(len(keys), np.nan, dtype=kind)
        with np.errstate(all="ignore"):
            for i, tree in own.items():  # one by one: a two-way table reads its own first row
                cell = self._numbers(tree, kind)
                column[i] = cell[i] if cell.ndim else cell
            if step in formulas and keys:
                values = np.broadcast_to(self._numbers(formulas[step], kind), (len(keys),))
                others = [i for i in range(len(keys)) if i not in own]
                column[others] = values[others]

    def _numbers(self, tree: Node, kind: type) -> Array:
        return np.asarray(grammar.number(tree, lambda leaf: leaf.number(self)), dtype=kind)

    def keys(self, table: str) -> tuple[str, ...]:
        return self.model.keys[table]

    def column(self, step: Step) -> Array:
        return self._columns[step]

    def without_blanks(self, step: Step) -> Array:
        """A column as MAX, MEDIAN and COUNT see it: they pass over a blank, which elsewhere is 0."""
        blank = [self.model.is_blank(*step, key) for key in self.model.keys[step[0]]]
        return np.where(blank, np.nan, self._columns[step])

    def positions(self, own: Step, among: tuple[str, ...]) -> Array:
        """Where the texts of a column stand among others; -1 for those that do not."""
        if (own, among) not in self._positions:
            found = pd.Index(among).get_indexer(pd.Index(self._columns[own], dtype=object))
            self._positions[own, among] = found
        return self._positions[own, among]
