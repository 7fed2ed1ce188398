"""A YAML file as plain data with the line of every key, and nothing that a text file of numbers does not need."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from threegates.problems import InputError, Problem, shorten

LARGEST_FILE_BYTES = 500_000
DEEPEST_NESTING = 12
LONGEST_TEXT = 32_767  # Excel limit: characters in a cell, counted as UTF-16 does
LONGEST_KEY = 60
LARGEST_INTEGER_BITS = 1000
PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "str", "timestamp", "map", "seq")
}
# What XML 1.0, and so a workbook, cannot hold, and what terminals obey.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
CHARACTER_CODE = re.compile("_x[0-9A-Fa-f]{4}_")

Place = tuple[str, ...]
Records = dict[str, set[str]]  # the names of records, by section


@dataclass
class Document:
    """A file as ``data``, made of dicts, lists and scalars; ``lines`` gives the 1-based line of each path.

    ``included`` gives the file of each record, and of each section, that was taken from another file.
    """

    file: str
    digest: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    included: dict[Place, Document] = field(default_factory=dict)

    def report(self, path: Place, found: str, allowed: str, remedy: str = "") -> None:
        """Adds a problem at ``path``, or at its nearest ancestor that stands in a file."""
        self.problems.append(self.problem(path, found, allowed, remedy))

    def problem(self, path: Place, found: str, allowed: str, remedy: str = "") -> Problem:
        """A problem at ``path``, or at its nearest ancestor that stands in a file."""
        return Problem(*self.place(path), ".".join(path) or "the file", found, allowed, remedy)

    def place(self, path: Place) -> tuple[str, int]:
        """The file and line of ``path``, or of its nearest ancestor that stands in one; line 1 for the file itself."""
        while path:
            holder = self.holder(path)
            if path in holder.lines:
                return holder.file, holder.lines[path]
            path = path[:-1]
        return self.file, 1

    def line(self, path: Place) -> int:
        """The line of :meth:`place`."""
        return self.place(path)[1]

    def has(self, path: Place) -> bool:
        """Whether a key stands at ``path``."""
        value: Any = self.data
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        return True

    def holder(self, path: Place) -> Document:
        """The file that ``path`` is taken from: an included one, or this one."""
        return self.included.get(path[:2]) or self.included.get(path[:1]) or self

    def is_included(self, path: Place) -> bool:
        """Whether ``path``, a section or a record, was taken from another file."""
        return path in self.included

    def take(self, taken: Iterable[tuple[Document, Records]]) -> None:
        """Takes records of other files in; a record that stands here already replaces theirs whole.

        Theirs come first and keep their order, replaced ones in place. Nothing is taken where our section is no mapping.
        """
        theirs: dict[str, dict[str, Any]] = {}
        for other, records in taken:
            for section, keys in records.items():
                own = self.data.get(section, {})
                if isinstance(own, dict):
                    found = {key: value for key, value in other.data[section].items() if key in keys}
                    theirs.setdefault(section, {}).update(found)
                    new = {(section, key) for key in keys - own.keys()} | {(section,)} - {(name,) for name in self.data}
                    self.included = dict.fromkeys(new, other) | self.included
        self.data |= {section: records | self.data.get(section, {}) for section, records in theirs.items()}


def read(path: Path, name: str = "", remedy: str = "check --assumptions", content: bytes | None = None) -> Document:
    """Reads ``path``, which messages call ``name``; ``remedy`` is what to do where it cannot be opened.

    ``content`` is what the file is going to hold, where that is to be tried before it is written. What stops the reading altogether raises InputError; the rest waits in ``problems``.
    """
    name = name or path.name
    content = load_bytes(path, name, remedy) if content is None else content
    document = Document(name, hashlib.sha256(content).hexdigest())
    yaml = YAML(typ="safe", pure=True)
    try:
        text = content.decode("utf-8")
        if directive := re.search(r"^%.*", text, re.MULTILINE):
            line = text[: directive.start()].count("\n") + 1
            raise _stop(name, line, f"found the directive {shorten(directive[0])}", "plain YAML 1.2", "delete the line")
        root = yaml.compose(text)
        if not isinstance(root, MappingNode):
            found = "nothing" if root is None else f"a {_kind(root)}"
            raise _stop(
                name, 1, f"found {found} where the assumptions should be", "a mapping with report:, scenarios: …"
            )
        document.data = _Walker(document, yaml.constructor).convert(root, ())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _stop(name, line, "found text that is not UTF-8", "UTF-8", "save the file as UTF-8") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise _stop(name, line, f"not valid YAML: {error.problem}", "", _advice(content, line)) from error
    except YAMLError as error:
        match = re.search(r"position (\d+)", str(error))
        line = content.decode("utf-8")[: int(match[1])].count("\n") + 1 if match else 0
        raise _stop(name, line, "found a control character", "printable text", "delete or retype that line") from error
    except RecursionError as error:
        line = _too_deep(content.decode("utf-8"))
        raise _stop(name, line, "nested too deeply to be read", f"at most {DEEPEST_NESTING} levels") from error
    return document


def _too_deep(text: str) -> int:
    """The line in which the nesting passes its bound; events, unlike nodes, are read without recursion."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            return int(event.start_mark.line) + 1
    return 1


def load_bytes(path: Path, name: str, remedy: str) -> bytes:
    """The bytes of a YAML file. Raises InputError in one sentence when it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _stop(name, 0, f"cannot be read: {reason}", "a readable YAML file", remedy) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise _stop(name, 0, "the file is too large", f"at most {LARGEST_FILE_BYTES:,} bytes")
    return content


def _stop(name: str, line: int, found: str, allowed: str, remedy: str = "") -> InputError:
    return InputError([Problem(name, line, "the file", found, allowed, remedy)])


def _advice(content: bytes, line: int) -> str:
    lines = content.decode("utf-8", "replace").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in text:
        return "replace the tab by spaces"
    return "look at this line and the one above: indentation, quotes, a missing colon"


def _kind(node: Node) -> str:
    return "list" if isinstance(node, SequenceNode) else "single value"


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
            self.document.report(
                path, f"found the tag {str(node.tag)[:60]!r}", "plain values without tags", "delete the tag"
            )
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
                self.document.report(
                    here,
                    f"found the key {key!r} twice (first in line {first[key]})",
                    "each key once",
                    "keep one of them",
                )
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
