"""What a reader changed in a returned workbook, what that does to the results, and the YAML with the changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from threegates.definition import MODEL
from threegates.definition.declare import HIGH, LOW
from threegates.engine import evaluate, model
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.formula.readers import Address
from threegates.inputs.assumptions import Datum
from threegates.inputs.include import some
from threegates.problems import InputError, InternalError, Problem, nearest, shorten
from threegates.returned import compare, edit_yaml, origin
from threegates.returned.compare import Move
from threegates.returned.locate import Located, Locator
from threegates.returned.read_workbook import ReturnedWorkbook
from threegates.text import Language
from threegates.workbook import placing
from threegates.workbook.layout import Layout

MOST_EFFECTS = 200  # changes whose effects are computed one by one; with more, only the effect of all together


@dataclass(frozen=True)
class InputChange(Move):
    """An input that a reader changed. ``effect``: the key results that it moves by itself, or if none, all results.

    A ``conflict`` is one that ours has changed, too, since the workbook was built with the value ``shipped``.
    """

    address: Address
    effect: tuple[Move, ...]
    conflict: bool = False
    shipped: Any = None


@dataclass(frozen=True)
class PullResult:
    """What was found in a returned workbook. ``problems``: what was not taken over; ``notes``: sentences on its origin."""

    changes: tuple[InputChange, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    language: Language


def pull(book: ReturnedWorkbook, results: Results) -> PullResult:
    """Compares the inputs of a returned workbook with those of the model.

    Raises InputError when the workbook has none of the model's names, nor its ids.
    """
    ours, language = results.model, compare.language_of(book)
    placed = placing.place(ours, language)
    names = {placed.name(*address).casefold(): address for address in ours.inputs}
    same_build = book.origin is not None and book.origin.digest == ours.assumptions.document.digest[:16]
    locator = Locator(book, placed)
    lost = origin.lost_names(book, ours, locator)
    found = locator.locate()
    notes = [f"{book.file} holds {remark}" for remark in book.remarks] + lost + found.notes
    shipped = {} if same_build else origin.shipped(book, names, locator)
    notes += origin.origin(book, ours, same_build, bool(shipped))
    differing = {a: v for a, v in found.values.items() if not compare.same(compare.value_of(ours, a), v)}
    changes = {a: v for a, v in differing.items() if a not in shipped or not compare.same(shipped[a], v)}
    if changed_here := len(differing) - len(changes):
        notes.append(f"{changed_here:,} inputs differ because ours were changed after that build: left as they are")
    notes += origin.picked(book, ours)
    accepted = _in_order(ours, placed, changes, found, book.file)
    told = _with_effects(results, placed, accepted, shipped)
    return PullResult(told, tuple(found.problems), tuple(notes), language)


def _in_order(
    ours: Model, placed: Layout, changes: Mapping[Address, Any], found: Located, file: str
) -> dict[Address, Any]:
    """The changes that keep low ≤ base ≤ high, and that can be written; the others become problems."""
    accepted = dict(changes)

    def after(address: Address) -> Any:
        return accepted[address] if address in accepted else compare.value_of(ours, address)

    def refuse(addresses: Iterable[Address], problem: Problem) -> None:
        for address in addresses:
            found.problems.append(replace(problem, file=file, path=placed.name(*address)))
            del accepted[address]

    for slot in dict.fromkeys(edit_yaml.slot_of(address)[0] for address in changes):
        addresses = [(slot.table, slot.field + suffix, slot.key) for suffix in (LOW, "", HIGH)]
        changed = [a for a in addresses if a in changes]
        problem = _disorder(*map(after, addresses)) or edit_yaml.refusal(ours, changed[0])
        if problem is not None:
            refuse(changed, problem)
    for lower, upper in _bounds(ours):
        low, high = after(lower), after(upper)
        changed = [a for a in (lower, upper) if a in accepted]
        if changed and None not in (low, high) and low > high:
            words = f"found {low:g} above {upper[1]}, {high:g}"
            refuse(changed, Problem(file, 0, "", words, f"{lower[1]} ≤ {upper[1]}", "change both"))
    return accepted


def _disorder(low: Any, base: Any, high: Any) -> Problem | None:
    """What is wrong if the numbers of an input are not in order, or its base value is missing."""
    stated = {"low": low, "base": base, "high": high}
    numbers = {word: value for word, value in stated.items() if isinstance(value, float)}
    values = list(numbers.values())
    if values == sorted(values) and not (values and base is None):
        return None
    words = ", ".join(f"{word} {value:g}" for word, value in numbers.items())
    return Problem("", 0, "", f"found {words}", "low ≤ base ≤ high", "change the others, too")


def _bounds(ours: Model) -> list[tuple[Address, Address]]:
    """Pairs of inputs of a record of which the first may not be above the second."""
    return [
        ((table_, name, key), (table_, field.at_most, key))
        for (table_, name), field in ours.fields.items()
        if field.at_most and field.is_input
        for key in ours.keys[table_]
    ]


def _with_effects(
    results: Results, placed: Layout, accepted: Mapping[Address, Any], shipped: Mapping[Address, Any]
) -> tuple[InputChange, ...]:
    """Each accepted change with its effect, in the order of the rows; a conflict where ours is no longer as shipped."""
    ours = results.model
    single = len(accepted) <= MOST_EFFECTS
    told = []
    for address, value in accepted.items():
        field = ours.fields[address[:2]]
        after = with_values(ours, {address: value}) if single and field.kind != "text" else None
        effect = effects(results, evaluate.evaluate(after), placed.language, or_any=True) if after is not None else ()
        before = compare.value_of(ours, address)
        was = shipped.get(address, before)
        conflict = not compare.same(before, was)
        unit, form = ours.unit_of(field, address[2]), ours.format_of(field, address[2])
        values = (compare.one_of(before), value, address, effect, conflict, compare.one_of(was))
        told.append(InputChange(placed.name(*address), unit, form, *values))
    return tuple(told)


def with_values(ours: Model, values: Mapping[Address, Any]) -> Model:
    """The model with other values of inputs; None removes an input."""
    data = dict(ours.data)
    for address, value in values.items():
        if value is None:
            data.pop(address, None)
        else:
            data[address] = replace(data.get(address, Datum(None)), value=value)
    return replace(ours, assumptions=replace(ours.assumptions, data=data))


def effects(before: Results, after: Results, language: Language, or_any: bool = False) -> tuple[Move, ...]:
    """The key results (those on Summary of that edition) that move, as they stand there; with ``or_any``, if none, all."""
    found = compare.differ(*(replace(compare.of_results(each), language=language) for each in (before, after)))
    return found.key_results or (found.moved if or_any else ())


def chosen(changes: Iterable[InputChange], only: Iterable[str]) -> tuple[InputChange, ...]:
    """The changes that ``only`` names, by name or pattern; if it is empty, all. A conflict is taken by its whole name alone.

    Raises InputError for a name without a change.
    """
    changes, only = tuple(changes), tuple(only)
    names = [change.name for change in changes]
    in_vain = [pattern for pattern in only if not any(fnmatchcase(name, pattern) for name in names)]
    allowed = ", ".join(names[:12]) or "nothing"
    problems = [Problem("--only", 0, shorten(p), "found no such change", allowed, nearest(p, names)) for p in in_vain]
    if problems:
        raise InputError(problems)

    def wanted(change: InputChange) -> bool:
        if change.conflict:
            return change.name in only
        return not only or any(fnmatchcase(change.name, pattern) for pattern in only)

    return tuple(filter(wanted, changes))


def target_of(source: Path, to: Path | None, ours: Model, changes: Iterable[InputChange]) -> Path:
    """Where the new YAML is to stand.

    Raises InputError where a file with an ``include:`` would leave its folder, or where a change stands in an included one.
    """
    document = ours.assumptions.document
    if to is None or to.resolve() == source.resolve() or not document.included:
        return to or source
    if to.resolve().parent != source.resolve().parent:
        found = f"is in another folder than {source}, which includes files by their place"
        raise InputError([Problem(str(to), 0, "--to", found, "a file beside it", "choose a name in that folder")])
    homes = {change.name: document.holder((change.address[0], change.address[2])).file for change in changes}
    elsewhere = [f"{name} in {file}" for name, file in homes.items() if file != document.file]
    if elsewhere:
        found = f"is one file, while changes belong into others: {some(elsewhere)}"
        remedy = "use --write, which writes them all, or name the changes of this file with --only"
        raise InputError([Problem(str(to), 0, "--to", found, f"changes of {document.file} alone", remedy)])
    return to


def rewritten(
    path: Path, results: Results, changes: Iterable[InputChange], language: Language
) -> tuple[dict[str, bytes], Results]:
    """The files that change, by name, with the changes in them; and their results, computed as in a build.

    ``path`` is where the main file will be written. Raises InputError where a build would refuse the changes,
    InternalError if anything else than the changes differs.
    """
    wanted = {change.address: change.theirs for change in changes}
    own = results.model.assumptions.document
    amended = edit_yaml.amend(results.model, wanted, language)
    changed = {path.name if name == own.file else name: content for name, content in amended.items()}
    new = model.load(path, MODEL, {**own.contents(), path.name: own.content, **changed})
    unexpected = [a for a in new.inputs if not _expected(results.model, new, a, wanted)]
    old = results.model
    if unexpected or any(new.keys[name] != keys for name, keys in old.keys.items() if not old.tables[name].derived):
        raise InternalError(
            f"the YAML would say something else than the workbook: {unexpected[:5]}; nothing was written"
        )
    return changed, evaluate.evaluate(new)


def _expected(old: Model, new: Model, address: Address, wanted: Mapping[Address, Any]) -> bool:
    """Whether an input of the new file has the wanted value, or without one its old value."""
    value, before = (compare.value_of(m, address) for m in (new, old))
    if address not in wanted:
        return bool(value == before)
    return bool(compare.same(value, wanted[address], 0.0))
