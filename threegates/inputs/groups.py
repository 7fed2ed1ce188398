"""The groups of training runs as the section ``run_groups`` names them, and whether each has a section of runs."""

from __future__ import annotations

from threegates.definition.backtest import MOST_GROUPS, RUNS, with_groups
from threegates.definition.declare import Definition, Group, Table
from threegates.inputs.document import Document
from threegates.inputs.include import some
from threegates.inputs.schema import describe, validate
from threegates.inputs.sections import RunGroup
from threegates.inputs.value_types import A_GROUP, GROUP_ID, LONGEST_ID
from threegates.problems import nearest, shorten
from threegates.text import Text


def expanded(document: Document, definition: Definition) -> Definition:
    """The definition with a table for each group that the document names; what is wrong is noted in the document."""
    named = document.data.get(RUNS.id, {})
    if not isinstance(named, dict):
        document.report((RUNS.id,), f"found {describe(named)}", "a mapping of names to groups", f"mend {RUNS.id}:")
        named = {}
    found = []
    for key, raw in named.items():
        if not GROUP_ID.fullmatch(key) or len(key) > LONGEST_ID:
            document.report((RUNS.id, key), f"found the name {shorten(key)}", A_GROUP, "rename it, and its section")
            continue
        own = validate(document, RunGroup, raw, (RUNS.id, key))
        found.append(Group(key, own.label, own.predicted) if own else Group(key, Text(key, key)))
    predicted = sum(group.predicted for group in found)
    if predicted > MOST_GROUPS:
        found_many = f"found {predicted} groups that are predicted"
        document.report((RUNS.id,), found_many, f"at most {MOST_GROUPS}", "join some of them")
    whole = with_groups(definition, found)
    for table in whole.tables:
        if table.id in named:
            _check_runs(document, table)
    for section in document.data:
        if section.startswith(RUNS.groups) and section not in named:
            remedy = nearest(section, named) or f"add {section}: to {RUNS.id}, with a label"
            document.report((section,), f"found runs that {RUNS.id} does not name", some(named) or "no group", remedy)
    return whole


def _check_runs(document: Document, table: Table) -> None:
    """A group has a section of its name with runs in it, enough of them to speak of the others where it is predicted."""
    runs = document.data.get(table.id)
    allowed = f"at least {table.least}"
    if table.id not in document.data:
        remedy = f"add the section {table.id}:, or delete the group"
        document.report((RUNS.id, table.id), f"found no section {table.id}", f"one with {allowed} of its runs", remedy)
    elif isinstance(runs, dict) and len(runs) < table.least:
        remedy = "add more, or move what is alone to a group with predicted: false"
        document.report((table.id,), f"found {len(runs)} of this group", allowed, remedy)
