"""The defined names of the workbook, in both directions: how an address becomes a name, and a name an address.

``cards__gpt6_low`` and ``mfu__low__gpt5_high`` are fields of a scenario; ``chips__h100_sxm__fp8`` is a field of a
record; ``constant__reference_tokens`` and ``constant__reference_tokens__high`` are the main field of one.
"""

from __future__ import annotations

from collections.abc import Iterable

from threegates.definition.declare import HIGH, LOW, SCENARIOS, Table
from threegates.formula.readers import Address

BETWEEN = "__"  # no id contains it, except that of a low or a high
PICKER = "picked__scenario"  # the cell that chooses the scenario in focus


def of_scenario(field: str, key: str) -> str:
    """The name of a field of a scenario."""
    return f"{field}{BETWEEN}{key}"


def of_address(table: Table, field: str, key: str) -> str:
    """The name of a cell."""
    if table.id == SCENARIOS:
        return of_scenario(field, key)
    if table.main and base(field) == table.main:
        return f"{table.prefix}{BETWEEN}{key}{field.removeprefix(table.main)}"
    return BETWEEN.join((table.id, key, field))


def address(name: str, tables: Iterable[Table]) -> Address | None:
    """The address that has this name among ``tables``, whether or not it holds anything; None where none can have it.

    A group is not among them by its own id: the table that stands for all groups is.
    """
    first, *rest = name.split(BETWEEN)
    for table in tables:
        if table.id == SCENARIOS or not rest:
            continue
        if table.main and first == table.prefix:
            return table.id, BETWEEN.join((table.main, *rest[1:])), rest[0]
        if first == table.id or (table.groups and first.startswith(table.groups)):
            return (table.id, BETWEEN.join(rest[1:]), rest[0]) if rest[1:] else None
    return (SCENARIOS, BETWEEN.join((first, *rest[:-1])), rest[-1]) if rest else None


def base(field: str) -> str:
    """The field that a low or a high belongs to; any other field itself."""
    return field.removesuffix(LOW).removesuffix(HIGH)
