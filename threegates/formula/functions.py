"""One table that gives each function and operator its readings: in Excel, over numbers, over units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pint

from threegates.formula import units

Array = Any  # a float, or a NumPy array of floats; NaN is "no number", as an error or "—" is in Excel


class AnyUnit:
    """The unit of 0 and of 'not known': fits every other."""


ANY = AnyUnit()
Dimension = pint.Unit | AnyUnit


@dataclass(frozen=True)
class Function:
    """One row of the table: how a function or operator reads in Excel, over arrays and over units.

    ``excel`` is a format string; ``binds`` says how tightly it holds its arguments, so that brackets stand where
    Excel needs them (10: a function or bracketed whole; 2: product; 1: sum). ``many`` makes one number of a column.
    A function with ``truth`` gives TRUE or FALSE in Excel; from the argument ``numbers_from`` on, such an argument must
    become a number: Excel ranks TRUE above every number, and an IF would show it.
    """

    excel: str
    number: Callable[..., Array]
    unit: Callable[..., Dimension]
    arity: tuple[int, int] = (1, 1)
    binds: int = 10
    truth: bool = False
    many: bool = False
    numbers_from: int | None = None


def _same(*args: Dimension) -> Dimension:
    known = [arg for arg in args if not isinstance(arg, AnyUnit)]
    for other in known[1:]:
        if not units.equal(known[0], other):
            raise units.UnitProblem(f"{units.spell(known[0])} and {units.spell(other)} do not mix")
    return known[0] if known else ANY


def _pure(*args: Dimension) -> Dimension:
    one = units.parse("1")
    _same(one, *args)
    return one


def _truth_of_same(*args: Dimension) -> Dimension:
    _same(*args)
    return units.parse("1")


def _chosen(condition: Dimension, *branches: Dimension) -> Dimension:
    _pure(condition)
    return _same(*branches)


def _times(a: Dimension, b: Dimension) -> Dimension:
    return ANY if isinstance(a, AnyUnit) or isinstance(b, AnyUnit) else a * b


def _over(a: Dimension, b: Dimension) -> Dimension:
    return ANY if isinstance(a, AnyUnit) or isinstance(b, AnyUnit) else a / b


def _kept(a: Dimension) -> Dimension:
    return a


def _root(a: Dimension) -> Dimension:
    return a if isinstance(a, AnyUnit) else a**0.5  # type: ignore[return-value]  # pint says PlainUnit


def _divide(a: Array, b: Array) -> Array:
    nothing = np.equal(b, 0)
    return np.true_divide(a, np.where(nothing, np.nan, b) if np.any(nothing) else b)


def _log(a: Array) -> Array:
    none = np.less_equal(a, 0)
    return np.log(np.where(none, np.nan, a) if np.any(none) else a)


def _over_known(function: np.ufunc) -> Callable[..., Array]:
    """The least or largest of the known values along the last axis of all columns, as MIN and MAX find it; 0 of none."""

    def over(*columns: Array) -> Array:
        found = reduce(function, [function.reduce(column, axis=-1, dtype=float, initial=np.nan) for column in columns])
        return np.where(np.isnan(found), 0.0, found)

    return over


def _median(*columns: Array) -> Array:
    """The median of the known values along the last axis of all columns; NaN of none."""
    lead = np.broadcast_shapes(*(column.shape[:-1] for column in columns))
    values = np.concatenate([np.broadcast_to(c, (*lead, c.shape[-1])) for c in columns], axis=-1)
    if not values.shape[-1]:
        return np.full(lead, np.nan)
    none = np.isnan(values).all(axis=-1)
    return np.where(none, np.nan, np.nanmedian(np.where(none[..., None], 0.0, values), axis=-1))


def _count(*columns: Array) -> Array:
    """How many values are known along the last axis of all columns."""
    return sum(np.count_nonzero(~np.isnan(column), axis=-1) for column in columns)


def _choose(code: Array, *branches: Array) -> Array:
    """The branch that the code 0, 1, 2 … names; NaN for none."""
    whole = np.floor(code)
    return np.select([np.equal(whole, position) for position in range(len(branches))], branches, np.nan)


def _power(a: Array, b: Array) -> Array:
    nothing = (np.equal(a, 0) & np.equal(b, 0)) | np.isnan(a + b)  # 0^0 is an error in Excel, and so is 1^error
    return np.where(nothing, np.nan, np.float_power(a, b))


def _compare(function: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda a, b: np.where(function(a, b), 1.0, 0.0)


def _extreme(function: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    return lambda *args: reduce(function, args)


# -A1^2 is 4 in Excel for A1 = 2, and 2^3^2 is 64: powers, comparisons and signs carry their own brackets.
FUNCTIONS: dict[str, Function] = {
    "+": Function("{}+{}", np.add, _same, (2, 2), 1),
    "-": Function("{}-{}", np.subtract, _same, (2, 2), 1),
    "*": Function("{}*{}", np.multiply, _times, (2, 2), 2),
    "/": Function("{}/{}", _divide, _over, (2, 2), 2),
    "**": Function("({}^{})", _power, _pure, (2, 2)),
    "negative": Function("(-{})", np.negative, _kept),
    "<": Function("({}<{})", _compare(np.less), _truth_of_same, (2, 2), truth=True, numbers_from=0),
    "<=": Function("({}<={})", _compare(np.less_equal), _truth_of_same, (2, 2), truth=True, numbers_from=0),
    ">": Function("({}>{})", _compare(np.greater), _truth_of_same, (2, 2), truth=True, numbers_from=0),
    ">=": Function("({}>={})", _compare(np.greater_equal), _truth_of_same, (2, 2), truth=True, numbers_from=0),
    "where": Function("IF({},{},{})", lambda c, a, b: np.where(c != 0, a, b), _chosen, (3, 3), numbers_from=1),
    "known": Function("ISNUMBER({})", lambda a: 1.0 - np.isnan(a), _truth_of_same, truth=True),
    "min": Function("MIN({})", _extreme(np.minimum), _same, (2, 9), numbers_from=0),
    "max": Function("MAX({})", _extreme(np.maximum), _same, (2, 9), numbers_from=0),
    "abs": Function("ABS({})", np.abs, _kept),
    "sqrt": Function("SQRT({})", np.sqrt, _root),
    "log": Function("LN({})", _log, _pure),
    "exp": Function("EXP({})", np.exp, _pure),
    "choose": Function("CHOOSE(1+{})", _choose, _chosen, (3, 9), numbers_from=1),
    "largest": Function("MAX({})", _over_known(np.fmax), _same, (1, 9), many=True),
    "smallest": Function("MIN({})", _over_known(np.fmin), _same, (1, 9), many=True),
    "median": Function("MEDIAN({})", _median, _same, (1, 9), many=True),
    "count": Function("COUNT({})", _count, _truth_of_same, (1, 9), many=True),
}
