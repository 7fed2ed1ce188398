"""The scenario in focus with what its results rest on, and cases of it in which one uncertain input is moved at a time.

Each row is the model's own formula, with some of its references exchanged for cells of these tables.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from threegates.definition import derived
from threegates.definition.declare import HIGH, LOW, SCENARIOS, Field, Table
from threegates.definition.derived import AT_ENDS, BASE, OUTPUTS, SWINGS, TABLES, UNCERTAIN
from threegates.engine.derived_tables import DerivedTables
from threegates.formula import grammar
from threegates.formula.derived_references import Moves, Rank, Ranked, Same
from threegates.formula.nodes import Node, of_one_key
from threegates.formula.references import Cell, Linked, Own, Picked, Reference
from threegates.inputs.assumptions import Entry
from threegates.text import Text

Input = Own | Linked | Cell  # what a formula of the model reads, and a case may move


def base_cell(name: str) -> Cell:
    """The cell of the scenario in focus."""
    return Cell(BASE, name, derived.PICKED_KEY)


def base_row(own: Field, **changes: Any) -> Field:
    """A field of the model as a computed row of the scenario in focus."""
    return replace(own, table=BASE, sheet="cases", check="", ranged=False, optional=False, **changes)


class Cases:
    """``uncertain`` holds the inputs that may move, by the row of their value: each with where the value stands."""

    def __init__(self, made: DerivedTables) -> None:
        self.made = made
        self.uncertain: dict[str, Input] = {}
        self._may_move: dict[Node, bool] = {}
        self._moved_rows: dict[str, tuple[Field, Node]] = {}
        made.table(TABLES[BASE], {derived.PICKED_KEY: Entry(Text("as picked", "重点情景"))})

    # The scenario in focus, with what its results rest on -----------------------------------------------------

    def row_id(self, leaf: Input) -> str:
        """The row of a reference: an input or result of the scenario, or of a record that it reads."""
        if isinstance(leaf, Cell):
            return leaf.key if self.made.tables[leaf.table].main else f"{leaf.key}_{leaf.field}"
        return leaf.field if leaf.table == SCENARIOS else f"{leaf.table.removesuffix('s')}_{leaf.field}"

    def formula(self, leaf: Input) -> Node | None:
        """The formula behind a reference; None for an input."""
        formulas, step = self.made.formulas, (leaf.table, leaf.field)
        if not isinstance(leaf, Cell):
            return formulas.get(step)
        tree = formulas.get((*step, leaf.key)) or formulas.get(step)
        return tree and grammar.transform(tree, partial(of_one_key, key=leaf.key))

    def may_move(self, leaf: Node) -> bool:
        """Whether the input behind a reference carries a low or a high, or the equation behind it reads one that does.

        The anchor only divides, a whole column stays as it is, and so does what a record links to: none of them moves.
        """
        if not isinstance(leaf, Own | Linked | Cell) or (isinstance(leaf, Cell) and leaf.table == SCENARIOS):
            return False
        if isinstance(leaf, Linked) and leaf.via.table != SCENARIOS:
            return False
        if leaf not in self._may_move:
            tree = self.formula(leaf)
            self._may_move[leaf] = self._has_range(leaf) or (
                tree is not None and any(map(self.may_move, grammar.leaves(tree)))
            )
        return self._may_move[leaf]

    def _has_range(self, leaf: Input) -> bool:
        """Whether it carries a low or a high of its own; a formula that does is moved, not followed."""
        keys = (leaf.key,) if isinstance(leaf, Cell) else self.made.ids[leaf.table]
        return any((leaf.table, leaf.field + end, key) in self.made.data for end in (LOW, HIGH) for key in keys)

    def base(self, leaf: Node) -> Node:
        """What stands for a reference in the table of the scenario in focus; its row is made when first asked for."""
        if not isinstance(leaf, Own | Linked | Cell) or (isinstance(leaf, Cell) and not self.may_move(leaf)):
            return leaf
        name = self.row_id(leaf)
        if (BASE, name) not in self.made.fields:
            self._add_base(leaf, name)
        return Own(BASE, name)

    def _add_base(self, leaf: Input, name: str) -> None:
        tree, moves = None if self._has_range(leaf) else self.formula(leaf), self.may_move(leaf)
        text, bound = self._picked(leaf)
        field = self._field(leaf, name, text)
        if tree is not None and moves:
            of_base = grammar.transform(tree, self.base)
            self._moved_rows[name] = (field, grammar.transform(tree, self.moved))
            self.made.rebound(field, of_base)
            return
        self.made.single(replace(field, words=()), text, bound)
        if tree is None and moves:
            self.uncertain[name] = leaf
            self._moved_rows[name] = (field, base_cell(name))

    def moved(self, leaf: Node) -> Node:
        """What stands for a reference in a case: a row of the case where it may move, else the scenario in focus."""
        stands = self.base(leaf)
        return base_cell(stands.field) if isinstance(stands, Own) and not self.may_move(leaf) else stands

    def _picked(self, leaf: Input) -> tuple[str, Reference]:
        """What a row that is no equation shows, as text and as the reference that it means."""
        if isinstance(leaf, Cell):
            main = self.made.tables[leaf.table].main
            return (f"{leaf.table}.{leaf.key}" if main else f"{leaf.key}.{leaf.field}"), leaf
        if leaf.table == SCENARIOS:
            return f"picked.{leaf.field}", Picked(SCENARIOS, leaf.field)
        own = [f for f in self.made.fields.values() if f.table == SCENARIOS]
        link = next(f for f in own if leaf.table == f.records or (leaf.table,) == f.target)
        if (BASE, link.id) not in self.made.fields:
            text = f"picked.{link.id}"
            self.made.single(replace(link, table=BASE, sheet="cases"), text, Picked(SCENARIOS, link.id))
        return f"{link.id}.{leaf.field}", Linked(leaf.table, leaf.field, Own(BASE, link.id))

    def _field(self, leaf: Input, name: str, text: str) -> Field:
        """The row of a reference, with the label, unit and format of the record where that has its own."""
        own = self.made.fields[leaf.table, leaf.field]
        label, unit, shown = own.label, own.unit, own.format
        if isinstance(leaf, Cell):
            entry = self.made.entries[leaf.table][leaf.key]
            label = Text(f"{entry.label.en}: {label.en}", f"{entry.label.zh}：{label.zh}")
            if self.made.tables[leaf.table].main:
                label = entry.label
            if own.unit.startswith("@"):
                unit, shown = entry.unit, entry.format or shown
        formula = own.formula or (not self._has_range(leaf) and self._formula_of_record(leaf)) or text
        why, source = own.why if own.why.en else derived.OF_PICKED, own.source or "definition"
        row = base_row(own, formula=formula, why=why, source=source)
        return replace(row, id=name, label=label, unit=unit, format=shown, kind="number")

    def _formula_of_record(self, leaf: Input) -> str:
        """The text that a record of the YAML gives for its formula."""
        if isinstance(leaf, Cell) and self.made.fields[leaf.table, leaf.field].kind == "formula":
            return str(self.made.data[leaf.table, leaf.field, leaf.key].value)
        return ""

    # One input moved at a time --------------------------------------------------------------------------------

    def add_cases(self) -> None:
        """The uncertain inputs with their ends, and a table of cases for each end."""
        made = self.made
        rows = {name: made.fields[BASE, name] for name in self.uncertain}
        inputs = {name: Entry(row.label, unit=row.unit, format=row.format) for name, row in rows.items()}
        made.table(TABLES[UNCERTAIN], inputs)
        for field, end in zip(derived.ENDS, (LOW, "", HIGH), strict=True):
            made.cells(field, {name: self._end(field, name, leaf, end) for name, leaf in self.uncertain.items()})
        for end, table, _ in AT_ENDS:
            made.table(TABLES[table], {name: Entry(e.label, unit=e.unit) for name, e in inputs.items()})
            text = derived.MOVED_TO.formula.format(end=end)
            made.single(replace(derived.MOVED_TO, table=table), text, Same(UNCERTAIN, f"input_{end}", table))
            for name, (field, tree) in self._moved_rows.items():
                here = replace(field, table=table)
                if name in self.uncertain:
                    text = derived.IF_MOVED.format(name=name)
                    bound = {"moves()": Moves(table, name), f"base.{name}": tree}
                    made.row(replace(here, formula=text), bound)
                else:
                    made.rebound(here, grammar.transform(tree, partial(_in, table)))

    def _end(self, field: Field, name: str, leaf: Input, end: str) -> Node:
        """The low, base or high of an uncertain input."""
        base = base_cell(name)
        if not end:
            return base
        if isinstance(leaf, Cell):
            given = (leaf.table, leaf.field + end, leaf.key) in self.made.data
            return replace(leaf, field=leaf.field + end) if given else base
        self.base(replace(leaf, field=leaf.field + end))
        if all((leaf.table, leaf.field + end, key) in self.made.data for key in self.made.ids[leaf.table]):
            return base_cell(name + end)
        return self.made.resolved(field, derived.END_IF_GIVEN, {"end": base_cell(name + end), "base": base})

    # What each input swings, and the same ranked --------------------------------------------------------------

    def add_swings(self) -> None:
        """How far each input moves each output between its ends, its rank, and the same in the order of the ranks."""
        made = self.made
        made.table(TABLES[SWINGS], made.entries[UNCERTAIN])
        for output, name in OUTPUTS:
            own = replace(made.fields[BASE, output], table=SWINGS, words=())
            for end, cases, words in AT_ENDS:
                label = Text(f"{own.label.en}, {words.en}", f"{own.label.zh}（{words.zh}）")
                at_end = replace(own, id=f"{name}_{end}", label=label)
                made.single(at_end, f"same({cases}.{output})", Same(cases, output, SWINGS))
            if output == derived.OPENING:
                self._add_told(name)
            label = Text(f"{own.label.en}, {derived.SWING_LABEL.en}", f"{own.label.zh}，{derived.SWING_LABEL.zh}")
            formula = derived.SWING.format(name=name)
            made.row(replace(own, id=f"{name}_swing", label=label, formula=formula, why=derived.SWING_WHY), {})
            text = derived.RANK.formula.format(name=name)
            made.single(replace(derived.RANK, id=f"{name}_rank"), text, Rank(SWINGS, f"{name}_swing"))
            self._add_ranked(name, own)

    def _add_told(self, name: str) -> None:
        """What is told of the last gate at each end, beside the months until it opens."""
        for end, cases, words in AT_ENDS:
            for told, output, label in derived.TOLD:
                own, said = self.made.fields[BASE, output], Text(f"{label.en}, {words.en}", f"{label.zh}（{words.zh}）")
                field = replace(own, id=f"{name}_{end}_{told}", table=SWINGS, label=said)
                self.made.single(field, f"same({cases}.{output})", Same(cases, output, SWINGS))

    def _told(self, name: str) -> list[str]:
        """The ends of the ids of what is told beside an output."""
        return [f"_{told}" for told, *_ in derived.TOLD if (SWINGS, f"{name}_low_{told}") in self.made.fields]

    def _add_ranked(self, name: str, own: Field) -> None:
        """The swings of one output in their order, for the eye and for a chart."""
        made, table, rank = self.made, f"tornado_{name}", f"{name}_rank"
        label = Text(f"{derived.RANKED.en}: {own.label.en}", f"{derived.RANKED.zh}：{own.label.zh}")
        count = len(self.uncertain)
        made.table(Table(table, label), {f"place_{i}": Entry(Text(f"{i}", f"{i}")) for i in range(1, count + 1)})
        here = partial(replace, table=table, sheet="sensitivity")
        first = derived.RANKED_INPUT
        made.single(here(first), first.formula, Ranked(table, SWINGS, rank))
        of_ends = [f"{name}_{end}{told}" for told in ("", *self._told(name)) for end in ("low", "high")]
        for end in (*of_ends, f"{name}_swing"):
            made.single(here(made.fields[SWINGS, end]), f"ranked({SWINGS}.{end})", Ranked(table, SWINGS, rank, end))
        for end, _, words in AT_ENDS:
            change, why = derived.CHANGE_LABEL, derived.CHANGE_WHY
            label = Text(f"{own.label.en}, {change.en} {words.en}", f"{own.label.zh}，{words.zh}{change.zh}")
            formula = derived.CHANGE.format(name=name, end=end, output=own.id)
            field = here(own, id=f"{name}_{end}_change", label=label, formula=formula, why=why, source="definition")
            made.row(field, {f"base.{own.id}": base_cell(own.id)})


def _in(table: str, leaf: Node) -> Node:
    """The same row in a table of cases."""
    return Own(table, leaf.field) if isinstance(leaf, Own) and leaf.table == BASE else leaf
