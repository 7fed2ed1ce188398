"""Model → numbers: the same expressions over NumPy arrays, as a second opinion on what the workbook computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from threegates.definition.declare import Field
from threegates.engine.model import Model
from threegates.engine.resolve import Step
from threegates.formula import grammar
from threegates.formula.nodes import (
    Best,
    Cell,
    Chosen,
    Heading,
    Linked,
    Moved,
    Node,
    Others,
    Own,
    Picked,
    Rank,
    Ranked,
    Same,
    Whole,
)
from threegates.inputs.assumptions import SCENARIOS

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
    return float((value - DAY_ZERO).days) if field.kind == "date" else value


class _Solver:
    """``columns`` grow field by field."""

    def __init__(self, model: Model, columns: Columns) -> None:
        self.model = model
        self.columns = columns
        self.positions: dict[Step, np.ndarray[Any, Any]] = {}

    def solve(self, step: Step) -> None:
        if self.model.fields[step].is_input:
            return
        keys = self.model.keys[step[0]]
        if not keys:
            self.columns[step] = np.empty(0)
            return
        with np.errstate(all="ignore"):
            kind = float if self.model.fields[step].is_number else object
            if step in self.model.formulas:
                values = grammar.number(self.model.formulas[step], self._value)
                self.columns[step] = np.broadcast_to(np.asarray(values, dtype=kind), (len(keys),))
            else:
                column = self.columns[step] = np.full(len(keys), np.nan)
                for i, key in enumerate(keys):  # one by one: a two-way table reads its own first row
                    cell = np.asarray(grammar.number(self.model.formulas[*step, key], self._value))
                    column[i] = cell[i] if cell.ndim else cell

    def _value(self, leaf: Node) -> Any:
        match leaf:
            case Own(table=table, field=field):
                return self.columns[table, field]
            case Cell(table=table, field=field, key=key):
                return self.columns[table, field][self.model.keys[table].index(key)]
            case Picked(field=field):
                return self.columns[SCENARIOS, field][self.model.keys[SCENARIOS].index(self.model.picked)]
            case Whole(table=table, field=field):
                return self._known(table, field)
            case Others(table=table, field=field):
                values = self._known(table, field)
                return np.array([np.delete(values, position) for position in range(len(values))])
            case Same(own=own, table=table, field=field):
                position = pd.Index(self.model.keys[table]).get_indexer(pd.Index(self.model.keys[own]))
                return self._take(self.columns[table, field], position)
            case Linked(via=via, table=table, field=field):
                return self._take(self.columns[table, field], self._position(via, self.model.keys[table]))
            case Chosen(via=via, table=table, choice=choice, options=options):
                grid = np.array([self.columns[table, option] for option in options])
                rows, found = self._position(choice, options), self._position(via, self.model.keys[table])
                return np.where((rows < 0) | (found < 0), np.nan, grid[rows, found])
        return self._placed(leaf)

    def _placed(self, leaf: Node) -> Any:
        """The references that only derived tables make."""
        keys = self.model.keys
        match leaf:
            case Heading(column=column, table=table, field=field):
                return self.columns[table, field][keys[table].index(column)]
            case Moved(table=table, field=field):
                return np.array([1.0 if key == field else 0.0 for key in keys[table]])
            case Best(table=table, key=key, options=options, among=among, choice=choice):
                return self.columns[table, options[among.index(self._value(choice))]][keys[table].index(key)]
            case Rank(table=table, field=field):
                return 1.0 + np.argsort(np.argsort(-self.columns[table, field], kind="stable"))
            case Ranked(table=table, rank=rank, field=field):
                values = self.columns[table, field] if field else np.array(keys[table], dtype=object)
                return values[np.argsort(self.columns[table, rank])]
        raise AssertionError(leaf)

    def _known(self, table: str, field: str) -> np.ndarray[Any, Any]:
        """A column as MAX, MEDIAN and COUNT see it: they pass over a blank, which elsewhere is 0."""
        blank = [self.model.is_blank(table, field, key) for key in self.model.keys[table]]
        return np.where(blank, np.nan, self.columns[table, field])

    def _take(self, values: np.ndarray[Any, Any], position: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.where(position < 0, np.nan, values[position])

    def _position(self, own: Own, among: tuple[str, ...]) -> np.ndarray[Any, Any]:
        step = (own.table, own.field)
        if step not in self.positions:
            self.positions[step] = pd.Index(among).get_indexer(pd.Index(self.columns[step], dtype=object))
        return self.positions[step]
