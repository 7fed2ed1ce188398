"""Tables on sheets: scenario tables, record tables and views of them, all by one mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openpyxl.worksheet.datavalidation import DataValidation

from threegates.definition.declare import PER_RECORD, Field, View
from threegates.formula import units
from threegates.inputs.assumptions import Datum
from threegates.inputs.schema import CONFIDENCES, LARGEST_NUMBER, RANGE_KINDS
from threegates.workbook.layout import DOCUMENTATION, ID, LABEL, UNIT, Block, Spot, choices, is_range
from threegates.workbook.page import Page
from threegates.workbook.styles import DATED

DATES = ("32874", "73050")  # 1990 to 2099, in days since 1900
MOST_LETTERS = "32767"  # Excel limit
ONE_FUNCTION = re.compile(r"([a-z_]+)(\([^()]*\))")


def write_block(page: Page, block: Block) -> None:
    """Headings, labels, cells and documentation of a block; a view's cells are links to their homes."""
    _headings(page, block)
    for row in range(block.rows):
        _labels(page, block, row)
    for position, field in enumerate(block.fields):
        for number, key in enumerate(block.keys):
            if block.view:
                _shown(page, block, block.view, field, key, block.spot(position, number))
            else:
                _cell(page, block, field, key, block.spot(position, number))
        if field.is_input and not block.view:
            page.validate(*_validation(page, field), *block.ends(position))


def _headings(page: Page, block: Block) -> None:
    """Labels of the columns, the ids below them, and a row of units where records have facts."""
    row = block.heading
    if block.view:
        page.put(row - 1, LABEL, block.view.lead.of(page.language), "Status")
    page.put(row, LABEL, block.table.label.of(page.language), "Heading")
    page.say(row, ID, "id", "Heading")
    page.put(row + 1, LABEL, "", "Ids")
    page.put(row + 1, ID, "", "Ids")
    if block.first.column > UNIT:
        page.say(row, UNIT, "unit", "Heading")
        page.put(row + 1, UNIT, "", "Ids")
    entries = page.layout.model.assumptions.entries[block.table.id]
    heads = [(entries[k].label, k) for k in block.keys] if block.across else [(f.label, f.id) for f in block.fields]
    fitted = []
    for column, (label, name) in enumerate(heads[block.named :], start=block.first.column):
        page.put(row, column, label.of(page.language), "Heading")
        page.put(row + 1, column, name, "Ids")
        fitted.append((column, label.of(page.language)))
    if block.table.facts:
        page.put(row + 2, LABEL, "", "Ids")
        page.say(row + 2, ID, "unit", "Ids")
        for column, field in enumerate(block.fields, start=block.first.column):
            page.put(row + 2, column, _unit(page, field, field.unit), "Ids")
    if block.documented:
        for column, phrase in enumerate(DOCUMENTATION, start=page.layout.documentation(page.sheet.id)):
            page.say(row, column, phrase, "Heading")
    page.fit_row(row, fitted, bold=True)


def _unit(page: Page, field: Field, unit: str) -> str:
    """The unit in words; what is counted in days is shown as a date."""
    return page.phrase("a_date") if unit == "day" and field.format in DATED else page.unit(unit)


def _labels(page: Page, block: Block, row: int) -> None:
    """Label, id and unit at the left, and what is known of the row at the right."""
    line = block.first.row + row
    if block.across:
        field = block.fields[row]
        label, name, unit = field.label, field.id, field.unit
        words = [(block.first.column, word) for word in field.words]
    else:
        name = block.keys[row]
        entry = page.layout.model.assumptions.entries[block.table.id][name]
        of_fields = {f.unit for f in block.fields if f.unit != PER_RECORD}
        label, unit = entry.label, entry.unit or ("".join(of_fields) if len(of_fields) == 1 else "")
        if block.view and page.language == "zh":
            unit = units.COUNTED.get(unit, (unit,))[0]
        words = [(column, word) for column, f in enumerate(block.fields, start=block.first.column) for word in f.words]
    shown = label.of(page.language)
    if not block.named:
        page.put(line, LABEL, shown, "Label")
    page.put(line, ID, name, "Name")
    if block.first.column > UNIT:
        page.put(line, UNIT, _unit(page, block.fields[row if block.across else 0], unit), "Unit")
    fitted = [(LABEL, shown), *((column, word.of(page.language)) for column, word in words), *_texts(page, block, row)]
    if block.documented:
        fitted += _document(page, block, row)
    page.fit_row(line, fitted)


def _document(page: Page, block: Block, row: int) -> list[tuple[int, str]]:
    """Writes the four columns of documentation of a row; returns their texts."""
    if block.across:
        texts = _field_documentation(page, block.fields[row], block.keys)
    else:
        texts = _record_documentation(page, block, block.keys[row])
    cells = list(enumerate(texts, start=page.layout.documentation(page.sheet.id)))
    for column, text in cells:
        page.put(block.first.row + row, column, text, "Note" if column > cells[0][0] else "Formula text")
    return cells


def _texts(page: Page, block: Block, row: int) -> list[tuple[int, str]]:
    """The texts among the cells of a row, which may need more than one line."""
    found = []
    for offset in range(0 if block.named else block.columns):
        position, number = (row, offset) if block.across else (offset, row)
        field, key = block.fields[position], block.keys[number]
        if field.kind in ("text", "link", "choice"):
            text = page.given((block.table.id, field.id, key))
            found.append((block.first.column + offset, "" if text is None else str(text)))
    return found


def _field_documentation(page: Page, field: Field, keys: Iterable[str]) -> tuple[str, str, str, str]:
    model = page.layout.model
    words = field.why.of(page.language)
    if not field.is_input:
        return f"{field.id} = {field.formula}", words, source_words(page, [field.source]), page.phrase("computed")
    data = [model.data[field.table, field.id, key] for key in keys if (field.table, field.id, key) in model.data]
    sources = source_words(page, dict.fromkeys(name for d in data for name in d.source))
    known = confidence_words(page, data)
    if is_range(field):
        return allowed_words(page, field), "", sources, known  # in words, as in the row of the base value
    notes = [words, *dict.fromkeys(d.note.of(page.language) for d in data if d.note is not None)]
    text = (" " if page.language == "en" else "").join(_sentence(note, page) for note in notes if note)
    return allowed_words(page, field), text, sources, known


def _record_documentation(page: Page, block: Block, key: str) -> tuple[str, str, str, str]:
    model = page.layout.model
    entry = model.assumptions.entries[block.table.id][key]
    formulas = [model.data.get((block.table.id, f.id, key)) for f in block.fields if f.kind == "formula"]
    equation = page.phrase("semicolon").join(_gathered(str(datum.value) for datum in formulas if datum is not None))
    note = entry.note.of(page.language) if entry.note is not None else ""
    known = [Datum(None, entry.source, entry.confidence, entry.marks)]
    given = [model.data.get((block.table.id, f.id, key)) for f in block.fields]
    known += [Datum(None, range=datum.range) for datum in given if datum is not None and datum.range]
    return equation, note, source_words(page, entry.source), confidence_words(page, known)


def _gathered(formulas: Iterable[str]) -> list[str]:
    """Formulas; those that are one function each, of the same, as one: ``count, median(runs.ratio)``."""
    found: dict[str, list[str]] = {}
    for formula in formulas:
        call = ONE_FUNCTION.fullmatch(formula)
        function, of = (call[1], call[2]) if call else (formula, "")
        found.setdefault(of or formula, []).append(function)
    return [", ".join(names) + (of if of.startswith("(") and names[0] != of else "") for of, names in found.items()]


def _sentence(text: str, page: Page) -> str:
    stop = "." if page.language == "en" else "。"
    return text if text[-1] in ".。" else text[0].upper() + text[1:] + stop


def allowed_words(page: Page, field: Field) -> str:
    """What may be typed into an input."""
    if not field.is_number or field.maximum is None:
        return page.phrase("input")
    return page.phrase("allowed").format(
        low=f"{0 if (field.minimum or 0) < 1e-6 else field.minimum:g}", high=f"{field.maximum:g}"
    )


def source_words(page: Page, sources: Iterable[str]) -> str:
    """The ids of the sources; judgement and definition in the edition's words."""
    return page.phrase("comma").join(page.phrase(s) if s in ("judgement", "definition") else s for s in sources)


def confidence_words(page: Page, data: Iterable[Datum]) -> str:
    """The lowest confidence, then every mark; and what low and high are."""
    data = list(data)
    found = sorted({d.confidence for d in data if d.confidence}, key=CONFIDENCES.index)
    marks = dict.fromkeys(mark for d in data for mark in d.marks)
    ranges = [kind for kind in RANGE_KINDS if any(d.range == kind for d in data)]
    words = (page.phrase("comma").join(map(page.phrase, group)) for group in ([*found[-1:], *marks], ranges))
    return page.phrase("semicolon").join(filter(None, words))


def _cell(page: Page, block: Block, field: Field, key: str, spot: Spot) -> None:
    """An input as it is given, or the formula of a result, under its defined name."""
    address = (block.table.id, field.id, key)
    number_format = page.layout.model.format_of(field, key)
    if field.is_input:
        style = "Input" if field.kind in ("number", "month", "date") else "Input text"
        page.put(spot.row, spot.column, page.given(address), style, number_format)
    else:
        style = "Check" if field.check else "Result text" if field.words else "Result"
        style = "Label" if spot.column == LABEL else style
        page.formula(spot.row, spot.column, page.formulas.of(*address), style, number_format)
    page.define(page.layout.name(*address), spot)


def _shown(page: Page, block: Block, view: View, field: Field, key: str, spot: Spot) -> None:
    """A cell of a view: a link to where the number comes from."""
    layout, address = page.layout, (block.table.id, field.id, key)
    text = layout.text(page.formulas.source_of(*address), page.sheet.id, free="both")
    unknown = layout.text(layout.spots["unknown"], page.sheet.id)
    if counting := _counting(page, block, field, key):
        text = f"IF(ISNUMBER({text}),{text}*{counting},{unknown})"
    elif field.is_input and field.optional:  # a link to a blank cell would show 0
        text = f"IF(ISBLANK({text}),{unknown},{text})"
    number = field.is_number and not field.words
    if field.id in view.large:
        style = "Large figure" if number else "Large text"
    else:
        style = "Result" if number else "Result text"
    page.formula(spot.row, spot.column, f"={text}", style, layout.model.format_of(field, key))


def _counting(page: Page, block: Block, field: Field, key: str) -> str:
    """What a number of a record shown in the Chinese edition is to be multiplied by."""
    unit = page.layout.model.unit_of(field, key) if field.unit == PER_RECORD and page.language == "zh" else ""
    if block.across or unit not in units.COUNTED:
        return ""
    return page.layout.text(page.layout.spot("constants", "value", units.COUNTED[unit][1]), page.sheet.id)


def _validation(page: Page, field: Field) -> tuple[DataValidation, str]:
    """What Excel lets a reader type into the cells of one input, and what is said where it refuses."""
    if field.kind in ("link", "choice"):
        first = page.layout.lists[page.sheet.id, field.target]
        last = first.shift(len(choices(page.layout.model, field)) - 1)
        cells = page.layout.span(first, last, page.sheet.id)
        return DataValidation("list", formula1=cells, allow_blank=field.optional), page.phrase("from_list")
    if field.kind in ("month", "date"):
        return _between("date", *DATES, True), page.phrase("month_wanted")
    if field.kind == "text":
        return _between("textLength", "0", MOST_LETTERS, True), page.phrase("text_wanted")
    low = -LARGEST_NUMBER if field.minimum is None else field.minimum
    high = LARGEST_NUMBER if field.maximum is None else field.maximum
    error = page.phrase("number_between").format(low=f"{low:g}", high=f"{high:g}")
    return _between("decimal", f"{low!r}".upper(), f"{high!r}".upper(), field.optional), error


def _between(kind: str, low: str, high: str, blank: bool) -> DataValidation:
    return DataValidation(kind, operator="between", formula1=low, formula2=high, allow_blank=blank)
