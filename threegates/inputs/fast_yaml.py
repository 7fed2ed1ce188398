"""Plain YAML read by libyaml, in a tenth of the time that ruamel takes; what is not plain is left to ``careful_yaml``.

Both give the same data and lines. This reading gives up on all that the other would report, and wherever libyaml, which
knows YAML 1.1, might take a text for something else than YAML 1.2 does.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from yaml import YAMLError, events

from threegates.inputs.document import CHARACTER_CODE, CONTROL, DEEPEST_NESTING, LONGEST_KEY, LONGEST_TEXT, Place

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None

# What the two versions of YAML read differently (tabs, other ends of lines, a byte order mark, ends of documents), and
# directives.
NOT_PLAIN = re.compile(f"{CONTROL.pattern}|[\t\x85\u2028\u2029\ufeff]|\r(?!\n)|^(?:%|\\.\\.\\.)", re.MULTILINE)
WORDS = {"": None, "~": None} | {
    written: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for written in (word, word.capitalize(), word.upper())
}
INTEGER = re.compile("-?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What YAML may take for another number, a time, a merge or a default value. A colon before a comma is one to YAML 1.2 alone.
UNUSUAL = re.compile(
    r"[-+]?[0-9._][0-9a-fA-F_.box]*(?:[eE][-+]?[0-9]+)?|[-+]?\.[a-zA-Z]{3}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|<<|=",
    re.DOTALL,
)


class _NotPlain(Exception):
    """The text holds what the careful reading is for."""


def parse(text: str) -> tuple[dict[str, Any], dict[Place, int]] | None:
    """The data of a text and the 1-based line of each path; None where the careful reading has to be asked."""
    if CParser is None or NOT_PLAIN.search(text):
        return None
    try:
        return _Builder(text).build()
    except (_NotPlain, YAMLError, ValueError):  # ValueError: a day that the calendar lacks
        return None


class _Builder:
    """Makes data of the events of one text."""

    def __init__(self, text: str) -> None:
        self.next = CParser(text).get_event
        self.lines: dict[Place, int] = {}
        self.texts: list[str] = []
        self.known: dict[str, Any] = dict(WORDS)  # plain scalars, by how they are written

    def build(self) -> tuple[dict[str, Any], dict[Place, int]]:
        self._take(events.StreamStartEvent)
        self._take(events.DocumentStartEvent)
        data = self._value(self._take(events.MappingStartEvent), ())
        self._take(events.DocumentEndEvent)
        self._take(events.StreamEndEvent)
        joined = "\n".join(self.texts)  # in double quotes, a character may be written as a code
        longest = max(map(len, self.texts), default=0)
        if longest > LONGEST_TEXT // 2 or CONTROL.search(joined) or CHARACTER_CODE.search(joined):
            raise _NotPlain
        return data, self.lines

    def _take(self, kind: type[Any]) -> Any:
        event = self.next()
        if type(event) is not kind:
            raise _NotPlain
        return event

    def _value(self, event: Any, path: Place) -> Any:
        kind = type(event)
        if _is_special(event) or len(path) > DEEPEST_NESTING:
            raise _NotPlain
        if kind is events.ScalarEvent:
            return self._scalar(event.value) if event.implicit[0] else self._text(event.value)
        if kind is events.SequenceStartEvent:
            items: list[Any] = []
            while type(event := self.next()) is not events.SequenceEndEvent:
                items.append(self._value(event, (*path, str(len(items)))))
            return items
        mapping: dict[str, Any] = {}
        while type(event := self.next()) is not events.MappingEndEvent:
            key = self._key(event, mapping)
            here = (*path, key)
            self.lines[here] = event.start_mark.line + 1
            mapping[key] = self._value(self.next(), here)
        return mapping

    def _key(self, event: Any, mapping: dict[str, Any]) -> str:
        if type(event) is not events.ScalarEvent or _is_special(event):
            raise _NotPlain
        key: str = event.value
        if (
            key in mapping
            or key in ("<<", "=")
            or key.endswith(":")
            or len(key) > LONGEST_KEY
            or not key.isascii()
            or not key.isprintable()
        ):
            raise _NotPlain
        return key

    def _scalar(self, written: str) -> Any:
        """The value of a scalar without quotes."""
        if written in self.known:
            return self.known[written]
        if INTEGER.fullmatch(written):
            value: Any = int(written)
        elif FLOAT.fullmatch(written):
            value = float(written)
        elif DATE.fullmatch(written):
            value = dt.date.fromisoformat(written)
        elif UNUSUAL.fullmatch(written) or written.endswith(":"):
            raise _NotPlain
        else:
            return self._text(written)
        self.known[written] = value
        return value

    def _text(self, value: str) -> str:
        self.texts.append(value)
        return value


def _is_special(event: Any) -> bool:
    """Whether an alias, an anchor, a tag or a block of text stands there; of blocks, libyaml takes some that are no YAML."""
    if type(event) is events.AliasEvent or event.anchor is not None or event.tag is not None:
        return True
    return type(event) is events.ScalarEvent and event.style in ("|", ">")
