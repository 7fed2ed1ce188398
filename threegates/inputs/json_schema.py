"""A JSON Schema made short: what stands in it more than once is said once, and referred to."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from threegates.inputs.value_types import Json

SMALL = 100  # characters of a schema that may well be written twice
WIDTH = 120  # of a line


def shared(schema: Json) -> Json:
    """The same schema, in which each repeated part stands under ``definitions``, named by its first place."""
    definitions = schema["definitions"]
    counts = _count(schema, Counter(_shape(inner) for inner in definitions.values()))
    for inner in definitions.values():
        _count(inner, counts)
    names = {_shape(inner): name for name, inner in definitions.items()}
    for name, inner in list(definitions.items()):
        _refer(inner, name, counts, definitions, names)
    _refer(schema, "", counts, definitions, names)
    return schema


def text(node: Any, indent: str = "") -> str:
    """A schema as JSON, a line for what fits into one."""
    line = json.dumps(node, ensure_ascii=False)
    if not isinstance(node, dict | list) or len(indent + line) <= WIDTH:
        return line
    deeper = indent + " "
    if isinstance(node, list):
        return f"[\n{deeper}" + f",\n{deeper}".join(text(item, deeper) for item in node) + f"\n{indent}]"
    pairs = (f"{json.dumps(key)}: {text(value, deeper)}" for key, value in node.items())
    return f"{{\n{deeper}" + f",\n{deeper}".join(pairs) + f"\n{indent}}}"


def _shape(node: Json) -> str:
    return json.dumps({key: value for key, value in node.items() if key != "description"}, sort_keys=True)


def _children(node: Json) -> list[tuple[str, Any, Any]]:
    """The schemas within one, each with its name, and with the container and the key that it stands under."""
    named = ("properties", "patternProperties")
    found: list[tuple[str, Any, Any]] = [(name, node[key], name) for key in named for name in node.get(key, ())]
    found += [("", node, key) for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    found += [("names", node, "propertyNames")] if "propertyNames" in node else []
    return found + [("", node["anyOf"], position) for position in range(len(node.get("anyOf", ())))]


def _count(node: Json, counts: Counter[str]) -> Counter[str]:
    """How often each shape stands in a schema; what stands within a shape is counted once."""
    for _, container, key in _children(node):
        shape = _shape(container[key])
        counts[shape] += 1
        if counts[shape] == 1:
            _count(container[key], counts)
    return counts


def _refer(node: Json, place: str, counts: Counter[str], definitions: Json, names: dict[str, str]) -> None:
    """Moves the shapes that stand more than once under ``definitions``; descriptions stay where they are."""
    for name, container, key in _children(node):
        inner, here = container[key], f"{place}.{name.strip('^')}".strip(".")
        shape = _shape(inner)
        repeated = counts[shape] > 1 and len(shape) > SMALL
        if not repeated or shape not in names:
            _refer(inner, here, counts, definitions, names)
        if repeated:
            description = {"description": inner.pop("description")} if "description" in inner else {}
            if shape not in names:
                names[shape] = here if here not in definitions else f"{here}.{len(definitions)}"
                definitions[names[shape]] = inner
            container[key] = description | {"$ref": f"#/definitions/{names[shape]}"}
