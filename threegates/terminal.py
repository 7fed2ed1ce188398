"""Tables and sentences fitted to the width of a terminal, whatever it is: texts are broken into lines, numbers never."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 160  # of a table that is printed into a file or another program
LEAST = (16, 8, 4)  # what a column of texts is narrowed to at most: roomy first, less where nothing fits otherwise
# A number, with what may not stand in another line: its sign, its power of ten, and what it counts.
NUMBER = r"[+\-−×$~ ]*\d[\d,.]*(e[+-]?\d+)?"
WHOLE = re.compile(rf"{NUMBER}( ?%| days?| points)?")
BEGINS_AS_NUMBER = re.compile(r"[(（+\-−×$~]*\d")
# Chinese is broken behind any sign, but neither before a closing nor behind an opening one.
WIDE = "\u2e80-\u2fff\u3003-\u3007\u3012-\u9fff\uf900-\ufaff"
OPENING, CLOSING = "（《「【“", "、。》」】！），：；？”…"
TOKEN = re.compile(rf"\s+|[{OPENING}]*(?:[{WIDE}][{CLOSING}]*|[^\s{WIDE}{OPENING}]+)|[{OPENING}]+")

Row = tuple[str, ...]


def terminal(quiet: bool = False) -> Console:
    """The terminal; a text of the YAML is never its markup. A ``quiet`` one prints nothing."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else PIPE_WIDTH, markup=False, emoji=False, highlight=False, quiet=quiet)


def say(console: Console, lines: Iterable[object]) -> None:
    """Prints each sentence from the beginning of a line; a word that is longer than a line, as a path is, stays whole."""
    for line in lines:
        fitted = wrapped(str(line), console.width, fold=False) if console.is_terminal else [str(line)]
        console.print("\n".join(fitted), soft_wrap=True)


def wrapped(text: str, width: int, fold: bool = True) -> list[str]:
    """The lines of a text, each of at most ``width`` cells; a sign of Chinese takes two.

    A word that is longer goes on in the next line, if ``fold`` says so; a number is never broken.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = space = ""
        for token in TOKEN.findall(paragraph):
            if token.isspace():
                space = token if line or not lines else ""
                continue
            if line.strip() and cell_len(line + space + token) > width:
                lines.append(line)
                line = space = ""
            folded = fold and cell_len(token) > width and not BEGINS_AS_NUMBER.match(token)
            *full, token = chop_cells(token, width) if folded else [token]
            lines += full
            line, space = line + space + token, ""
        lines.append(line)
    return lines


def grid(console: Console, title: str, heads: Sequence[str], rows: Iterable[Row], right: Sequence[int]) -> None:
    """Prints a table. The columns ``right`` hold numbers; where they do not all fit side by side, blocks of them.

    The columns before them, which say what a row is, stand in each block.
    """
    cells = [tuple(heads), *rows]
    say(console, [title])
    columns = list(zip(*cells, strict=True))
    first = min(right, default=1)
    for least in LEAST:
        needed = [max(_least_width(cell, least) for cell in column) for column in columns]
        blocks = _blocks(needed, first, console.width)
        if all(_table_width(needed[i] for i in block) <= console.width for block in blocks):
            break
    else:
        _listed(console, cells)
        return
    for block in blocks:
        widths = _widths([columns[i] for i in block], [needed[i] for i in block], console.width)
        table = Table()
        for i, width in zip(block, widths, strict=True):
            justify = "right" if i in right else "left"
            table.add_column(_fitted(heads[i], width), width=width, justify=justify)  # type: ignore[arg-type]
        for row in cells[1:]:
            table.add_row(*(_fitted(row[i], width) for i, width in zip(block, widths, strict=True)))
        console.print(table)


def _fitted(cell: str, width: int) -> Text:
    return Text("\n".join(wrapped(cell, width)))


def _least_width(cell: str, least: int) -> int:
    """How narrow a cell can be: a number stands in one line, a text is broken between its words and, if long, in them."""
    whole = cell_len(cell)
    if WHOLE.fullmatch(cell):
        return whole
    words = (word for word in TOKEN.findall(cell) if not word.isspace())
    widths = [cell_len(word) if BEGINS_AS_NUMBER.match(word) else min(cell_len(word), least) for word in words]
    return max([*widths, min(whole, least // 2), 1])  # a short text, as a unit is, stands in one line, too


def _table_width(widths: Iterable[int]) -> int:
    """The width of a table with its borders, and a blank on both sides of each cell."""
    return sum(width + 3 for width in widths) + 1


def _blocks(needed: Sequence[int], first: int, width: int) -> list[list[int]]:
    """The columns of each block: the ``first`` ones, and as many of the others, alike in all blocks, as fit; at least one."""
    always, others = list(range(first)), range(first, len(needed))
    for size in range(len(others), 0, -1):
        count = math.ceil(len(others) / size)
        even = math.ceil(len(others) / count)
        blocks = [always + list(others[i : i + even]) for i in range(0, len(others), even)]
        if all(_table_width(needed[i] for i in block) <= width for block in blocks):
            return blocks
    return blocks if others else [always]


def _widths(columns: Sequence[Row], needed: Sequence[int], width: int) -> list[int]:
    """The width of each column: what is left over goes to the one that is most crowded."""
    wanted = [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns]
    widths = list(needed)
    for _ in range(width - _table_width(widths)):
        crowded, i = max((want / has, i) for i, (want, has) in enumerate(zip(wanted, widths, strict=True)))
        if crowded <= 1:
            break
        widths[i] += 1
    return widths


def _listed(console: Console, cells: Sequence[Row]) -> None:
    """The cells of a table below each other, for a terminal that is narrower than one column of it."""
    heads, *rows = cells
    for row in rows:
        told = (f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True) if cell)
        console.print("\n".join(line for cell in told for line in wrapped(cell, console.width)), soft_wrap=True)
