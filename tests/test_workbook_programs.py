"""Programs that nobody chose open the finished workbook, show what it holds, and save it so that ``pull`` finds each edit."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter
from python_calamine import CalamineWorkbook

from tests.conftest import Once
from tests.test_returned_pull import found_in
from threegates.returned import changes, read_workbook
from threegates.workbook.package import LOOKS_ESCAPED, Cells, read_values

Sheets = dict[str, Cells]
HERE = Path(__file__).parent / "programs"
DAY_ZERO = dt.datetime(1899, 12, 30)
GNUMERIC = "{http://www.gnumeric.org/v10.dtd}"
EDITS = {"mfu__gpt5_high": 0.31, "chips__h100_sxm__tdp": 712.5, "constant__reference_tokens": 14e12}


def needed(command: str) -> str:
    """A program; without it the test is skipped, and in CI fails."""
    found = shutil.which(command)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs {command}: .ci/run installs it")
        pytest.skip(f"{command} is not installed")
    return found


def ran(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stderr


@pytest.fixture(scope="session")
def node(once: Once) -> Callable[..., Any]:
    """Runs the JavaScript programs, which are installed from their lock beside it once for each version of it."""
    command, npm = needed("node"), needed("npm")

    def install() -> str:
        lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
        mark = HERE / "node_modules" / ".installed"
        if not mark.exists() or mark.read_text() != lock:
            done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=False)
            if done.returncode:
                return "npm cannot install the JavaScript programs here"
            mark.write_text(lock)
        return ""

    if problem := once("javascript_programs", install):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)
    return lambda *arguments: ran(command, HERE / "programs.cjs", *arguments)


@pytest.fixture
def gnumeric() -> Callable[..., str]:
    """Converts a file with Gnumeric; what it says on the way."""
    command = needed("ssconvert")
    return lambda *arguments: ran(command, *arguments)


def by_address(cells: dict[str, Any]) -> Cells:
    found = {}
    for address, value in cells.items():
        letters, row = coordinate_from_string(address)
        found[row, column_index_from_string(letters)] = value
    return found


def by_rows(rows: list[list[Any]]) -> Cells:
    return {(i, j): value for i, row in enumerate(rows, start=1) for j, value in enumerate(row, start=1)}


def plain(value: Any) -> Any:
    """Dates as their numbers, an empty text as nothing."""
    if isinstance(value, dt.time):
        value = dt.datetime.combine(DAY_ZERO, value)
    if isinstance(value, dt.date):
        value = dt.datetime.combine(value, dt.time()) if not isinstance(value, dt.datetime) else value
        return (value - DAY_ZERO).total_seconds() / 86400
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return None if math.isnan(value) else float(value)
    return None if value == "" or value is pd.NaT else value


def differences(package: bytes, theirs: Sheets, read: Callable[[str], str] = str) -> Iterator[str]:
    """Where a program shows another sheet or another value than the workbook holds; ``read`` is what it makes of texts."""
    ours = read_values(package)
    assert [*theirs] == [*ours]
    for sheet, cells in ours.items():
        for place in {*cells, *theirs[sheet]}:
            one, other = plain(cells.get(place)), plain(theirs[sheet].get(place))
            one = read(one) if isinstance(one, str) else one
            same = math.isclose(one, other, rel_tol=1e-9) if {type(one), type(other)} == {float} else one == other
            if not same:
                yield f"{sheet} {place}: {one!r}, and there {other!r}"


def escaped(text: str) -> str:
    return LOOKS_ESCAPED.sub(b"_x005F_", text.encode()).decode()


def by_calamine(package: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(package))
    return {name: by_rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}


def by_pandas(package: bytes, engine: Any) -> Sheets:
    frames = pd.read_excel(io.BytesIO(package), sheet_name=None, header=None, engine=engine)
    return {str(name): by_rows(frame.astype(object).to_numpy().tolist()) for name, frame in frames.items()}


def test_calamine_and_pandas_read_every_value(small_package: bytes) -> None:
    assert [*differences(small_package, by_calamine(small_package))] == []
    assert [*differences(small_package, by_pandas(small_package, "calamine"))] == []


@pytest.mark.slow
def test_pandas_and_calamine_read_every_value_of_both_editions(edition) -> None:
    package = edition[1].package
    assert [*differences(package, by_calamine(package))] == []
    assert [*differences(package, by_pandas(package, "openpyxl"))] == []


@pytest.mark.slow
@pytest.mark.parametrize("program", ["exceljs", "sheetjs", "fortunesheet"])
def test_a_javascript_program_shows_every_value(program: str, edition, node, tmp_path: Path) -> None:
    """ExcelJS, SheetJS, and FortuneSheet as a spreadsheet in a page, which reads the parts by pattern.

    ExcelJS takes whatever stands in a cell with the format of a date for a date, the dash of what is not known too;
    FortuneSheet does not know the standard's escape of an underscore.
    """
    (tmp_path / "workbook.xlsx").write_bytes(edition[1].package)
    node(program, "read", tmp_path / "workbook.xlsx", tmp_path / "read.json")
    read = json.loads((tmp_path / "read.json").read_text("utf-8"))
    theirs = {sheet: by_address(cells) for sheet, cells in read}
    found = differences(edition[1].package, theirs, escaped if program == "fortunesheet" else str)
    dates = "'—', and there None" if program == "exceljs" else "nothing"
    assert [one for one in found if not one.endswith(dates)] == []


@pytest.mark.slow
def test_gnumeric_shows_every_value(edition, gnumeric, tmp_path: Path) -> None:
    """It names what it does not know, of which only parts of charts are left; texts lose the blanks at their ends when it saves."""
    (tmp_path / "workbook.xlsx").write_bytes(edition[1].package)
    said = gnumeric(tmp_path / "workbook.xlsx", tmp_path / "saved.xlsx")
    assert [line for line in said.splitlines() if "Unexpected element" in line and "'c:" not in line] == []
    saved = by_calamine((tmp_path / "saved.xlsx").read_bytes())
    assert [*differences(edition[1].package, saved, str.strip)] == []


def typed_in_gnumeric(path: Path, typed: list[tuple[str, str, float]]) -> None:
    """Types into its own file: its command line reaches the first sheet alone."""
    root = ElementTree.fromstring(gzip.decompress(path.read_bytes()))
    sheets = {sheet.findtext("{*}Name"): sheet for sheet in root.iter(f"{GNUMERIC}Sheet")}
    for sheet, address, value in typed:
        letters, row = coordinate_from_string(address)
        place = {"Row": str(row - 1), "Col": str(column_index_from_string(letters) - 1)}
        (cell,) = (c for c in sheets[sheet].iter(f"{GNUMERIC}Cell") if place.items() <= c.attrib.items())
        cell.text = repr(value)
    path.write_bytes(gzip.compress(ElementTree.tostring(root)))


@pytest.mark.slow
@pytest.mark.parametrize("program", ["exceljs", "sheetjs", "gnumeric"])
def test_what_is_typed_and_saved_elsewhere_is_what_pull_finds(
    program: str, english, results, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    placed, entry = english
    (tmp_path / "workbook.xlsx").write_bytes(entry.package)
    homes = {placed.name(*address): spot for address, spot in placed.homes.items()}
    typed = [
        (placed.sheet_name(homes[name].sheet), f"{get_column_letter(homes[name].column)}{homes[name].row}", value)
        for name, value in EDITS.items()
    ]
    saved = tmp_path / "saved.xlsx"
    if program == "gnumeric":
        gnumeric = request.getfixturevalue("gnumeric")
        gnumeric(tmp_path / "workbook.xlsx", tmp_path / "own.gnumeric")
        typed_in_gnumeric(tmp_path / "own.gnumeric", typed)
        gnumeric(tmp_path / "own.gnumeric", saved)
    else:
        cells = [str(part) for one in typed for part in one]
        request.getfixturevalue("node")(program, "save", tmp_path / "workbook.xlsx", saved, *cells)
    found = changes.pull(read_workbook.read(saved), results)
    assert (found_in(found), found.problems) == (pytest.approx(EDITS), ())
