"""Tables on sheets: scenario tables, record tables and views of them, all by one mechanism."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.worksheet.datavalidation import DataValidation

from threegates.definition.declare import PER_RECORD, Field
from threegates.formula import units
from threegates.inputs.assumptions import Datum
from threegates.inputs.schema import CONFIDENCES, LARGEST_NUMBER
from threegates.text import Text
from threegates.workbook.layout import DOCUMENTATION, ID, LABEL, UNIT, Block, Spot, choices, is_range
from threegates.workbook.page import Page, cell_value

DATES = ("32874", "73050")  # 1990 to 2099, in days since 1900
MOST_LETTERS = "32767"  # Excel limit


def write_block(page: Page, block: Block) -> None:
    """Headings, labels, cells and documentation of a block; a view's cells are links to their homes."""
    _headings(page, block)
    for row in range(block.rows):
        _labels(page, block, row)
    for position, field in enumerate(block.fields):
        for number, key in enumerate(block.keys):
            _cell(page, block, field, key, block.spot(position, number))
    if not block.view:
        for position, field in enumerate(block.fields):
            if field.is_input:
                _validate(page, block, position, field)


def _headings(page: Page, block: Block) -> None:
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
    heads = heads[block.named :]
    fitted = []
    for offset, (label, name) in enumerate(heads):
        column = block.first.column + offset
        page.put(row, column, label.of(page.language), "Heading")
        page.put(row + 1, column, name, "Ids")
        fitted.append((column, label.of(page.language)))
    if block.has_unit_row:
        page.put(row + 2, LABEL, "", "Ids")
        page.say(row + 2, ID, "unit", "Ids")
        for offset, field in enumerate(block.fields):
            unit = units.words(field.unit, page.language) if field.unit else ""
            page.put(row + 2, block.first.column + offset, unit, "Ids")
    if block.documented:
        for offset, key in enumerate(DOCUMENTATION):
            page.say(row, page.layout.documentation(page.sheet.id) + offset, key, "Heading")
    page.fit_row(row, fitted, bold=True)


def _labels(page: Page, block: Block, row: int) -> None:
    """Label, id and unit at the left, and what is known of the row at the right."""
    model = page.layout.model
    line = block.first.row + row
    if block.across:
        field = block.fields[row]
        label, name, unit = field.label, field.id, field.unit
        documentation = _field_documentation(page, field, block.keys)
    else:
        key = block.keys[row]
        entry = model.assumptions.entries[block.table.id][key]
        label, name, unit = entry.label, key, entry.unit
        if block.view and page.language == "zh":
            unit = units.COUNTED.get(unit, (unit,))[0]
        documentation = _record_documentation(page, block, key)
    text = label.of(page.language)
    if not block.named:
        page.put(line, LABEL, text, "Label")
    page.put(line, ID, name, "Name")
    if block.first.column > UNIT:
        shown = page.phrase("own_units") if unit == PER_RECORD else units.words(unit, page.language) if unit else ""
        page.put(line, UNIT, shown, "Unit")
    fitted = [(LABEL, text)]
    fields = (
        [(block.first.column, field)]
        if block.across
        else [(block.first.column + i, f) for i, f in enumerate(block.fields)]
    )
    fitted += [(column, word.of(page.language)) for column, f in fields for word in f.words]
    fitted += _texts(page, block, row)
    if block.documented:
        start = page.layout.documentation(page.sheet.id)
        for offset, text in enumerate(documentation):
            page.put(line, start + offset, text, "Formula text" if offset == 0 else "Note")
            fitted.append((start + offset, text))
    page.fit_row(line, fitted)


def _texts(page: Page, block: Block, row: int) -> list[tuple[int, str]]:
    """The texts among the cells of a row, which may need more than one line."""
    found = []
    for offset in range(0 if block.named else block.columns):
        field, key = (
            (block.fields[row], block.keys[offset]) if block.across else (block.fields[offset], block.keys[row])
        )
        datum = (
            page.layout.model.data.get((block.table.id, field.id, key))
            if field.kind in ("text", "link", "choice")
            else None
        )
        if datum is not None:
            text = datum.value.of(page.language) if isinstance(datum.value, Text) else str(datum.value)
            found.append((block.first.column + offset, text))
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
    equation = page.phrase("semicolon").join(str(datum.value) for datum in formulas if datum is not None)
    note = entry.note.of(page.language) if entry.note is not None else ""
    known = Datum(None, entry.source, entry.confidence, entry.marks)
    return equation, note, source_words(page, entry.source), confidence_words(page, [known])


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
    """The lowest confidence, then every mark."""
    data = list(data)
    found = sorted({d.confidence for d in data if d.confidence}, key=CONFIDENCES.index)
    marks = dict.fromkeys(mark for d in data for mark in d.marks)
    return page.phrase("comma").join(page.phrase(word) for word in [*found[-1:], *marks])


def _cell(page: Page, block: Block, field: Field, key: str, spot: Spot) -> None:
    layout, model = page.layout, page.layout.model
    address = (block.table.id, field.id, key)
    number_format = model.format_of(field, key)
    if block.view:
        home = page.formulas.source_of(*address)  # a link to a bare link would be a chain
        number = field.is_number and not field.words
        style = "Result" if number else "Result text"
        if field.id in block.view.large:
            style = "Large figure" if number else "Large text"
        text, unknown = (
            layout.text(home, page.sheet.id, free="both"),
            layout.text(layout.spots["unknown"], page.sheet.id),
        )
        if counting := _counting(page, block, field, key):
            text = f"IF(ISNUMBER({text}),{text}*{counting},{unknown})"
        elif field.is_input and field.optional:  # a link to a blank cell would show 0
            text = f"IF(ISBLANK({text}),{unknown},{text})"
        page.formula(spot.row, spot.column, f"={text}", style, number_format)
        return
    if field.is_input:
        datum = model.data.get(address)
        value = datum.value if datum is not None else None
        value = value.of(page.language) if isinstance(value, Text) else cell_value(value)
        page.put(
            spot.row,
            spot.column,
            value,
            "Input" if field.kind in ("number", "month", "date") else "Input text",
            number_format,
        )
    else:
        style = "Check" if field.check else "Result text" if field.words else "Result"
        style = "Label" if spot.column == LABEL else style
        page.formula(spot.row, spot.column, page.formulas.of(*address), style, number_format)
    page.define(layout.name(*address), spot)


def _counting(page: Page, block: Block, field: Field, key: str) -> str:
    """What a number of a record shown in the Chinese edition is to be multiplied by."""
    unit = page.layout.model.unit_of(field, key) if field.unit == PER_RECORD and page.language == "zh" else ""
    if block.across or unit not in units.COUNTED:
        return ""
    return page.layout.text(page.layout.spot("constants", "value", units.COUNTED[unit][1]), page.sheet.id)


def _validate(page: Page, block: Block, position: int, field: Field) -> None:
    """What Excel lets a reader type into the cells of one input."""
    validation, error = _validation(page, field)
    page.validate(validation, error, block.spot(position, 0), block.spot(position, len(block.keys) - 1))


def _validation(page: Page, field: Field) -> tuple[DataValidation, str]:
    """The validation, and what is said where it refuses."""
    if field.kind in ("link", "choice"):
        first = page.layout.lists[page.sheet.id, field.id]
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
