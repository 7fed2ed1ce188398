"""The editor's schema: current, true of every file that builds, and as strict as the loader in what has a shape."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.conftest import ROOT
from tests.small import ASSUMPTIONS, DATA, base, smallest
from tests.test_inputs_include import INCLUDES
from tests.test_inputs_load import EDITS, HOSTILE
from threegates.definition import MODEL
from threegates.inputs import editor, fast_yaml, json_schema
from threegates.inputs.document import Document
from threegates.inputs.load import Loader
from threegates.inputs.schema import bounds, record_model
from threegates.inputs.sections import Change, Report, RunGroup, Source

VINTAGE = ROOT / "vintages/2026-11.yaml"
SCHEMA = ROOT / editor.FILE
GROUPS = "^runs_"  # the pattern of the sections of training runs


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


def seen(value: Any) -> Any:
    """Data as an editor sees it: a date without quotes is a text."""
    if isinstance(value, dict):
        return {key: seen(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [seen(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def refused(data: Any) -> list[str]:
    """Where the schema finds something, and what."""
    return [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in validator().iter_errors(seen(data))]


@cache
def blocks(text: str) -> dict[str, str]:
    """The sections of a file as text: the real one takes long to read whole."""
    parts = re.split(r"^(?=\w+:)", text, flags=re.MULTILINE)[1:]
    return {part.partition(":")[0]: part for part in parts}


@cache
def section(text: str) -> Any:
    plain = fast_yaml.parse(text)
    return plain[0] if plain else YAML(typ="safe", pure=True).load(text)


def read(text: str) -> dict[str, Any]:
    return {key: value for part in blocks(text).values() for key, value in section(part).items()}


def test_the_schema_is_the_one_that_the_models_give() -> None:
    assert SCHEMA.read_text("utf-8") == editor.text(), "run `make schema`"


def test_it_is_a_schema_of_draft_07() -> None:
    Draft7Validator.check_schema(validator().schema)
    assert validator().schema["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("path", [ASSUMPTIONS, *DATA, VINTAGE], ids=lambda path: path.name)
def test_the_files_that_build_are_valid_and_name_their_schema(path: Path) -> None:
    text = path.read_text("utf-8")
    assert refused(read(text)) == []
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named is not None
    assert (path.parent / named[1]).resolve() == SCHEMA


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; the description beside it counts before the one behind it, as editors have it."""
    if "$ref" not in node:
        return node
    return validator().schema["definitions"][node["$ref"].rpartition("/")[2]] | node


def section_schema(name: str) -> dict[str, Any]:
    """That of a section; those of the groups have one."""
    schema = validator().schema
    return schema["patternProperties"][GROUPS] if name.startswith("runs_") else schema["properties"][name]


def described(node: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Every key that a file may have, with what an editor shows of it."""
    for key, inner in (node.get("properties", {}) | node.get("patternProperties", {})).items():
        whole = resolved(inner)
        yield f"{place}.{key}", whole.get("description", "")
        yield from described(whole, f"{place}.{key}")
    for inner in [*node.get("anyOf", []), node.get("additionalProperties")]:
        if isinstance(inner, dict):
            yield from described(resolved(inner), place)


def test_what_repeats_in_the_schema_stands_once() -> None:
    """A reference leads somewhere, no definition is without one, and no schema of a value is written twice."""
    text = SCHEMA.read_text("utf-8")
    assert set(re.findall(r'"\$ref": "#/definitions/([^"]+)"', text)) == validator().schema["definitions"].keys()
    written = Counter(schemas(validator().schema))
    assert len(written) > 100
    assert [shape for shape, times in written.items() if times > 1] == []


def schemas(node: Any, key: str = "") -> Iterator[str]:
    """Each schema of some length within one, without its description."""
    if isinstance(node, list):
        for inner in node:
            yield from schemas(inner)
    elif isinstance(node, dict):
        shape = json.dumps({name: value for name, value in node.items() if name != "description"}, sort_keys=True)
        if key not in ("properties", "patternProperties", "definitions") and len(shape) > json_schema.SMALL:
            yield shape
        for name, inner in node.items():
            yield from schemas(inner, name)


def test_every_key_is_described_in_both_languages_and_fields_by_label_reason_and_unit() -> None:
    words = dict(described(validator().schema))
    assert len(words) > 500
    assert [
        place for place, text in words.items() if not re.search(r"[a-zA-Z].*\n.*[一-鿿]|MFU|TPU|PUE", text, re.DOTALL)
    ] == []
    assert not any("{" in text for text in words.values())
    for field in MODEL.equations:
        place = f".{GROUPS if field.table == 'run_groups' else field.table}.{field.id}"
        if not field.formula and place in words:
            assert words[place].startswith(field.label.en)
            assert all(text in words[place] for text in (field.label.zh, field.why.en, field.why.zh))
            assert field.unit.startswith("@") or not field.unit or f"Unit: {field.unit}\n" in words[place]


def test_every_number_has_the_bounds_of_its_field() -> None:
    found = 0
    for field in MODEL.equations:
        record = resolved(
            section_schema("runs_" if field.table == "run_groups" else field.table)["additionalProperties"]
        )
        record = record["properties"]
        if field.is_input and field.kind == "number" and field.id in record:
            value = resolved(record[field.id])
            assert (value["minimum"], value["maximum"]) == bounds(field)
            assert ("low" in value["properties"]) is field.may_range
            found += 1
    assert found > 45  # the inputs of a training run once, whatever its group


NAMES = "names are those of other records, which the build knows"
WHOLE = "needs more than one value to be seen"
WRITING = "a matter of YAML, not of its data"
GRAMMAR = "the grammar of formulas is the build's"
# The planted breaches that the schema leaves to the build, and why.
LEFT = {
    "not a number": "NaN compares with nothing",
    **dict.fromkeys(["unknown chip", "precision that the chip lacks", "unknown source", "unknown anchor", "an unknown section", "an unknown record", "a record of nowhere", "a formula of unknown names", "a formula of a text", "a formula of a blank", "a reference chip without 8 bits", "a file twice", "the file itself", "a draw that nothing else takes"], NAMES),
    **dict.fromkeys(["low above base", "no source", "no confidence", "missing value", "a scenario named like a constant", "a formula of the wrong unit", "an unused constant", "an unused switch", "a formula of its own circle", "published low above high", "a range without a low", *(name for name in EDITS if name.startswith("a percentile"))], WHOLE),
    **dict.fromkeys(["duplicate key", "an alias", "a tag", "a tagged scalar", "a control character", "a directive", "a code of a character"], WRITING),
    **dict.fromkeys(["a formula outside the grammar", "a formula too deep", "max of what may be not known"], GRAMMAR),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS | HOSTILE)
def test_what_the_loader_refuses_for_its_shape_the_schema_refuses_too(name: str) -> None:
    old, new = (EDITS | HOSTILE)[name][0]
    text = next(text for path in (ASSUMPTIONS, *DATA) if old in (text := path.read_text("utf-8")))
    try:
        found = refused(read(text.replace(old, new, 1)))
    except (YAMLError, LookupError):
        found = []
    assert bool(found) is (name not in LEFT), found


@pytest.mark.parametrize("name", INCLUDES)
def test_an_include_is_refused_for_its_shape_and_makes_other_sections_optional(name: str) -> None:
    report = smallest()["report"]
    assert bool(refused({"report": report, "include": INCLUDES[name][0]})) is (name not in LEFT)
    assert refused({"report": report, "include": {"file": "other.yaml", "sections": ["chips"]}}) == []
    assert refused({"report": report})


def test_a_file_to_be_included_needs_no_report_and_may_have_no_mail_or_include_of_its_own() -> None:
    chips = {"chips": smallest()["chips"]}
    assert refused(chips) == []
    assert refused(chips | {"mail": {"to": "a@example.com"}})
    assert refused(chips | {"include": {"file": "other.yaml"}})


def test_nothing_is_left_to_the_build_that_is_no_breach() -> None:
    assert LEFT.keys() - (EDITS | HOSTILE | INCLUDES).keys() == set()


ODD: list[Any] = [
    True, 0, -1, 5, 0.5, 1e31, "", " ", "5", "a", "A", "a__b", "2024-10", "2024-13", "W", "5 W", "fp8", "judgement", "percent",
    [], ["judgement"], ["derived", 5], {}, {"base": 0.5}, {"base": "a", "low": 1}, {"en": "a"}, {"en": "a", "zh": "乙"}, {"en": "a", "zh": ""},
    {"base": {"en": "a", "zh": "乙"}}, {"base": 1, "confidence": "guess"}, {"base": 1, "marks": "derived"}, "x" * 400,
    dt.date(2024, 4, 21), dt.date(1924, 4, 21),
]  # fmt: skip
ABSENT = "(absent)"
# What the models refuse and no schema can: grammar, units in words, order; and a date written as what is no date.
BEYOND = re.compile("an expression of the model|FLOP/s/card|(low|base) .* above (base|high) ")
SHAPES: dict[str, Any] = {
    "report": Report,
    "sources": Source,
    "history": Change,
    "run_groups": RunGroup,
    **{
        "runs_fp8" if table.groups else table.id: record_model(tuple(f for f in MODEL.equations if f.table == table.id and not f.formula), table.id != "scenarios")
        for table in MODEL.tables
        if not table.main
    },
}  # fmt: skip


def places(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict) and len(place) < 4:
        for key, inner in value.items():
            yield (*place, key)
            yield from places(inner, (*place, key))


def changed(record: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy in which another value stands at the place, or none."""
    whole = copy.deepcopy(record)
    node = whole
    for key in place[:-1]:
        node = node[key]
    if value == ABSENT:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    return whole


def shape_problems(model: type[BaseModel], record: Any) -> list[str]:
    try:
        model.model_validate(record)
    except ValidationError as error:
        return [detail["msg"] for detail in error.errors() if not BEYOND.search(detail["msg"])]
    return []


@pytest.mark.parametrize("name", SHAPES)
def test_each_odd_value_that_a_model_refuses_the_schema_refuses_too(name: str) -> None:
    """In the place of every value of a record: dates alone may pass, since an editor cannot see that they are none."""
    schema = section_schema(name)
    section = (smallest() if name in smallest() else base())[name]
    record = section if name == "report" else next(iter(section.values()))
    schema = schema if name == "report" else schema["additionalProperties"]
    for place in places(record):
        for value in [*ODD, ABSENT]:
            broken = changed(record, place, value)
            if shape_problems(SHAPES[name], broken) and not isinstance(value, dt.date):
                assert any(validator().descend(seen(broken), schema)), (place, value)


@pytest.mark.parametrize(
    "place", list(places({name: smallest()[name] for name in ("defaults", "constants", "context")}))[::25]
)
def test_no_odd_value_that_builds_is_refused_by_the_schema(place: tuple[str, ...]) -> None:
    for value in ODD[::4]:
        data = changed(smallest(), place, value) if len(place) > 1 else smallest()
        document = Document("some.yaml", "", data)
        Loader(document, MODEL).load()
        assert document.problems or refused(data) == [], (place, value)
