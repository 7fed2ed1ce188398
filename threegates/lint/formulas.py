"""Rules of formulas (what they may contain, how long they may be, what they may read) and of checks."""

from __future__ import annotations

import graphlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from openpyxl.utils import get_column_letter

from threegates.lint.book import FROZEN, INPUT_STYLES, LARGEST_RANGE, REFERENCE, Book, Position, style_of, tokens
from threegates.lint.rule import MODELLING, PROGRAMS, Breach, rule

LONGEST, DEEPEST = 160, 3
LEAST_SHEETS_CHECKED = 3  # by a master check
QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
OUTSIDE_QUOTES = re.compile(r"[^\s'\"+\-*/^&=<>(),:;{}!]+!")
# Functions of Excel 2010 that WPS, LibreOffice and Sheets also have, without volatile and rounding ones.
ALLOWED = frozenset(
    [
        *(
            "ABS",
            "AND",
            "AVERAGE",
            "CHOOSE",
            "COLUMNS",
            "COUNT",
            "COUNTIF",
            "COUNTIFS",
            "DATE",
            "EXACT",
            "EXP",
            "FIXED",
        ),
        *("IF", "INDEX", "ISBLANK", "ISNUMBER", "ISTEXT", "LEN", "LN", "LOG10", "MATCH", "MAX", "MEDIAN"),
        *("MIN", "MONTH", "NOT", "OR", "ROWS", "SIGN", "SQRT", "SUM", "SUMIF", "SUMPRODUCT", "YEAR"),
    ]
)
VOLATILE = frozenset(["NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "INFO", "CELL"])
ROUNDING = frozenset(["ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "TRUNC", "CEILING", "FLOOR", "MROUND"])


@cache
def functions(formula: str) -> tuple[str, ...]:
    """The names of the functions of a formula, in order, without the prefix that files give to newer functions."""
    found = [token.value[:-1].upper() for token in tokens(formula) if token.type == "FUNC" and token.subtype == "OPEN"]
    return tuple(name.removeprefix("_XLFN.").removeprefix("_XLWS.") for name in found)


@rule("formulas", MODELLING)
def one_formula(book: Book) -> Iterator[Breach]:
    """One formula a row, or a column: neighbours differ only as copies do.
    一行（或一列）一个公式：相邻单元格只因复制而不同。
    """
    for at, formula in book.formulas.items():
        beside = [n for n in (at.beside(columns=-1), at.beside(columns=1)) if n in book.formulas]
        around = [*beside, *(n for n in (at.beside(rows=-1), at.beside(rows=1)) if n in book.formulas)]
        if beside and not any(book.copies[n] == book.copies[at] for n in around):
            yield at, f"{formula[:60]} is like none of its neighbours"


@rule("formulas", MODELLING)
def nothing_typed_over(book: Book) -> Iterator[Breach]:
    """Nothing is typed over a formula.
    公式没有被手填内容覆盖。

    Reports a number between two copies of a formula, and a value next to a formula of the same named style.
    """
    for at, cell in book.cells.items():
        if at in book.formulas or at.row <= FROZEN or style_of(cell) in INPUT_STYLES:
            continue
        left, right = at.beside(columns=-1), at.beside(columns=1)
        around = [n for n in (left, right, at.beside(rows=-1), at.beside(rows=1)) if n in book.formulas]
        style = style_of(cell)
        between = left in around and right in around and book.copies[left] == book.copies[right]
        if (between and cell.data_type == "n") or (
            style not in ("", "Normal") and any(style_of(book.cells[n]) == style for n in around)
        ):
            yield at, f"{str(cell.value)[:30]!r} where there should be a formula"


@rule("formulas", MODELLING)
def no_constants(book: Book) -> Iterator[Breach]:
    """Formulas hold no constants but 0 and 1.
    公式中除 0 和 1 外没有常数。
    """
    for at, formula in book.formulas.items():
        for token in tokens(formula):
            if token.type == "OPERAND" and token.subtype in ("NUMBER", "TEXT") and token.value not in ("0", "1"):
                yield at, f"the constant {token.value[:40]}"


@rule("formulas", MODELLING)
def short_formulas(book: Book) -> Iterator[Breach]:
    """Formulas are short.
    公式简短。
    """
    for at, formula in book.formulas.items():
        if len(formula) > LONGEST:
            yield at, f"{len(formula)} characters"


@rule("formulas", MODELLING)
def shallow_formulas(book: Book) -> Iterator[Breach]:
    """Functions are at most three deep, and no IF stands within an IF.
    函数嵌套不超过三层，IF 不套 IF。
    """
    for at, formula in book.formulas.items():
        stack: list[str] = []
        deepest, nested = 0, False
        for token in tokens(formula):
            if token.type == "FUNC" and token.subtype == "OPEN":
                nested |= token.value.upper() == "IF(" and "IF(" in stack
                stack.append(token.value.upper())
                deepest = max(deepest, len(stack))
            elif token.type == "FUNC":
                stack.pop()
        if deepest > DEEPEST or nested:
            yield at, "an IF within an IF" if nested else f"{deepest} functions deep"


@rule("formulas", MODELLING)
def no_volatile_functions(book: Book) -> Iterator[Breach]:
    """No volatile functions.
    没有易失函数。
    """
    for at, formula in book.formulas.items():
        for name in VOLATILE.intersection(functions(formula)):
            yield at, name


@rule("formulas", MODELLING)
def no_rounding(book: Book) -> Iterator[Breach]:
    """No rounding but for display.
    除显示外不取整。
    """
    for at, formula in book.formulas.items():
        for name in ROUNDING.intersection(functions(formula)):
            yield at, name


@rule("formulas", PROGRAMS)
def shared_functions(book: Book) -> Iterator[Breach]:
    """Only functions of Excel 2010 that other programs share.
    只用 Excel 2010 且各软件通用的函数。
    """
    for at, formula in book.formulas.items():
        for name in set(functions(formula)) - ALLOWED - VOLATILE - ROUNDING:
            yield at, name


@rule("formulas", PROGRAMS)
def no_arrays(book: Book) -> Iterator[Breach]:
    """No array formulas.
    没有数组公式。
    """
    for at in book.formulas:
        if not isinstance(book.cells[at].value, str):
            yield at, "an array formula or data table"


@rule("formulas", MODELLING)
def no_whole_columns(book: Book) -> Iterator[Breach]:
    """No references to whole rows or columns.
    不引用整行整列。
    """
    for at in book.formulas:
        if any(span.whole for span in book.spans[at]):
            yield at, book.formulas[at][:60]


@rule("formulas", PROGRAMS)
def sheets_exist(book: Book) -> Iterator[Breach]:
    """References point at sheets that exist.
    引用的工作表都存在。
    """
    known = {sheet.title.lower() for sheet in book.sheets}
    for at in book.formulas:
        for span in book.spans[at]:
            if span.sheet.lower() not in known:
                yield at, f"no sheet {span.sheet}"


@rule("formulas", PROGRAMS)
def sheets_are_quoted(book: Book) -> Iterator[Breach]:
    """Names of sheets are quoted where they must be.
    公式中的工作表名按需加引号。
    """
    for at, formula in book.formulas.items():
        for match in OUTSIDE_QUOTES.finditer(QUOTED.sub(lambda found: "'" + "x" * (len(found[0]) - 2) + "'", formula)):
            name = formula[match.start() : match.end() - 1]
            if not re.fullmatch(r"[^\W\d][\w.]*", name) or REFERENCE.fullmatch(name):
                yield at, f"the sheet {name[:31]} without quotes"


@rule("formulas", MODELLING)
def flow(book: Book) -> Iterator[Breach]:
    """Results flow from left to right and from top to bottom.
    结果从左到右、从上到下流动。

    Only the opening sheet, and the frozen rows with their checks, may read results that come later.
    """
    order = {sheet.title: position for position, sheet in enumerate(book.sheets)}
    numbers = {at for at in book.formulas if isinstance(book.value(at), int | float)}
    for at in book.formulas:
        if order[at.sheet] == 0 or at.row <= FROZEN:
            continue
        for span in book.spans[at]:
            later = order.get(span.sheet, 0) > order[at.sheet]
            column = span.right < at.column and span.top <= at.row + 1  # a column of the same table, further left
            below = span.sheet == at.sheet and (
                (span.bottom > at.row and not (column and span.bottom > span.top))
                or (span.bottom == at.row and span.right > at.column)
            )
            if (later or below) and (span.size > LARGEST_RANGE or not numbers.isdisjoint(span.cells())):
                yield at, f"reads {span.sheet}!{get_column_letter(span.left)}{span.top}, which comes later"
                break


def _link(book: Book, at: Position) -> Position | None:
    """The cell that a formula of nothing but one reference points at; None for any other cell."""
    operands = [t for t in tokens(book.formulas[at]) if t.type != "WHITE-SPACE"] if at in book.formulas else []
    spans = book.spans[at] if len(operands) == 1 else []
    cells = list(spans[0].cells()) if spans and spans[0].size == 1 else []
    return cells[0] if len(cells) == 1 else None


@rule("formulas", MODELLING)
def no_daisy_chains(book: Book) -> Iterator[Breach]:
    """No daisy chains: a bare link points at no bare link.
    没有链式引用：纯引用不指向纯引用。
    """
    for at in book.formulas:
        target = _link(book, at)
        if target is not None and _link(book, target) is not None:
            yield at, f"{book.formulas[at]} → {book.formulas[target]}"


@rule("formulas", MODELLING)
def no_circles(book: Book) -> Iterator[Breach]:
    """Nothing turns in a circle.
    没有循环引用。
    """
    graph = {at: read & book.formulas.keys() for at, read in book.precedents.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield error.args[1][0], " → ".join(map(str, error.args[1][:6]))


@rule("checks", MODELLING)
def no_equality(book: Book) -> Iterator[Breach]:
    """Checks compare with a tolerance, never by equality.
    校验用容差比较，不用等号。
    """
    for at, formula in book.formulas.items():
        if any(token.type == "OPERATOR-INFIX" and token.value in ("=", "<>") for token in tokens(formula)):
            yield at, formula[:60]


@rule("checks", MODELLING)
def master_check_everywhere(book: Book) -> Iterator[Breach]:
    """Every sheet shows the master check in its frozen rows.
    每个工作表的冻结行都显示总校验。

    A cell that at least half of the sheets link to from their frozen rows must be linked to from all of them.
    """
    seen = {
        s.title: {_link(book, a) for a in book.formulas if a.sheet == s.title and a.row <= FROZEN} for s in book.sheets
    }
    counts = Counter(target for targets in seen.values() for target in targets if target is not None)
    shared = [target for target, count in counts.items() if 2 * count >= len(book.sheets)]
    wanted = min(LEAST_SHEETS_CHECKED, len(book.sheets))
    if not any(len({at.sheet for at in _dependencies(book, target)}) >= wanted for target in shared):
        yield book.sheets[0].title, "no cell that the sheets share rests on the results of several"
    for target in shared:
        for sheet in book.sheets:
            if target not in seen[sheet.title] and sheet.title != target.sheet:
                yield sheet.title, f"does not show {target}"


def _dependencies(book: Book, target: Position) -> set[Position]:
    """The formulas that a cell depends on, directly or through others, and its own."""
    found: set[Position] = set()
    waiting = {target} & book.formulas.keys()
    while waiting:
        found |= waiting
        waiting = {at for cell in waiting for at in book.precedents[cell] if at in book.formulas} - found
    return found
