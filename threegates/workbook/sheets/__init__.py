"""The special sheets, one module each; a sheet that is not named here holds tables alone."""

from __future__ import annotations

from threegates.workbook.sheets.changes import ChangesSheet
from threegates.workbook.sheets.checks import ChecksSheet
from threegates.workbook.sheets.shipped import ShippedSheet
from threegates.workbook.sheets.sources import SourcesSheet
from threegates.workbook.sheets.special import SpecialSheet
from threegates.workbook.sheets.summary import SummarySheet
from threegates.workbook.sheets.uncertainty import UncertaintySheet
from threegates.workbook.sheets.words import WordsSheet

SPECIAL: dict[str, SpecialSheet] = {
    sheet.id: sheet
    for sheet in (
        SummarySheet(),
        UncertaintySheet(),
        ShippedSheet(),
        ChecksSheet(),
        SourcesSheet(),
        WordsSheet(),
        ChangesSheet(),
    )
}
ORDINARY = SpecialSheet()


def of(sheet: str) -> SpecialSheet:
    """What is special about a sheet."""
    return SPECIAL.get(sheet, ORDINARY)
