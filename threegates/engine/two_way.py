"""Two-way tables: an output of the scenario in focus over two of its inputs, as one formula with the rest read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from threegates.definition.declare import PER_RECORD, SCENARIOS, Table
from threegates.definition.derived import CORNER, OWN_NUMBERS, TwoWay
from threegates.engine.cases import Cases, base_cell
from threegates.formula import grammar
from threegates.formula.derived_references import Heading, Same
from threegates.formula.nodes import Literal, Name, Node
from threegates.formula.references import Beside, Cell, Linked, Own, Unknown
from threegates.inputs.assumptions import Entry
from threegates.text import Text

AXES = "axes"  # the table of their values


def expanded(cases: Cases, asked: TwoWay) -> tuple[Node, dict[str, Node]]:
    """The output as a formula of the two inputs: what depends on them is written out, the rest has a name.

    Returns the formula with names, and the meaning of each name but those of the two inputs.
    """
    bound: dict[str, Node] = {}

    def depends(leaf: Node) -> bool:
        if not isinstance(leaf, Own | Linked | Cell):
            return False
        if cases.row_id(leaf) in (asked.down, asked.across):
            return True
        tree = None if isinstance(leaf, Cell) else cases.formula(leaf)
        return tree is not None and any(map(depends, grammar.leaves(tree)))

    def written(leaf: Node) -> Node:
        if isinstance(leaf, Own) and leaf.field in OWN_NUMBERS:
            return Literal(0)
        if not isinstance(leaf, Own | Linked | Cell):
            return leaf
        name = cases.row_id(leaf)
        if name in (asked.down, asked.across):
            return Name(name)
        if not depends(leaf):
            stands = cases.base(leaf)
            bound[name] = base_cell(stands.field) if isinstance(stands, Own) else stands
            return Name(name)
        tree = cases.formula(leaf)
        assert tree is not None
        return grammar.fold(grammar.transform(tree, written))

    return written(Own(SCENARIOS, asked.output)), bound


def add(cases: Cases, asked: TwoWay, tree: Node, bound: dict[str, Node]) -> None:
    """The table: a value of one axis a row, of the other a column; the corner row holds the values across."""
    made = cases.made
    own, steps = made.fields[SCENARIOS, asked.output], made.ids[AXES]
    down, across = (made.fields[AXES, axis] for axis in (asked.down_axis, asked.across_axis))
    label = Text(
        f"{own.label.en}: {down.label.en} (down) × {across.label.en} (across)",
        f"{own.label.zh}：{down.label.zh}（纵）× {across.label.zh}（横）",
    )
    corner = Text(f"{across.label.en} →; {down.label.en} ↓", f"{across.label.zh} →；{down.label.zh} ↓")
    entries = {key: Entry(down.label, unit=own.unit, format=own.format) for key in steps}
    made.table(Table(asked.table, label), {CORNER: Entry(corner, unit=across.unit, format=across.format), **entries})
    text = f"same({AXES}.{asked.down_axis})"
    rows = replace(down, table=asked.table, formula=text, why=down.label, source="definition")
    made.cells(rows, {CORNER: Unknown()})
    made.rebound(rows, Same(AXES, asked.down_axis, asked.table))
    for step in steps:
        head = made.entries[AXES][step].label
        places = bound | {
            asked.down: Beside(asked.table, rows.id, "row"),
            asked.across: Cell(asked.table, step, CORNER, "column"),
        }
        column = replace(
            own,
            id=step,
            label=head,
            unit=PER_RECORD,
            table=asked.table,
            sheet="sensitivity",
            formula=grammar.plain(tree),
        )
        made.cells(column, {CORNER: Heading(AXES, asked.across_axis, asked.table, step)})
        made.rebound(column, grammar.transform(tree, _placed(places)))


def _placed(places: dict[str, Node]) -> Callable[[Node], Node]:
    return lambda leaf: places[leaf.id] if isinstance(leaf, Name) else leaf
