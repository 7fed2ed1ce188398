"""What can be wrong between records that are each right by themselves: names, links, choices and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from threegates.definition.declare import HIGH, LOW, SCENARIOS, Field, Table
from threegates.formula import grammar
from threegates.inputs.assumptions import (
    DEFAULTS,
    OWN_SOURCES,
    PICKED,
    REPORT,
    RESERVED,
    ROLES,
    SOURCES,
    YOURS,
    Assumptions,
)
from threegates.inputs.document import Place
from threegates.inputs.include import some
from threegates.inputs.ranges import BOUNDS, misfits
from threegates.inputs.schema import CONFIDENCES
from threegates.problems import nearest, shorten

A_SOURCE = "an id of sources:, or judgement"


def check(assumptions: Assumptions, tables: Iterable[Table], inputs: Mapping[str, Iterable[Field]]) -> None:
    """Notes what is wrong in the document. ``inputs`` gives the inputs of each table."""
    checker = _Checker(assumptions, tables, inputs)
    checker.check_records()
    checker.check_names()
    checker.check_links()
    checker.check_sources()
    checker.check_ranges()
    checker.check_draws()


class _Checker:
    def __init__(
        self, assumptions: Assumptions, tables: Iterable[Table], inputs: Mapping[str, Iterable[Field]]
    ) -> None:
        self.assumptions, self.tables, self.inputs = assumptions, tuple(tables), inputs
        self.document, self.ids, self.data = assumptions.document, assumptions.ids, assumptions.data

    def check_records(self) -> None:
        """Records that the equations read by name must be there, and no others where a table is closed."""
        for table in self.tables:
            there = self.ids[table.id]
            if not isinstance(self.document.data.get(table.id, {}), dict):
                continue  # has been reported
            for name in table.calls:
                if name not in there:
                    found = f"found no record {name}, which the equations read"
                    self.document.report((table.id,), found, ", ".join(table.calls), f"add {name}:")
            for name in there if table.closed else ():
                if name not in table.calls:
                    found = f"found the unknown record {shorten(name)}"
                    remedy = nearest(name, table.calls) or "delete it"
                    self.document.report((table.id, name), found, ", ".join(table.calls), remedy)

    def check_names(self) -> None:
        """A name means one thing: scenarios, constants and claims may not share names with each other or with inputs."""
        taken: dict[str, str] = dict.fromkeys((*RESERVED, *grammar.CALLABLE), "a word of the grammar")
        taken |= {table.id: "a table" for table in self.tables}
        taken |= {field.id: "an input" for fields in self.inputs.values() for field in fields}
        for table in self.tables:
            if not table.is_named or table.closed:
                continue
            for key in self.ids[table.id]:
                if key in taken:
                    found = f"found the name {key!r}, which is also {taken[key]}"
                    self.document.report((table.id, key), found, "a name used once", "rename it")
                taken[key] = f"a name in {table.id}"

    def check_links(self) -> None:
        for role, section in (ROLES | {PICKED: SCENARIOS, YOURS: SCENARIOS}).items():
            named = getattr(self.assumptions.report, role)
            if named is not None:
                self._check_target((REPORT, role), named, self.ids[section], section.removesuffix("s"))
        for table in self.tables:
            for field in self.inputs[table.id]:
                if field.kind in ("link", "choice"):
                    self._check_field(field)
                if field.of_choice:
                    self._check_of_choice(field)

    def _check_field(self, field: Field) -> None:
        allowed = self.ids[field.target[0]] if field.kind == "link" else field.target
        for key in self.ids[field.table]:
            datum = self.data.get((field.table, field.id, key))
            if datum is not None and self._check_target(self._place(field, key), datum.value, allowed, field.label.en):
                self._check_choice(field, key, datum.value)

    def _check_choice(self, field: Field, key: str, value: str) -> None:
        """A choice such as a precision names a field of the linked record, which must not be blank there."""
        link = next((f for f in self.inputs[field.table] if f.kind == "link"), None)
        if field.kind != "choice" or link is None:
            return
        target = self.data.get((field.table, link.id, key))
        if target is None or target.value not in self.assumptions.entries[link.target[0]]:
            return
        has = [option for option in field.target if (link.target[0], option, target.value) in self.data]
        if value not in has:
            own = (field.table, key, field.id)
            place = own if self.document.has(own) else (field.table, key, link.id)  # of a default, the link is at fault
            found = f"found {value}, which the {link.id} {target.value} lacks"
            remedy = f"choose another {field.id} or {link.id}"
            self.document.report(place, found, ", ".join(has) or "nothing", remedy)

    def _check_of_choice(self, field: Field) -> None:
        """Where an input may be left to the record of a choice, one of the two must be given."""
        choice = next(f for f in self.inputs[field.table] if f.id == field.of_choice)
        for key in self.ids[field.table]:
            own = self.data.get((field.table, choice.id, key))
            if own is None or own.value not in self.ids[choice.records] or (field.table, field.id, key) in self.data:
                continue
            if (choice.records, field.id, own.value) not in self.data:
                place = (field.table, key, choice.id)
                where = place if self.document.has(place) else (field.table, key)
                found = f"found no {field.id}, and none in {choice.records}.{own.value}"
                remedy = f"add {field.id}: to {field.table}.{key}, or to {choice.records}.{own.value}"
                self.document.report(where, found, "one of the two", remedy)

    def _place(self, field: Field, key: str) -> Place:
        place = (field.table, key, field.id)
        return place if self.document.has(place) or field.table != SCENARIOS else (DEFAULTS, field.id)

    def _check_target(self, place: Place, value: str, allowed: Iterable[str], what: str) -> bool:
        names = list(allowed)
        if value in names:
            return True
        found = f"found the unknown {what.lower()} {shorten(value)}"
        self.document.report(place, found, some(names), nearest(value, names))
        return False

    def check_sources(self) -> None:
        sources = self.document.data.get(SOURCES, {})
        known = {*(sources if isinstance(sources, dict) else ()), *OWN_SOURCES}
        for place, raw in _walk(self.document.data):
            if place[-1] == "source" and place[0] != SOURCES:
                for name in raw if isinstance(raw, list) else [raw]:
                    if isinstance(name, str) and name not in known:
                        found = f"found the unknown source {shorten(name)}"
                        self.document.report(place, found, A_SOURCE, nearest(name, known))
        by_id = {(field.table, field.id): field for fields in self.inputs.values() for field in fields}
        for (table, name, key), datum in self.data.items():
            if name.endswith((LOW, HIGH)):
                continue
            place = self._place(by_id[table, name], key)
            if not datum.source:
                self.document.report(place, "found no source", A_SOURCE, "add source:")
            elif not datum.confidence and datum.source != ("definition",):
                self.document.report(place, "found no confidence", ", ".join(CONFIDENCES), "add confidence:")

    def check_ranges(self) -> None:
        """A percentile range must be one that a distribution can have."""
        by_id = {(field.table, field.id): field for fields in self.inputs.values() for field in fields}
        found = {self._place(by_id[m.table, m.field], m.key): m for m in misfits(self.assumptions, by_id.values())}
        for place, misfit in found.items():  # a default counts once
            self.document.report(place, misfit.found, misfit.allowed, f"say range: {BOUNDS}, or move it inwards")

    def check_draws(self) -> None:
        """A name of draws that nothing else takes would couple nothing."""
        named = {address: datum.draw for address, datum in self.data.items() if datum.draw and "__" not in address[1]}
        counts = Counter([*named.values(), *(field.id for field in self.inputs[SCENARIOS] if field.may_range)])
        for (table, name, key), draw in named.items():
            if counts[draw] == 1:
                main = next(each.main for each in self.tables if each.id == table)
                place = (table, key, "draw") if name == main else (table, key, name, "draw")
                allowed = "an input of scenarios, or a name that another record has, too"
                known = [other for other in counts if other != draw]
                self.document.report(
                    place, f"found draw {draw}, which nothing else takes", allowed, nearest(draw, known)
                )


def _walk(value: Any, place: Place = ()) -> Iterable[tuple[Place, Any]]:
    if place:
        yield place, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*place, key))
