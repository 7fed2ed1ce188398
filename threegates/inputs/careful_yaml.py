"""YAML read by ruamel: slow, and with a sentence for everything that a text file of numbers should not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from threegates.inputs.document import (
    CHARACTER_CODE,
    CONTROL,
    DEEPEST_NESTING,
    LARGEST_INTEGER_BITS,
    LONGEST_KEY,
    LONGEST_TEXT,
    Document,
    Place,
    stop,
)
from threegates.problems import shorten

PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "str", "timestamp", "map", "seq")
}


def parse(document: Document, text: str) -> None:
    """Fills ``document`` with data, lines and problems. What stops the reading altogether raises InputError."""
    yaml = YAML(typ="safe", pure=True)
    try:
        if directive := re.search(r"^%.*", text, re.MULTILINE):
            line = text[: directive.start()].count("\n") + 1
            found = f"found the directive {shorten(directive[0])}"
            raise stop(document.file, line, found, "plain YAML 1.2", "delete the line")
        root = yaml.compose(text)
        if not isinstance(root, MappingNode):
            found = "nothing" if root is None else "a list" if isinstance(root, SequenceNode) else "a single value"
            found += " where the assumptions should be"
            raise stop(document.file, 1, f"found {found}", "a mapping with report:, scenarios: …")
        document.data = _Walker(document, yaml.constructor).convert(root, ())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise stop(document.file, line, f"not valid YAML: {error.problem}", "", _advice(text, line)) from error
    except YAMLError as error:
        match = re.search(r"position (\d+)", str(error))
        line = text[: int(match[1])].count("\n") + 1 if match else 0
        remedy = "delete or retype that line"
        raise stop(document.file, line, "found a control character", "printable text", remedy) from error
    except RecursionError as error:
        found = "nested too deeply to be read"
        raise stop(document.file, _too_deep(text), found, f"at most {DEEPEST_NESTING} levels") from error


def _too_deep(text: str) -> int:
    """The line in which the nesting passes its bound; events, unlike nodes, are read without recursion."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            return int(event.start_mark.line) + 1
    return 1


def _advice(text: str, line: int) -> str:
    lines = text.splitlines()
    if 0 < line <= len(lines) and "\t" in lines[line - 1]:
        return "replace the tab by spaces"
    return "look at this line and the one above: indentation, quotes, a missing colon"


class _Walker:
    def __init__(self, document: Document, constructor: Any) -> None:
        self.document = document
        self.constructor = constructor
        self.seen: set[int] = set()

    def convert(self, node: Node, path: Place) -> Any:
        """The plain data of ``node``; an alias stands for nothing, so that none can explode."""
        if id(node) in self.seen:
            self.document.report(path, "found an alias (*name)", "each value written out", "copy the value here")
            return None
        self.seen.add(id(node))
        if len(path) > DEEPEST_NESTING:
            self.document.report(path, "nested too deeply", f"at most {DEEPEST_NESTING} levels")
            return None
        if node.tag not in PLAIN_TAGS:
            found = f"found the tag {str(node.tag)[:60]!r}"
            self.document.report(path, found, "plain values without tags", "delete the tag")
            return None
        if isinstance(node, MappingNode):
            return {key: self.convert(value, (*path, key)) for key, value in self._pairs(node, path)}
        if isinstance(node, SequenceNode):
            return [self.convert(item, (*path, str(index))) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: MappingNode, path: Place) -> Iterator[tuple[str, Node]]:
        first: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.tag not in PLAIN_TAGS:
                self.document.report(path, "found a key that is a list, a mapping or tagged", "a plain name as key")
                continue
            key = key_node.value
            if len(key) > LONGEST_KEY or not key.isprintable():
                self.document.lines[*path, ""] = line
                allowed = f"a printable name of at most {LONGEST_KEY} characters"
                self.document.report((*path, ""), f"found the key {shorten(key)}", allowed, "rename it")
                continue
            here = (*path, key)
            if key in first:
                self.document.lines[here] = line
                found = f"found the key {key!r} twice (first in line {first[key]})"
                self.document.report(here, found, "each key once", "keep one of them")
                continue
            first[key] = self.document.lines[here] = line
            yield key, value

    def _scalar(self, node: Node, path: Place) -> Any:
        if str(node.tag).endswith(":str"):
            return self._text(node.value, path)
        try:
            value = self.constructor.construct_object(node)
            if isinstance(value, int) and value.bit_length() > LARGEST_INTEGER_BITS:
                raise OverflowError
            return value
        except (ValueError, YAMLError, OverflowError, LookupError):
            self.document.report(path, f"found {node.value[:60]!r}, which cannot be read", "a number, a date or text")
            return None

    def _text(self, value: str, path: Place) -> str:
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        if length > LONGEST_TEXT:
            self.document.report(path, f"found {length:,} characters", f"at most {LONGEST_TEXT:,}, as Excel allows")
        if CONTROL.search(value):
            self.document.report(path, "found a control character in a text", "printable text", "retype the text")
        if code := CHARACTER_CODE.search(value):
            allowed = "text without such codes, which Excel reads as a character"
            self.document.report(path, f"found {code[0]} in a text", allowed, "write it another way")
        return value
