"""What sheets hold besides tables: Summary's text, the lists, the checks, the as-shipped block, sources and words."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from threegates import __version__, units
from threegates.assumptions import SCENARIOS
from threegates.layout import (
    FIRST,
    HEADING_ROW,
    HEADLINE_ROWS,
    ID,
    LABEL,
    STATUS_ROW,
    SUMMARY_FACTS,
    Spot,
    checks,
    choices,
    computed_columns,
    is_range,
)
from threegates.nodes import Cell
from threegates.records import Field
from threegates.study import BASE, PICKED_KEY
from threegates.workbook.page import Page, cell_value
from threegates.workbook.phrases import GLOSSARY
from threegates.workbook.styles import BAD_FILL, GREEN, RED, WARN_FILL


def summary_text(page: Page) -> None:
    """The answer in three sentences, as of when, which version, how to read it; the tables follow below."""
    layout, model = page.layout, page.layout.model
    report = model.assumptions.report
    assert report is not None
    for row, name in zip(HEADLINE_ROWS, ("headline", "headline_gates", "headline_claims"), strict=True):
        spot = layout.spots.get(f"sentence.{name}")
        if spot is not None:
            page.formula(row, LABEL, f"={layout.text(spot, page.sheet.id, free='both')}", "Headline")
    facts = (
        ("as_of", cell_value(report.as_of), "date"),
        ("version", __version__, "text"),
        ("hash", model.assumptions.document.digest[:16], "text"),
    )
    keys = (("key_input", "Input text"), ("key_result", "Result text"), ("key_check", "Check"))
    for row, ((fact, value, shown), (key, style)) in enumerate(zip(facts, keys, strict=True), start=SUMMARY_FACTS):
        page.say(row, LABEL, fact, "Label")
        page.put(row, ID, value, "Record", shown)
        page.say(row, FIRST, "colour_key", "Name") if row == SUMMARY_FACTS else None
        page.say(row, FIRST + 1, key, style)
    for block in layout.blocks_of("summary"):
        if block.view is not None:
            page.put(block.heading - 1, LABEL, block.view.lead.of(page.language), "Status")


def closing(page: Page, row: int) -> None:
    """What this is and what it is not, below everything else on Summary."""
    page.put(row, LABEL, page.sheet.lead.of(page.language), "Normal text")
    page.say(row + 1, LABEL, "disclaimer", "Normal text")


def contents(page: Page) -> None:
    """Links to every sheet, beside the scenario in focus, in two columns."""
    top = page.layout.blocks_of("summary")[0].heading
    page.say(top, FIRST + 2, "contents", "Status")
    others = page.layout.model.sheets[1:]
    half = (len(others) + 1) // 2
    for position, sheet in enumerate(others):
        column = FIRST + 2 + 3 * (position // half)
        page.link(top + 1 + position % half, column, sheet.id, sheet.title.of(page.language))


def lists(page: Page) -> None:
    """The choices that validations allow, linked to the ids of their records, and the sign for 'not known'."""
    layout, model = page.layout, page.layout.model
    own = {name: first for (sheet, name), first in layout.lists.items() if sheet == page.sheet.id}
    if not own:
        return
    spot = layout.spots[f"lists.{page.sheet.id}"]
    page.say(spot.row, LABEL, "lists", "Heading")
    fields = {field.id: field for field in model.fields.values() if field.sheet == page.sheet.id and field.is_input}
    linked = next(field.target[0] for field in fields.values() if field.kind == "link")
    for name, first in own.items():
        field = fields[name]
        page.put(spot.row, first.column, field.label.of(page.language), "Heading")
        for offset, choice in enumerate(choices(model, field)):
            if field.kind == "link":
                source = layout.key_spot(field.target[0], choice)
            else:
                source = layout.head_spot(linked, choice)
            page.formula(
                first.row + offset, first.column, "=" + layout.text(source, page.sheet.id, free="both"), "Name", "text"
            )
    unknown = layout.spots["unknown"]
    if unknown.sheet == page.sheet.id:
        page.say(unknown.row, LABEL, "unknown", "Label")
        page.put(unknown.row, unknown.column, "—", "Record")


def picker(page: Page) -> None:
    """The one cell that says which scenario the sheets of a single scenario show."""
    layout, model = page.layout, page.layout.model
    spot, here = layout.spots["picker"], page.sheet.id
    page.say(spot.row, LABEL, "picker", "Label")
    page.put(spot.row, spot.column, model.picked, "Input text", "text")
    page.say(spot.row + 1, LABEL, "picked_chip", "Label")
    chip = Cell(BASE, "chip", PICKED_KEY)
    for name, table, value in (
        ("picked_scenario", SCENARIOS, layout.text(spot, here)),
        ("picked_chip", "chips", layout.text(layout.spot(chip.table, chip.field, chip.key), here)),
    ):
        label = layout.spots[name]
        labels, names = layout.labels(table, here)
        page.formula(label.row, label.column, f"=INDEX({labels},MATCH({value},{names},0))", "Large text", "text")
    heads = next(block for block in layout.blocks_of(here) if block.table.id == SCENARIOS)
    ids = Spot(here, heads.heading + 1, heads.first.column)
    validation = DataValidation("list", formula1=layout.span(ids, ids.shift(columns=heads.columns - 1), here))
    validation.add(layout.text(spot, here, free="both"))
    validation.error, validation.errorTitle = page.phrase("from_list"), page.phrase("not_allowed")
    validation.showErrorMessage = True
    page.ws.add_data_validation(validation)
    name = "picked__scenario"
    page.ws.parent.defined_names[name] = DefinedName(name, attr_text=layout.absolute(spot))


def words(page: Page) -> None:
    """The words that codes stand for, on the sheet that uses them; coloured where they are the result."""
    layout, model = page.layout, page.layout.model
    for name, first in layout.words.items():
        if first.sheet != page.sheet.id or "." not in name:
            continue
        table, field_id = name.split(".")
        field = model.fields[table, field_id]
        page.put(first.row, LABEL, page.phrase("words_of") + field.label.of(page.language), "Label")
        for offset, text in enumerate(field.words):
            page.put(first.row, first.column + offset, text.of(page.language), "Record text")
        shown = [(LABEL, page.phrase("words_of") + field.label.of(page.language))]
        page.fit_row(
            first.row, shown + [(first.column + i, text.of(page.language)) for i, text in enumerate(field.words)]
        )


def legend(page: Page) -> None:
    """How the computed columns of record tables are computed, below the tables."""
    for name, spot in page.layout.legends.items():
        if spot.sheet != page.sheet.id:
            continue
        page.say(spot.row, LABEL, "columns", "Heading")
        page.say(spot.row, ID, "equation", "Heading")
        for offset, field in enumerate(computed_columns(page.layout.model, name), start=1):
            page.put(spot.row + offset, LABEL, field.label.of(page.language), "Label")
            page.put(spot.row + offset, ID, f"{field.id} = {field.formula}", "Normal text")


def sources(page: Page) -> None:
    """The sources as a table of texts: addresses are text, too, so that none can be a link."""
    heads = ("id", "title", "publisher", "kind", "date", "quote", "remark", "address")
    widths = (24.0, 46.0, 30.0, 11.0, 12.0, 64.0, 36.0, 60.0)
    page.widths = dict(enumerate(widths, start=1))
    for column, key in enumerate(heads, start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    for row, (name, source) in enumerate(page.layout.model.assumptions.sources.items(), start=HEADING_ROW + 2):
        kind = page.phrase(f"kind_{source.kind}")
        address = source.address or page.phrase("no_address")
        remark = source.remark.of(page.language) if source.remark is not None else ""
        texts = (name, source.title, source.publisher, kind, source.date, source.quote, remark, address)
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))


def glossary(page: Page) -> None:
    """The general terms, then every field of the model, in both languages."""
    widths = (26.0, 40.0, 32.0, 16.0, 56.0, 64.0)
    page.widths = dict(enumerate(widths, start=1))
    for column, key in enumerate(("id", "english", "chinese", "unit", "meaning", "equation"), start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    rows = [("", term.en, term.zh, "", meaning.of(page.language), "") for term, meaning in GLOSSARY]
    model = page.layout.model
    for field in model.fields.values():
        if not is_range(field) and not model.tables[field.table].derived:
            unit = units.words(field.unit, page.language) if field.unit and not field.unit.startswith("@") else ""
            rows.append((field.id, field.label.en, field.label.zh, unit, field.why.of(page.language), field.formula))
    rows = list(dict.fromkeys(rows))  # tables may share columns
    for row, texts in enumerate(rows, start=HEADING_ROW + 2):
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))


def changes(page: Page) -> None:
    """The history of the assumptions, newest first."""
    page.widths = dict(enumerate((26.0, 14.0, 90.0, 70.0), start=1))
    for column, key in enumerate(("id", "date", "what_moved", "why"), start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    history = page.layout.model.assumptions.history
    if not history:
        page.say(HEADING_ROW + 2, LABEL, "no_changes", "Note")
    for row, (name, change) in enumerate(history.items(), start=HEADING_ROW + 2):
        texts = (name, change.date.isoformat(), change.what.of(page.language), change.why.of(page.language))
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))


def colour(page: Page) -> None:
    """Colour beside the words, never instead of them: failures red, alerts amber, in the header and the tables."""
    layout = page.layout
    here, bad = page.sheet.id, {"fill": PatternFill("solid", end_color=BAD_FILL), "font": Font(color=RED, bold=True)}
    warn = {"fill": PatternFill("solid", end_color=WARN_FILL)}
    # the signs with which the texts begin in both languages; references to other sheets break in old programs
    for cell, sign, style in ((f"A{STATUS_ROW}", "✘", bad), (f"B{STATUS_ROW}", "✎", warn)):
        page.ws.conditional_formatting.add(cell, FormulaRule(formula=[f'LEFT({cell},1)="{sign}"'], **style))
    if here == "uncertainty":
        cell = f"{get_column_letter(FIRST + 1)}{STATUS_ROW}"
        page.ws.conditional_formatting.add(cell, FormulaRule(formula=[f'LEFT({cell},1)="✎"'], **warn))
    for block in layout.blocks_of(here):
        for position, field in enumerate(block.fields):
            if field.words or field.check:
                _colour_field(page, block.spot(position, 0), block.spot(position, len(block.keys) - 1), field)
    if here == "checks":
        spot, status = layout.spots["check_list"], layout.words["status"]
        column = get_column_letter(FIRST + 2)
        span = f"{column}{spot.row}:{column}{spot.row + len(checks(layout.model))}"
        for offset, style in ((1, bad), (2, warn)):
            rule = FormulaRule(
                formula=[f"{column}{spot.row}={layout.text(status.shift(columns=offset), here)}"], **style
            )
            page.ws.conditional_formatting.add(span, rule)
    if here == "shipped":
        first, count = layout.spots["shipped"], len(layout.model.inputs)
        span = f"A{first.row}:{get_column_letter(FIRST + 3)}{first.row + count - 1}"
        rule = FormulaRule(formula=[f"${get_column_letter(FIRST + 2)}{first.row}>0"], **warn)
        page.ws.conditional_formatting.add(span, rule)


def _colour_field(page: Page, first: Spot, last: Spot, field: Field) -> None:
    cell = f"{get_column_letter(first.column)}{first.row}"
    span = f"{cell}:{get_column_letter(last.column)}{last.row}"
    fill = PatternFill("solid", end_color=BAD_FILL if field.check != "alert" else WARN_FILL)
    if field.check:
        page.ws.conditional_formatting.add(span, FormulaRule(formula=[f"{cell}<1"], fill=fill))
        return
    for word in field.words:
        if word.tone:
            ink = GREEN if word.tone == "good" else RED
            rule = FormulaRule(formula=[f'{cell}="{word.of(page.language)}"'], font=Font(color=ink, bold=True))
            page.ws.conditional_formatting.add(span, rule)
