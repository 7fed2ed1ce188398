"""Values put into the text of a YAML file: only their own characters change, and every other byte stays as it is.

The places come from the marks of the parser's nodes. A scenario states only what differs from ``defaults:``; a value that
came from there gets a line of its own in the scenario, which keeps the other numbers of the default.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from threegates.definition.declare import HIGH, LOW, SCENARIOS
from threegates.engine.model import Model
from threegates.formula.readers import Address
from threegates.inputs.assumptions import DEFAULTS, Datum
from threegates.inputs.document import Document
from threegates.inputs.ranges import BOUNDS
from threegates.problems import InputError, Problem
from threegates.returned import nodes
from threegates.text import LANGUAGES

SUFFIXES = {"base": "", "low": LOW, "high": HIGH}  # of the ids of the fields
PARTS = tuple(SUFFIXES)
RANGE = "range"
LONGEST_PLAIN = 7  # digits before an exponent is shorter to read


class Plain(str):
    """A text that stands without quotes: an id, or a month."""


class Edit(NamedTuple):
    """The characters from ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Slot:
    """An input of one record with its low and its high: what one key of the YAML holds."""

    table: str
    field: str
    key: str


def slot_of(address: Address) -> tuple[Slot, str]:
    """The slot of an address, and which of its three numbers it is."""
    table, name, key = address
    part = next((part for part in ("low", "high") if name.endswith(SUFFIXES[part])), "base")
    return Slot(table, name.removesuffix(SUFFIXES[part]), key), part


def amend(model: Model, values: Mapping[Address, Any], language: str) -> dict[str, bytes]:
    """The files that change, by name, with ``values`` in them; None blanks an optional input, and its key goes.

    Each value goes into the file that its record stands in. ``language`` is that of the texts among the values. Raises
    InputError where that file is not to be written.
    """
    wanted: dict[Slot, dict[str, Any]] = {}
    for address, value in values.items():
        slot, part = slot_of(address)
        wanted.setdefault(slot, {})[part] = _written(model.fields[address[:2]].kind, value)
    amenders: dict[str, _Amender] = {}
    for slot, parts in wanted.items():
        holder = model.assumptions.document.holder((slot.table, slot.key))
        if holder.file not in amenders:
            amenders[holder.file] = _Amender(holder, model, language)
        amenders[holder.file].put(slot, parts)
    if problems := [problem for amender in amenders.values() for problem in amender.problems]:
        raise InputError(problems)
    return {file: amender.amended() for file, amender in amenders.items()}


def _written(kind: str, value: Any) -> Any:
    """A value as its token shows it: ids and months are texts without quotes."""
    if value is None or kind not in ("month", "link", "choice"):
        return value
    return Plain(f"{value:%Y-%m}" if kind == "month" else value)


def refusal(model: Model, address: Address) -> Problem | None:
    """Why a value cannot be put into the file that its record stands in, or None.

    What an include: names below the folder of the model's own file belongs to it; what lies elsewhere may be shared.
    """
    document = model.assumptions.document
    record = (address[0], address[2])
    if ".." in PurePosixPath(document.holder(record).file).parts:
        file, line = document.place(record)
        found = f"this record is included from {file}, line {line}, which other files may share"
        return Problem(
            document.file, 0, ".".join(record), found, "", f"change it there, or copy the record into {document.file}"
        )
    return None


class _Amender:
    def __init__(self, document: Document, model: Model, language: str) -> None:
        self.file, self.text, self.model, self.language = document.file, document.content.decode(), model, language
        self.root = nodes.composed(self.text)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.edits: list[Edit] = []
        self.problems: list[Problem] = []

    def amended(self) -> bytes:
        """The text with the edits in it, made from its end to its beginning, so that places stay true."""
        text = self.text  # of insertions at one place the last comes first
        for _, edit in sorted(enumerate(self.edits), key=lambda e: (e[1].start, e[1].end, e[0]), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text.encode()

    def put(self, slot: Slot, parts: dict[str, Any]) -> None:
        if problem := refusal(self.model, (slot.table, slot.field, slot.key)):
            self.problems.append(problem)
            return
        record = nodes.value(nodes.value(self.root, slot.table), slot.key)
        assert isinstance(record, MappingNode)
        if self.model.tables[slot.table].main:  # the record is itself the value of its main field
            self._put_parts(record, parts)
            return
        node = nodes.value(record, slot.field)
        blank = parts.get("base", ...) is None
        if node is None and blank:
            found = f"blank in the workbook, while {DEFAULTS} give a value"
            place = (slot.table, slot.key, slot.field)
            self.problems.append(Problem(self.file, 0, ".".join(place), found, "", ""))
        elif blank:
            self._delete(record, slot.field)
        elif node is None:
            self._insert(record, record.value[-1][1], slot.field, self._whole(slot, parts))
        elif nodes.is_empty(node):
            self._edit(node, self._whole(slot, parts))
        elif isinstance(node, MappingNode) and nodes.value(node, "base") is not None:
            self._put_parts(node, parts)
        elif set(parts) == {"base"}:
            self._replace(node, parts["base"])
        else:
            self._widen(node, parts)

    def _put_parts(self, node: MappingNode, parts: dict[str, Any]) -> None:
        """Changes, adds or deletes the base, low and high of a value that is a mapping."""
        after = nodes.value(node, "base")
        for part in PARTS:
            own = nodes.value(node, part)
            if part in parts:
                value = parts[part]
                if own is not None and value is not None:
                    self._replace(own, value)
                elif own is not None:
                    self._delete(node, part)
                elif value is not None:
                    self._insert(node, after, part, self._token(value))
            after = own if own is not None and parts.get(part, ...) is not None else after
        self._say_range(node, after, parts)

    def _say_range(self, node: MappingNode, after: Node | None, parts: dict[str, Any]) -> None:
        """A new low or high is the reader's bound, unless the file says what the other one is; without any, none is said."""
        own = {end: nodes.value(node, end) for end in PARTS[1:]}
        if any(parts[end] is not None if end in parts else not nodes.is_empty(own[end]) for end in own):
            kind = nodes.value(node, RANGE)
            if kind is None:
                self._insert(node, after, RANGE, BOUNDS)
            elif nodes.is_empty(kind):
                self._edit(kind, BOUNDS)
        else:
            for key in (RANGE, "draw"):
                if nodes.value(node, key) is not None:
                    self._delete(node, key)

    def _widen(self, node: Node, parts: dict[str, Any]) -> None:
        """A bare value becomes a mapping, to take a low or a high."""
        old = self.text[node.start_mark.index : nodes.end(self.text, node)]
        base = self._token(parts["base"], old) if "base" in parts else old
        rest = "".join(f", {p}: {self._token(parts[p])}" for p in PARTS[1:] if parts.get(p) is not None)
        self._edit(node, f"{{base: {base}{rest}{f', {RANGE}: {BOUNDS}' if rest else ''}}}")

    def _replace(self, node: Node, value: Any) -> None:
        if isinstance(node, MappingNode):  # a text in both languages
            inner = nodes.value(node, self.language if isinstance(value, str) else LANGUAGES[0])
            assert inner is not None
            node = inner
        assert isinstance(node, ScalarNode)
        old = self.text[node.start_mark.index : nodes.end(self.text, node)]
        self._edit(node, self._token(value, old))

    def _edit(self, node: Node, text: str) -> None:
        start, end = node.start_mark.index, nodes.end(self.text, node)
        if start == end:  # an empty key; in braces, it may lack its colon
            text = f" {text}" if self.text[start - 1] == ":" else f": {text}"
        self.edits.append(Edit(start, end, text))

    def _whole(self, slot: Slot, parts: dict[str, Any]) -> str:
        """The value of a new key: bare where nothing else is known of it, otherwise with all that the default says."""
        inherited = {part: self._datum(slot, part) for part in PARTS} if slot.table == SCENARIOS else {}
        base = inherited.get("base")
        kind = base.range if base is not None and base.range else BOUNDS
        numbers = {p: parts[p] if p in parts else d.value if (d := inherited.get(p)) else None for p in PARTS}
        said = [f"{part}: {self._token(numbers[part])}" for part in PARTS if numbers[part] is not None]
        said += [f"{RANGE}: {kind}"] if len(said) > 1 else []
        if base is None:
            return self._token(numbers["base"]) if len(said) == 1 else f"{{{', '.join(said)}}}"
        # a number of the reader's is not what the source of the default says
        given = Datum(None, ("judgement",), "judgement") if "base" in parts else base
        said.append(f"source: {_listed(given.source)}")
        said += [f"confidence: {given.confidence}"] if given.confidence else []
        said += [f"marks: {_listed(given.marks)}"] if given.marks else []
        return f"{{{', '.join(said)}}}"

    def _datum(self, slot: Slot, part: str) -> Datum | None:
        return self.model.data.get((slot.table, slot.field + SUFFIXES[part], slot.key))

    def _insert(self, mapping: MappingNode, after: Node | None, key: str, value: str) -> None:
        """A new key after a value of the mapping, on a line of its own unless the mapping stands in braces."""
        last = after if after is not None else mapping.value[-1][1]
        end = nodes.end(self.text, last)
        if mapping.flow_style:
            self.edits.append(Edit(end, end, f", {key}: {value}"))
            return
        line = self.text.find("\n", end)
        indent = " " * mapping.value[0][0].start_mark.column
        if line < 0:  # the last line has no end
            self.edits.append(Edit(len(self.text), len(self.text), f"{self.newline}{indent}{key}: {value}"))
        else:
            self.edits.append(Edit(line + 1, line + 1, f"{indent}{key}: {value}{self.newline}"))

    def _delete(self, mapping: MappingNode, key: str) -> None:
        """The key with its value goes; with it its line, unless the mapping stands in braces."""
        position = next(i for i, (name, _) in enumerate(mapping.value) if name.value == key)
        name, value = mapping.value[position]
        start, end = name.start_mark.index, nodes.end(self.text, value)
        if not mapping.flow_style:
            start = self.text.rfind("\n", 0, start) + 1
            line = self.text.find("\n", end)
            self.edits.append(Edit(start, line + 1 if line >= 0 else len(self.text), ""))
        elif position:
            self.edits.append(Edit(nodes.end(self.text, mapping.value[position - 1][1]), end, ""))
        else:
            following = mapping.value[1][0].start_mark.index if len(mapping.value) > 1 else end
            self.edits.append(Edit(start, following, ""))

    def _token(self, value: Any, old: str = "") -> str:
        """The value as the YAML writes it, in the style of the one that it replaces."""
        if isinstance(value, float):
            return number(value, old)
        plain = isinstance(value, Plain | dt.date) and old[:1] not in ("'", '"')
        return str(value) if plain else quoted(str(value))


def number(value: float, old: str = "") -> str:
    """A number in the style of ``old``: its exponent, where it has one; otherwise the shortest way to write it."""
    exact = Decimal(repr(value))
    written = old.lower().replace("_", "").partition("e")
    if written[1] and written[2].lstrip("+-").isdigit() and value:
        mantissa = exact.scaleb(-int(written[2])).normalize()
        if Decimal("0.001") <= abs(mantissa) < Decimal(1_000_000):
            shown = f"{mantissa:f}"
            shown += ".0" if "." in written[0] and "." not in shown and written[0].endswith(".0") else ""
            made = f"{shown}e{old.lower().partition('e')[2]}"
            if float(made) == value:
                return made
    plain = f"{exact.normalize():f}" if value else "0"
    is_short = len(plain.lstrip("-").replace(".", "")) <= LONGEST_PLAIN
    if is_short or (old and not written[1] and 1e-6 < abs(value) < 1e16):
        return plain
    short = f"{exact.normalize():e}".replace("e+", "e")
    return min(plain, short, key=len) if float(short) == value else repr(value)


def quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False))


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
