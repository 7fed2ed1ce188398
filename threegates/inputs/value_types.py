"""The kinds of values that assumptions.yaml holds: each with what refuses it, and what an editor is told of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import PureWindowsPath
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from threegates.formula import grammar, units
from threegates.inputs.document import LONGEST_TEXT
from threegates.text import LANGUAGES, Language, Text

Confidence = Literal["defined", "measured", "estimated", "judgement"]  # best known first
Mark = Literal["unverified", "derived", "projection", "calibrated"]
RangeKind = Literal["p10_p90", "p5_p95", "bounds"]  # what a low and a high are
SourceKind = Literal["primary", "digest", "secondary", "press", "low"]
Format = Literal["general", "significant", "whole", "percent", "scientific", "multiple"]

INCLUDE = "include"  # the section that names another file
LONGEST_LABEL = 300
LONGEST_ID = 60
ID = re.compile(r"[a-z](_?[a-z0-9])*_?")  # no two _ together: the names of cells join their parts with them
GROUP_ID = re.compile(r"runs_[a-z0-9]+(_[a-z0-9]+)*")
YEARS = (1990, 2100)
ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What is allowed, in the words of our messages and of the editor's.
A_DATE, A_MONTH = "a date such as 2024-04-21", "a month such as 2024-10"
FROM_TO = f"a date from {YEARS[0]}-01-01 to {YEARS[1]}-12-31", f"a month from {YEARS[0]}-01 to {YEARS[1]}-12"
A_UNIT = "a unit such as W, card or FLOP/s/card"
AN_ID = f"a–z, 0–9 and single _, beginning with a letter, up to {LONGEST_ID} characters"
A_GROUP = f"runs_ and more, of a–z, 0–9 and single _, up to {LONGEST_ID} characters"
A_FILE = "the path of a YAML file from the folder of this one, such as ../assumptions.yaml"
A_SECTION = "a section, or section.record; title, date, roles and mail belong to one file alone"
OF_ONE_FILE = ("report", "mail", INCLUDE)


def _both(value: object) -> object:
    value = {key: _written(text) for key, text in value.items()} if isinstance(value, dict) else _written(value)
    if isinstance(value, str) and value.strip():
        return Text(value, value)
    texts = value.values() if isinstance(value, dict) and set(value) == {"en", "zh"} else ()
    if isinstance(value, dict) and texts and all(isinstance(text, str) and text.strip() for text in texts):
        return Text(value["en"], value["zh"])
    raise ValueError("a text, or {en: …, zh: …} with both languages")


def _only(allowed: str, is_right: Callable[[Any], bool]) -> AfterValidator:
    """Refuses a value that is not right, with the words of what is allowed."""

    def check(value: Any) -> Any:
        if not is_right(value):
            raise ValueError(allowed)
        return value

    return AfterValidator(check)


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _unit(value: str) -> str:
    try:
        units.parse(value)
    except units.UnitProblem as problem:
        raise ValueError(A_UNIT) from problem
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("an expression of the model; a number of its own goes into a record that the expression names")
    return value


def _expression(value: str) -> str:
    try:
        grammar.parse(value)
    except grammar.GrammarProblem as problem:
        raise ValueError(f"an expression of the model; {problem}") from problem
    return value


def _month(value: str) -> dt.date:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", value) if isinstance(value, str) else None
    if not match or not 1 <= int(match[2]) <= 12:
        raise ValueError(A_MONTH)
    if not YEARS[0] <= int(match[1]) <= YEARS[1]:
        raise ValueError(FROM_TO[1])
    return dt.date(int(match[1]), int(match[2]), 1)


def _date(value: object) -> object:
    """A day, also where it stands in quotes."""
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and ISO.fullmatch(value) else value
    except ValueError:  # a day that the calendar lacks
        day = None
    if type(day) is not dt.date:
        raise ValueError(A_DATE)
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(FROM_TO[0])
    return day


def _written(value: object) -> object:
    """A day without quotes, where a text is wanted, is the text that it is written as."""
    return value.isoformat() if type(value) is dt.date else value


def _is_beside(value: str) -> bool:
    plain = value.isprintable() and "\\" not in value and value.endswith((".yaml", ".yml"))
    return plain and not PureWindowsPath(value).anchor  # also empty for every relative path of POSIX


def _each_once(what: str) -> AfterValidator:
    return _only(f"at least one {what}, and each once", lambda values: 0 < len(values) == len(set(values)))


# Of JSON Schema: a keyword holds for values of its type alone, so that one schema can tell of a text or a list of texts.
Json = dict[str, Any]


def _text(longest: int) -> Json:
    one = {"type": "string", "pattern": r"\S", "maxLength": longest}
    both = {"properties": {"en": one, "zh": one}, "required": ["en", "zh"], "additionalProperties": False}
    return one | {"type": ["string", "object"]} | both


def or_list(one: Json, **more: Any) -> Json:
    """One, or several in a list."""
    return one | {"type": [one["type"], "array"], "items": one} | more


def _pattern(text: str, allowed: str, **more: Any) -> Json:
    """``patternErrorMessage`` is a word of the language servers, which others pass over."""
    return {"type": "string", "pattern": f"^{text}$", "patternErrorMessage": f"Allowed: {allowed}."} | more


YEAR = "(199[0-9]|20[0-9][0-9]|2100)"  # of YEARS
TWELVE = "(0[1-9]|1[0-2])"
ID_SHAPE = _pattern(ID.pattern, AN_ID, maxLength=LONGEST_ID)
GROUP_SHAPE = {key: v for key, v in _pattern(GROUP_ID.pattern, A_GROUP, maxLength=LONGEST_ID).items() if key != "type"}
# Unquoted, as the loader wants it, a date is a text to an editor.
DATE = _pattern(f"{YEAR}-{TWELVE}-(0[1-9]|[12][0-9]|3[01])", A_DATE)
MONTH = _pattern(f"{YEAR}-{TWELVE}", A_MONTH)
UNIT = _pattern(f"(1|{units.SPELLING.pattern})", A_UNIT, maxLength=units.LONGEST_UNIT)
FILE = _pattern(r"(?![A-Za-z]:|/)[^\\]*\.ya?ml", A_FILE)
SHARED = _pattern(rf"(?!({'|'.join(OF_ONE_FILE)})(\.|$))[^.]+(\..*)?", A_SECTION)
LANGUAGE: Json = {"enum": list(LANGUAGES)}
MARK: Json = {"enum": list(get_args(Mark))}

Listed = BeforeValidator(_listed)
Plain = Annotated[str, BeforeValidator(_written)]
SHORT = _only(f"a label of at most {LONGEST_LABEL} characters", lambda text: max(map(len, text)) <= LONGEST_LABEL)
Words = Annotated[Text, BeforeValidator(_both), WithJsonSchema(_text(LONGEST_TEXT))]
Label = Annotated[Words, SHORT, WithJsonSchema(_text(LONGEST_LABEL))]
Id = Annotated[str, WithJsonSchema(ID_SHAPE)]
Sources = Annotated[tuple[str, ...], Listed, WithJsonSchema(or_list(ID_SHAPE))]
Marks = Annotated[tuple[Mark, ...], Listed, WithJsonSchema({"anyOf": [MARK, {"type": "array", "items": MARK}]})]
UnitName = Annotated[str, AfterValidator(_unit), WithJsonSchema(UNIT)]
Formula = Annotated[
    str, BeforeValidator(_no_number), AfterValidator(_expression), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
Date = Annotated[dt.date, BeforeValidator(_date), WithJsonSchema(DATE)]
Dates = Annotated[tuple[Date, ...], Listed, WithJsonSchema(or_list(DATE))]
Month = Annotated[Any, BeforeValidator(_month), WithJsonSchema(MONTH)]
File = Annotated[str, _only(A_FILE, _is_beside), WithJsonSchema(FILE)]
Shared = Annotated[
    tuple[Annotated[str, _only(A_SECTION, lambda name: name.split(".")[0] not in OF_ONE_FILE)], ...],
    Listed,
    _each_once("section"),
    WithJsonSchema(or_list(SHARED, minItems=1, uniqueItems=True)),
]


Languages = Annotated[
    tuple[Language, ...],
    Listed,
    _each_once("language"),
    WithJsonSchema({"anyOf": [LANGUAGE, {"type": "array", "items": LANGUAGE, "minItems": 1, "uniqueItems": True}]}),
]


def choice(options: tuple[str, ...]) -> Any:
    """A text that is one of ``options``; what is none is refused with the links, which know what was meant."""
    return Annotated[str, WithJsonSchema({"enum": list(options)})]
