"""assumptions.yaml as frozen records: every figure with its source, and every problem with its line.

The shapes come from the fields that the model declares, so that a new input or a new table of records needs no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from threegates.definition.backtest import RUNS
from threegates.definition.declare import HIGH, LOW, SCENARIOS, Definition, Field, Table
from threegates.inputs import checks, groups, schema, sections
from threegates.inputs.assumptions import CONSTANTS, DEFAULTS, HISTORY, MAIL, REPORT, SOURCES, Assumptions, Datum, Entry
from threegates.inputs.document import Document, Place
from threegates.inputs.include import include
from threegates.inputs.mail_headers import MAIL_MODEL
from threegates.inputs.read_yaml import read
from threegates.inputs.value_types import AN_ID, ID, INCLUDE, LONGEST_ID
from threegates.problems import nearest, shorten


def load(path: Path, definition: Definition, contents: Mapping[str, bytes] | None = None) -> Assumptions:
    """Reads the YAML at ``path`` against the declared fields. Problems are collected, not raised, where it can go on.

    ``contents`` is read in the place of what the files hold: by the name of this one, or as ``include:`` names it.
    """
    contents = contents or {}
    document = read(path, content=contents.get(path.name))
    for name, section in document.data.items():
        if section is None and name not in (REPORT, INCLUDE):
            document.data[name] = {}  # a section without records is as one that is left out
    if INCLUDE in document.data:
        include(document, path, contents)
    return Loader(document, definition).load()


OF_A_VALUE = ("base", "low", "high", "range", "draw")  # keys of a record that is itself the value of its main field

# Stands in for a report that has problems, until these are raised.
NO_REPORT = sections.Report.model_construct(None, **dict.fromkeys(sections.Report.model_fields))


class Loader:
    """Turns a document into Assumptions, one section after the other, and notes every problem on the way."""

    def __init__(self, document: Document, definition: Definition) -> None:
        self.document = document
        self.definition = definition = groups.expanded(document, definition)
        self.tables = tables = definition.tables
        self.inputs = {
            table.id: tuple(f for f in definition.equations if f.table == table.id and not f.formula)
            for table in tables
        }
        self.entries: dict[str, dict[str, Entry]] = {table.id: {} for table in tables}
        self.data: dict[tuple[str, str, str], Datum] = {}
        self.sections = {name: self._section(name) for name in (*(table.id for table in tables), SOURCES, HISTORY)}
        self.ids = {table.id: tuple(self.sections[table.id]) for table in tables}
        start = schema.record_model(self.inputs[SCENARIOS], complete=False, base=schema.Frozen)
        self.defaults = schema.validate(document, start, document.data.get(DEFAULTS, {}), (DEFAULTS,))

    def load(self) -> Assumptions:
        known = (REPORT, MAIL, DEFAULTS, *self.ids, RUNS.id, SOURCES, HISTORY, INCLUDE)
        for key in self.document.data:
            if key not in known and not key.startswith(RUNS.groups):  # a group of runs has been looked at
                found = f"found the unknown section {key!r}"
                self.document.report((key,), found, ", ".join(known), nearest(key, known))
        report = schema.validate(self.document, sections.Report, self.document.data.get(REPORT), (REPORT,)) or NO_REPORT
        mail = schema.validate(self.document, MAIL_MODEL, self.document.data.get(MAIL, {}), (MAIL,))
        sources, history = self._plain(SOURCES, sections.Source), self._plain(HISTORY, sections.Change)
        for table in self.tables:
            model = schema.record_model(self.inputs[table.id], complete=table.id != SCENARIOS)
            for key, raw in self.sections[table.id].items():
                self._check_id(key, (table.id, key))
                self._read_record(table, key, raw, model)
        newest = dict(sorted(history.items(), key=lambda item: item[1].date, reverse=True))
        own = (self.entries, self.data, sources, newest, self.ids)
        loaded = Assumptions(self.document, self.definition, report, mail, *own)
        checks.check(loaded, self.tables, self.inputs)
        return loaded

    def _plain(self, name: str, model: type[Any]) -> dict[str, Any]:
        """The records of a section that is no table of the model, but for those that have problems."""
        found = {}
        for key, raw in self.sections[name].items():
            self._check_id(key, (name, key))
            record = schema.validate(self.document, model, raw, (name, key))
            if record is not None:
                found[key] = record
        return found

    def _section(self, name: str) -> dict[str, Any]:
        """The records of a section; scenarios, constants and sources may not be missing or empty."""
        raw = self.document.data.get(name, {})
        if isinstance(raw, dict) and (raw or name not in (SCENARIOS, CONSTANTS, SOURCES)):
            return raw
        found = "nothing" if raw == {} else schema.describe(raw)
        self.document.report((name,), f"found {found}", "a mapping of names to records", f"mend the section {name}:")
        return {}

    def _read_record(self, table: Table, key: str, raw: Any, model: type[schema.Record]) -> None:
        place = (table.id, key)
        if table.main and isinstance(raw, dict):  # the record is itself the value of its main field
            if table.main in raw:
                self.document.report(
                    (*place, table.main), f"found the unknown key {table.main!r}", ", ".join(OF_A_VALUE)
                )
            value = {name: raw[name] for name in OF_A_VALUE if name in raw}
            raw = {name: given for name, given in raw.items() if name not in value} | {table.main: value}
        record = schema.validate(self.document, model, raw, place)
        if record is None:
            return
        own = self.entries[table.id][key] = _entry(record)
        fallback = self.defaults if table.id == SCENARIOS else None
        for field in self.inputs[table.id]:
            value = getattr(record, field.id)
            bound = getattr(record, field.at_most) if field.at_most else None
            if value is not None and bound is not None and value.base > bound.base:
                found = f"found {value.base:g} above {field.at_most}, {bound.base:g}"
                self.document.report((*place, field.id), found, f"{field.id} ≤ {field.at_most}", "swap them")
            if value is not None:
                self._take(field, key, value, own)
            elif fallback is not None and getattr(fallback, field.id) is not None:
                self._take(field, key, getattr(fallback, field.id), Entry(own.label))
            elif fallback is not None and not field.optional:
                allowed, remedy = f"a value here or in {DEFAULTS}", f"add {field.id}: to {DEFAULTS}"
                self.document.report((*place, field.id), "found nothing", allowed, remedy)

    def _take(self, field: Field, key: str, value: schema.Value, own: Entry) -> None:
        """Notes the value, and its low and high as fields of their own."""
        if value.unit is not None and value.unit != field.unit:
            place = (field.table, key, field.id, "unit")
            where = place if self.document.has(place) else (DEFAULTS, field.id, "unit")
            self.document.report(where, f"found the unit {value.unit}", field.unit, "convert the number, then the unit")
        confidence = value.confidence or own.confidence
        origin = (
            value.source or own.source,
            confidence,
            value.marks or own.marks,
            value.note,
            value.range or "",
            value.draw or "",
        )
        for suffix, number in (("", value.base), (LOW, value.low), (HIGH, value.high)):
            if number is not None:
                self.data[field.table, field.id + suffix, key] = Datum(number, *origin)

    def _check_id(self, key: str, place: Place) -> None:
        if not ID.fullmatch(key) or len(key) > LONGEST_ID:
            self.document.report(place, f"found the name {shorten(key)}", AN_ID)


def _entry(record: Any) -> Entry:
    unit, form = getattr(record, "unit", ""), getattr(record, "format", None)
    return Entry(record.label, record.source, record.confidence or "", record.marks, record.note, unit, form or "")
