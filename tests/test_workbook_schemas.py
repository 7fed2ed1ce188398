"""Every part of the package is valid against the transitional schemas of ECMA-376.

The schemas are those of the Open XML SDK, generated from ECMA-376 and carried by the package openxml-audit, taken as
Office 2007 knew them: without extensions. What a schema does not say, and Excel repairs, is in ``threegates/lint/package.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from tests.small import replaced


def findings(data: bytes, folder: Path) -> list[str]:
    path = folder / "workbook.xlsx"
    path.write_bytes(data)
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2007, max_errors=0).validate(str(path))
    return [f"{error.part_uri}: {error.description}" for error in result.errors]


@pytest.mark.parametrize(
    "made", ["small_english", *(pytest.param(name, marks=pytest.mark.slow) for name in ("english", "chinese"))]
)
def test_the_workbook_is_valid_against_the_schemas(made: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The smallest has every kind of part, sheet and chart that the default editions have, which `make slow` validates."""
    assert findings(request.getfixturevalue(made)[1].package, tmp_path) == []


PLANTED = [
    (r"xl/worksheets/sheet6\.xml", "<sheetData>", "<bogus/><sheetData>"),
    (r"xl/worksheets/sheet6\.xml", 'state="frozen"', 'state="iced"'),
    (r"xl/worksheets/sheet6\.xml", "(<sheetFormatPr[^>]*/>)(.*?)(<sheetData>)", r"\2\1\3"),
    (r"xl/worksheets/sheet1\.xml", "<hyperlink ", '<hyperlink bogus="1" '),
    (r"xl/workbook\.xml", 'sheetId="3"', 'sheetId="2"'),
    (r"xl/styles\.xml", "<fills", "<bogus/><fills"),
    (r"xl/styles\.xml", 'rgb="[0-9A-F]{8}"', 'rgb="red"'),
    (r"xl/sharedStrings\.xml", "<si>", "<si><bogus/>"),
    (r"xl/theme/theme1\.xml", "<a:clrScheme", "<a:bogus/><a:clrScheme"),
    (r"xl/charts/chart1\.xml", '<c:dLblPos val="t" ?/>', '<c:dLblPos val="above"/>'),
    (r"xl/drawings/drawing1\.xml", "<xdr:from>", "<bogus/><xdr:from>"),
    (r"docProps/app\.xml", "<Application>", "<Bogus/><Application>"),
    (r"docProps/core\.xml", "<dc:creator>.*?</dc:creator>", "<dc:bogus>x</dc:bogus>"),
    (r"xl/_rels/workbook\.xml\.rels", "relationships/styles", "relationships/looks"),
]


def test_a_breach_of_the_schema_is_found_in_every_kind_of_part(small_package: bytes, tmp_path: Path) -> None:
    """So that silence about the editions means something."""
    package, planted = small_package, PLANTED[:-1]  # the last hides the others; `make slow` plants it alone
    for one in planted:
        package = replaced(package, *one)
    found = findings(package, tmp_path)
    for part, _, _ in planted:
        assert any(re.match(f"/?{part}", finding) for finding in found), part


@pytest.mark.slow
@pytest.mark.parametrize(("part", "old", "new"), PLANTED)
def test_a_breach_of_the_schema_is_found_alone(
    part: str, old: str, new: str, small_package: bytes, tmp_path: Path
) -> None:
    found = findings(replaced(small_package, part, old, new), tmp_path)
    assert found
    assert all(re.match(f"/?{part}|/xl/workbook", finding) for finding in found), found
