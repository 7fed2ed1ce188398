"""A small closed grammar over Python's ``ast``.

``parse`` turns text into a tree of Literal, Name, Member, Item and Call; the engine replaces the names by references
(:mod:`threegates.formula.references`). ``excel``, ``number``, ``unit`` and ``plain`` read the same tree for the
workbook, for NumPy, for pint and for people. Text from the YAML is parsed, never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator
from typing import Any, NoReturn

import numpy as np

from threegates.formula import units
from threegates.formula.functions import ANY, Array, Dimension
from threegates.formula.functions import FUNCTIONS as FUNCTIONS
from threegates.formula.nodes import Call, Item, Literal, Member, Name, Node
from threegates.formula.references import Reference, Unknown


class GrammarProblem(Exception):
    """A formula that the grammar refuses; the words say what was found and what is allowed."""


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
KINDS: dict[str, Any] = {name: kind for kind, name in OPERATORS.items()}
CALLABLE = tuple(name for name in FUNCTIONS if name.isidentifier() and name != "negative")
UNKNOWN_NAME = "unknown"
LONGEST_FORMULA, DEEPEST_TREE = 300, 20  # a formula in Excel must stay one that a person reads


def parse(text: str, words: Container[str] = ()) -> Node:
    """The tree of ``text``. Raises GrammarProblem for anything outside the grammar.

    A call of one of ``words`` is read as a name, its arguments included: derived tables bind such names.
    """
    if len(text) > LONGEST_FORMULA:
        _refuse(f"a formula of {len(text)} characters", f"at most {LONGEST_FORMULA}")
    try:
        tree = _convert(ast.parse(text.strip(), mode="eval").body, words)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise GrammarProblem(f"found {text[:60]!r}, which is not an expression") from error
    if (deep := _depth(tree)) > DEEPEST_TREE:
        _refuse(f"an expression {deep} levels deep", f"at most {DEEPEST_TREE}; split it")
    return tree


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, node.args)) if isinstance(node, Call) else 1


def _convert(node: ast.AST, words: Container[str]) -> Node:
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
            return Call(OPERATORS[type(op)], (_convert(left, words), _convert(right, words)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Call("negative", (_convert(operand, words),))
        case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in OPERATORS:
            return Call(OPERATORS[type(op)], (_convert(left, words), _convert(right, words)))
        case ast.Compare(ops=[_, _, *_]):
            _refuse("a chained comparison", "one comparison at a time")
        case ast.Compare():
            _refuse("a comparison", "only <, <=, > and >=; for equality use abs(a - b) < tolerance")
        case ast.Call(func=ast.Name(id=name)) if name in words:
            return Name(ast.unparse(node))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _convert_call(name, args, words)
    allowed = "names, 0, 1, + - * / **, comparisons and " + ", ".join(CALLABLE)
    raise GrammarProblem(f"found a {type(node).__name__.lower()}; allowed: {allowed}")


def _convert_call(name: str, args: list[ast.expr], words: Container[str]) -> Node:
    if name not in CALLABLE:
        _refuse(f"the function {name}", "only " + ", ".join(CALLABLE))
    low, high = FUNCTIONS[name].arity
    if not low <= len(args) <= high:
        _refuse(f"{name} with {len(args)} arguments", f"{low} to {high}" if high > low else f"exactly {low}")
    return Call(name, tuple(_convert(arg, words) for arg in args))


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


def references(node: Node) -> Iterator[Reference]:
    """The references of a resolved tree, left to right."""
    for leaf in leaves(node):
        assert isinstance(leaf, Reference), leaf
        yield leaf


def fold(node: Node) -> Node:
    """The tree without the branches that a literal condition rules out: where(0 > 0, a, b) is b."""
    if not isinstance(node, Call):
        return node
    args = tuple(map(fold, node.args))
    if node.function == "where":
        match args[0]:
            case Literal(value=value):
                return args[1] if value else args[2]
            case Call(function=">", args=(Literal(value=value), Literal(value=0))):
                return args[1] if value > 0 else args[2]
    return Call(node.function, args)


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
        is_truth = isinstance(arg, Call) and FUNCTIONS[arg.function].truth
        if is_truth and row.numbers_from is not None and position >= row.numbers_from:
            text = f"--{text}"
        # a-(b+c) and a/(b*c) need the bracket on the right; a function's arguments never do
        loose = binds < row.binds or (position > 0 and binds == row.binds)
        encloses = row.excel[0].isalpha()
        parts.append(f"({text})" if loose and not encloses and binds < 10 else text)
    if row.arity[1] > row.arity[0]:
        return row.excel.format(",".join(parts)), row.binds
    return row.excel.format(*parts), row.binds


def number(node: Node, value: Callable[[Any], Array]) -> Array:
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


def unit(node: Node, unit_of: Callable[[Any], Dimension]) -> Dimension:
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


def plain(node: Node) -> str:
    """The formula as it is written in a definition; ``parse`` of it gives the same tree."""
    return ast.unparse(_python(node))


def _python(node: Node) -> ast.expr:
    match node:
        case Literal(value=value):
            return ast.Constant(value)
        case Name(id=name):
            return ast.Name(name)
        case Member(base=base, id=name):
            return ast.Attribute(ast.Name(base), name)
        case Item(base=base, key=key):
            return ast.Subscript(ast.Name(base), ast.Name(key))
        case Unknown():
            return ast.Name(UNKNOWN_NAME)
        case Call(function=function, args=args):
            inner = [_python(arg) for arg in args]
            kind = KINDS.get(function)
            if kind is None:
                return ast.Call(ast.Name(function), inner, [])
            if issubclass(kind, ast.operator):
                return ast.BinOp(inner[0], kind(), inner[1])
            if issubclass(kind, ast.unaryop):
                return ast.UnaryOp(kind(), inner[0])
            return ast.Compare(inner[0], [kind()], inner[1:])
    raise AssertionError(node)
