"""The model's formulas over other inputs than the YAML's: arrays of any length, and only what depends on them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from threegates.engine.evaluate import Results
from threegates.formula import grammar
from threegates.formula.nodes import Call, Literal, Node
from threegates.formula.readers import Address
from threegates.formula.references import Reference

Array = Any  # a float, or a NumPy array of floats


Values = dict[Any, Array]  # by address; of whole columns, by what is asked of which cells
Compiled = Callable[[Values], Array]


class Plan:
    """Which results move when some inputs do, and in which order they are computed.

    ``moved`` are the addresses of inputs, ``wanted`` those of results; both are (table, field, key).
    """

    def __init__(self, results: Results, moved: Iterable[Address], wanted: Iterable[Address]) -> None:
        self.model = results.model
        self.value = results.value  # of what does not move
        self.picked = self.model.picked
        self.wanted = tuple(wanted)
        self.read: set[Address] = set()  # all that a wanted result rests on
        self.steps: list[tuple[Address, Compiled]] = []
        self._moves: dict[Address, bool] = dict.fromkeys(moved, True)
        for address in self.wanted:
            self._visit(address)

    def run(self, given: Mapping[Address, Array]) -> Values:
        """The wanted results for the given inputs; what does not move keeps its value."""
        values = dict(given)
        with np.errstate(all="ignore"):
            for address, compute in self.steps:
                values[address] = compute(values)
        return {address: values[address] if address in values else self.value(*address) for address in self.wanted}

    def cells(self, address: Address) -> list[Address]:
        """What the formula of an address reads."""
        node = self.model.formula(*address)
        leaves = grammar.references(node) if node is not None else ()
        return [cell for leaf in leaves for cell in leaf.cells(self, address[2])]

    def _visit(self, address: Address) -> bool:
        """Whether the address moves; notes how it is computed, after what it reads."""
        self.read.add(address)
        known = self._moves.get(address)
        if known is not None:
            return known
        self._moves[address] = False
        node = self.model.formula(*address)
        if node is not None:
            moves = max([self._visit(cell) for cell in self.cells(address)], default=False)  # each must be visited
            compute = self._compile(node, address[2]) if moves else math.nan
            if callable(compute):  # a branch that is never taken moves nothing
                self._moves[address] = True
                self.steps.append((address, compute))
        return self._moves[address]

    def _compile(self, node: Node, key: str) -> Compiled | float:
        """The formula of ``key`` as a function of the values that move, or the number that it stays."""
        if isinstance(node, Literal):
            return float(node.value)
        if isinstance(node, Reference):
            return self._reference(node, key)
        assert isinstance(node, Call)
        function = grammar.FUNCTIONS[node.function].number
        args = [self._compile(arg, key) for arg in node.args]
        if node.function == "where" and not callable(args[0]):
            return args[1] if args[0] else args[2]
        if not any(map(callable, args)):
            return float(function(*args))
        getters = [arg if callable(arg) else partial(_constant, arg) for arg in args]
        if grammar.FUNCTIONS[node.function].many:
            return self._once(node, key, lambda values: function(*[get(values) for get in getters]))
        return lambda values: function(*[get(values) for get in getters])

    def _once(self, node: Call, key: str, compute: Compiled) -> Compiled:
        """What is asked of a whole column, computed once for all records that ask it."""
        cells = (node.function, *(leaf.cells(self, key) for leaf in grammar.references(node)))

        def found(values: Values) -> Array:
            if cells not in values:
                values[cells] = compute(values)
            return values[cells]

        return found

    def _reference(self, leaf: Reference, key: str) -> Compiled | float:
        cells = leaf.cells(self, key)
        moves = [cell for cell in cells if self._moves[cell]]
        if leaf.many:
            still = [self._known(cell) for cell in cells if not self._moves[cell]]
            return lambda values: _column([*(values[cell] for cell in moves), *still])
        if not cells:
            return math.nan
        return operator.itemgetter(cells[0]) if moves else float(self.value(*cells[0]))

    def keys(self, table: str) -> tuple[str, ...]:
        return self.model.keys[table]

    def _known(self, address: Address) -> float:
        """A number of a column: functions over columns pass over a blank."""
        return math.nan if self.model.is_blank(*address) else float(self.value(*address))


def _column(cells: list[Array]) -> Array:
    """The cells along the last axis; in memory each lies whole, since they are read one after the other."""
    return np.moveaxis(np.stack(np.broadcast_arrays(*cells)), 0, -1)


def _constant(value: float, _: Values) -> float:
    return value
