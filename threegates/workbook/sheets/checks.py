"""Checks: which checks pass, the master check, and the rules of form that every edition is held against."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from threegates.definition.declare import SCENARIOS
from threegates.lint import RULES
from threegates.workbook import colour
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.layout import FIRST, ID, LABEL, STATUS_ROW, UNIT, Layout, Spot, checks
from threegates.workbook.page import Page, area
from threegates.workbook.sheets.shipped import ids_before
from threegates.workbook.sheets.special import SpecialSheet

PASSES, OF, STATUS = range(FIRST, FIRST + 3)  # columns of the list of checks
HEADS = ((LABEL, "check"), (ID, "id"), (UNIT, "class"), (PASSES, "passes"), (OF, "of"), (STATUS, "status"))
MASTER_WORDS = ("all_pass", "some_fail", "alerts")
STATUS_WORDS = ("pass", "fail", "alert")
FURTHER = 3  # checks of no table: the pick, the inputs, the ids
FAILED, RAISED = 1, 2  # positions among the words of the status


class ChecksSheet(SpecialSheet):
    """Below the checks of the scenarios: the list of all checks, the totals, their words, the rules and exceptions."""

    id = "checks"
    further_headings = True

    def place(self, layout: Layout, row: int) -> int:
        spots, words = layout.spots, layout.words
        spots["check_list"] = self.at(row + 1, LABEL)  # below its headings
        spots["pick_found"] = self.at(row + 1 + len(checks(layout.model)), PASSES)
        after = spots["pick_found"].row + FURTHER  # after the last line of the list
        spots["errors_failed"] = self.at(after, PASSES)
        spots["alerts_raised"] = self.at(after + 1, PASSES)
        spots["double_entry"] = self.at(after + 2, LABEL)
        spots["master"] = self.at(STATUS_ROW, LABEL)
        words["master"] = self.at(after + 4, FIRST)
        words["status"] = self.at(after + 5, FIRST)
        words["headline"] = self.at(after + 6, FIRST)
        spots["rules"] = self.at(after + 8, LABEL)
        return after + 10 + len(EXCEPTIONS)

    def write(self, page: Page) -> None:
        _check_list(page)
        _totals(page)
        double = page.phrase("double_entry").format(count=f"{page.build.compared:,}")
        page.put(page.layout.spots["double_entry"].row, LABEL, double, "Normal text")
        for name, words in (("master", MASTER_WORDS), ("status", STATUS_WORDS), ("headline", ("headline_unknown",))):
            page.wording(page.layout.words[name], page.phrase(f"{name}_words"), [page.phrase(word) for word in words])
        _master(page)
        _rules(page)

    def colour(self, page: Page) -> None:
        first, last = _statuses(page)
        for word, style in ((FAILED, colour.BAD), (RAISED, colour.WARN)):
            formula = f"{get_column_letter(STATUS)}{first.row}={_word(page, word)}"
            colour.add(page, area(first, last), formula, style)


def _statuses(page: Page) -> tuple[Spot, Spot]:
    """The first and the last status of the list."""
    first = page.layout.spots["check_list"].shift(columns=STATUS - LABEL)
    return first, first.shift(rows=len(checks(page.layout.model)) + FURTHER - 1)


def _word(page: Page, position: int) -> str:
    """The cell of a word of the status."""
    return page.layout.text(page.layout.words["status"].shift(columns=position), page.sheet.id)


def _check_list(page: Page) -> None:
    """One line a check, whatever its table; the last say whether the pick is found, inputs are of their kind and ids in place.

    A number that somebody has cleared or overtyped is an error, not a 0.
    """
    layout, model = page.layout, page.layout.model
    row = layout.spots["check_list"].row
    for column, phrase in HEADS:
        page.say(row - 1, column, phrase, "Heading")
    for line, field in enumerate(checks(model), start=row):
        first, last = (layout.spot(field.table, field.id, model.keys[field.table][i]) for i in (0, -1))
        names = (field.label.of(page.language), field.id, field.check)
        _line(page, line, names, *_counts(layout.span(first, last, page.sheet.id)))
    _, ids = layout.labels(SCENARIOS, page.sheet.id)
    pick = layout.text(layout.spots["picker"], page.sheet.id)
    found = layout.spots["pick_found"].row
    _line(page, found, (page.phrase("pick_found"), "pick_found", "error"), f"=COUNTIF({ids},{pick})", "=1")
    sizes = {"inputs_fit": len(model.inputs), "ids_fit": sum(1 for _ in ids_before(layout))}
    for line, (name, size) in enumerate(sizes.items(), start=found + 1):
        first = layout.spots[name]
        cells = layout.span(first, first.shift(rows=size - 1), page.sheet.id)
        _line(page, line, (page.phrase(name), name, "error"), *_counts(cells))


def _counts(cells: str) -> tuple[str, str]:
    """How many of the cells are 1, and how many there are."""
    return f"=COUNTIF({cells},1)", f"=ROWS({cells})*COLUMNS({cells})"


def _line(page: Page, row: int, names: tuple[str, str, str], passing: str, all_of_them: str) -> None:
    """How many pass, of how many, and the word for it; ``names`` are label, id and class of the check."""
    layout, here = page.layout, page.sheet.id
    label, check_id, kind = names
    page.line(row, label, check_id, page.phrase(f"class_{kind}"))
    page.formula(row, PASSES, passing, "Check", "whole")
    page.formula(row, OF, all_of_them, "Check", "whole")
    passes, of = (layout.text(Spot(here, row, column), here, free="both") for column in (PASSES, OF))
    otherwise = _word(page, FAILED if kind == "error" else RAISED)
    page.formula(row, STATUS, f"=IF({passes}<{of},{otherwise},{_word(page, 0)})", "Check")


def _totals(page: Page) -> None:
    """Counts the words FAIL and review, so that an error value in a check counts as a failure."""
    first, last = _statuses(page)
    statuses = page.layout.span(first, last, page.sheet.id)
    for name, word in (("errors_failed", FAILED), ("alerts_raised", RAISED)):
        spot = page.layout.spots[name]
        page.say(spot.row, LABEL, name, "Label")
        page.formula(spot.row, spot.column, f"=COUNTIF({statuses},{_word(page, word)})", "Key figure", "whole")


def _master(page: Page) -> None:
    """The master check, which the header of every sheet shows."""
    layout, here = page.layout, page.sheet.id
    words = layout.words["master"]
    alerts, raised = layout.text(words.shift(columns=2), here), layout.text(layout.spots["alerts_raised"], here)
    page.status(layout.spots["master"], layout.spots["errors_failed"], words, f"&{alerts}&{raised}")


def _rules(page: Page) -> None:
    """How many rules of form there are, and where one is broken on purpose, with the reason."""
    spot = page.layout.spots["rules"]
    title = page.phrase("rules").format(count=len(RULES))
    page.put(spot.row, LABEL, title, "Heading")
    page.say(spot.row, ID, "where", "Heading")
    page.say(spot.row, UNIT, "why", "Heading")
    page.fit_row(spot.row, [(LABEL, title)])
    own = {sheet.name.of(page.language) for sheet in page.layout.model.sheets}
    space = " " if page.language == "en" else ""
    for row, exemption in enumerate(EXCEPTIONS, start=spot.row + 1):
        sentence = space.join(RULES[name].sentence.of(page.language) for name in exemption.rules)
        sheets = [name for name in exemption.sheets if name in own] or exemption.sheets
        page.put(row, LABEL, sentence, "Label")
        page.put(row, ID, f"{page.phrase('comma').join(sheets)} {exemption.cells}".strip(), "Name")
        page.put(row, UNIT, exemption.reason.of(page.language), "Normal text")
        page.fit_row(row, [(LABEL, sentence)])
