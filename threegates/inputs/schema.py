"""The shapes of assumptions.yaml, as pydantic models made from the declared fields, and the words of their errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, create_model, model_validator
from pydantic import Field as Constraint
from pydantic_core import PydanticCustomError

from threegates.definition.declare import PER_RECORD, SCENARIOS, Field
from threegates.inputs import value_types
from threegates.inputs.document import Document, Place
from threegates.problems import nearest, shorten
from threegates.text import LANGUAGES

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


class Frozen(BaseModel):
    """Nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
        numbers = [number for number in (self.low, self.base, self.high) if isinstance(number, int | float)]
        if numbers != sorted(numbers):
            raise ValueError("low ≤ base ≤ high")
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


class Sampling(Frozen):
    """The Monte Carlo of a build: how many draws, from which seed, and by which days the gates should be open."""

    draws: Annotated[int, Constraint(ge=1000, le=10_000_000)]
    seed: Annotated[int, Constraint(ge=0, le=2**32 - 1)]
    open_by: value_types.Dates


class Report(Frozen):
    """What the workbook is called, as of when, in which languages, and which records the equations call by role."""

    title: value_types.Label
    languages: value_types.Languages = LANGUAGES
    anchor: value_types.Id
    reference_chip: value_types.Id
    picked: value_types.Id
    yardstick: value_types.Id
    yardstick_cards: value_types.Id
    yardstick_months: value_types.Id
    yours: value_types.Id | None = None
    uncertainty: Sampling


class Include(Frozen):
    """Sections taken from another file, or single records of them as ``section.record``; without ``sections``, all of it."""

    file: value_types.File
    sections: value_types.Shared = ()


class RunGroup(Frozen):
    """A group of training runs; ``predicted`` says whether the hours of each are, from the others."""

    label: value_types.Label
    predicted: bool = True


class Source(Frozen):
    """A published document; ``quote`` holds the figure as it stands there."""

    title: str
    publisher: str = ""
    address: str = ""
    date: str = ""
    kind: value_types.SourceKind
    quote: str = ""
    remark: value_types.Words | None = None


class Change(Frozen):
    """An entry of the history: when which figures moved, from what to what, and why."""

    date: value_types.Date
    what: value_types.Words
    why: value_types.Words


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
    return create_model("Value", __base__=Value, **members)


@cache
def record_model(fields: tuple[Field, ...], complete: bool, base: type[Frozen] = Record) -> type[Any]:
    """The shape of a record: all its inputs, required unless optional or (for scenarios) not ``complete``."""
    members: dict[str, Any] = {}
    if any(field.unit == PER_RECORD for field in fields):
        members = {"unit": (value_types.UnitName, ...), "format": (value_types.Format | None, None)}
    for field in fields:
        model = value_model(field)
        required = complete and not field.optional
        members[field.id] = (model, ...) if required else (model | None, None)
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
        return
    if kind == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        document.report(place, f"found the unknown key {shorten(loc[-1])}", ", ".join(known), nearest(loc[-1], known))
        return
    if kind == "said":
        said = detail["ctx"]
        document.report(place, f"found {said['found']}", said["allowed"], said["remedy"])
        return
    allowed = ALLOWED.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
    remedy = "remove the quotes" if kind == "float_type" and _is_number(given) else ""
    if kind == "literal_error" and isinstance(given, str):
        remedy = nearest(given, re.findall(r"'(\w+)'", allowed))
    document.report(place, f"found {describe(given)}", allowed, remedy)


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]  # any object may be asked
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)


def validate(document: Document, model: type[Any], raw: Any, path: Place) -> Any:
    """``raw`` as ``model``, or None with its problems noted in ``document``."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            explain(document, model, path, detail)
        return None
