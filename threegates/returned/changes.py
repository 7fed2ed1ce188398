"""What a reader changed in a returned workbook, what that does to the results, and the YAML with the changes in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from threegates.definition import MODEL
from threegates.definition.declare import HIGH, LOW, SCENARIOS
from threegates.engine import evaluate, model
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.engine.names import PICKER
from threegates.formula.readers import Address
from threegates.inputs.assumptions import Datum
from threegates.inputs.include import some
from threegates.lint.book import Position
from threegates.problems import InputError, InternalError, Problem, nearest, shorten
from threegates.returned import compare, edit_yaml
from threegates.returned.compare import Move
from threegates.returned.locate import Located, Locator
from threegates.returned.read_workbook import ReturnedWorkbook, printable
from threegates.text import Language
from threegates.workbook import placing
from threegates.workbook.layout import FIRST, ID, Layout

MOST_EFFECTS = 200  # changes whose effects are computed one by one; with more, only the effect of all together
LEAST_PLACED = 0.5  # share of the inputs that must be found by id in a workbook without names
LEAST_AGREEING = 0.5  # share of As shipped that must equal the inputs; below it, the sheet was rearranged


@dataclass(frozen=True)
class InputChange(Move):
    """An input that a reader changed. ``effect``: the key results that it moves by itself, or if none, all results."""

    address: Address
    effect: tuple[Move, ...]


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
    lost = _lost_names(book, ours, locator)
    found = locator.locate()
    notes = [f"{book.file} holds {remark}" for remark in book.remarks] + lost + found.notes
    shipped = {} if same_build else _shipped(book, names, locator)
    notes += _origin(book, ours, same_build, bool(shipped))
    differing = {a: v for a, v in found.values.items() if not compare.same(compare.value_of(ours, a), v)}
    changes = {a: v for a, v in differing.items() if a not in shipped or not compare.same(shipped[a], v)}
    if changed_here := len(differing) - len(changes):
        notes.append(f"{changed_here:,} inputs differ because ours were changed after that build: left as they are")
    notes += _picked(book, ours)
    accepted = _in_order(ours, placed, changes, found, book.file)
    return PullResult(_with_effects(results, placed, accepted), tuple(found.problems), tuple(notes), language)


def _lost_names(book: ReturnedWorkbook, ours: Model, locator: Locator) -> list[str]:
    """Says so if inputs were found by their ids alone; raises InputError where these do not make it one of our workbooks."""
    kept = sum(address in locator.named for address in ours.inputs)
    by_ids = sum(at is not None and address not in locator.named for address, at in locator.places.items())
    placed = sum(locator.places[address] is not None for address in ours.inputs)
    if not kept and placed < LEAST_PLACED * len(ours.inputs):
        said = "found none of the names that this model gives its inputs, nor the ids of their rows and columns"
        remedy = "it is another workbook, or it lost its names and ids; ask for a copy saved as .xlsx"
        raise InputError([Problem(book.file, 0, "the file", said, "a workbook that Three Gates has built", remedy)])
    if kept:
        return [f"{by_ids:,} cells lost their names: they were found by the ids of their rows and columns"] * (
            by_ids > 0
        )
    return [f"{book.file} lost all names: inputs were found by the ids of their rows and columns"]


def _origin(book: ReturnedWorkbook, ours: Model, same_build: bool, shipped: bool) -> list[str]:
    """Says so if the workbook was built from other assumptions than the YAML has now."""
    if same_build:
        return []
    document = ours.assumptions.document
    told = (
        "what the reader changed is told by its sheet As shipped"
        if shipped
        else "its sheet As shipped was not found, so what the reader changed and what we changed since cannot be told apart"
    )
    if book.origin is None:
        return [f"{book.file} does not say from which assumptions it was built; {told}"]
    return [
        f"{book.file} was built by version {book.origin.version} from assumptions with the hash {book.origin.digest}, "
        f"while {document.file} now has {document.digest[:16]}; {told}"
    ]


def _picked(book: ReturnedWorkbook, ours: Model) -> list[str]:
    """Says which scenario the reader picked on Summary, if it is not ours; that is no assumption and not taken over."""
    at = book.names.get(PICKER)
    value = book.cell(at).value if at is not None else None
    if not isinstance(value, str) or value == ours.picked:
        return []
    return [
        f"the scenario picked on Summary is {shorten(printable(value))}, ours {ours.picked}: a view, not taken over"
    ]


def _shipped(book: ReturnedWorkbook, names: Mapping[str, Address], locator: Locator) -> dict[Address, Any]:
    """The value that each input had in that build, from its sheet As shipped: two columns right of the input's name."""
    found: Counter[tuple[str, int]] = Counter()
    for title, cells in book.sheets.items():
        for (_, column), cell in cells.items():
            if isinstance(cell.value, str) and cell.formula is None and cell.value.casefold() in names:
                found[title, column] += 1
    if not found:
        return {}
    title, column = found.most_common(1)[0][0]
    shipped, agreeing = {}, 0
    for (row, at), cell in book.sheets[title].items():
        address = names.get(cell.value.casefold()) if at == column and isinstance(cell.value, str) else None
        if address is not None and cell.formula is None:
            field, kept = locator.model.fields[address[:2]], book.cell(Position(title, row, at + FIRST - ID)).value
            shipped[address] = compare.stated(field, kept, book.day_shift)
            agreeing += compare.same(shipped[address], locator.found.values.get(address, ...))
    return shipped if agreeing > LEAST_AGREEING * len(shipped) else {}


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


def _with_effects(results: Results, placed: Layout, accepted: Mapping[Address, Any]) -> tuple[InputChange, ...]:
    """Each accepted change with its effect, in the order of the rows."""
    ours = results.model
    single = len(accepted) <= MOST_EFFECTS
    told = []
    for address, value in accepted.items():
        field = ours.fields[address[:2]]
        after = with_values(ours, {address: value}) if single and field.kind != "text" else None
        effect = effects(results, evaluate.evaluate(after), or_any=True) if after is not None else ()
        before = compare.one_of(compare.value_of(ours, address))
        unit, form = ours.unit_of(field, address[2]), ours.format_of(field, address[2])
        told.append(InputChange(placed.name(*address), unit, form, before, value, address, effect))
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


def effects(before: Results, after: Results, or_any: bool = False) -> tuple[Move, ...]:
    """The key results (those on Summary) that move, the largest relative move first; with ``or_any``, if none, all results."""
    view = next(view for view in before.model.views if view.table == SCENARIOS)
    names = {before.model.name(SCENARIOS, field, key) for field in view.fields for key in before.model.keys[SCENARIOS]}
    moved = compare.differ(compare.of_results(before), compare.of_results(after)).moved
    key_results = tuple(move for move in moved if move.name in names)
    return key_results or (moved if or_any else ())


def chosen(changes: Iterable[InputChange], only: Iterable[str]) -> tuple[InputChange, ...]:
    """The changes that ``only`` names, by name or pattern; all if it is empty. Raises InputError for a name without a change."""
    changes, only = tuple(changes), tuple(only)
    names = [change.name for change in changes]
    in_vain = [pattern for pattern in only if not any(fnmatchcase(name, pattern) for name in names)]
    allowed = ", ".join(names[:12]) or "nothing"
    problems = [Problem("--only", 0, shorten(p), "found no such change", allowed, nearest(p, names)) for p in in_vain]
    if problems:
        raise InputError(problems)
    return tuple(c for c in changes if not only or any(fnmatchcase(c.name, pattern) for pattern in only))


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
