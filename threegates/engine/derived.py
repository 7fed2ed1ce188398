"""Tables that follow from the model by themselves: cases with one input moved, what they swing, two-way tables, any chip.

Each is made of the model's own formulas, with some of their names bound to other cells: nothing is written a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from threegates.definition.declare import HIGH, LOW, Field, Table, View
from threegates.engine import picked
from threegates.engine.resolve import Address, Step
from threegates.engine.study import BASE, PICKED_KEY, Study
from threegates.formula import grammar
from threegates.formula.nodes import (
    Call,
    Cell,
    Heading,
    Linked,
    Literal,
    Moved,
    Node,
    Own,
    Picked,
    Rank,
    Ranked,
    Same,
    Unknown,
)
from threegates.inputs.assumptions import SCENARIOS, Assumptions, Entry
from threegates.text import Text

UNCERTAIN, LOWS, HIGHS, SWINGS = "uncertain", "cases_low", "cases_high", "swings"
CORNER = "corner"
# What a tornado is of: the output, and its short name.
OUTPUTS = (
    ("cards", "cards"),
    ("facility_power_gw", "power"),
    ("binding_ratio", "ratio"),
)
OWN_NUMBERS = {"own_params", "own_tokens"}  # a table over multiples takes them as blank


class Grid(NamedTuple):
    """A two-way table: an output over two inputs of the picked scenario, and the axes that hold their values."""

    table: str
    output: str
    down: str
    down_axis: str
    across: str
    across_axis: str


GRIDS = (
    Grid("grid_cards", "cards", "months", "months_axis", "mfu", "mfu_axis"),
    Grid("grid_power", "facility_power_gw", "chip_it_power_per_card", "watts_axis", "pue", "pue_axis"),
    Grid("grid_flop", "training_flop", "params_multiple", "params_axis", "tokens_multiple", "tokens_axis"),
)


class _Maker:
    def __init__(
        self,
        assumptions: Assumptions,
        tables: Mapping[str, Table],
        fields: Mapping[Step, Field],
        formulas: Mapping[Step | Address, Node],
    ) -> None:
        self.assumptions = assumptions
        self.tables = tables
        self.fields = fields
        self.formulas = formulas
        self.ids = assumptions.ids
        self.study = Study()
        self.uncertain: dict[str, Node] = {}  # row of an input that may move → where its base value stands
        self.labels: dict[str, Text] = {}
        self.moving: dict[Node, bool] = {}
        self.moved_rows: dict[str, tuple[Field, Node]] = {}

    def make(self) -> Study:
        entry = Entry(Text("as picked", "重点情景"))
        self.study.table(Table(BASE, Text("The picked scenario", "重点情景"), across=True), {PICKED_KEY: entry})
        for output, _ in OUTPUTS:
            self._base(Own(SCENARIOS, output))
        grids = [self._expand(grid) for grid in GRIDS]
        self._cases()
        for grid, node in zip(GRIDS, grids, strict=True):
            self._grid(grid, node)
        self._swings()
        return self.study

    # The picked scenario, with what its results rest on -------------------------------------------------------

    def _row_id(self, leaf: Node) -> str:
        match leaf:
            case Own(table=table, field=name) if table == SCENARIOS:
                return name
            case Own(table=table, field=name):  # of the linked record
                return f"{table.removesuffix('s')}_{name}"
            case Linked(table=table, field=name):
                return f"{table.removesuffix('s')}_{name}"
            case Cell(table=table, field=name, key=key):
                return key if self.tables[table].main else f"{key}_{name}"
        raise AssertionError(leaf)

    def _formula(self, leaf: Node) -> Node | None:
        match leaf:
            case Own(table=table, field=name) | Linked(table=table, field=name):
                return self.formulas.get((table, name))
            case Cell(table=table, field=name, key=key):
                return self.formulas.get((table, name)) or self.formulas.get((table, name, key))
        return None

    def _may_move(self, leaf: Node) -> bool:
        """Whether the input behind a leaf carries a low or a high, or the equation behind it reads one that does.

        The anchor only divides, and a whole column stays as it is: neither moves.
        """
        if leaf not in self.moving:
            match leaf:
                case Own(table=table, field=name) | Linked(table=table, field=name):
                    known = any((table, name + end, key) in self.assumptions.data for end in (LOW, HIGH) for key in self.ids[table])  # fmt: skip
                case Cell(table=table, field=name, key=key) if table != SCENARIOS:
                    known = any((table, name + end, key) in self.assumptions.data for end in (LOW, HIGH))
                case _:
                    known = False
            node = None if isinstance(leaf, Cell) and leaf.table == SCENARIOS else self._formula(leaf)
            self.moving[leaf] = known or (node is not None and any(map(self._may_move, grammar.leaves(node))))
        return self.moving[leaf]

    def _base(self, leaf: Node) -> Node:
        """The cell of the picked scenario's table that stands for ``leaf``; its row is made when first asked for."""
        if isinstance(leaf, Cell) and not self._may_move(leaf):
            return leaf
        if not isinstance(leaf, Own | Linked | Cell):
            return leaf
        name = self._row_id(leaf)
        found = Cell(BASE, name, PICKED_KEY)
        if (BASE, name) in self.study.fields:
            return Own(BASE, name)
        node, own = self._formula(leaf), self.fields[leaf.table, leaf.field]
        made = self._named(own, leaf, BASE, name)
        if node is not None and self._may_move(leaf):
            bound = grammar.transform(node, self._base)
            moved = grammar.transform(node, self._moved)
            self.study.row(made, bound)
            self.moved_rows[name] = (made, moved)
            return Own(BASE, name)
        self.study.row(replace(made, words=()), self._picked(leaf))
        if node is None and self._may_move(leaf):
            self.uncertain[name] = leaf
            self.moved_rows[name] = (made, found)
        return Own(BASE, name)

    def _moved(self, leaf: Node) -> Node:
        """What stands for ``leaf`` in a case: a row of the case where it may move, else the picked scenario's cell."""
        stands = self._base(leaf)
        if not isinstance(stands, Own):
            return stands
        return stands if self._may_move(leaf) else Cell(BASE, stands.field, PICKED_KEY)

    def _picked(self, leaf: Node) -> Node:
        match leaf:
            case Own(table=table, field=name) if table == SCENARIOS:
                return Picked(name)
            case Own(table=table, field=name) | Linked(table=table, field=name):
                link = next(f for f in self.fields.values() if f.table == SCENARIOS and f.target == (table,))
                if (BASE, link.id) not in self.study.fields:
                    self.study.row(
                        replace(link, table=BASE, sheet="cases", formula=f"picked.{link.id}"), Picked(link.id)
                    )
                return Linked(Own(BASE, link.id), table, name)
        return leaf

    def _named(self, own: Field, leaf: Node, table: str, name: str) -> Field:
        label, unit = own.label, own.unit
        entry = self.assumptions.entries[leaf.table].get(leaf.key) if isinstance(leaf, Cell) else None
        shown = own.format
        if entry is not None and isinstance(leaf, Cell):
            main = self.tables[leaf.table].main
            label = (
                entry.label if main else Text(f"{entry.label.en}: {own.label.en}", f"{entry.label.zh}：{own.label.zh}")
            )
            unit, shown = (entry.unit, entry.format or shown) if own.unit.startswith("@") else (unit, shown)
        self.labels[name] = label
        why = own.why if own.why.en else Text("of the picked scenario", "取自重点情景")
        formula = own.formula or f"picked.{name}"
        return replace(
            own, id=name, table=table, sheet="cases", label=label, unit=unit, format=shown, kind="number",
            formula=formula, why=why, source=own.source or "definition", check="", ranged=False, optional=False,
        )  # fmt: skip

    # One input moved at a time -------------------------------------------------------------------------------

    def _cases(self) -> None:
        study = self.study
        inputs = {name: Entry(self.labels[name]) for name in self.uncertain}
        study.table(Table(UNCERTAIN, Text("Uncertain inputs", "不确定的输入")), inputs)
        for end, en, zh in ((LOW, "low", "低值"), ("", "base", "基准值"), (HIGH, "high", "高值")):
            made = Field(
                f"input_{en}", Text(en, zh), "@unit", f"input_{en}", UNCERTAIN, "cases",
                why=Text("of the picked scenario; the base value where none is given", "取自重点情景；未给出时取基准值"),
                source="definition",
            )  # fmt: skip
            study.cells(made, {name: self._end(name, leaf, end) for name, leaf in self.uncertain.items()})
        units = {name: study.fields[BASE, name] for name in self.uncertain}
        study.entries[UNCERTAIN] = {
            name: replace(entry, unit=units[name].unit, format=units[name].format) for name, entry in inputs.items()
        }
        for table, end, label in (
            (LOWS, "input_low", Text("Each input at its low", "各输入取低值")),
            (HIGHS, "input_high", Text("Each input at its high", "各输入取高值")),
        ):
            study.table(Table(table, label, across=True), {name: Entry(self.labels[name]) for name in self.uncertain})
            to = Field(
                "moved_to", Text("moved to", "取值"), "1", f"uncertain.{end}", table, "cases", format="any",
                why=Text("the end of its range, in its own unit", "区间端点，单位同该输入"), source="definition",
            )  # fmt: skip
            study.row(to, Same(table, UNCERTAIN, end))
            for name, (made, node) in self.moved_rows.items():
                here = replace(made, table=table)
                if name in self.uncertain:
                    moves = Call(">", (Moved(table, name), Literal(0)))
                    node = Call("where", (moves, Own(table, "moved_to"), Cell(BASE, name, PICKED_KEY)))
                study.row(here, grammar.transform(node, partial(_in, table)))

    def _end(self, name: str, leaf: Node, end: str) -> Node:
        """The low, base or high of an uncertain input."""
        base = Cell(BASE, name, PICKED_KEY)
        if not end:
            return base
        if isinstance(leaf, Cell):
            return replace(leaf, field=leaf.field + end) if (leaf.table, leaf.field + end, leaf.key) in self.assumptions.data else base  # fmt: skip
        assert isinstance(leaf, Own | Linked)
        self._base(replace(leaf, field=leaf.field + end))
        other = Cell(BASE, name + end, PICKED_KEY)
        return Call("where", (Call(">", (other, Literal(0))), other, base))

    def _swings(self) -> None:
        study = self.study
        study.table(Table(SWINGS, Text("What each input swings", "各输入的影响")), study.entries[UNCERTAIN])
        for output, name in OUTPUTS:
            own = self.study.fields[BASE, output]
            ends = []
            for cases, en, zh in ((LOWS, "at its low", "取低值"), (HIGHS, "at its high", "取高值")):
                label = Text(f"{own.label.en}, {en}", f"{own.label.zh}（{zh}）")
                made = replace(own, id=f"{name}_{en.split()[-1]}", label=label, table=SWINGS, sheet="cases", formula=f"{cases}.{output}", words=())  # fmt: skip
                study.row(made, Same(SWINGS, cases, output))
                ends.append(Own(SWINGS, made.id))
            both = Call(">", (Call("*", (Call("known", (ends[0],)), Call("known", (ends[1],)))), Literal(0)))
            swing = replace(
                own, id=f"{name}_swing", label=Text(f"{own.label.en}, swing", f"{own.label.zh}，变动"), table=SWINGS,
                sheet="cases", formula="abs(high - low)", words=(),
                why=Text("between the two ends; 0 where one is not known", "两端之差；有一端未知则为 0"),
            )  # fmt: skip
            study.row(swing, Call("where", (both, Call("abs", (Call("-", (ends[1], ends[0])),)), Literal(0))))
            rank = replace(
                swing, id=f"{name}_rank", label=Text("rank", "名次"), unit="1", format="whole", formula="rank(swing)",
                why=Text("the largest swing first", "变动最大者居首"),
            )  # fmt: skip
            study.row(rank, Rank(SWINGS, swing.id))
            self._tornado(name, own)

    def _tornado(self, name: str, own: Field) -> None:
        """The same in the order of the swings, for the eye and for a chart."""
        study, table, rank = self.study, f"tornado_{name}", f"{name}_rank"
        label = Text(f"Ranked: {own.label.en}", f"排序：{own.label.zh}")
        places: dict[str, Entry] = {
            f"place_{i}": Entry(Text(f"{i}", f"{i}")) for i in range(1, len(self.uncertain) + 1)
        }
        study.table(Table(table, label), places)
        which = Field(
            "moved_input", Text("input", "输入"), "", rank, table, "sensitivity", kind="text", format="text",
            why=Text("the input of that rank", "该名次的输入"), source="definition",
        )  # fmt: skip
        study.row(which, Ranked(table, SWINGS, rank))
        for end in (f"{name}_low", f"{name}_high", f"{name}_swing"):
            made = replace(study.fields[SWINGS, end], table=table, sheet="sensitivity", formula=f"swings.{end}")
            study.row(made, Ranked(table, SWINGS, rank, end))
        for end, en, zh in (("low", "at its low", "取低值"), ("high", "at its high", "取高值")):
            at, base = Own(table, f"{name}_{end}"), Cell(BASE, own.id, PICKED_KEY)
            label = Text(f"{own.label.en}, change {en}", f"{own.label.zh}，{zh}时的变化")
            made = replace(
                own, id=f"{name}_{end}_change", label=label, table=table, sheet="sensitivity", words=(),
                formula=f"{name}_{end} - base", why=Text("0 where one is not known", "有一项未知则为 0"), source="definition",
            )  # fmt: skip
            both = Call("*", (Call("known", (at,)), Call("known", (base,))))
            study.row(made, Call("where", (Call(">", (both, Literal(0))), Call("-", (at, base)), Literal(0))))

    # Two-way tables ------------------------------------------------------------------------------------------

    def _expand(self, grid: Grid) -> Node:
        """The output as a formula of the two inputs: what depends on them is written out, the rest is read."""

        def depends(leaf: Node) -> bool:
            if not isinstance(leaf, Own | Linked | Cell):
                return False
            if self._row_id(leaf) in (grid.down, grid.across):
                return True
            node = None if isinstance(leaf, Cell) else self._formula(leaf)
            return node is not None and any(map(depends, grammar.leaves(node)))

        def written(leaf: Node) -> Node:
            if isinstance(leaf, Own) and leaf.field in OWN_NUMBERS:
                return Literal(0)
            if not depends(leaf):
                stands = self._base(leaf)
                return Cell(BASE, stands.field, PICKED_KEY) if isinstance(stands, Own) else stands
            assert isinstance(leaf, Own | Linked | Cell)
            if (name := self._row_id(leaf)) in (grid.down, grid.across):
                return Own(grid.table, name)
            node = self._formula(leaf)
            assert node is not None
            return _blank_folded(grammar.transform(node, written))

        return written(Own(SCENARIOS, grid.output))

    def _grid(self, grid: Grid, node: Node) -> None:
        study = self.study
        own = self.fields[SCENARIOS, grid.output]
        steps = self.ids["axes"]
        down, across = (self.fields["axes", axis] for axis in (grid.down_axis, grid.across_axis))
        label = Text(
            f"{own.label.en}: {down.label.en} (down) × {across.label.en} (across)",
            f"{own.label.zh}：{down.label.zh}（纵）× {across.label.zh}（横）",
        )
        corner = Entry(Text(f"{across.label.en} →; {down.label.en} ↓", f"{across.label.zh} →；{down.label.zh} ↓"))
        rows = {key: Entry(down.label) for key in steps}
        study.table(Table(grid.table, label), {CORNER: corner, **rows})
        study.entries[grid.table] = {
            CORNER: replace(corner, unit=across.unit, format=across.format),
            **{key: replace(row, unit=own.unit, format=own.format) for key, row in rows.items()},
        }
        made = replace(down, table=grid.table, formula=f"axes.{grid.down_axis}", why=down.label, source="definition")
        values: dict[str, Node] = dict.fromkeys(steps, Same(grid.table, "axes", grid.down_axis))
        study.cells(made, {CORNER: Unknown(), **values})
        for step in steps:

            def placed(row: str, leaf: Node, step: str = step) -> Node:
                match leaf:
                    case Own(field=name) if name == grid.down:
                        return Cell(grid.table, made.id, row, "row")
                    case Own(field=name) if name == grid.across:
                        return Cell(grid.table, step, CORNER, "column")
                return leaf

            cells: dict[str, Node] = {CORNER: Heading(grid.table, step, "axes", grid.across_axis)}
            cells |= {row: grammar.transform(node, partial(placed, row)) for row in steps}
            head = self.assumptions.entries["axes"][step].label
            study.cells(replace(own, id=step, label=head, unit="@unit", table=grid.table, sheet="sensitivity"), cells)


def _in(table: str, leaf: Node) -> Node:
    return Own(table, leaf.field) if isinstance(leaf, Own) and leaf.table == BASE else leaf


def _blank_folded(node: Node) -> Node:
    """The tree without branches that a blank own number rules out: where(0 > 0, a, b) is b."""
    if isinstance(node, Call):
        args = tuple(map(_blank_folded, node.args))
        if node.function == "where" and args[0] == Call(">", (Literal(0), Literal(0))):
            return args[2]
        return Call(node.function, args)
    return node


def make(
    assumptions: Assumptions,
    tables: Mapping[str, Table],
    fields: Mapping[Step, Field],
    formulas: Mapping[Step | Address, Node],
    views: Iterable[View],
) -> Study:
    """The derived tables of a joined model, with what views show of the picked scenario."""
    study = _Maker(assumptions, tables, fields, formulas).make()
    picked.chosen(study, fields, [view for view in views if view.table == BASE])
    picked.verdicts(study, fields, assumptions)
    picked.any_chip(study, assumptions)
    return study
