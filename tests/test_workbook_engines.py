"""A second engine on the whole workbook, and the double entry that a build makes itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import IronCalc, differences, disagreements, formula_count
from threegates.problems import InternalError
from threegates.workbook import double_entry, layout

Edition = tuple[layout.Layout, double_entry.Edition]


def test_ironcalc_agrees_in_every_cell_of_every_sheet(
    edition: Edition, results, tmp_path: Path, record_property
) -> None:
    placed, entry = edition
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(entry.package)
    engine = IronCalc(path, placed)
    assert differences(entry.values, engine.values(entry.values)) == []
    assert disagreements(placed, results, engine.value) == []
    record_property("formulas equal in formualizer and IronCalc", formula_count(entry.package))


def test_the_double_entry_stops_at_a_difference_and_names_cell_and_values(english: Edition, results) -> None:
    placed, entry = english
    spot = placed.spot("scenarios", "cards", "gpt6_low")
    values = {name: dict(cells) for name, cells in entry.values.items()}
    cells = values[placed.sheet_name("cards")]
    cells[spot.row, spot.column] *= 1 + 1e-8
    with pytest.raises(
        InternalError, match=r"Cards!G12 \(cards__gpt6_low\): table 1567601\.502\d+, workbook 1567601\.518\d+"
    ):
        double_entry.compare(placed, results, values)


def test_the_double_entry_lets_rounding_pass(english: Edition, results) -> None:
    placed, entry = english
    spot = placed.spot("scenarios", "cards", "gpt6_low")
    values = {name: dict(cells) for name, cells in entry.values.items()}
    values[placed.sheet_name("cards")][spot.row, spot.column] *= 1 + 1e-12
    assert 0 < double_entry.compare(placed, results, values) < 1e-9


def test_the_double_entry_compares_words_and_signs_too(english: Edition, results) -> None:
    placed, entry = english
    for address, wrong in (
        (("claims", "verdict", "gpt5_cards"), "off"),
        (("scenarios", "hardware_cost", "gpt6_low_plus2"), 0.0),
    ):
        spot = placed.spot(*address)
        values = {name: dict(cells) for name, cells in entry.values.items()}
        values[placed.sheet_name(spot.sheet)][spot.row, spot.column] = wrong
        with pytest.raises(InternalError, match=placed.name(*address)):
            double_entry.compare(placed, results, values)
