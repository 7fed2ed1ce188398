"""Rules of values: cached values, for programs that do not calculate, exist and are right; texts stay texts."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator

import formualizer

from threegates.lint.book import CHART, Book, RawCell, charts
from threegates.lint.formulas import VOLATILE, functions
from threegates.lint.rule import MODELLING, PROGRAMS, Breach, rule

RELATIVE, ABSOLUTE = 1e-9, 1e-12
NOON = dt.datetime(2000, 1, 1, 12, tzinfo=dt.timezone.utc)  # noqa: UP017  # the engine asks for a fixed offset


@rule("values", PROGRAMS)
def cached_values(book: Book) -> Iterator[Breach]:
    """Every formula has a cached value.
    每个公式都有缓存值。
    """
    for at in book.formulas:
        if book.value(at) is None:
            yield at, "no value for previews and phones"


@rule("values", PROGRAMS)
def cached_values_are_true(book: Book) -> Iterator[Breach]:
    """Cached values are what a recalculation gives.
    缓存值与重新计算的结果一致。
    """
    again = Book(formualizer.recalculate_xlsx_bytes(book.data, deterministic_timestamp_utc=NOON)["bytes"])
    texts = ["".join(part.itertext()) for part in book.xml("xl/sharedStrings.xml")]
    for part, cells in book.raw.items():
        for cell, other in zip(cells, again.raw[part], strict=True):
            if cell.formula is None or cell.value is None or VOLATILE.intersection(functions(cell.formula)):
                continue
            ours, theirs = _plain(cell, texts), _plain(other, texts)
            if not _equal(ours, theirs):
                yield f"{book.titles[part]}!{cell.address}", f"{ours!r} is cached, {theirs!r} is right"


def _plain(cell: RawCell, texts: list[str]) -> float | str:
    value = cell.value or ""
    if cell.kind in ("n", "b"):
        return float(value or 0)
    return texts[int(value)] if cell.kind == "s" else value


def _equal(one: float | str, other: float | str) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return one == other


@rule("values", MODELLING)
def no_errors(book: Book) -> Iterator[Breach]:
    """No cell shows an error.
    没有错误值。
    """
    for at in book.cells:
        value = book.value(at)
        if isinstance(value, str) and re.fullmatch(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|CIRC!|SPILL!)", value):
            yield at, value


@rule("values", PROGRAMS)
def text_stays_text(book: Book) -> Iterator[Breach]:
    """Text that begins like a formula stays text when it is edited.
    以公式符号开头的文本在编辑后仍是文本。
    """
    for at, cell in book.cells.items():
        if cell.data_type == "s" and cell.value[:1] in ("=", "+", "-", "@") and not cell.quotePrefix:
            yield at, f"{cell.value[:30]!r} would become a formula"


@rule("values", PROGRAMS)
def calculates_on_load(book: Book) -> Iterator[Breach]:
    """The workbook asks to be calculated when it is opened.
    打开时重新计算。
    """
    if not book.formulas_book.calculation.fullCalcOnLoad:
        yield "workbook", "fullCalcOnLoad is not set"


@rule("values", PROGRAMS)
def chart_caches(book: Book) -> Iterator[Breach]:
    """Charts carry the values of their cells.
    图表带有所引用单元格的值。
    """
    for name, root in charts(book):
        for kind, cache in (("numRef", "numCache"), ("strRef", "strCache")):
            for reference in root.iter(f"{CHART}{kind}"):
                if reference.find(f"{CHART}{cache}/{CHART}pt") is None:
                    yield name, f"no values for {reference.findtext(f'{CHART}f')}"
