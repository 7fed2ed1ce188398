"""A wrong operator or operand in any equation is noticed by a case worked by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from tests.test_equations import CASES, COMPUTED, expected_answer, name_of
from threegates import expressions
from threegates.expressions import Call, Literal, Node

OTHER = {
    "+": "-", "-": "+", "*": "/", "/": "*", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "min": "max", "max": "min",
}  # fmt: skip


def mutants(node: Node, compared: bool = False) -> Iterator[Node]:
    """Each tree that differs in one place: another operator, branches swapped, an operand doubled, 0 for 1.

    Inside a comparison an operand changes its sign instead, since a bound need not be exact to be right.
    """
    match node:
        case Call(function=name, args=args):
            if name in OTHER:
                yield Call(OTHER[name], args)
            if name == "where":
                yield Call(name, (args[0], args[2], args[1]))
            if name == "known":
                return  # of what is known, any multiple is
            inside = compared or (expressions.FUNCTIONS[name].truth and name != "known")
            for i, arg in enumerate(args):
                for mutant in mutants(arg, inside):
                    yield Call(name, (*args[:i], mutant, *args[i + 1 :]))
        case Literal(value=value):
            if value or not compared:
                yield Literal(1 - value)
        case expressions.Unknown():
            yield Literal(1)
        case _:
            yield Call("negative", (node,)) if compared else Call("+", (node, node))


def noticed(mutant: Node, name: str) -> bool:
    for case in CASES[name]:
        expected = expected_answer(case)
        answer = float(expressions.number(mutant, lambda leaf, given=case["given"]: given[name_of(leaf)]))
        same = (math.isnan(answer) and math.isnan(expected)) or math.isclose(
            answer, expected, rel_tol=1e-12, abs_tol=1e-12
        )
        if not same:
            return True
    return False


# Mutants that mean the same: own / reference and own × reference are above 0 together.
EQUIVALENT = {"multiple_or_own": 2}


@pytest.mark.parametrize("name", COMPUTED)
def test_a_mutated_equation_is_noticed(name: str, record_property) -> None:
    tried = list(mutants(expressions.parse(COMPUTED[name].formula)))
    survivors = [mutant for mutant in tried if not noticed(mutant, name)]
    shown = [
        expressions.excel(m, lambda leaf: name_of(leaf) if not isinstance(leaf, expressions.Unknown) else "unknown")
        for m in survivors
    ]
    assert len(survivors) <= EQUIVALENT.get(name, 0), shown
    record_property("mutants of equations noticed", len(tried) - len(survivors))
