"""Spreadsheet engines that are not ours, to hold the workbook's formulas against."""

from __future__ import annotations

import io
import math
import re
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import ironcalc

from tests.conftest import soffice
from threegates.definition.derived import OUTPUTS, SWINGS
from threegates.engine.evaluate import Results
from threegates.workbook.double_entry import shown
from threegates.workbook.layout import Layout, Spot
from threegates.workbook.package import Cells, ErrorValue

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


class IronCalc:
    """A workbook in IronCalc: read a spot, set a spot, recalculate."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.model = ironcalc.load_from_xlsx(str(path))
        self.index = {sheet.id: position for position, sheet in enumerate(layout.model.sheets)}
        self.model.evaluate()

    def values(self, like: dict[str, Cells]) -> dict[str, Cells]:
        """The values of the cells of ``like``, whose sheets stand in the order of the workbook."""
        return {
            sheet: {place: self._plain(self.model.get_cell_value(number, *place)) for place in cells}
            for number, (sheet, cells) in enumerate(like.items())
        }

    def value(self, spot: Spot) -> Any:
        return self._plain(self.model.get_cell_value(self.index[spot.sheet], spot.row, spot.column))

    @staticmethod
    def _plain(value: Any) -> Any:
        return ErrorValue(value) if isinstance(value, str) and value.startswith("#") else value

    def put(self, spot: Spot, value: float | str | None) -> None:
        where = (self.index[spot.sheet], spot.row, spot.column)
        if value is None:
            self.model.clear_cell_contents(*where)
        elif isinstance(value, str):
            self.model.update_cell_with_text(*where, value)
        else:
            self.model.update_cell_with_number(*where, float(value))


def office_profile(folder: Path) -> Path:
    """A profile of LibreOffice that recalculates every workbook when it is loaded."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, "utf-8")
    return profile


def libreoffice(paths: list[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """The workbooks as LibreOffice saves them in a format after a hard recalculation, in a private profile."""
    profile = office_profile(folder)
    out = folder / "out"
    command = [soffice(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir"]
    subprocess.run(
        [*command, str(out), *map(str, paths)], check=True, capture_output=True, timeout=60 + 20 * len(paths)
    )
    return [out / f"{path.stem}.{kind}" for path in paths]


def formula_count(package: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        return sum(source.read(name).count(b"<f>") for name in source.namelist())


def planted(package: bytes) -> bytes:
    """The package with another value in the cache of every formula: 123456, or the word false."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb'(<c [^>]*t="str"[^>]*><f>[^<]*</f><v ?>)[^<]*', rb"\1false", content)
                content = re.sub(rb"(</f><v ?>)-?[0-9.eE+-]+(</v>)", rb"\g<1>123456\2", content)
            target.writestr(name, content)
    return out.getvalue()


def reader(layout: Layout, values: dict[str, Cells]) -> Any:
    """``value(spot)`` over the values of a package."""
    return lambda spot: values[layout.sheet_name(spot.sheet)].get((spot.row, spot.column))


def differences(ours: dict[str, Cells], theirs: dict[str, Cells]) -> list[str]:
    """The cells of ``ours`` in which ``theirs`` has another text, or a number that is more than 1e-9 away."""
    found = []
    for sheet, cells in ours.items():
        for place, value in cells.items():
            other = theirs[sheet].get(place)
            if value is not None and value != other and not _close(value, other):
                found.append(f"{sheet} {place}: {value!r}, {other!r}")
    return found


def _close(one: Any, other: Any) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return numbers and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def disagreements(layout: Layout, results: Results, value: Any) -> list[str]:
    """Where the values that ``value(spot)`` gives differ from the table by more than 1e-9, or in words."""
    found = []
    tied = set(_tied(results))
    for address, spot in layout.homes.items():
        field = layout.model.fields[address[0], address[1]]
        if field.is_input or address[:2] in tied or address[0] in tied:
            continue
        ours, theirs = results.value(*address), value(spot)
        if not agree(field, ours, theirs, layout):
            found.append(f"{layout.name(*address)}: table {ours!r}, engine {theirs!r}")
    return found


def _tied(results: Results) -> Iterator[str | tuple[str, str]]:
    """Ranks, and what is in their order, where two swings differ in the last bits alone: engines may order them either way."""
    for _, name in OUTPUTS:
        swings = sorted(results.columns[SWINGS, f"{name}_swing"])
        if any(0 < low < high and _close(low, high) for low, high in pairwise(swings)):
            yield from ((SWINGS, f"{name}_rank"), f"tornado_{name}")


def agree(field: Any, ours: Any, theirs: Any, layout: Layout) -> bool:
    if field.is_number and math.isnan(ours):
        return theirs == "—" or isinstance(theirs, ErrorValue)
    expected = shown(layout, field, ours, "—")
    return bool(theirs == expected) if isinstance(expected, str) else _close(expected, theirs)  # LibreOffice keeps TRUE
