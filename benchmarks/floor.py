"""The least that any build must do: import the libraries, parse the YAML, make the units, write styled cells.

Usage: floor.py ASSUMPTIONS WORKBOOK OUTPUT — writes as many cells on as many sheets as WORKBOOK has, with the same
values and named styles, by plain openpyxl.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click  # noqa: F401  # imported for its cost
import formualizer  # noqa: F401
import jinja2  # noqa: F401
import numpy as np  # noqa: F401
import pandas as pd  # noqa: F401
import pydantic  # noqa: F401
import rich.console
import rich.table
from openpyxl import Workbook
from openpyxl.styles import Font, NamedStyle, PatternFill
from ruamel.yaml import YAML

from threegates.formula import units


def main(assumptions: Path, shape: Path, output: Path) -> None:
    for path in (assumptions, *(assumptions.parent / "data").glob("*.yaml")):
        YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    units.registry()
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name in ("one", "two", "three"):
        style = NamedStyle(name)
        style.font = Font(name="Arial", size=10, bold=name == "one")
        style.fill = PatternFill("solid", start_color="FFF9E5")
        workbook.add_named_style(style)
    for number, rows in enumerate(json.loads(shape.read_text("utf-8"))):
        sheet = workbook.create_sheet(f"sheet {number}")
        for row, column, value in rows:
            cell = sheet.cell(row, column, value)
            cell.style = ("one", "two", "three")[column % 3]
    workbook.save(output)
    rich.console.Console().print("done")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
