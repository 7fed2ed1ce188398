"""The way back from tables that were sorted, moved or copied, or lost their names: ids say what a cell holds."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import invoke, load
from tests.returning import replaced_in, typed, with_lines_sorted, with_rows_inserted, without_names
from tests.test_returned_pull import found_in, sentences
from threegates.engine import evaluate
from threegates.problems import InputError
from threegates.returned import changes, read_workbook
from threegates.workbook.layout import Block, Layout

Returned = Callable[..., changes.PullResult]
EVERY_NAME = (r"<definedName .*</definedName>", "")


@pytest.fixture
def returned(small_results: evaluate.Results, tmp_path: Path) -> Returned:
    """Pulls a workbook into the smallest assumptions, or into others."""
    numbers = itertools.count()

    def pull(package: bytes, into: evaluate.Results = small_results) -> changes.PullResult:
        path = tmp_path / f"returned{next(numbers)}.xlsx"
        path.write_bytes(package)
        return changes.pull(read_workbook.read(path), into)

    return pull


def block_of(placed: Layout, sheet: str, table: str) -> Block:
    return next(block for block in placed.blocks_of(sheet) if block.table.id == table and not block.view)


def turned(package: bytes, placed: Layout, sheet: str, table: str, rows: bool = True) -> bytes:
    """The workbook after all rows, or columns, of a table were sorted into the opposite order."""
    block = block_of(placed, sheet, table)
    across = range(1, block.first.column + block.columns + 4), range(block.heading, block.end + 1)
    first, count = (block.first.row, block.rows) if rows else (block.first.column, block.columns)
    lines = range(first, first + count)
    return with_lines_sorted(package, placed.sheet_name(sheet), lines, [*reversed(lines)], across[not rows], rows)


SORTED = {
    "records by rows": ("chips", "chips", True, "chips__h100_sxm__tdp", 777.0),
    "records of one of many tables of a sheet": ("supply", "campuses", True, "campuses__colossus_1_2024__stated_mw", 200.0),
    "fields of records by columns": ("chips", "chips", False, "chips__h100_sxm__tdp", 777.0),
    "scenarios by columns": ("assumptions", "scenarios", False, "mfu__gpt5_high", 0.3),
    "assumptions by rows": ("assumptions", "scenarios", True, "mfu__gpt5_high", 0.3),
    "constants by rows": ("assumptions", "constants", True, "constant__reference_tokens", 14e12),
}  # fmt: skip


@pytest.mark.parametrize("what", SORTED)
def test_what_was_sorted_is_found_by_its_ids_and_that_is_told(what: str, small_english, returned: Returned) -> None:
    """Nothing lands under another name: neither what the reader typed, nor what they did not."""
    sheet, table, rows, name, value = SORTED[what]
    placed, entry = small_english
    found = returned(turned(typed(entry.package, placed, {name: value}), placed, sheet, table, rows))
    assert found_in(found) == {name: value}
    lines = "rows" if rows else "columns"
    told = [note for note in found.notes if f"{lines} of {table} stand elsewhere than their names say, as after a sort" in note]  # fmt: skip
    assert [note.partition(":")[0] for note in told] == [placed.sheet_name(sheet)]
    assert found.problems == ()


def test_of_a_sorted_table_a_record_without_an_id_or_with_that_of_another_is_not_taken_over(
    small_english, returned: Returned
) -> None:
    placed, entry = small_english
    package = turned(typed(entry.package, placed, {"chips__h100_sxm__tdp": 777.0}), placed, "chips", "chips")
    rows = range(6, 6 + len(placed.model.keys["chips"]))
    texts = {placed.model.keys["chips"][-1 - offset]: row for offset, row in enumerate(rows)}
    at = f'<c r="B{texts["h100_sxm"]}"'
    blank = returned(replaced_in(package, "xl/worksheets/sheet3.xml", (at + "[^>]*>.*?</c>", "")))
    assert found_in(blank) == {}
    assert next(s for s in sentences(blank) if "chips__h100_sxm__vendor" in s).startswith("names: found no cell for ")
    other = at + ' t="inlineStr"><is><t>h800_sxm</t></is></c>'
    double = returned(replaced_in(package, "xl/worksheets/sheet3.xml", (at + "[^>]*>.*?</c>", other)))
    assert found_in(double) == {}
    cells = sorted([f"Chips!B{texts['h100_sxm']}", f"Chips!B{texts['h800_sxm']}"])
    assert f"chips.h800_sxm: found its id in {', '.join(cells)}; allowed: one row with it; not taken over" in sentences(double)  # fmt: skip


def test_a_record_whose_id_was_overtyped_is_not_what_its_name_says(small_english, returned: Returned) -> None:
    """A reader makes a chip of their own out of one of ours; its numbers are not those of ours."""
    placed, entry = small_english
    row = placed.key_spot("chips", "h100_sxm").row
    package = typed(entry.package, placed, {"chips__h100_sxm__tdp": 777.0})
    mine = f'<c r="B{row}" t="inlineStr"><is><t>my_chip</t></is></c>'
    found = returned(replaced_in(package, "xl/worksheets/sheet3.xml", (f'<c r="B{row}"[^>]*>.*?</c>', mine)))
    assert found.changes == ()
    told = sentences(found)
    assert told[0].startswith("names: found no cell for ")
    assert f"the text 'my_chip' in Chips!B{row}" in told[-1]


def test_without_ids_names_are_trusted_where_nothing_speaks_against_them(small_english, returned: Returned) -> None:
    placed, entry = small_english
    row = placed.key_spot("chips", "h100_sxm").row
    package = typed(entry.package, placed, {"chips__h100_sxm__tdp": 777.0})
    found = returned(replaced_in(package, "xl/worksheets/sheet3.xml", (f'<c r="B{row}"[^>]*>.*?</c>', "")))
    assert found_in(found) == {"chips__h100_sxm__tdp": 777.0}


def test_a_cell_that_was_dragged_beside_another_id_is_not_found_rather_than_cleared(
    small_english, returned: Returned
) -> None:
    placed, entry = small_english
    tdp, other = (placed.spot("chips", "tdp", key) for key in ("h100_sxm", "h800_sxm"))
    cells = [placed.text(spot, "chips", free="both") for spot in (tdp, other)]
    dragged = replaced_in(
        entry.package, "xl/workbook.xml", (rf"(chips__h100_sxm__tdp\">.*?\$){tdp.row}<", rf"\g<1>{other.row}<")
    )
    emptied = replaced_in(dragged, "xl/worksheets/sheet3.xml", (f'<c r="{cells[0]}"[^>]*>.*?</c>', ""))
    found = returned(emptied)
    assert found.changes == ()
    assert [s.partition("inputs: ")[2].partition(";")[0] for s in sentences(found)] == ["chips__h100_sxm__tdp"]


def test_a_record_copied_below_is_told_and_its_original_read(small_english, returned: Returned) -> None:
    placed, entry = small_english
    block = block_of(placed, "chips", "chips")
    row = block.end + 1
    copy = f'<row r="{row}"><c r="B{row}" t="inlineStr"><is><t>h100_sxm</t></is></c></row>'
    package = typed(entry.package, placed, {"chips__h100_sxm__tdp": 777.0})
    found = returned(
        replaced_in(package, "xl/worksheets/sheet3.xml", (f'(<row r="{block.end}".*?</row>)', rf"\1{copy}"))
    )
    assert found_in(found) == {"chips__h100_sxm__tdp": 777.0}
    own = placed.key_spot("chips", "h100_sxm").row
    assert sentences(found) == [f"chips.h100_sxm: found its id in Chips!B{own}, Chips!B{row}; allowed: one row with it; only the row that its names point to was read"]  # fmt: skip


EDITS = {"mfu__gpt5_high": 0.3, "chips__h100_sxm__tdp": 777.0, "constant__reference_tokens": 14e12}


def test_a_workbook_that_lost_all_its_names_is_read_by_its_ids(small_english, returned: Returned) -> None:
    """After a repair, and with rows inserted and a sheet renamed; its hash says which build it is."""
    placed, entry = small_english
    package = with_rows_inserted(typed(entry.package, placed, EDITS), "Chips", 4, 2)
    found = returned(replaced_in(package, "xl/workbook.xml", EVERY_NAME, ('name="Supply"', 'name="Supply-1"')))
    assert found_in(found) == EDITS
    assert found.notes == ("returned0.xlsx lost all names: inputs were found by the ids of their rows and columns",)
    assert found.problems == ()


def test_a_workbook_that_kept_one_name_is_read_and_nothing_is_said_to_be_added(
    small_english, returned: Returned
) -> None:
    placed, entry = small_english
    names = [placed.name(*address) for address in placed.homes]
    package = without_names(typed(entry.package, placed, EDITS), *(n for n in names if n != "chips__h800_sxm__tdp"))
    found = returned(package)
    assert (found_in(found), found.problems) == (EDITS, ())
    assert "cells lost their names: they were found by the ids of their rows and columns" in found.notes[0]


def test_a_workbook_that_pandas_has_written_is_read_by_its_ids(small_english, returned: Returned) -> None:
    placed, entry = small_english
    stream = io.BytesIO()
    package = io.BytesIO(typed(entry.package, placed, EDITS))
    frames = pd.read_excel(package, sheet_name=None, header=None, engine="openpyxl")
    with pd.ExcelWriter(stream, engine="openpyxl") as writer:
        for title, frame in frames.items():
            frame.to_excel(writer, sheet_name=title, header=False, index=False)
    found = returned(stream.getvalue())
    assert found_in(found) == EDITS
    assert [problem.path for problem in found.problems] == ["results"]  # of which pandas keeps the values


def test_without_names_a_table_that_stands_twice_is_not_guessed(small_english, small_results, tmp_path: Path) -> None:
    placed, entry = small_english
    (tmp_path / "a.xlsx").write_bytes(typed(entry.package, placed, EDITS))
    book = read_workbook.read(tmp_path / "a.xlsx")
    sheets = {"Mine": book.sheets["Chips"], "Yours": book.sheets["Chips"]} | dict(book.sheets)
    del sheets["Chips"]
    found = changes.pull(replace(book, names={}, sheets=sheets), small_results)
    assert found_in(found) == {name: value for name, value in EDITS.items() if "h100" not in name}
    assert sentences(found)[0].startswith("names: found no cell for ")


def test_a_copy_of_a_sheet_is_not_read_and_that_is_said(small_english, small_results, tmp_path: Path) -> None:
    placed, entry = small_english
    (tmp_path / "a.xlsx").write_bytes(typed(entry.package, placed, EDITS))
    book = read_workbook.read(tmp_path / "a.xlsx")
    for names in (book.names, {}):
        copied = replace(book, names=names, sheets={**book.sheets, "Chips (2)": book.sheets["Chips"]})
        found = changes.pull(copied, small_results)
        assert found_in(found) == EDITS
        assert "Chips (2) is a copy of chips: not read" in found.notes


NAME = "constant__reference_tokens"


@pytest.fixture
def moved_on(small_file: Callable[..., Path]) -> evaluate.Results:
    """Ours after the workbook was built: other reference tokens, and another way of counting what is announced."""
    return evaluate.evaluate(load(small_file({("constants", "reference_tokens", "base"): 14e12, ("switches", "count_announced", "base"): 1})))  # fmt: skip


def test_what_both_sides_changed_is_a_conflict_that_is_taken_by_its_name_alone(
    small_english, returned: Returned, moved_on: evaluate.Results
) -> None:
    """As a second reader's change is, where that of the first has been taken over."""
    placed, entry = small_english
    found = returned(typed(entry.package, placed, {NAME: 15e12, "mfu__gpt5_high": 0.3}), moved_on)
    conflicts = {c.name: (c.shipped, c.ours, c.theirs) for c in found.changes if c.conflict}
    assert conflicts == {NAME: (13e12, 14e12, 15e12)}
    taken = {only: [c.name for c in changes.chosen(found.changes, only)] for only in ((), ("*",), (NAME,))}
    assert taken == {(): ["mfu__gpt5_high"], ("*",): ["mfu__gpt5_high"], (NAME,): [NAME]}


@pytest.mark.parametrize("theirs", [13e12, 14e12])
def test_where_theirs_is_as_shipped_or_as_ours_now_there_is_no_conflict(
    theirs: float, small_english, returned: Returned, moved_on: evaluate.Results
) -> None:
    placed, entry = small_english
    assert found_in(returned(typed(entry.package, placed, {NAME: theirs}), moved_on)) == {}


def test_pull_names_a_conflict_with_all_three_values_and_leaves_it(
    small_english, small_file: Callable[..., Path], tmp_path: Path
) -> None:
    placed, entry = small_english
    ours = small_file({("constants", "reference_tokens", "base"): 14e12})
    (tmp_path / "returned.xlsx").write_bytes(typed(entry.package, placed, {NAME: 15e12}))
    before = ours.read_bytes()
    command = ["pull", "--assumptions", ours, tmp_path / "returned.xlsx", "--write"]
    done = invoke(*command)
    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if NAME in line)
    assert [cell.strip() for cell in row.split("│")[3:6]] == ["1.3e13", "1.4e13", "1.5e13"]
    assert f"a conflict is taken over only by its name, such as --only {NAME}" in done.stdout
    assert "inputs changed: 0; not taken over: 0; conflicts: 1" in done.stdout
    assert ours.read_bytes() == before
    assert invoke(*command, "--only", NAME).returncode == 0
    assert load(ours).data["constants", "value", "reference_tokens"].value == 15e12


def test_a_workbook_of_others_is_still_refused(returned: Returned) -> None:
    stream = io.BytesIO()
    pd.DataFrame({"mfu": [0.3], "tdp": [700]}, index=["h100_sxm"]).to_excel(stream)
    with pytest.raises(InputError, match="found none of the names that this model gives its inputs, nor the ids"):
        returned(stream.getvalue())
