"""The grammar: what it refuses, and its three readings of each row of the table."""

from __future__ import annotations

import functools
import io
import itertools
import math
import re
from typing import Any

import formualizer
import ironcalc
import numpy as np
import pytest
from openpyxl import Workbook

from threegates.formula import grammar, units
from threegates.formula.grammar import FUNCTIONS
from threegates.formula.nodes import Call, Name
from threegates.workbook.package import read_values

POINTS = (-1.5, -1.0, 0.0, 0.5, 2.5, 1e25)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2 * a", "found the constant 2; allowed: only 0 and 1; give every other constant a name"),
        ("1.0 + a", "found the constant 1.0; allowed: only 0 and 1; give every other constant a name"),
        ("a < b < c", "found a chained comparison; allowed: one comparison at a time"),
        ("a == b", "found a comparison; allowed: only <, <=, > and >=; for equality use abs(a - b) < tolerance"),
        (
            "eval(a)",
            "found the function eval; allowed: only where, known, min, max, abs, sqrt, log, exp, choose, largest, smallest, median, count",
        ),
        ("max(a)", "found max with 1 arguments; allowed: 2 to 9"),
        ("abs(a, b)", "found abs with 2 arguments; allowed: exactly 1"),
        ("smallest()", "found smallest with 0 arguments; allowed: 1 to 9"),
        ("median()", "found median with 0 arguments; allowed: 1 to 9"),
        ("", "found '', which is not an expression"),
        ("a b", "found 'a b', which is not an expression"),
        ("a" * 2000, "found a formula of 2000 characters; allowed: at most 300"),
    ],
)
def test_what_the_grammar_refuses_it_refuses_in_words(text: str, words: str) -> None:
    with pytest.raises(grammar.GrammarProblem) as caught:
        grammar.parse(text)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c",
        "__import__('os')",
        "[1]",
        "lambda: 1",
        "a if b else c",
        "True",
        "'x'",
        "a @ b",
        "a // b",
        "+a",
        "f'{a}'",
        "(" * 300 + "a" + ")" * 300,
    ],
)
def test_nothing_outside_the_grammar_is_let_in(text: str) -> None:
    with pytest.raises(grammar.GrammarProblem):
        grammar.parse(text)


@pytest.mark.parametrize(
    ("text", "excel"),
    [
        ("-a**2", "=(-(A^2))"),
        ("(-a)**2", "=((-A)^2)"),
        ("a**b**c", "=(A^(B^C))"),
        ("a - (b + c)", "=A-(B+C)"),
        ("a / (b * c)", "=A/(B*C)"),
        ("a * b / c", "=A*B/C"),
        ("(a < b) * c", "=(A<B)*C"),
        ("a < b", "=--(A<B)"),
        ("known(a)", "=--ISNUMBER(A)"),
        ("where(a > 0, b, c + 1)", "=IF((A>0),B,C+1)"),
        ("max(0, a - b) / c", "=MAX(0,A-B)/C"),
    ],
)
def test_excel_text_keeps_the_meaning_with_no_more_brackets_than_it_needs(text: str, excel: str) -> None:
    tree = grammar.parse(text.replace("**2", "**d"))
    letters = {"a": "A", "b": "B", "c": "C", "d": "2"}
    assert grammar.excel(tree, lambda leaf: letters[leaf.id]) == excel


def cases() -> list[tuple[str, tuple[float, ...], tuple[str, ...]]]:
    """Every row of the table at every combination of the points: its name, the values, and the cells of each argument.

    A column holds also what is not known, and a blank; it may have a gap, or be two. So may a power, since 1 to any is 1.
    """
    found = []
    for name, row in FUNCTIONS.items():
        points = (*POINTS, math.nan) if row.many or name in ("known", "**") else POINTS
        for values in itertools.product(points, repeat=3 if row.many else min(row.arity[0], 3)):
            shapes = [("B:E",), ("B:B,C:E",), ("B:B", "C:E")] if row.many else [tuple("BCD"[: len(values)])]
            found += [(name, values, shape) for shape in shapes if len(shape) <= row.arity[1]]
    return found


def given(values: tuple[float, ...], cells: str) -> Any:
    """The number in a cell, or the column of numbers in ranges of cells."""
    if ":" not in cells:
        return np.float64(values["BCD".index(cells)])
    whole = (*values, math.nan)
    parts = [whole["BCDE".index(part[0]) : "BCDE".index(part[-1]) + 1] for part in cells.split(",")]
    return np.array([number for part in parts for number in part])


def test_every_row_of_the_table_means_the_same_in_two_spreadsheet_engines_and_in_numpy(tmp_path) -> None:
    """Excel's own traps (-x^2, brackets of comparisons, division by zero) would show here."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "S"
    trees = []
    for row, (name, values, shape) in enumerate(cases(), start=1):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column, "—" if math.isnan(value) else value)
        tree = Call(name, tuple(map(Name, shape)))
        in_row = functools.partial(re.sub, "([A-Z])", rf"\g<1>{row}")
        sheet.cell(row, 1, grammar.excel(tree, lambda leaf, in_row=in_row: in_row(leaf.id)))
        trees.append(tree)
    stream = io.BytesIO()
    workbook.save(stream)
    path = tmp_path / "table.xlsx"
    path.write_bytes(stream.getvalue())
    first = read_values(formualizer.recalculate_xlsx_bytes(stream.getvalue())["bytes"])["S"]
    second = ironcalc.load_from_xlsx(str(path))
    second.evaluate()
    for row, ((name, values, shape), tree) in enumerate(zip(cases(), trees, strict=True), start=1):
        with np.errstate(all="ignore"):
            ours = float(grammar.number(tree, lambda leaf, values=values: given(values, leaf.id)))
        if (name, values) == ("**", (0.0, 0.0)):
            first[row, 1] = None  # formualizer says 1; Excel and IronCalc say #NUM!, and so do we: a build would stop
        for engine, theirs in (("formualizer", first[row, 1]), ("IronCalc", second.get_cell_value(0, row, 1))):
            shown = f"{name}{values} as {shape} in {engine}: {theirs!r}, in NumPy {ours!r}"
            if math.isnan(ours) or math.isinf(ours):
                assert not isinstance(theirs, float), shown
            else:
                assert theirs == pytest.approx(ours, rel=1e-12), shown


UNITS = {"power": "W", "gigawatts": "GW", "time": "s", "cards": "card", "share": "1"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("power * time", "J"),
        ("power / cards", "W/card"),
        ("share * cards + cards", "card"),
        ("max(0, power)", "W"),
        ("where(share > 0, power, unknown)", "W"),
        ("power < power", "1"),
        ("sqrt(time * time)", "s"),
        ("share ** share", "1"),
        ("log(power / power)", "1"),
    ],
)
def test_units_follow_the_arithmetic(text: str, unit: str) -> None:
    computed = grammar.unit(grammar.parse(text), lambda leaf: units.parse(UNITS[leaf.id]))
    assert units.equal(computed, units.parse(unit))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("power + gigawatts", "W and GW do not mix"),
        ("power + time", "W and s do not mix"),
        ("max(power, cards)", "W and card do not mix"),
        ("power < 1", "W and 1 do not mix"),
        ("log(power)", "1 and W do not mix"),
        ("where(power, share, share)", "1 and W do not mix"),
        ("where(share > 0, power, time)", "W and s do not mix"),
        ("power ** share", "1 and W do not mix"),
    ],
)
def test_units_that_do_not_mix_are_refused(text: str, words: str) -> None:
    with pytest.raises(units.UnitProblem) as caught:
        grammar.unit(grammar.parse(text), lambda leaf: units.parse(UNITS[leaf.id]))
    assert str(caught.value) == words
