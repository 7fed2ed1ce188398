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
from threegates.definition.declare import PER_RECORD, SCENARIOS, Definition, Field, Sheet, Table
from threegates.inputs import json_schema, value_types
from threegates.inputs.assumptions import CONSTANTS, DEFAULTS, HISTORY, MAIL, REPORT, ROLES, SOURCES
from threegates.inputs.load import OF_A_VALUE
from threegates.inputs.mail_headers import MAIL_MODEL
from threegates.inputs.schema import (
    Change,
    Frozen,
    Include,
    Provenance,
    Record,
    Report,
    Source,
    Value,
    record_model,
    value_model,
)
from threegates.inputs.value_types import INCLUDE, Json
from threegates.text import Text

FILE = "assumptions.schema.json"

# What is no field of the model: sections, and the keys of what has a shape of its own.
SECTIONS: dict[str, Text] = {
    REPORT: Text(
        "What the workbook is called, and which records the equations call by role.",
        "工作簿的标题，以及公式按角色引用的记录。",
    ),
    MAIL: Text(
        "Whom the draft of `mail` is from and to; what is left out stays blank.",
        "`mail` 草稿的发件人与收件人；未写的留空。",
    ),
    DEFAULTS: Text(
        "What every scenario starts from; a scenario states only what differs. A bare number here must say its source.",
        "所有情景的默认值；情景只写不同之处。此处的数字须注明来源。",
    ),
    SOURCES: Text("Where the figures come from: a record each.", "数字的来源，一条一个记录。"),
    HISTORY: Text(
        "Which figures moved, from what to what, and why: a record each, shown on Changes, newest first.",
        "哪些数字变了、从多少变到多少、为什么，一条一个记录；显示在“变更”页，新的在前。",
    ),
    INCLUDE: Text(
        "Files that are read, too: one, or several in a list. A record given here replaces theirs of the same name, whole.",
        "一并读取的文件：一个，或多个用列表。本文件的同名记录整条取代之。",
    ),
}
KEYS: dict[type[BaseModel], dict[str, Text]] = {
    Report: {
        "title": Text("the title of workbook and summary", "工作簿与摘要的标题"),
        "languages": Text("the editions that a build writes", "生成哪些语言版本"),
        "anchor": Text("the scenario that multiples are of", "倍数所参照的情景"),
        "reference_chip": Text("the chip of which equivalents are counted", "折算当量所用的芯片"),
        "picked": Text("the scenario that the sheets of one scenario show at first", "单一情景各页起初显示的情景"),
        "yardstick": Text("the scenario that the trade-off is held against", "取舍所对照的情景"),
        "yardstick_cards": Text("the claim with its published cards", "公布其卡数的公开数字"),
        "yardstick_months": Text("the claim with its published months", "公布其时长的公开数字"),
        "yours": Text("the scenario that a reader overwrites; findings leave it out", "留给读者改写的情景，结论不计入"),
        "uncertainty": Text("the Monte Carlo of a build", "生成时的蒙特卡洛"),
        "draws": Text("how many draws", "抽样次数"),
        "seed": Text("the seed: the same one gives the same draws", "随机种子：相同则抽样相同"),
        "open_by": Text("the days by which the gates should be open, unquoted", "各关应打开的日期，不加引号"),
    },
    MAIL_MODEL: {
        "from": Text(
            "the sender: name@example.com, or Name <name@example.com>",
            "发件人：name@example.com 或 姓名 <name@example.com>",
        ),
        "to": Text("whom it goes to; several in a list", "收件人，多个用列表"),
        "cc": Text("who gets a copy; several in a list", "抄送，多个用列表"),
    },
    Include: {
        "file": Text("the other file, from the folder of this one", "另一文件（相对本文件所在文件夹）"),
        "sections": Text(
            "what to take: section, or section.record; without it, the whole file",
            "取用哪些：段落，或 段落.记录；不写则取用整个文件",
        ),
    },
    Source: {
        "title": Text("title of the document", "文献标题"),
        "publisher": Text("who published it", "发布者"),
        "address": Text("where to find it", "地址"),
        "date": Text("when it appeared, in quotes", "发布日期，加引号"),
        "kind": Text(
            "primary: the figure's own author; digest: notes of one; secondary, press; low: little to be trusted",
            "primary 一手；digest 一手摘编；secondary 二手；press 媒体；low 低可信",
        ),
        "quote": Text("the figure as it stands there", "原文数字"),
        "remark": Text("what else to know", "备注"),
    },
    Change: {
        "date": Text("the day of the change, unquoted: 2026-11-25", "变更日期，不加引号：2026-11-25"),
        "what": Text(
            "which outputs of which scenarios moved, from what to what", "哪些情景的哪些结果变了，从多少变到多少"
        ),
        "why": Text("why they moved", "变化的原因"),
    },
    Record: {
        "label": Text("what readers see", "读者看到的名称"),
        "unit": Text("the unit of all numbers of this record", "本记录全部数字的单位"),
        "format": Text("how its numbers are shown", "数字格式"),
        "base": Text("the value itself", "数值"),
        "low": Text("its low: drawn by Uncertainty, moved to by Cases", "低值：用于“不确定性”抽样与“单项变动”"),
        "high": Text("its high: drawn by Uncertainty, moved to by Cases", "高值：用于“不确定性”抽样与“单项变动”"),
    },
    Value: {
        "range": Text(
            "what low and high are: p10_p90, one in ten lies below low and one in ten above high; p5_p95, one in twenty; "
            "bounds, nothing lies beyond them",
            "低值与高值的含义：p10_p90 即低于低值与高于高值各占十分之一；p5_p95 即各占二十分之一；bounds 即上下界，不会越过",
        ),
        "draw": Text(
            "inputs of one name are high together and low together: the id of an input of scenarios, or a name of your own",
            "同名的输入在抽样中同高同低：情景输入的标识，或自定的名称",
        ),
    },
    Provenance: {
        "source": Text(
            "an id of sources:, several in a list, or judgement, or definition",
            "sources: 中的标识（多个用列表），或 judgement（判断）、definition（定义）",
        ),
        "confidence": Text(
            "how well it is known: defined by convention, measured, estimated by the source, judgement of ours",
            "可信度：defined 定义值，measured 实测，estimated 来源的估计，judgement 本模型的判断",
        ),
        "marks": Text(
            "unverified: no second source; derived: computed from what the source says; projection: of the future; "
            "calibrated: chosen so that a published figure comes out",
            "unverified 未核实；derived 由来源推算；projection 预测；calibrated 为吻合公布值而标定",
        ),
        "note": Text("what a reader should know of the figure", "说明"),
    },
}
OWN_UNIT = Text("the unit, which is always this one: convert the number", "单位，只能是此单位：请换算数值")
LANGUAGES = {"en": Text("in English", "英文"), "zh": Text("in Chinese", "中文")}
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
    for table in tables:
        record = {"description": _words(table.label)} | _record(table, fields, complete=table.id != SCENARIOS)
        sections[table.id] = _section(record, _purpose(table, order))
    sections |= {name: _section(own[name], _words(SECTIONS[name])) for name in (SOURCES, HISTORY)}
    for name in (SCENARIOS, CONSTANTS, SOURCES):
        sections[name]["minProperties"] = 1
    return sections


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
