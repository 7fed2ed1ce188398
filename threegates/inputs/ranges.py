"""What a low and a high are: percentiles or bounds, of a share, of a growth, or of any other number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from threegates.definition.declare import HIGH, LOW, PER_RECORD, Field
from threegates.inputs.assumptions import Assumptions

PERCENTILES = {"p10_p90": 0.1, "p5_p95": 0.05}  # the probability that lies below the low, and above the high
BOUNDS = "bounds"


def is_share(field: Field, unit: str, numbers: Iterable[float]) -> bool:
    """Whether a number is a share of a whole, which can be neither below 0 nor above 1.

    It is where its field ends at 1. Of a record that names its own unit, such as a constant, nothing says whether a
    ratio may pass 1; it is taken as a share where its low, base and high all lie within 0 to 1. For a ratio that could
    pass 1 but stays well below it, this moves no stated percentile, and hardly what lies beyond them.
    """
    own = field.unit == PER_RECORD and all(0 <= number <= 1 for number in numbers)
    return unit == "1" and field.scale == "" and (field.maximum == 1 or own)


class Misfit(NamedTuple):
    """A percentile range that no distribution of its kind can have: where it stands, and the words of a problem."""

    table: str
    field: str
    key: str
    found: str
    allowed: str


def misfits(assumptions: Assumptions, fields: Iterable[Field]) -> Iterator[Misfit]:
    """Percentile ranges that touch 0, or 0 or 1 of a share."""
    by_id = {(field.table, field.id): field for field in fields}
    data = assumptions.data
    for (table, name, key), datum in data.items():
        if datum.range not in PERCENTILES or name.endswith((LOW, HIGH)):
            continue
        field = by_id[table, name]
        parts = (data.get((table, name + end, key)) for end in (LOW, "", HIGH))
        numbers = [float(part.value) for part in parts if part is not None and not isinstance(part.value, str)]
        unit = assumptions.entries[table][key].unit if field.unit == PER_RECORD else field.unit
        if is_share(field, unit, numbers):
            ends = [number for number in numbers if not 0 < number < 1]
            allowed = "a percentile of a share above 0 and below 1, since it is drawn by its odds"
        else:
            ends = [number for number in numbers if number <= 0]
            allowed = "a percentile above 0, since it is drawn by its logarithm"
        if ends:
            yield Misfit(table, name, key, f"found {ends[0]:g} in a range of {datum.range}", allowed)
