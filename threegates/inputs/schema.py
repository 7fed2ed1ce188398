"""The shapes of records and values, as pydantic models made from the declared fields, and the words of their errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, create_model, model_validator
from pydantic import Field as Constraint
from pydantic_core import PydanticCustomError

from threegates.definition.declare import PER_RECORD, SCENARIOS, Field
from threegates.inputs import spelling, value_types
from threegates.inputs.document import Document, Place
from threegates.problems import nearest, shorten

CONFIDENCES: tuple[str, ...] = get_args(value_types.Confidence)
RANGE_KINDS: tuple[str, ...] = get_args(value_types.RangeKind)
LARGEST_NUMBER = 1e30
NO_KEY: Any = (None, None)  # a member that may not be given
RANGES = (
    "p10_p90 (one in ten lies below low, and one in ten above high), p5_p95 (one in twenty) or "
    "bounds (nothing lies beyond them)"
)


def _said(found: str, allowed: str, remedy: str) -> PydanticCustomError:
    """A problem in our own words."""
    return PydanticCustomError("said", "{found}", {"found": found, "allowed": allowed, "remedy": remedy})


def _may_be_empty(model: type[BaseModel], key: object) -> bool:
    """Whether a key is optional: one that a scenario may leave to the defaults is not, and so may not be empty."""
    field = model.model_fields.get(str(key))
    if field is None or field.is_required():
        return False
    return field.default is not None or field.annotation is type(None) or type(None) in get_args(field.annotation)


class Frozen(BaseModel):
    """Nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def empty_is_absent(cls, value: object) -> object:
        """An empty key that may be left out is left out."""
        if not isinstance(value, dict) or not any(given is None for given in value.values()):
            return value
        return {key: given for key, given in value.items() if given is not None or not _may_be_empty(cls, key)}


class Provenance(Frozen):
    """What stands beside every figure: where it comes from and how well it is known."""

    source: value_types.Sources = ()
    confidence: value_types.Confidence | None = None
    marks: value_types.Marks = ()
    note: value_types.Words | None = None


class Value(Provenance):
    """An input: a bare value in the YAML, or ``{base:, low:, high:, range:, source:, …}``.

    ``range`` says what low and high are. Inputs of one ``draw`` are high together and low together in the Monte Carlo.
    """

    written_in: ClassVar[str] = ""  # the unit that a bare number is in

    base: Any
    low: float | None = None
    high: float | None = None
    range: value_types.RangeKind | None = None
    draw: value_types.Id | None = None
    unit: value_types.UnitName | None = None

    @model_validator(mode="before")
    @classmethod
    def bare(cls, value: object) -> object:
        return value if isinstance(value, dict) and not {"en", "zh"} & set(value) else {"base": value}

    @model_validator(mode="after")
    def ordered(self) -> Value:
        named = {"low": self.low, "base": self.base, "high": self.high}
        numbers = [(name, number) for name, number in named.items() if isinstance(number, int | float)]
        for (name, number), (above, bound) in pairwise(numbers):
            if number > bound:
                raise _said(f"{name} {number:g} above {above} {bound:g}", "low ≤ base ≤ high", "mend one of them")
        return self

    @model_validator(mode="after")
    def explained(self) -> Value:
        found = [end for end in ("low", "high") if getattr(self, end) is not None]
        if found and self.range is None:
            raise _said(f"{' and '.join(found)} without range", RANGES, "add range:")
        extra = next((key for key in ("range", "draw") if getattr(self, key) is not None), None)
        if extra and not found:
            raise _said(
                f"{extra} without low or high", "a low, a high or both", f"add low: and high:, or delete {extra}:"
            )
        return self


class Record(Provenance):
    """A scenario, a chip, a claim …: a label, its provenance, and the fields that the model declares."""

    label: value_types.Label


# The kinds of fields that are no numbers.
KINDS: dict[str, Any] = {
    "text": value_types.Words,
    "link": value_types.Id,
    "month": value_types.Month,
    "date": value_types.Date,
    "formula": value_types.Formula,
}


def bounds(field: Field) -> tuple[float, float]:
    """The smallest and the largest number that the field takes."""
    return (
        -LARGEST_NUMBER if field.minimum is None else field.minimum,
        LARGEST_NUMBER if field.maximum is None else field.maximum,
    )


@cache
def value_model(field: Field) -> type[Value]:
    """The shape of one input: its type and bounds, and whether it may carry a low and a high."""
    low, high = bounds(field)
    number: Any = Annotated[float, Constraint(ge=low, le=high, allow_inf_nan=False)]
    base = value_types.choice(field.target) if field.kind == "choice" else KINDS.get(field.kind, number)
    members: dict[str, Any] = {"base": (base, ...)}
    if field.may_range:
        members |= {"low": (number | None, None), "high": (number | None, None)}
    else:
        members |= dict.fromkeys(("low", "high", "range"), NO_KEY)
    if not field.may_range or field.table == SCENARIOS:  # scenarios share their draws as it is
        members["draw"] = NO_KEY
    if field.kind != "number" or field.unit == PER_RECORD:  # the record names the unit of all its numbers
        members["unit"] = NO_KEY
    made = create_model("Value", __base__=Value, **members)
    made.written_in = field.unit
    return made


@cache
def record_model(fields: tuple[Field, ...], complete: bool, base: type[Frozen] = Record) -> type[Any]:
    """The shape of a record: all its inputs, required unless optional or (for scenarios) not ``complete``."""
    members: dict[str, Any] = {}
    if any(field.unit == PER_RECORD for field in fields):
        members = {"unit": (value_types.UnitName, ...), "format": (value_types.Format | None, None)}
    for field in fields:
        model = value_model(field)
        due = model if not field.optional else model | None
        members[field.id] = (due, ... if complete and not field.optional else None)
    return create_model("Record", __base__=base, **members)


def describe(value: object) -> str:
    """What was found, as a reader would say it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {shorten(value)}"
    return shorten(value)


def _model_at(model: type[BaseModel], loc: tuple[Any, ...]) -> type[BaseModel]:
    """The model of the mapping that ``loc`` leads into."""
    for part in loc:
        field = model.model_fields.get(str(part))
        options = [field.annotation, *get_args(field.annotation)] if field is not None else []
        model = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), model)
    return model


# pydantic's error type → what is allowed; {…} are pydantic's own context
ALLOWED: dict[str, str] = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "greater_than": "a number above {gt:g}",
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "literal_error": "{expected}",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "none_required": "no such key here",
    "value_error": "{error}",
}


def explain(document: Document, model: type[BaseModel], path: Place, detail: Mapping[str, Any]) -> None:
    """Notes one error of pydantic in our words."""
    loc = tuple(str(part) for part in detail["loc"])
    place = (*path, *loc)
    while place[-1] in ("base", *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")) and not document.has(place):
        place = place[:-1]
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        document.report(place, "found nothing", "a value", f"add the key {loc[-1]}:")
    elif kind == "extra_forbidden":
        _explain_unknown(document, model, path, detail)
    elif kind == "said":
        said = detail["ctx"]
        document.report(place, f"found {said['found']}", said["allowed"], said["remedy"])
    else:
        allowed = ALLOWED.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
        if given is None and document.has(place):
            found, remedy = "found an empty key", _of_empty(model, loc, document.source(place))
        else:
            found, remedy = f"found {describe(given)}", _remedy(kind, given, allowed, model, detail["loc"])
        document.report(place, found, allowed, remedy)


def _explain_unknown(document: Document, model: type[BaseModel], path: Place, detail: Mapping[str, Any]) -> None:
    """A key that is none; in braces, digits behind a comma are one, where a comma was meant as the point of a number."""
    *before, key = (str(part) for part in detail["loc"])
    place = (*path, *before, key)
    cut = re.search(rf"(-?[0-9]+),\s*{re.escape(key)}(?![\w.])", document.source(place))
    if detail["input"] is None and key[:1].isdigit() and cut:
        found = f"found {cut[0]}, which is read as {cut[1]} and a key {key}"
        document.report(place, found, "a number with a point", spelling.remedy(cut[0].replace(" ", "")))
        return
    known = list(_model_at(model, tuple(before)).model_fields)
    document.report(place, f"found the unknown key {shorten(key)}", ", ".join(known), nearest(key, known))


def _of_empty(model: type[BaseModel], loc: tuple[str, ...], source: str) -> str:
    """What to do about a key that stands there without the value that is due."""
    inner = loc[:-1] if loc[-1:] == ("base",) else loc
    field = _model_at(model, inner[:-1]).model_fields.get(inner[-1]) if inner else None
    remedy = "write a value behind the colon"
    if field is not None and not field.is_required():
        remedy += ", or delete the key to take the default"
    comment = re.search(r":\s+(#\S.*)", source)
    return remedy + (f"; {shorten(comment[1])} is a comment unless it stands in quotes" if comment else "")


def _remedy(kind: str, given: object, allowed: str, model: type[BaseModel], loc: tuple[Any, ...]) -> str:
    """The spelling that works, or what was meant."""
    inner = _model_at(model, loc)
    if kind in ("float_type", "int_type"):
        return spelling.remedy(given, inner.written_in if issubclass(inner, Value) else "")
    if kind == "literal_error" and isinstance(given, str):
        return nearest(given, re.findall(r"'(\w+)'", allowed))
    if allowed in (value_types.A_DATE, value_types.A_MONTH):
        return spelling.dated(given, allowed == value_types.A_DATE)
    optional = type(None) in get_args(getattr(_field_at(model, loc), "annotation", None))
    return "delete the key where there is none" if given == 0 and optional and kind.startswith("greater") else ""


def _field_at(model: type[BaseModel], loc: tuple[Any, ...]) -> Any:
    """The field of a record whose base value ``loc`` leads to."""
    return _model_at(model, loc[:-2]).model_fields.get(str(loc[-2])) if loc[-1:] == ("base",) and len(loc) > 1 else None


def validate(document: Document, model: type[Any], raw: Any, path: Place) -> Any:
    """``raw`` as ``model``, or None with its problems noted in ``document``."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            explain(document, model, path, detail)
        return None
