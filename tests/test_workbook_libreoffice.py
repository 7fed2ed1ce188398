"""LibreOffice as a third engine and as a reader's program: it is started once, with every workbook of these tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import Once, load
from tests.engines import differences, disagreements, formula_count, libreoffice, planted, reader
from tests.returning import typed
from tests.test_returned_pull import found_in
from tests.test_returned_sorted import turned
from tests.test_workbook_parity import TEXT_EDITS, Edits, edits, with_edits
from threegates import lint
from threegates.engine import evaluate
from threegates.returned import changes, compare, read_workbook
from threegates.workbook import double_entry, layout
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.package import read_values

pytestmark = pytest.mark.libreoffice
Edition = tuple[layout.Layout, double_entry.Edition]
ALL_EDITS = {address: value for address, value, _ in TEXT_EDITS}
# what a reader types into the smallest workbook; the fifth must not be cleared, and the seventh is no number
TYPED = {"mfu__gpt5_high": 0.3, "own_params__gpt5_low": 2e12, "chip__gpt5_low": "h800_sxm", "chips__h100_sxm__vendor": "A & B", "constant__reference_tokens": None, "chips__h100_sxm__tdp": None, "months__gpt4": "3,5", "chips__h100_sxm__available": 45000.0}  # fmt: skip


@pytest.fixture(scope="module")
def saved(
    english: Edition, chinese: Edition, small_english: Edition, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """The path of a workbook that LibreOffice has opened, recalculated and saved as .xlsx."""
    folder = tmp_path_factory.mktemp("libreoffice")
    small, entry = small_english

    def all_of_them() -> dict[str, bytes]:
        contents = {
            "english": planted(english[1].package),
            "chinese": planted(chinese[1].package),
            "edited": typed(english[1].package, english[0], by_name(english[0], ALL_EDITS)),
            "recalculated": typed(entry.package, small, {"mfu__gpt5_high": 0.3}),
            "returned": typed(entry.package, small, TYPED),
            "sorted": turned(typed(entry.package, small, {"chips__h100_sxm__tdp": 777.0}), small, "chips", "chips"),
        }
        paths = [folder / f"{name}.xlsx" for name in contents]
        for path, content in zip(paths, contents.values(), strict=True):
            path.write_bytes(content)
        (open_document,) = libreoffice(paths[-2:-1], folder / "first", "ods")
        (by_way_of_ods := folder / "by_way_of_ods.ods").write_bytes(open_document.read_bytes())
        return {path.stem: path.read_bytes() for path in libreoffice([*paths, by_way_of_ods], folder / "second")}

    def get(name: str) -> Path:
        path = folder / f"saved_{name}.xlsx"
        path.write_bytes(once("libreoffice", all_of_them)[name])
        return path

    return get


def by_name(placed: layout.Layout, made: Edits) -> dict[str, object]:
    return {placed.name(*address): value for address, value in made.items()}


def test_libreoffice_agrees_in_every_cell_of_every_sheet(edition: Edition, results, saved, record_property) -> None:
    """A false value is planted in every cache first: only a real recalculation can put the right ones there."""
    placed, entry = edition
    before = read_values(planted(entry.package))
    assert len(differences(entry.values, before)) == formula_count(entry.package)
    values = read_values(saved({"en": "english", "zh": "chinese"}[placed.language]).read_bytes())
    assert differences(entry.values, values) == []
    assert disagreements(placed, results, reader(placed, values)) == []
    record_property("formulas equal in formualizer and LibreOffice", formula_count(entry.package))


def test_libreoffice_follows_a_dozen_edits(english: Edition, saved, edited: Callable[..., Path]) -> None:
    """Written into the cells of a copy of the workbook itself, and into the text of the YAML."""
    expected = evaluate.evaluate(load(edited(*(change for _, _, change in TEXT_EDITS))))
    values = read_values(saved("edited").read_bytes())
    assert disagreements(english[0], expected, reader(english[0], values)) == []


@pytest.mark.slow
def test_libreoffice_follows_random_edits(english: Edition, default_model, tmp_path: Path, record_property) -> None:
    """A hundred workbooks, each with the edits of several readers."""
    placed, entry = english
    drawn: list[Edits] = []

    @given(made=edits())
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def draw(made: Edits) -> None:
        drawn.append(made)

    draw()
    paths = [tmp_path / f"edited{number}.xlsx" for number in range(len(drawn))]
    for path, made in zip(paths, drawn, strict=True):
        path.write_bytes(typed(entry.package, placed, by_name(placed, made)))
    for path, made in zip(libreoffice(paths, tmp_path / "office"), drawn, strict=True):
        expected = evaluate.evaluate(with_edits(default_model, made))
        assert disagreements(placed, expected, reader(placed, read_values(path.read_bytes()))) == [], made
    record_property("edited workbooks equal in LibreOffice", len(drawn))


def test_a_workbook_recalculated_elsewhere_moves_as_the_edited_yaml_does(small_results, saved) -> None:
    """Cached values of LibreOffice after a reader's edit, against the table with the same edit."""
    theirs = compare.of_workbook(read_workbook.read(saved("recalculated")))
    after = changes.with_values(small_results.model, {("scenarios", "mfu", "gpt5_high"): 0.3})
    nothing = compare.Difference((), (), (), (), (), ())
    assert compare.differ(theirs, compare.of_results(evaluate.evaluate(after))) == nothing
    moved = compare.differ(compare.of_results(small_results), theirs).moved
    assert {"cards__gpt5_high", "facility_power__gpt5_high"} <= {move.name for move in moved}


@pytest.mark.parametrize("name", ["returned", "by_way_of_ods"])
def test_a_workbook_that_libreoffice_has_saved_comes_back_as_it_was_typed(name: str, small_results, saved) -> None:
    found = changes.pull(read_workbook.read(saved(name)), small_results)
    taken = found_in(found)
    assert f"{taken.pop('chips__h100_sxm__available'):%Y-%m}" == "2023-03"
    assert taken == {name: value for name, value in TYPED.items() if name in taken}
    assert [problem.path for problem in found.problems] == ["months__gpt4", "constant__reference_tokens"]
    assert len(taken) == len(TYPED) - 3


def test_after_a_sort_the_check_of_ids_fails_and_pull_finds_each_record_by_its_id(
    small_english: Edition, small_results, saved
) -> None:
    placed, entry = small_english
    line = placed.spots["pick_found"].shift(rows=2).row  # the check of the ids
    for values, word in ((entry.values, "pass"), (read_values(saved("sorted").read_bytes()), "FAIL")):
        assert values["Checks"][line, layout.FIRST + 2] == word
    assert values["Chips"][2, layout.LABEL].startswith("✘ CHECKS FAILED: ")
    found = changes.pull(read_workbook.read(saved("sorted")), small_results)
    assert (found_in(found), found.problems) == ({"chips__h100_sxm__tdp": 777.0}, ())
    assert any("rows of chips stand elsewhere than their names say" in note for note in found.notes)


def test_lint_checks_all_that_another_program_has_saved(saved) -> None:
    """LibreOffice drops the frozen panes and the names of styles, which lint says; nothing else stops it."""
    found = lint.check(saved("recalculated").read_bytes(), exceptions=EXCEPTIONS)
    assert "frozen_panes" in {finding.rule for finding in found}
    assert [finding for finding in found if "could not be checked" in finding.detail] == []
