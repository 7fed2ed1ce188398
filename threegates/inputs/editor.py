"""assumptions.schema.json: by it an editor completes, describes and checks the YAML. Made from the loader's own models.

``python -m threegates.inputs.editor`` writes it. A file without ``report:`` is one to be included. It speaks JSON Schema draft-07, which YAML language servers take. What one
value cannot show by itself is left to the build: that names resolve, that low ≤ base ≤ high, that units agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from threegates.definition import MODEL
from threegates.definition.backtest import RUNS
from threegates.definition.declare import PER_RECORD, SCENARIOS, Definition, Field, Sheet, Table
from threegates.inputs import json_schema, value_types
from threegates.inputs.assumptions import CONSTANTS, DEFAULTS, HISTORY, MAIL, REPORT, ROLES, SOURCES
from threegates.inputs.editor_words import KEYS, LANGUAGES, OWN_UNIT, SECTIONS
from threegates.inputs.load import OF_A_VALUE
from threegates.inputs.mail_headers import MAIL_MODEL
from threegates.inputs.schema import Frozen, Provenance, Record, Value, record_model, value_model
from threegates.inputs.sections import Change, Include, Report, RunGroup, Source
from threegates.inputs.value_types import INCLUDE, Json
from threegates.text import Text

FILE = "assumptions.schema.json"

RANGED = {"low": ["range"], "high": ["range"]}
SHARED = KEYS[Provenance] | KEYS[Value]  # stands beside every figure: written once, under definitions


def describe(field: Field) -> str:
    """Label, why and unit of a field, as the workbook has them."""
    unit = Text("the unit of the record" if field.unit == PER_RECORD else field.unit, "")
    english = [field.label.en, field.why.en, unit.en and f"Unit: {unit.en}"]
    return "\n".join([*filter(None, english), "", *filter(None, (field.label.zh, field.why.zh))])


def _words(text: Text) -> str:
    return f"{text.en}\n\n{text.zh}"


def _plain(model: type[BaseModel]) -> Json:
    """What pydantic says of a model, put in place: no references, no titles, and no keys that may not be given.

    A key that is left blank counts as not given when the file is read; an editor may well ask for its value.
    """
    made = model.model_json_schema()
    plain: Json = _placed(made, made.get("$defs", {}))
    return plain


def _placed(node: Any, known: Json) -> Any:
    if "$ref" in node:
        return _placed(known[node["$ref"].rpartition("/")[2]], known)
    given = [option for option in node.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in node and len(given) == 1:
        return _placed(given[0], known)
    placed = {key: value for key, value in node.items() if key not in ("title", "default", "description", "$defs")}
    if "items" in node:
        placed["items"] = _placed(node["items"], known)
    if "properties" in node:
        keys = {key: _placed(value, known) for key, value in node["properties"].items()}
        placed["properties"] = {key: value for key, value in keys.items() if value != {"type": "null"}}
    return placed


def _told(node: Json, words: Mapping[str, Text], shared: Collection[str] | None = None) -> Json:
    """The schema with a description at each key that ``words`` tell of, at any depth; what is ``shared`` is referred to."""
    shared = (SHARED.keys() - words.keys()) if shared is None else shared
    for key, inner in node.get("properties", {}).items():
        if key in shared:
            node["properties"][key] = {"$ref": f"#/definitions/{key}"}
        else:
            _told(inner, words, shared)
            if key in words:
                node["properties"][key] = {"description": _words(words[key])} | inner
    return node


def _value(field: Field) -> Json:
    """An input: bare, or with what is known of it."""
    whole = _told(_plain(value_model(field)), KEYS[Record] | LANGUAGES)
    keys = whole["properties"]
    if "unit" in keys:
        keys["unit"] = {"description": _words(OWN_UNIT), "enum": [field.unit]}
    if "range" in keys:
        whole["dependencies"] = RANGED
    bare = {key: value for key, value in keys["base"].items() if key != "description"}
    about = {"description": describe(field)}
    if not isinstance(bare.get("type"), str):  # a choice, or a text in both languages, which is a mapping itself
        return about | {"anyOf": [bare, whole]}
    return about | bare | whole | {"type": [bare["type"], "object"]}


def _record(table: Table, fields: Iterable[Field], complete: bool, base: type[Frozen] = Record) -> Json:
    inputs = tuple(field for field in fields if field.table == table.id and not field.formula)
    record = _told(_plain(record_model(inputs, complete, base)), KEYS[Record] | LANGUAGES)
    keys = record["properties"]
    keys |= {field.id: _value(field) for field in inputs}
    needs = {field.id: [other for other in (field.fallback, field.together) if other] for field in inputs}
    if together := {name: others for name, others in needs.items() if others}:
        record["dependencies"] = together
    if table.main:  # the record is itself the value of its main field
        main = keys.pop(table.main)
        own = {name: main["properties"][name] for name in OF_A_VALUE if name in main["properties"]}
        required = [name for name in record["required"] if name != table.main]
        if needed := record.get("dependencies", {}) | main.get("dependencies", {}):
            record["dependencies"] = needed
        record |= {"properties": own | keys, "required": [*required, *main["required"]]}
    return record


def _section(record: Json, words: str) -> Json:
    names = {key: value for key, value in value_types.ID_SHAPE.items() if key != "type"}
    return {"description": words, "type": "object", "propertyNames": names, "additionalProperties": record}


def _purpose(table: Table, order: Iterable[Sheet]) -> str:
    """What a table is, and the sheet that shows it with what that sheet answers."""
    home = next(sheet for sheet in order if table.id in sheet.tables)
    english = f"{table.label.en}: a record each. Sheet {home.name.en}: {home.lead.en}"
    return _words(Text(english, f"{table.label.zh}，一条一个记录。“{home.name.zh}”页：{home.lead.zh}"))


def _sections(fields: tuple[Field, ...], tables: tuple[Table, ...], order: tuple[Sheet, ...]) -> Json:
    models: dict[str, type[BaseModel]] = {
        REPORT: Report,
        MAIL: MAIL_MODEL,
        INCLUDE: Include,
        RUNS.id: RunGroup,
        SOURCES: Source,
        HISTORY: Change,
    }
    own = {name: _told(_plain(model), KEYS[model] | LANGUAGES) for name, model in models.items()}
    own[INCLUDE] = value_types.or_list(own[INCLUDE], minItems=1)
    scenarios = next(table for table in tables if table.id == SCENARIOS)
    own[DEFAULTS] = _record(scenarios, fields, complete=False, base=Frozen)
    sections: Json = {
        name: {"description": _words(SECTIONS[name])} | own[name] for name in (REPORT, MAIL, INCLUDE, DEFAULTS)
    }
    for table in (table for table in tables if not table.groups):
        record = {"description": _words(table.label)} | _record(table, fields, complete=table.id != SCENARIOS)
        sections[table.id] = _section(record, _purpose(table, order))
    sections |= {name: _section(own[name], _words(SECTIONS[name])) for name in (RUNS.id, SOURCES, HISTORY)}
    sections[RUNS.id]["propertyNames"] = value_types.GROUP_SHAPE
    for name in (SCENARIOS, CONSTANTS, SOURCES):
        sections[name]["minProperties"] = 1
    return sections


def _groups(definition: Definition) -> Json:
    """The sections of records whose names stand in the file itself."""
    return {
        f"^{table.groups}": _section(
            _record(table, definition.equations, complete=True), _purpose(table, definition.sheets)
        )
        for table in definition.tables
        if table.groups
    }


def schema(definition: Definition) -> Json:
    """The JSON Schema of a YAML file with the declared fields and tables."""
    shared = _told(_plain(Value), LANGUAGES, shared={})["properties"]
    needed = dict.fromkeys([SCENARIOS, CONSTANTS, SOURCES, *ROLES.values()])
    made: Json = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Three Gates: assumptions.yaml",
        "description": "Generated by `make schema` from the fields of the model; not to be edited.",
        "type": "object",
        "properties": _sections(definition.equations, definition.tables, definition.sheets),
        "patternProperties": _groups(definition),
        "additionalProperties": False,
        "dependencies": {MAIL: [REPORT], INCLUDE: [REPORT]},
        "if": {"required": [REPORT], "not": {"required": [INCLUDE]}},  # what is missing here may be there
        "then": {"required": list(needed)},
        "definitions": {key: {"description": _words(words)} | shared[key] for key, words in SHARED.items()},
    }
    return json_schema.shared(made)


def text() -> str:
    """The file as it should be."""
    return json_schema.text(schema(MODEL)) + "\n"


if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / FILE).write_bytes(text().encode())
