"""What a returned workbook says of itself: from which assumptions it was built, with which values, and what it lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from threegates.engine.model import Model
from threegates.engine.names import PICKER
from threegates.formula.readers import Address
from threegates.lint.book import Position
from threegates.problems import InputError, Problem, shorten
from threegates.returned import compare
from threegates.returned.locate import Locator
from threegates.returned.read_workbook import ReturnedWorkbook, printable
from threegates.workbook.layout import FIRST, ID

LEAST_PLACED = 0.5  # share of the inputs that must be found by id in a workbook without names
LEAST_AGREEING = 0.5  # share of As shipped that must equal the inputs; below it, the sheet was rearranged


def lost_names(book: ReturnedWorkbook, ours: Model, locator: Locator) -> list[str]:
    """Says so if inputs were found by their ids alone; raises InputError where these do not make it one of our workbooks."""
    kept = sum(address in locator.named for address in ours.inputs)
    by_ids = sum(at is not None and address not in locator.named for address, at in locator.places.items())
    placed = sum(locator.places[address] is not None for address in ours.inputs)
    if not kept and placed < LEAST_PLACED * len(ours.inputs):
        said = "found none of the names that this model gives its inputs, nor the ids of their rows and columns"
        remedy = "it is another workbook, or it lost its names and ids; ask for a copy saved as .xlsx"
        raise InputError([Problem(book.file, 0, "the file", said, "a workbook that Three Gates has built", remedy)])
    if kept:
        return [f"{by_ids:,} cells lost their names: they were found by the ids of their rows and columns"] * (
            by_ids > 0
        )
    return [f"{book.file} lost all names: inputs were found by the ids of their rows and columns"]


def origin(book: ReturnedWorkbook, ours: Model, same_build: bool, shipped: bool) -> list[str]:
    """Says so if the workbook was built from other assumptions than the YAML has now."""
    if same_build:
        return []
    document = ours.assumptions.document
    told = (
        "what the reader changed is told by its sheet As shipped"
        if shipped
        else "its sheet As shipped was not found, so what the reader changed and what we changed since cannot be told apart"
    )
    if book.origin is None:
        return [f"{book.file} does not say from which assumptions it was built; {told}"]
    return [
        f"{book.file} was built by version {book.origin.version} from assumptions with the hash {book.origin.digest}, "
        f"while {document.file} now has {document.digest[:16]}; {told}"
    ]


def picked(book: ReturnedWorkbook, ours: Model) -> list[str]:
    """Says which scenario the reader picked on Summary, if it is not ours; that is no assumption and not taken over."""
    at = book.names.get(PICKER)
    value = book.cell(at).value if at is not None else None
    if not isinstance(value, str) or value == ours.picked:
        return []
    return [
        f"the scenario picked on Summary is {shorten(printable(value))}, ours {ours.picked}: a view, not taken over"
    ]


def shipped(book: ReturnedWorkbook, names: Mapping[str, Address], locator: Locator) -> dict[Address, Any]:
    """The value that each input had in that build, from its sheet As shipped: two columns right of the input's name."""
    found: Counter[tuple[str, int]] = Counter()
    for title, cells in book.sheets.items():
        for (_, column), cell in cells.items():
            if isinstance(cell.value, str) and cell.formula is None and cell.value.casefold() in names:
                found[title, column] += 1
    if not found:
        return {}
    title, column = found.most_common(1)[0][0]
    shipped, agreeing = {}, 0
    for (row, at), cell in book.sheets[title].items():
        address = names.get(cell.value.casefold()) if at == column and isinstance(cell.value, str) else None
        if address is not None and cell.formula is None:
            field, kept = locator.model.fields[address[:2]], book.cell(Position(title, row, at + FIRST - ID)).value
            shipped[address] = compare.stated(field, kept, book.day_shift)
            agreeing += compare.same(shipped[address], locator.found.values.get(address, ...))
    return shipped if agreeing > LEAST_AGREEING * len(shipped) else {}
