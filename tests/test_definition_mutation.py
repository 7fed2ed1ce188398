"""A wrong operator or operand in any equation is noticed by a case worked by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from tests.test_definition_equations import CASES, COMPUTED, expected_answer, given_number, name_of
from threegates.formula import grammar
from threegates.formula.nodes import Call, Literal, Node
from threegates.formula.references import Unknown

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
            if name == "choose":
                for i in range(1, len(args) - 1):
                    if args[i] != args[i + 1]:
                        yield Call(name, (*args[:i], args[i + 1], args[i], *args[i + 2 :]))
            if name == "known":
                return  # of what is known, any multiple is
            inside = compared or (grammar.FUNCTIONS[name].truth and name != "known")
            for i, arg in enumerate(args):
                for mutant in mutants(arg, inside):
                    yield Call(name, (*args[:i], mutant, *args[i + 1 :]))
        case Literal(value=value):
            if value or not compared:
                yield Literal(1 - value)
        case Unknown():
            yield Literal(1)
        case _:
            yield Call("negative", (node,)) if compared else Call("+", (node, node))


def noticed(mutant: Node, name: str) -> bool:
    for case in CASES[name]:
        expected = expected_answer(case)
        with np.errstate(over="ignore", invalid="ignore"):  # a power of a mutant may be no number
            answer = float(grammar.number(mutant, lambda leaf, case=case: given_number(case, leaf)))
        same = (math.isnan(answer) and math.isnan(expected)) or math.isclose(
            answer, expected, rel_tol=1e-12, abs_tol=1e-12
        )
        if not same:
            return True
    return False


# Mutants that mean the same: own / reference and own × reference are above 0 together. So are cards / months and
# cards × months (GW, money and "known" alike; a share and the 16-bit peak): neither is above 0 where one is blank.
# delivered_share and what follows it: as above. slip_share: a column counts the same whatever its sign.
# ratio_years: known / (growth > 1) is above 0 where known × (growth > 1) is, since nothing over 0 is above 0.
EQUIVALENT = {
    "cards_years": 1,
    "power_years": 1,
    "money_years": 1,
    "peak_flops": 1,
    "delivered_share": 1,
    "watts_over_card": 2,
    "basis_fits": 1,
    "within_plans": 1,
    "campuses_filled": 1,
    "campus_spans.test_ratio": 1,
    "ratio_within": 2,
    "slip_share": 1,
    "cards_ratio": 1,
    "power_ratio": 1,
    "data_ratio": 1,
    "data_years": 2,
    "money_ratio": 1,
    "shipped_ratio": 1,
    "forecast_ratio": 1,
    "synthetic_share": 1,
    "multiple_or_own": 2,
    "mfu_on_cards": 1,
    "multiple_by_cards": 1,
    "multiple_by_gw": 1,
    "cards_bought": 1,
    "multiple_by_buying": 1,
}


@pytest.mark.parametrize("name", COMPUTED)
def test_a_mutated_equation_is_noticed(name: str, record_property) -> None:
    tried = list(mutants(grammar.parse(COMPUTED[name].formula)))
    survivors = [mutant for mutant in tried if not noticed(mutant, name)]
    shown = [
        grammar.excel(m, lambda leaf: name_of(leaf) if not isinstance(leaf, Unknown) else "unknown") for m in survivors
    ]
    assert len(survivors) <= EQUIVALENT.get(name, 0), shown
    record_property("mutants of equations noticed", len(tried) - len(survivors))
