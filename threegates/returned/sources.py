"""What ``diff`` compares, as the command line names it: two files, or one scenario of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from threegates.definition import MODEL
from threegates.definition.declare import SCENARIOS
from threegates.engine import evaluate, model, names
from threegates.engine.evaluate import Results
from threegates.inputs.include import some
from threegates.problems import InputError, Problem, nearest, shorten
from threegates.returned import read_workbook, saved_values
from threegates.returned.compare import Side, Statement, of_results

YAML = (".yaml", ".yml")


class Source(NamedTuple):
    """A file, and the scenario of it that is compared; all of it where that is empty."""

    path: Path
    scenario: str = ""

    def __str__(self) -> str:
        return f"{self.path}#{self.scenario}" if self.scenario else str(self.path)


def pair(given: tuple[Path, ...], scenarios: tuple[str, str] | None, assumptions: Path) -> tuple[Source, Source]:
    """The two sides: none given are both ``assumptions``, one given is both. ``A.yaml#gpt6_low`` names a scenario.

    Where only one side names a scenario, the other is that of the same name.
    """
    ours, *others = [_source(path) for path in given] or [Source(assumptions)]
    theirs = others[0] if others else ours
    if scenarios:
        return Source(ours.path, scenarios[0]), Source(theirs.path, scenarios[1])
    either = ours.scenario or theirs.scenario
    return Source(ours.path, ours.scenario or either), Source(theirs.path, theirs.scenario or either)


def _source(path: Path) -> Source:
    name, mark, scenario = path.name.rpartition("#")
    return Source(path.with_name(name), scenario) if mark and name and not path.exists() else Source(path)


def sides(ours: Source, theirs: Source, assumptions: Path) -> tuple[Side, Side]:
    """Reads both. Raises InputError where a file or a scenario cannot be read, or is none."""
    read: dict[Path, Results] = {}
    for source in (ours, theirs):
        if source.path.suffix.lower() in YAML and source.path not in read:
            read[source.path] = _results(source.path)

    def bases() -> Iterator[Results]:
        """Models that may compute the results of a workbook."""
        yield from read.values()
        if assumptions not in read and assumptions.exists():
            with suppress(InputError):  # it is neither side, so its mistakes are not told
                yield _results(assumptions)

    def side(source: Source) -> Side:
        if source.path in read:
            return of_results(read[source.path])
        return saved_values.side_of(read_workbook.read(source.path), bases())

    one, other = side(ours), side(theirs)
    if not ours.scenario:
        return one, other
    return _alone(one, ours), _alone(other, theirs)


def _results(path: Path) -> Results:
    return evaluate.evaluate(model.load(path, MODEL))


def _alone(side: Side, source: Source) -> Side:
    """One scenario of a side, its names without that of the scenario."""
    known = dict.fromkeys(key for name in side.inputs if (key := _scenario(name)))
    if source.scenario not in known:
        problem = Problem(source.path.name, 0, "the scenario", f"found none named {shorten(source.scenario)}", some(known), nearest(source.scenario, known))  # fmt: skip
        raise InputError([problem])

    def of_one(statements: Mapping[str, Statement]) -> dict[str, Statement]:
        own = {name: entry for name, entry in statements.items() if _scenario(name) == source.scenario}
        return {name.removesuffix(f"{names.BETWEEN}{source.scenario}"): entry for name, entry in own.items()}

    results = None if side.results is None else of_one(side.results)
    return replace(side, inputs=of_one(side.inputs), results=results, scenario=source.scenario)


def _scenario(name: str) -> str:
    address = None if name == names.PICKER else names.address(name, MODEL.tables)
    return address[2] if address is not None and address[0] == SCENARIOS else ""
