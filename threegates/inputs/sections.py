"""The shapes of the sections that are no tables of the model: report, include, groups of runs, sources and history."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Constraint

from threegates.inputs import value_types
from threegates.inputs.schema import Frozen
from threegates.text import LANGUAGES


class Sampling(Frozen):
    """The Monte Carlo of a build: how many draws, from which seed, and by which days the gates should be open."""

    draws: Annotated[int, Constraint(ge=1000, le=10_000_000)]
    seed: Annotated[int, Constraint(ge=0, le=2**32 - 1)]
    open_by: value_types.Dates


class Report(Frozen):
    """What the workbook is called, as of when, in which languages, and which records the equations call by role."""

    title: value_types.Label
    languages: value_types.Languages = LANGUAGES
    anchor: value_types.Id
    reference_chip: value_types.Id
    picked: value_types.Id
    yardstick: value_types.Id
    yardstick_cards: value_types.Id
    yardstick_months: value_types.Id
    yours: value_types.Id | None = None
    uncertainty: Sampling


class Include(Frozen):
    """Sections taken from another file, or single records of them as ``section.record``; without ``sections``, all of it."""

    file: value_types.File
    sections: value_types.Shared = ()


class RunGroup(Frozen):
    """A group of training runs; ``predicted`` says whether the hours of each are, from the others."""

    label: value_types.Label
    predicted: bool = True


class Source(Frozen):
    """A published document; ``quote`` holds the figure as it stands there."""

    title: value_types.Plain
    publisher: value_types.Plain = ""
    address: value_types.Plain = ""
    date: value_types.Plain = ""
    kind: value_types.SourceKind
    quote: value_types.Plain = ""
    remark: value_types.Words | None = None


class Change(Frozen):
    """An entry of the history: when which figures moved, from what to what, and why."""

    date: value_types.Date
    what: value_types.Words
    why: value_types.Words
