"""assumptions.yaml as frozen records: every figure with its source, and every problem with its line.

The shapes are pydantic models made from the fields that the model declares, so that a new input or a new table
of records needs no code here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic import (
    Field as Constraint,
)

from threegates import expressions, units
from threegates.problems import Problem, nearest, shorten
from threegates.records import HIGH, LOW, PER_RECORD, Field, Table, Text
from threegates.yamlfile import Document, Place, read

Confidence = Literal["defined", "measured", "estimated", "judgement"]  # best known first
Mark = Literal["unverified", "derived", "projection", "calibrated"]
SourceKind = Literal["primary", "digest", "secondary", "press", "low"]
OWN_SOURCES = ("judgement", "definition")  # sources that need no record
CONFIDENCES: tuple[str, ...] = get_args(Confidence)

ID = re.compile(r"[a-z][a-z0-9_]*")
LARGEST_NUMBER = 1e30
YEARS = (1990, 2100)
RESERVED = ("anchor", expressions.UNKNOWN_NAME)


class Frozen(BaseModel):
    """Nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _both(value: object) -> object:
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, dict) and set(value) == {"en", "zh"} and all(isinstance(v, str) for v in value.values()):
        return Text(value["en"], value["zh"])
    raise ValueError("a text, or {en: …, zh: …} with both languages")


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _unit(value: str) -> str:
    if value != PER_RECORD:
        try:
            units.parse(value)
        except units.UnitProblem as problem:
            raise ValueError("a unit such as W, card or FLOP/s/card") from problem
    return value


def _expression(value: str) -> str:
    try:
        expressions.parse(value)
    except expressions.GrammarProblem as problem:
        raise ValueError(f"an expression of the model; {problem}") from problem
    return value


def _month(value: str) -> dt.date:
    match = re.fullmatch(r"(\d{4})-(\d{2})", value) if isinstance(value, str) else None
    if not match or not 1 <= int(match[2]) <= 12 or not YEARS[0] <= int(match[1]) <= YEARS[1]:
        raise ValueError("a month such as 2024-10")
    return dt.date(int(match[1]), int(match[2]), 1)


def _date(value: object) -> object:
    if type(value) is not dt.date or not YEARS[0] <= value.year <= YEARS[1]:
        raise ValueError("a date such as 2024-04-21")
    return value


Words = Annotated[Text, BeforeValidator(_both), Constraint(json_schema_extra={"type": "string"})]
Listed = BeforeValidator(_listed)
Sources = Annotated[tuple[str, ...], Listed]
Marks = Annotated[tuple[Mark, ...], Listed]
UnitName = Annotated[str, AfterValidator(_unit)]
Date = Annotated[dt.date, BeforeValidator(_date)]


class Provenance(Frozen):
    """What stands beside every figure: where it comes from and how well it is known."""

    source: Sources = ()
    confidence: Confidence | None = None
    marks: Marks = ()
    note: Words | None = None
    unit: UnitName | None = None


class Value(Provenance):
    """An input: a bare value in the YAML, or ``{base:, low:, high:, source:, …}``."""

    base: Any
    low: float | None = None
    high: float | None = None

    @model_validator(mode="before")
    @classmethod
    def bare(cls, value: object) -> object:
        return value if isinstance(value, dict) and not {"en", "zh"} & set(value) else {"base": value}

    @model_validator(mode="after")
    def ordered(self) -> Value:
        numbers = [number for number in (self.low, self.base, self.high) if isinstance(number, int | float)]
        if numbers != sorted(numbers):
            raise ValueError("low ≤ base ≤ high")
        return self


class Report(Frozen):
    """What the workbook is called, as of when, and which records the equations call by role."""

    title: Words
    as_of: Date
    anchor: str
    reference_chip: str


class Source(Frozen):
    """A published document; ``quote`` holds the figure as it stands there."""

    title: str
    publisher: str = ""
    address: str = ""
    date: str = ""
    kind: SourceKind
    quote: str = ""
    remark: str = ""


class Record(Provenance):
    """A scenario, a chip, a claim …: a label, its provenance, and the fields that the model declares."""

    label: Words
    format: str | None = None


@cache
def value_model(field: Field) -> type[Value]:
    """The shape of one input: its type and bounds, and whether it may carry a low and a high."""
    if not field.is_number or field.kind == "formula":
        base: Any = {"month": Annotated[Any, BeforeValidator(_month)], "text": Words}.get(field.kind, str)
        if field.kind == "formula":
            base = Annotated[str, AfterValidator(_expression)]
        return create_model("Value", __base__=Value, base=(base, ...), low=(None, None), high=(None, None))
    low = -LARGEST_NUMBER if field.minimum is None else field.minimum
    high = LARGEST_NUMBER if field.maximum is None else field.maximum
    number = Annotated[float, Constraint(ge=low, le=high, allow_inf_nan=False)]
    extreme: Any = number | None if field.ranged else None
    return create_model("Value", __base__=Value, base=(number, ...), low=(extreme, None), high=(extreme, None))


def record_model(fields: Iterable[Field], complete: bool) -> type[Record]:
    """The shape of a record: all its inputs, required unless optional or (for scenarios) not ``complete``."""
    members: dict[str, Any] = {}
    for field in fields:
        model = value_model(field)
        required = complete and not field.optional
        members[field.id] = (model, ...) if required else (model | None, None)
    return create_model("Record", __base__=Record, **members)


@dataclass(frozen=True)
class Datum:
    """One input as the model uses it: the value and where it comes from."""

    value: Any
    source: tuple[str, ...] = ()
    confidence: str = ""
    marks: tuple[str, ...] = ()
    note: Text | None = None


@dataclass(frozen=True)
class Entry:
    """A key of a table: its label and what is said of it as a whole."""

    label: Text
    source: tuple[str, ...] = ()
    confidence: str = ""
    marks: tuple[str, ...] = ()
    note: Text | None = None
    unit: str = ""
    format: str = ""


@dataclass(frozen=True)
class Assumptions:
    """All inputs. ``data[table, field, key]`` is absent where an optional input is blank."""

    document: Document
    report: Report | None
    entries: Mapping[str, Mapping[str, Entry]]
    data: Mapping[tuple[str, str, str], Datum]
    sources: Mapping[str, Source]
    ids: Mapping[str, tuple[str, ...]]

    @property
    def problems(self) -> list[Problem]:
        return self.document.problems


SCENARIOS, CONSTANTS, DEFAULTS, SOURCES, REPORT = "scenarios", "constants", "defaults", "sources", "report"


def load(path: Path, fields: Iterable[Field], tables: Iterable[Table]) -> Assumptions:
    """Reads the YAML at ``path`` against the declared fields. Problems are collected, not raised, where it can go on."""
    return Loader(read(path), tuple(fields), tuple(tables)).load()


class Loader:
    """Turns a document into Assumptions, one section after the other, and notes every problem on the way."""

    def __init__(self, document: Document, fields: tuple[Field, ...], tables: tuple[Table, ...]) -> None:
        self.document = document
        self.tables = tables
        self.inputs = {table.id: [f for f in fields if f.table == table.id and not f.formula] for table in tables}
        self.entries: dict[str, dict[str, Entry]] = {table.id: {} for table in tables}
        self.data: dict[tuple[str, str, str], Datum] = {}
        self.ids = {table.id: tuple(self._section(table.id)) for table in tables}

    def load(self) -> Assumptions:
        known = (REPORT, DEFAULTS, *self.ids, SOURCES)
        for key in self.document.data:
            if key not in known:
                self.document.report(
                    (key,), f"found the unknown section {key!r}", ", ".join(known), nearest(key, known)
                )
        report = self._validate(Report, self.document.data.get(REPORT), (REPORT,))
        sources = {key: self._validate(Source, raw, (SOURCES, key)) for key, raw in self._section(SOURCES).items()}
        for table in self.tables:
            for key, raw in self._section(table.id).items():
                self._check_id(key, (table.id, key))
                self._read_record(table, key, raw)
        self._check_names()
        self._check_links(report)
        self._check_sources()
        found = {key: source for key, source in sources.items() if source is not None}
        return Assumptions(self.document, report, self.entries, self.data, found, self.ids)

    def _section(self, name: str) -> dict[str, Any]:
        raw = self.document.data.get(name)
        if isinstance(raw, dict) and raw:
            return raw
        if name in self.document.data:
            self.document.report((name,), f"found {_describe(raw)}", "a mapping of names to records")
        elif name in (SCENARIOS, SOURCES):
            self.document.report((name,), "found nothing", "at least one record", f"add the section {name}:")
        self.document.data[name] = {}
        return {}

    def _validate(self, model: type[Any], raw: Any, path: Place) -> Any:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors():
                _explain(self.document, model, path, detail)
            return None

    @property
    def _defaults(self) -> Any:
        if not hasattr(self, "_default_record"):
            model = record_model(self.inputs[SCENARIOS], complete=False)
            raw = self.document.data.get(DEFAULTS, {})
            filled = {"label": "", **raw} if isinstance(raw, dict) else raw
            self._default_record = self._validate(model, filled, (DEFAULTS,))
        return self._default_record

    def _read_record(self, table: Table, key: str, raw: Any) -> None:
        fields = self.inputs[table.id]
        place = (table.id, key)
        if table.main and isinstance(raw, dict):  # the record is itself the value of its main field
            inner = ("base", "low", "high")
            raw = {
                **{k: v for k, v in raw.items() if k not in inner},
                table.main: {k: raw[k] for k in inner if k in raw},
            }
        scenario = table.id == SCENARIOS
        record = self._validate(record_model(fields, complete=not scenario), raw, place)
        if record is None:
            return
        own = Entry(
            record.label,
            record.source,
            record.confidence or "",
            record.marks,
            record.note,
            record.unit or "",
            record.format or "",
        )
        self.entries[table.id][key] = own
        fallback = self._defaults if scenario else None
        for field in fields:
            value = getattr(record, field.id)
            if value is not None:
                self._take(field, key, value, own)
            elif fallback is not None and getattr(fallback, field.id) is not None:
                self._take(field, key, getattr(fallback, field.id), Entry(own.label))
            elif fallback is not None and not field.optional:
                allowed, remedy = f"a value here or in {DEFAULTS}", f"add {field.id}: to {DEFAULTS}"
                self.document.report((*place, field.id), "found nothing", allowed, remedy)

    def _take(self, field: Field, key: str, value: Value, own: Entry) -> None:
        """Notes the value, and its low and high as fields of their own."""
        if value.unit is not None and field.unit != PER_RECORD and value.unit != field.unit:
            place = (field.table, key, field.id, "unit")
            where = place if place in self.document.lines else (DEFAULTS, field.id, "unit")
            self.document.report(where, f"found the unit {value.unit}", field.unit, "convert the number, then the unit")
        origin = (
            value.source or own.source,
            value.confidence or own.confidence,
            value.marks or own.marks,
            value.note,
        )
        for suffix, number in (("", value.base), (LOW, value.low), (HIGH, value.high)):
            if number is not None:
                self.data[field.table, field.id + suffix, key] = Datum(number, *origin)

    def _check_id(self, key: str, place: Place) -> None:
        if not ID.fullmatch(key) or "__" in key or len(key) > 60:
            self.document.report(
                place,
                f"found the name {shorten(key)}",
                "a–z, 0–9 and single _, beginning with a letter, up to 60 characters",
            )

    def _check_names(self) -> None:
        """A name means one thing: scenarios, constants and claims may not share names with each other or with inputs."""
        taken: dict[str, str] = dict.fromkeys((*RESERVED, *expressions.CALLABLE), "a word of the grammar")
        taken |= {field.id: "an input" for field in self.inputs[SCENARIOS]}
        for table in self.tables:
            if table.facts:
                continue
            for key in self.ids[table.id]:
                if key in taken:
                    self.document.report(
                        (table.id, key),
                        f"found the name {key!r}, which is also {taken[key]}",
                        "a name used once",
                        "rename it",
                    )
                taken[key] = f"a name in {table.id}"

    def _check_links(self, report: Report | None) -> None:
        if report is not None:
            self._check_target((REPORT, "anchor"), report.anchor, self.ids[SCENARIOS], "scenario")
            chips = self.ids.get("chips", ())
            self._check_target((REPORT, "reference_chip"), report.reference_chip, chips, "chip")
        for table in self.tables:
            for field in self.inputs[table.id]:
                if field.kind in ("link", "choice"):
                    self._check_field(field)

    def _check_field(self, field: Field) -> None:
        allowed = self.ids[field.target[0]] if field.kind == "link" else field.target
        for key in self.ids[field.table]:
            datum = self.data.get((field.table, field.id, key))
            if datum is not None and self._check_target(self._place(field, key), datum.value, allowed, field.label.en):
                self._check_choice(field, key, datum.value)

    def _check_choice(self, field: Field, key: str, value: str) -> None:
        """A choice such as a precision names a field of the linked record, which must not be blank there."""
        link = next((f for f in self.inputs[field.table] if f.kind == "link"), None)
        if field.kind != "choice" or link is None:
            return
        target = self.data.get((field.table, link.id, key))
        if target is None or target.value not in self.entries[link.target[0]]:
            return
        has = [option for option in field.target if (link.target[0], option, target.value) in self.data]
        if value not in has:
            self.document.report(
                self._place(field, key),
                f"found {value}, which the {link.id} {target.value} lacks",
                ", ".join(has) or "nothing",
                f"choose another {field.id} or {link.id}",
            )

    def _place(self, field: Field, key: str) -> Place:
        place = (field.table, key, field.id)
        return place if place in self.document.lines or field.table != SCENARIOS else (DEFAULTS, field.id)

    def _check_target(self, place: Place, value: str, allowed: Iterable[str], what: str) -> bool:
        names = list(allowed)
        if value in names:
            return True
        shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
        self.document.report(place, f"found the unknown {what.lower()} {shorten(value)}", shown, nearest(value, names))
        return False

    def _check_sources(self) -> None:
        known = (*self._section(SOURCES), *OWN_SOURCES)
        for place, raw in _walk(self.document.data):
            if place[-1] == "source" and place[0] != SOURCES:
                for name in raw if isinstance(raw, list) else [raw]:
                    if isinstance(name, str) and name not in known:
                        self.document.report(
                            place,
                            f"found the unknown source {shorten(name)}",
                            "an id of sources:, or judgement",
                            nearest(name, known),
                        )
        for (table, field, key), datum in self.data.items():
            if not datum.source and not field.endswith((LOW, HIGH)):
                place = (table, key, field)
                where = place if place in self.document.lines or table != SCENARIOS else (DEFAULTS, field)
                self.document.report(where, "found no source", "an id of sources:, or judgement", "add source:")


def _walk(value: Any, place: Place = ()) -> Iterable[tuple[Place, Any]]:
    if place:
        yield place, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*place, key))


def _describe(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {shorten(value)}"
    return shorten(value)


def _known_keys(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """The keys that the model allows at the mapping which ``loc`` leads into."""
    for part in loc:
        field = model.model_fields.get(str(part))
        options = [field.annotation, *get_args(field.annotation)] if field is not None else []
        model = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), model)
    return list(model.model_fields)


# pydantic's error type → what is allowed; {…} are pydantic's own context
ALLOWED: dict[str, str] = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "greater_than": "a number above {gt:g}",
    "string_type": "a text",
    "literal_error": "{expected}",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "none_required": "no such key here",
    "value_error": "{error}",
}


def _explain(document: Document, model: type[BaseModel], path: Place, detail: Mapping[str, Any]) -> None:
    loc = tuple(str(part) for part in detail["loc"])
    place = tuple(part for part in (*path, *loc))
    while place[-1] in ("base", *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")) and place not in document.lines:
        place = place[:-1]
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        document.report(place, "found nothing", "a value", f"add the key {loc[-1]}:")
        return
    if kind == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        document.report(place, f"found the unknown key {shorten(loc[-1])}", ", ".join(known), nearest(loc[-1], known))
        return
    allowed = ALLOWED.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
    remedy = "remove the quotes" if kind == "float_type" and _is_number(given) else ""
    if kind == "literal_error" and isinstance(given, str):
        remedy = nearest(given, re.findall(r"'(\w+)'", allowed))
    document.report(place, f"found {_describe(given)}", allowed, remedy)


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]  # any object may be asked
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)
