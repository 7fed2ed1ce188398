"""A small closed grammar over Python's ``ast``, and one table that gives each function its three readings.

``parse`` turns text into a tree of Literal, Name, Member, Item and Call; :mod:`threegates.model` replaces the names
by references to cells; ``excel``, ``number`` and ``unit`` read the same tree for the workbook, for NumPy and for pint.
Text from the YAML is parsed, never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pint

from threegates.formula import units
from threegates.formula.nodes import Call, Item, Literal, Member, Name, Node, Unknown

Array = Any  # a float, or a NumPy array of floats; NaN is "no number", as an error or "—" is in Excel


class GrammarProblem(Exception):
    """A formula that the grammar refuses; the words say what was found and what is allowed."""


class AnyUnit:
    """The unit of 0 and of 'not known': fits every other."""


ANY = AnyUnit()
Dimension = pint.Unit | AnyUnit


@dataclass(frozen=True)
class Function:
    """One row of the table: how a function or operator reads in Excel, over arrays and over units.

    ``excel`` is a format string; ``binds`` says how tightly it holds its arguments, so that brackets stand where
    Excel needs them (10: a function or bracketed whole; 2: product; 1: sum). ``many`` makes one number of a column.
    """

    excel: str
    number: Callable[..., Array]
    unit: Callable[..., Dimension]
    arity: tuple[int, int] = (1, 1)
    binds: int = 10
    truth: bool = False
    many: bool = False


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


def _over_known(reduce: Callable[..., Array], nothing: float = np.nan) -> Callable[..., Array]:
    """``reduce`` over the known values along the last axis, as MAX and MEDIAN pass over texts and blanks."""

    def over(*columns: Array) -> Array:
        lead = np.broadcast_shapes(*(column.shape[:-1] for column in columns))
        values = np.concatenate([np.broadcast_to(c, (*lead, c.shape[-1])) for c in columns], axis=-1)
        if not values.shape[-1]:
            return np.full(lead, nothing)
        none = np.isnan(values).all(axis=-1)
        return np.where(none, nothing, reduce(np.where(none[..., None], 0.0, values), axis=-1))

    return over


def _choose(code: Array, *branches: Array) -> Array:
    """The branch that the code 0, 1, 2 … names; NaN for none."""
    whole = np.floor(code)
    return np.select([np.equal(whole, position) for position in range(len(branches))], branches, np.nan)


def _power(a: Array, b: Array) -> Array:
    return np.where((a == 0) & (b == 0), np.nan, np.float_power(a, b))  # 0^0 is an error in Excel


def _compare(function: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda a, b: np.where(function(a, b), 1.0, 0.0)


def _extreme(function: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def reduce(*args: Array) -> Array:
        result = args[0]
        for arg in args[1:]:
            result = function(result, arg)
        return result

    return reduce


# -A1^2 is 4 in Excel for A1 = 2, and 2^3^2 is 64: powers, comparisons and signs carry their own brackets.
FUNCTIONS: dict[str, Function] = {
    "+": Function("{}+{}", np.add, _same, (2, 2), 1),
    "-": Function("{}-{}", np.subtract, _same, (2, 2), 1),
    "*": Function("{}*{}", np.multiply, _times, (2, 2), 2),
    "/": Function("{}/{}", _divide, _over, (2, 2), 2),
    "**": Function("({}^{})", _power, _pure, (2, 2)),
    "negative": Function("(-{})", np.negative, _kept),
    "<": Function("({}<{})", _compare(np.less), _truth_of_same, (2, 2), truth=True),
    "<=": Function("({}<={})", _compare(np.less_equal), _truth_of_same, (2, 2), truth=True),
    ">": Function("({}>{})", _compare(np.greater), _truth_of_same, (2, 2), truth=True),
    ">=": Function("({}>={})", _compare(np.greater_equal), _truth_of_same, (2, 2), truth=True),
    "where": Function("IF({},{},{})", lambda c, a, b: np.where(c != 0, a, b), _chosen, (3, 3)),
    "known": Function("ISNUMBER({})", lambda a: 1.0 - np.isnan(a), _truth_of_same, truth=True),
    "min": Function("MIN({})", _extreme(np.minimum), _same, (2, 9)),
    "max": Function("MAX({})", _extreme(np.maximum), _same, (2, 9)),
    "abs": Function("ABS({})", np.abs, _kept),
    "sqrt": Function("SQRT({})", np.sqrt, _root),
    "log": Function("LN({})", _log, _pure),
    "exp": Function("EXP({})", np.exp, _pure),
    "choose": Function("CHOOSE(1+{})", _choose, _chosen, (3, 9)),
    "largest": Function("MAX({})", _over_known(np.nanmax, 0.0), _kept, many=True),
    "median": Function("MEDIAN({})", _over_known(np.nanmedian), _same, (1, 9), many=True),
    "count": Function("COUNT({})", lambda a: np.count_nonzero(~np.isnan(a), axis=-1), _truth_of_same, many=True),
}

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.USub: "negative",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
CALLABLE = tuple(name for name in FUNCTIONS if name.isidentifier() and name != "negative")
UNKNOWN_NAME = "unknown"
LONGEST_FORMULA, DEEPEST_TREE = 300, 20  # a formula in Excel must stay one that a person reads


def parse(text: str) -> Node:
    """The tree of ``text``. Raises GrammarProblem for anything outside the grammar."""
    if len(text) > LONGEST_FORMULA:
        _refuse(f"a formula of {len(text)} characters", f"at most {LONGEST_FORMULA}")
    try:
        tree = _convert(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise GrammarProblem(f"found {text[:60]!r}, which is not an expression") from error
    if (deep := _depth(tree)) > DEEPEST_TREE:
        _refuse(f"an expression {deep} levels deep", f"at most {DEEPEST_TREE}; split it")
    return tree


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, node.args)) if isinstance(node, Call) else 1


def _convert(node: ast.AST) -> Node:
    match node:
        case ast.Constant(value=value) if type(value) is int and value in (0, 1):
            return Literal(value)
        case ast.Constant(value=value):
            _refuse(f"the constant {value!r}", "only 0 and 1; give every other constant a name")
        case ast.Name(id=name):
            return Unknown() if name == UNKNOWN_NAME else Name(name)
        case ast.Attribute(value=ast.Name(id=base), attr=name):
            return Member(base, name)
        case ast.Subscript(value=ast.Name(id=base), slice=ast.Name(id=key)):
            return Item(base, key)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return Call(OPERATORS[type(op)], (_convert(left), _convert(right)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Call("negative", (_convert(operand),))
        case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in OPERATORS:
            return Call(OPERATORS[type(op)], (_convert(left), _convert(right)))
        case ast.Compare(ops=[_, _, *_]):
            _refuse("a chained comparison", "one comparison at a time")
        case ast.Compare():
            _refuse("a comparison", "only <, <=, > and >=; for equality use abs(a - b) < tolerance")
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _convert_call(name, args)
    allowed = "names, 0, 1, + - * / **, comparisons and " + ", ".join(CALLABLE)
    raise GrammarProblem(f"found a {type(node).__name__.lower()}; allowed: {allowed}")


def _convert_call(name: str, args: list[ast.expr]) -> Node:
    if name not in CALLABLE:
        _refuse(f"the function {name}", "only " + ", ".join(CALLABLE))
    low, high = FUNCTIONS[name].arity
    if not low <= len(args) <= high:
        _refuse(f"{name} with {len(args)} arguments", f"{low} to {high}" if high > low else f"exactly {low}")
    return Call(name, tuple(_convert(arg) for arg in args))


def _refuse(found: str, allowed: str) -> NoReturn:
    raise GrammarProblem(f"found {found}; allowed: {allowed}")


def transform(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every leaf replaced by what ``change`` makes of it."""
    if isinstance(node, Call):
        return Call(node.function, tuple(transform(arg, change) for arg in node.args))
    return change(node)


def leaves(node: Node) -> Iterator[Node]:
    """The names and references of the tree, left to right, without literals."""
    if isinstance(node, Call):
        for arg in node.args:
            yield from leaves(arg)
    elif not isinstance(node, Literal):
        yield node


def excel(node: Node, address: Callable[[Node], str]) -> str:
    """The Excel formula, with its equals sign; ``address`` gives the text of a reference."""
    text, _ = _excel(node, address)
    truth = isinstance(node, Call) and FUNCTIONS[node.function].truth
    return f"=--{text}" if truth else f"={text}"


def _excel(node: Node, address: Callable[[Node], str]) -> tuple[str, int]:
    if isinstance(node, Literal):
        return str(node.value), 10
    if not isinstance(node, Call):
        return address(node), 10
    row = FUNCTIONS[node.function]
    parts = []
    for position, arg in enumerate(node.args):
        text, binds = _excel(arg, address)
        # a-(b+c) and a/(b*c) need the bracket on the right; a function's arguments never do
        kept = row.truth or node.function in ("min", "max") or (node.function in ("where", "choose") and position > 0)
        if kept and isinstance(arg, Call) and FUNCTIONS[arg.function].truth and node.function != "known":
            text = f"--{text}"  # Excel ranks TRUE above every number, and an IF would show it
        loose = binds < row.binds or (position > 0 and binds == row.binds)
        parts.append(f"({text})" if loose and not _encloses(row) and binds < 10 else text)
    if row.arity[1] > row.arity[0]:
        return row.excel.format(",".join(parts)), row.binds
    return row.excel.format(*parts), row.binds


def _encloses(row: Function) -> bool:
    return row.excel[0].isalpha()


def number(node: Node, value: Callable[[Node], Array]) -> Array:
    """The value over floats or NumPy arrays; ``value`` gives the numbers behind a reference.

    What Excel answers with an error (a division by zero, a logarithm of nothing) is NaN here.
    """
    if isinstance(node, Literal):
        return float(node.value)
    if isinstance(node, Unknown):
        return np.nan
    if isinstance(node, Call):
        return FUNCTIONS[node.function].number(*(number(arg, value) for arg in node.args))
    return value(node)


def unit(node: Node, unit_of: Callable[[Node], Dimension]) -> Dimension:
    """The unit of the value; ``unit_of`` gives the unit of a reference.

    Raises UnitProblem where units do not mix; 0 and ``unknown`` fit any unit.
    """
    if isinstance(node, Literal):
        return units.parse("1") if node.value else ANY
    if isinstance(node, Unknown):
        return ANY
    if isinstance(node, Call):
        return FUNCTIONS[node.function].unit(*(unit(arg, unit_of) for arg in node.args))
    return unit_of(node)
