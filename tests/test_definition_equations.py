"""Each equation against cases worked by hand, and what every record of the model must say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from threegates.definition import MODEL
from threegates.definition.declare import Field
from threegates.formula import grammar, units
from threegates.formula.nodes import Item, Member, Name, Node
from threegates.formula.references import Unknown
from threegates.workbook.styles import FORMATS, SPOKEN

CASES = YAML(typ="safe").load(Path(__file__).with_name("cases.yaml"))


def formulas() -> dict[str, Field]:
    """What is computed, by its id; by table and id where one id has several formulas."""
    found: dict[str, dict[str, Field]] = {}
    for field in MODEL.equations:
        if field.formula:
            found.setdefault(field.id, {}).setdefault(field.formula, field)
    return {
        name if len(same) == 1 else f"{field.table}.{name}": field
        for name, same in found.items()
        for field in same.values()
    }


COMPUTED = formulas()


def name_of(leaf: Node) -> str:
    match leaf:
        case Name(id=name):
            return name
        case Member(base=base, id=name):
            return f"{base}.{name}"
        case Item(base=base, key=key):
            return f"{base}[{key}]"
    raise AssertionError(leaf)


def given_number(case: dict, leaf: Node) -> float | np.ndarray:
    """What the case gives for a name; a list is a column, of which a function makes one number."""
    given = case["given"][name_of(leaf)]
    return np.array(given) if isinstance(given, list) else given


def expected_answer(case: dict) -> float:
    """The arithmetic of a case; nan stands for 'not known' or an error."""
    return float(eval(case["expect"], {"__builtins__": {}, "nan": math.nan}))  # noqa: S307  # our own file


def test_every_equation_has_a_case_and_every_case_an_equation() -> None:
    assert set(CASES) == set(COMPUTED)


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in CASES.items() for case in cases])
def test_equation_gives_the_answer_worked_by_hand(name: str, case: dict) -> None:
    """The expected answer is arithmetic in the case file, not a number that the model printed."""
    expected = expected_answer(case)
    tree = grammar.parse(COMPUTED[name].formula)
    answer = float(grammar.number(tree, lambda leaf: given_number(case, leaf)))
    assert (math.isnan(answer) and math.isnan(expected)) or answer == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert {name_of(leaf) for leaf in grammar.leaves(tree) if not isinstance(leaf, Unknown)} <= set(case["given"])


@pytest.mark.parametrize("field", MODEL.equations, ids=lambda f: f"{f.table}.{f.id}")
def test_every_record_names_itself_in_both_languages_and_has_unit_place_and_format(field: Field) -> None:
    assert field.label.en
    assert field.label.zh
    assert field.sheet in {sheet.id for sheet in MODEL.sheets}
    assert field.format in FORMATS.keys() | SPOKEN.keys()
    assert field.unit == "@unit" or not field.unit or units.parse(field.unit)
    if field.formula:
        assert field.unit
        assert field.why.en
        assert field.why.zh
        assert field.source


def test_ids_are_used_once_in_a_table() -> None:
    ids = [(field.table, field.id) for field in MODEL.equations]
    assert len(ids) == len(set(ids))


def test_a_result_that_stands_in_several_tables_has_cases_for_each_of_its_formulas() -> None:
    """Cases of one formula are worked for one table, and so hold for all that have it."""
    covered = {(field.id, field.formula) for field in COMPUTED.values()}
    assert {(field.id, field.formula) for field in MODEL.equations if field.formula} == covered


def test_sources_of_equations_are_records_of_the_assumptions(default_model) -> None:
    known = {*default_model.assumptions.sources, "definition", "judgement"}
    assert {field.source for field in COMPUTED.values()} <= known
