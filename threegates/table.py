"""Model → numbers: the same expressions over NumPy arrays, as a second opinion on what the workbook computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from threegates import expressions
from threegates.assumptions import SCENARIOS
from threegates.expressions import Cell, Chosen, Linked, Node, Own
from threegates.joining import Step
from threegates.model import Model

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

    def frame(self, table: str = SCENARIOS, sheet: str | None = None) -> pd.DataFrame:
        """The computed numbers: rows = ids of the equations, columns = keys; in the units that the equations declare."""
        fields = [f.id for f in self.model.fields_of(table, sheet) if not f.is_input]
        rows = np.array([self.columns[table, field] for field in fields], dtype=float)
        return pd.DataFrame(rows.reshape(len(fields), -1), index=fields, columns=list(self.model.keys[table]))


def evaluate(model: Model) -> Results:
    """All numbers of the model, table by table in the order of their dependence."""
    columns = _inputs(model)
    solver = _Solver(model, columns, columns)
    for step in model.order:
        solver.solve(step)
    return Results(model, columns)


def sweep(model: Model, base: Results, inputs: Mapping[str, np.ndarray[Any, Any]]) -> Columns:
    """The scenario equations over arrays of equal length n, one array an input; returns (table, id) → array of n.

    Inputs that are not given keep the anchor's value. The anchor, the constants and the chips stay those of ``base``.
    """
    length = len(next(iter(inputs.values())))
    anchor = model.keys[SCENARIOS].index(model.anchor)
    columns: Columns = {step: values for step, values in base.columns.items() if step[0] != SCENARIOS}
    for field in model.fields_of(SCENARIOS):
        if field.is_input:
            given = inputs.get(field.id)
            columns[SCENARIOS, field.id] = (
                np.full(length, base.columns[SCENARIOS, field.id][anchor]) if given is None else given
            )
    solver = _Solver(model, columns, base.columns)
    for step in model.order:
        if step[0] == SCENARIOS:
            solver.solve(step)
    return columns


def _inputs(model: Model) -> Columns:
    """The inputs as arrays; a blank number is 0, as Excel reads it."""
    columns: Columns = {}
    for step, field in model.fields.items():
        if field.is_input:
            blank = 0.0 if field.kind == "number" else None
            data = (model.data.get((*step, key)) for key in model.keys[field.table])
            values = [blank if datum is None else datum.value for datum in data]
            columns[step] = np.array(values, dtype=float if field.kind == "number" else object)
    return columns


class _Solver:
    """``columns`` grow field by field; a reference to one fixed cell is read from ``fixed``."""

    def __init__(self, model: Model, columns: Columns, fixed: Mapping[Step, np.ndarray[Any, Any]]) -> None:
        self.model = model
        self.columns = columns
        self.fixed = fixed
        self.positions: dict[Step, np.ndarray[Any, Any]] = {}

    def solve(self, step: Step) -> None:
        if self.model.fields[step].is_input:
            return
        keys = self.model.keys[step[0]]
        with np.errstate(all="ignore"):
            if step in self.model.formulas:
                values = expressions.number(self.model.formulas[step], self._value)
                length = len(next(c for (table, _), c in self.columns.items() if table == step[0]))
                self.columns[step] = np.broadcast_to(np.asarray(values, dtype=float), (length,))
            else:
                cells = [self.model.formulas[*step, key] for key in keys]
                self.columns[step] = np.array([float(expressions.number(node, self._value)) for node in cells])

    def _value(self, leaf: Node) -> Any:
        match leaf:
            case Own(table=table, field=field):
                return self.columns[table, field]
            case Cell(table=table, field=field, key=key):
                return self.fixed[table, field][self.model.keys[table].index(key)]
            case Linked(via=via, table=table, field=field):
                return self._take(self.columns[table, field], self._position(via, self.model.keys[table]))
            case Chosen(via=via, table=table, choice=choice, options=options):
                grid = np.array([self.columns[table, option] for option in options])
                rows, found = self._position(choice, options), self._position(via, self.model.keys[table])
                return np.where((rows < 0) | (found < 0), np.nan, grid[rows, found])
        raise AssertionError(leaf)

    def _take(self, values: np.ndarray[Any, Any], position: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.where(position < 0, np.nan, values[position])

    def _position(self, own: Own, among: tuple[str, ...]) -> np.ndarray[Any, Any]:
        step = (own.table, own.field)
        if step not in self.positions:
            self.positions[step] = pd.Index(among).get_indexer(pd.Index(self.columns[step], dtype=object))
        return self.positions[step]
