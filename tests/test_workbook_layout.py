"""Addresses: every input and result has one cell and one name, and formulas are the same in every column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from tests.conftest import ASSUMPTIONS, ROOT, load
from threegates.definition.declare import Table
from threegates.engine import names
from threegates.text import Text
from threegates.workbook import layout, placing
from threegates.workbook.formulas import Formulas

LONGEST, DEEPEST = 160, 3
LONGEST_DATE = 200  # of an opening date, an exception to the rule of short formulas, which Checks lists


@pytest.fixture(scope="module", params=["en", "zh"])
def placed(request, default_model) -> layout.Layout:
    return placing.place(default_model, request.param)


def test_every_cell_has_one_place_and_one_name(placed: layout.Layout) -> None:
    homes = dict(placed.homes.items())
    assert len(set(homes.values())) == len(homes)
    assert len({placed.name(*address) for address in homes}) == len(homes)


def test_names_are_a_promise(placed: layout.Layout) -> None:
    """People, programs and other tests find cells by these names."""
    assert placed.name("scenarios", "cards", "gpt6_low") == "cards__gpt6_low"
    assert placed.name("scenarios", "mfu__low", "gpt5_high") == "mfu__low__gpt5_high"
    assert placed.name("constants", "value", "reference_tokens") == "constant__reference_tokens"
    assert placed.name("constants", "value__high", "human_text_stock") == "constant__human_text_stock__high"
    assert placed.name("chips", "fp8", "h100_sxm") == "chips__h100_sxm__fp8"
    assert placed.name("chips", "price__low", "h100_sxm") == "chips__h100_sxm__price__low"
    assert placed.name("claims", "verdict", "gpt5_cards") == "claims__gpt5_cards__verdict"


@pytest.mark.parametrize("path", [ASSUMPTIONS, ROOT / "vintages/2026-11.yaml"], ids=lambda path: path.stem)
def test_an_address_becomes_a_name_and_the_name_the_same_address(path: Path) -> None:
    """Of every cell of both vintages, derived tables included; so no two cells share a name."""
    model = load(path)
    tables = model.tables.values()
    addresses = [(table, field, key) for table, field in model.fields for key in model.keys[table]]
    assert [names.address(model.name(*address), tables) for address in addresses] == addresses
    assert len(addresses) > 6000


def test_what_is_no_name_of_a_cell_has_no_address(default_model) -> None:
    """A word alone, a record without a field; a name is never longer than what can be read back."""
    for name in ("cards", "", "chips__h100_sxm", "gates"):
        assert names.address(name, default_model.tables.values()) is None, name
    assert names.address("constant__x__low", default_model.tables.values()) == ("constants", "value__low", "x")


def test_a_field_that_is_not_the_main_one_of_its_record_is_named_in_full() -> None:
    """Also where its id begins like that of the main one."""
    table = Table("constants", Text("Constant", "常数"), prefix="constant", main="value")
    for field in ("value", "value__low", "value_added", "other__high"):
        name = names.of_address(table, field, "x")
        assert names.address(name, [table]) == ("constants", field, "x")
    assert names.of_address(table, "value_added", "x") == "constants__x__value_added"


def test_a_row_of_scenarios_has_one_formula_moved_from_column_to_column(placed: layout.Layout) -> None:
    keys = placed.model.keys["scenarios"]
    for field in placed.model.fields_of("scenarios"):
        if not field.is_input:
            first = placed.spot("scenarios", field.id, keys[0])
            origin = f"{get_column_letter(first.column)}{first.row}"
            moving = Translator(Formulas(placed).of("scenarios", field.id, keys[0]), origin)
            for key in keys[1:]:
                spot = placed.spot("scenarios", field.id, key)
                here = f"{get_column_letter(spot.column)}{spot.row}"
                assert moving.translate_formula(here) == Formulas(placed).of("scenarios", field.id, key), field.id


def test_formulas_are_short_and_shallow(placed: layout.Layout) -> None:
    for address, _ in placed.homes.items():
        if not placed.model.fields[address[:2]].is_input:
            formula = Formulas(placed).of(*address)
            longest = LONGEST_DATE if address[1].endswith("_opening") else LONGEST
            assert len(formula) <= longest, formula
            assert depth(formula) <= DEEPEST, formula


def depth(formula: str) -> int:
    """How many functions stand within one another."""
    deepest, stack = 0, []
    for token in re.findall(r"[A-Z]+\(|\(|\)", re.sub(r"'[^']*'", "", formula)):
        if token == ")":
            stack.pop()
        else:
            stack.append(len(token) > 1)
            deepest = max(deepest, sum(stack))
    return deepest


def test_formulas_hold_no_constant_but_0_and_1(placed: layout.Layout) -> None:
    for address, _ in placed.homes.items():
        if not placed.model.fields[address[:2]].is_input:
            bare = re.sub(r"'[^']*'!|[A-Za-z]+!|\$?[A-Z]{1,3}\$?\d+", "", Formulas(placed).of(*address))
            assert set(re.findall(r"\d+(?:\.\d+)?", bare)) <= {"0", "1"}, Formulas(placed).of(*address)
            assert '"' not in bare


def test_scenarios_stand_in_the_same_columns_on_every_sheet(placed: layout.Layout) -> None:
    columns = {key: set() for key in placed.model.keys["scenarios"]}
    for block in placed.blocks:
        if block.table.id == "scenarios":
            for i, key in enumerate(block.keys):
                columns[key].add(block.spot(0, i).column)
    assert all(len(found) == 1 for found in columns.values())


def test_blocks_do_not_overlap(placed: layout.Layout) -> None:
    taken: set[tuple[str, int]] = set()
    for block in placed.blocks:
        rows = {(block.sheet, row) for row in range(block.heading, block.end + 1)}
        assert not rows & taken
        taken |= rows
