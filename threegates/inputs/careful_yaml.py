"""YAML read by ruamel: slow, and with a sentence for everything that a text file of numbers should not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from threegates.inputs import lookalikes
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
from threegates.inputs.lookalikes import Stray
from threegates.problems import InputError, Problem, shorten

PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "str", "timestamp", "map", "seq")
}
MOST_MENDINGS = 10  # each reads the text anew
CUT = re.compile(r"^[^\"'#]*[{\[][^#]* #[^ ]")  # a comment without a blank, in a line that opens a brace


def parse(document: Document, text: str) -> None:
    """Fills ``document`` with data, lines and problems. What stops the reading altogether raises InputError."""
    yaml = YAML(typ="safe", pure=True)
    try:
        if directive := re.search(r"^%.*", text, re.MULTILINE):
            line = text[: directive.start()].count("\n") + 1
            found = f"found the directive {shorten(directive[0])}"
            raise stop(document.file, line, found, "plain YAML 1.2", "delete the line")
        root = _composed(document, text)
        if not isinstance(root, MappingNode) or root.tag not in PLAIN_TAGS:
            found = "nothing" if root is None else "a list" if isinstance(root, SequenceNode) else "a single value"
            found = f"the tag {shorten(str(root.tag))}" if root is not None and root.tag not in PLAIN_TAGS else found
            found += " where the assumptions should be"
            raise stop(document.file, 1, f"found {found}", "a mapping with report:, scenarios: …")
        document.data = _Walker(document, yaml.constructor).convert(root, ())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        found = f"not valid YAML: {error.problem}"
        raise InputError(
            [*document.problems, *stop(document.file, line, found, "", _advice(text, error)).problems]
        ) from error
    except YAMLError as error:
        match = re.search(r"position (\d+)", str(error))
        line = text[: int(match[1])].count("\n") + 1 if match else 0
        remedy = "delete or retype that line"
        raise stop(document.file, line, "found a control character", "printable text", remedy) from error
    except RecursionError as error:
        found = "nested too deeply to be read"
        raise stop(document.file, _too_deep(text), found, f"at most {DEEPEST_NESTING} levels") from error


def _composed(document: Document, text: str) -> Node | None:
    """The nodes of a text. Look-alikes that spoil it are noted and replaced, so that what stands behind them is read, too."""
    for last in (*[False] * MOST_MENDINGS, True):
        try:
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
            strays = _in_keys(root, text)
            if last or not strays:
                return root
        except MarkedYAMLError as error:
            strays = [] if last else _cause(text, error)
            if not strays:
                raise
        for line in sorted({stray.line for stray in strays}):
            found = lookalikes.said(sorted(stray for stray in strays if stray.line == line))
            document.problems.append(Problem(document.file, line + 1, "the file", found, "", ""))
        text = lookalikes.replaced(text, strays)
    return None


def _cause(text: str, error: MarkedYAMLError) -> list[Stray]:
    """The look-alikes near an error without which the text is read further: on its line, the one above, or where it began."""
    lines = text.split("\n")
    stopped = error.problem_mark or error.context_mark
    began = error.context_mark or stopped
    near = dict.fromkeys((stopped.line, stopped.line - 1, began.line))
    found = [strays for n in near if 0 <= n < len(lines) and (strays := lookalikes.unquoted(lines[n], n))]
    every = [[stray for strays in found for stray in strays]] if len(found) > 1 else []
    tries = (strays for strays in [*found, *every] if _gets_past(stopped.line, lookalikes.replaced(text, strays)))
    return next(tries, [])


def _gets_past(line: int, text: str) -> bool:
    """Whether a text is YAML up to what stands below a 0-based line."""
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if event.start_mark.line > line:
                return True
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return bool(mark.line > line)
    return True


def _in_keys(root: Node | None, text: str) -> list[Stray]:
    """The look-alikes in keys, which are names."""
    found: list[Stray] = []
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            for key, _ in node.value:
                if isinstance(key, ScalarNode) and lookalikes.is_meant_plain(key.value):
                    start, end = key.start_mark, key.end_mark
                    strays = lookalikes.within(text[start.index : end.index], start.line)
                    found += [stray._replace(column=stray.column + start.column) for stray in strays]
        inner = _children(node)
        waiting += [child for child in inner if id(child) not in seen]
        seen |= {id(child) for child in inner}
    return found


def _children(node: Node | None) -> list[Node]:
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _too_deep(text: str) -> int:
    """The line in which the nesting passes its bound; events, unlike nodes, are read without recursion."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            return int(event.start_mark.line) + 1
    return 1


def _advice(text: str, error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    near = lines[max(0, mark.line - 1) : mark.line + 1] if mark else []
    if near and "\t" in near[-1]:
        return "replace the tab by spaces"
    if cut := next((line for line in near if CUT.search(line)), ""):
        return f"a # after a blank begins a comment, and so cuts {shorten(cut.strip())}: put the text in quotes"
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
