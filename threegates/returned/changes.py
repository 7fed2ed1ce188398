"""What a reader has changed in a returned workbook, what that does to the results, and the YAML that says so."""

from __future__ import annotations

from collections import Counter
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
from threegates.engine.resolve import Address
from threegates.inputs.assumptions import SCENARIOS, Datum
from threegates.inputs.include import some
from threegates.problems import InputError, InternalError, Problem, nearest, shorten
from threegates.returned import compare, edit_yaml
from threegates.returned.compare import PICKER, Move
from threegates.returned.locate import Retrieved, Retriever
from threegates.returned.read_workbook import Returned, printable
from threegates.text import Language
from threegates.workbook import placing
from threegates.workbook.layout import FIRST, ID, Layout
from threegates.workbook.package import Value

MOST_EFFECTS = 200  # changes whose effects are computed one by one; beyond, only what all of them do
FAMILIAR = 0.5  # of the block As shipped: less that agrees, and the reader has moved it about


@dataclass(frozen=True)
class Change:
    """An input that differs; ``effect`` is what it moves by itself: key results, or where it moves none, any result."""

    address: Address
    name: str
    unit: str
    format: str
    ours: Any
    theirs: Any
    effect: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Pull:
    """What came back. ``problems`` are what was not taken over; ``notes`` are sentences to know before one trusts it."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    language: Language


def pull(book: Returned, results: Results) -> Pull:
    """Compares the inputs of a returned workbook with those of the model.

    Raises InputError when the workbook has none of the model's names.
    """
    ours, language = results.model, compare.language_of(book)
    placed = placing.place(ours, language)
    names = {placed.name(*address).casefold(): address for address in ours.inputs}
    if not any(name in book.names for name in names):
        said = "found none of the names that this model gives its inputs"
        remedy = "it is another workbook, or it lost its names; ask for a copy saved as .xlsx"
        raise InputError([Problem(book.file, 0, "the file", said, "a workbook that Three Gates has built", remedy)])
    digest = ours.assumptions.document.digest[:16]
    same_build = book.origin is not None and book.origin.digest == digest
    retriever = Retriever(book, placed, same_build)
    found = retriever.retrieve()
    notes = [f"{book.file} holds {remark}" for remark in book.remarks]
    shipped = {} if same_build else _shipped(book, names, retriever)
    notes += _origin(book, ours, same_build, bool(shipped))
    differing = {a: v for a, v in found.values.items() if not _same(ours, a, v)}
    changes = {a: v for a, v in differing.items() if a not in shipped or not compare.same(shipped[a], v)}
    if len(differing) > len(changes):
        notes.append(f"{len(differing) - len(changes):,} inputs differ because ours were changed after that build: left as they are")  # fmt: skip
    notes += _picked(book, ours)
    accepted = _in_order(ours, placed, changes, found, book.file)
    return Pull(_told(results, placed, accepted), tuple(found.problems), tuple(notes), language)


def _same(ours: Model, address: Address, value: Any) -> bool:
    return compare.same(_plain(ours.data.get(address)), value)


def _plain(datum: Datum | None) -> Any:
    return None if datum is None else compare.plain(datum.value)


def _origin(book: Returned, ours: Model, same_build: bool, shipped: bool) -> list[str]:
    """What is to be known of a workbook that was built from something else than the YAML as it is."""
    if same_build:
        return []
    file, document = ours.assumptions.document.file, ours.assumptions.document
    told = (
        "what the reader changed is told by its sheet As shipped"
        if shipped
        else "its sheet As shipped was not found, so what the reader changed and what we changed since cannot be told apart"
    )
    if book.origin is None:
        return [f"{book.file} does not say from which assumptions it was built; {told}"]
    return [
        f"{book.file} was built by version {book.origin.version} from assumptions with the hash {book.origin.digest}, "
        f"while {file} now has {document.digest[:16]}; {told}"
    ]


def _picked(book: Returned, ours: Model) -> list[str]:
    """The scenario that a reader looks at is no assumption: it is said, and stays as it is."""
    at = book.names.get(PICKER)
    value = book.cell(at).value if at is not None else None
    if not isinstance(value, str) or value == ours.picked:
        return []
    return [
        f"the scenario picked on Summary is {shorten(printable(value))}, ours {ours.picked}: a view, not taken over"
    ]


def _shipped(book: Returned, names: Mapping[str, Address], retriever: Retriever) -> dict[Address, Any]:
    """Each input as that build shipped it: two columns right of its name, on the sheet that lists them all."""
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
            value = _as_shipped(book, retriever, address, book.sheets[title].get((row, at + FIRST - ID)))
            shipped[address] = value
            agreeing += compare.same(value, retriever.found.values.get(address, ...))
    return shipped if agreeing > FAMILIAR * len(shipped) else {}


def _as_shipped(book: Returned, retriever: Retriever, address: Address, cell: Any) -> Any:
    value: Value = cell.value if cell is not None else None
    kind = retriever.model.fields[address[:2]].kind
    return compare.day(value, book.day_shift) if kind in ("date", "month") and isinstance(value, float) else value


def _in_order(
    ours: Model, placed: Layout, changes: Mapping[Address, Any], found: Retrieved, file: str
) -> dict[Address, Any]:
    """The changes that keep low ≤ base ≤ high, and that can be written; the others become problems."""
    accepted = dict(changes)
    for slot in dict.fromkeys(edit_yaml.slot_of(address)[0] for address in changes):
        addresses = [(slot.table, slot.field + suffix, slot.key) for suffix in (LOW, "", HIGH)]
        after = [changes[a] if a in changes else _plain(ours.data.get(a)) for a in addresses]
        numbers = [value for value in after if isinstance(value, float)]
        mine = [a for a in addresses if a in changes]
        refusal = edit_yaml.refusal(ours, mine[0])
        if numbers != sorted(numbers) or (numbers and after[1] is None):
            words = ", ".join(f"{word} {value:g}" for word, value in zip(("low", "base", "high"), after, strict=True) if isinstance(value, float))  # fmt: skip
            refusal = Problem(file, 0, "", f"found {words}", "low ≤ base ≤ high", "change the others, too")
        if refusal is not None:
            for address in mine:
                found.problems.append(replace(refusal, file=file, path=placed.name(*address)))
                del accepted[address]
    for lower, upper in _bounds(ours):
        after = [accepted[a] if a in accepted else _plain(ours.data.get(a)) for a in (lower, upper)]
        mine = [a for a in (lower, upper) if a in accepted]
        if mine and None not in after and after[0] > after[1]:
            found.problems += [
                Problem(
                    file,
                    0,
                    placed.name(*a),
                    f"found {after[0]:g} above {upper[1]}, {after[1]:g}",
                    f"{lower[1]} ≤ {upper[1]}",
                    "change both",
                )
                for a in mine
            ]
            accepted = {a: value for a, value in accepted.items() if a not in mine}
    return accepted


def _bounds(ours: Model) -> list[tuple[Address, Address]]:
    """The inputs that may not be above another of their record, with that other."""
    return [
        ((table_, name, key), (table_, field.at_most, key))
        for (table_, name), field in ours.fields.items()
        if field.at_most and field.is_input
        for key in ours.keys[table_]
    ]


def _told(results: Results, placed: Layout, accepted: Mapping[Address, Any]) -> tuple[Change, ...]:
    """Each change with its effect, in the order of the rows."""
    ours = results.model
    single = len(accepted) <= MOST_EFFECTS
    told = []
    for address, value in accepted.items():
        field = ours.fields[address[:2]]
        after = with_values(ours, {address: value}) if single and field.kind != "text" else None
        effect = effects(results, evaluate.evaluate(after), or_any=True) if after is not None else ()
        before = compare.one_of(_plain(ours.data.get(address)))
        unit, form = ours.unit_of(field, address[2]), ours.format_of(field, address[2])
        told.append(Change(address, placed.name(*address), unit, form, before, value, effect))
    return tuple(told)


def with_values(ours: Model, values: Mapping[Address, Any]) -> Model:
    """The model with other inputs, as the YAML could say them."""
    data = dict(ours.data)
    for address, value in values.items():
        if value is None:
            data.pop(address, None)
        else:
            data[address] = replace(data.get(address, Datum(None)), value=value)
    return replace(ours, assumptions=replace(ours.assumptions, data=data))


def effects(before: Results, after: Results, or_any: bool = False) -> tuple[Move, ...]:
    """The key results, those of Summary, that move; the largest relative move first. Where none does, any result."""
    view = next(view for view in before.model.views if view.table == SCENARIOS)
    names = {f"{field}__{key}" for field in view.fields for key in before.model.keys[SCENARIOS]}
    moved = compare.differ(compare.of_results(before), compare.of_results(after)).moved
    key_results = tuple(move for move in moved if move.name in names)
    return key_results or (moved if or_any else ())


def chosen(changes: Iterable[Change], only: Iterable[str]) -> tuple[Change, ...]:
    """The changes that ``only`` names, by name or pattern; all where it names none. Raises InputError at a name in vain."""
    changes, only = tuple(changes), tuple(only)
    names = [change.name for change in changes]
    problems = [
        Problem("--only", 0, shorten(pattern), "found no such change", ", ".join(names[:12]) or "nothing", nearest(pattern, names))
        for pattern in only
        if not any(fnmatchcase(name, pattern) for name in names)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return tuple(c for c in changes if not only or any(fnmatchcase(c.name, pattern) for pattern in only))


def target_of(source: Path, to: Path | None, ours: Model, changes: Iterable[Change]) -> Path:
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


def rewritten(path: Path, results: Results, changes: Iterable[Change], language: Language) -> tuple[dict[str, bytes], Results]:  # fmt: skip
    """The files that change, by name, with the changes in them; and the results: read, resolved and computed as a build does.

    ``path`` is where the main file is going to stand. Raises InputError with the sentences of a build where the changes
    do not go together, InternalError where anything else than they changed.
    """
    wanted = {change.address: change.theirs for change in changes}
    own = results.model.assumptions.document
    amended = edit_yaml.amend(results.model, wanted, language)
    changed = {path.name if name == own.file else name: content for name, content in amended.items()}
    new = model.load(path, MODEL, {**own.contents(), path.name: own.content, **changed})
    strange = [a for a in new.inputs if not _expected(results.model, new, a, wanted)]
    old = results.model
    if strange or any(new.keys[name] != keys for name, keys in old.keys.items() if not old.tables[name].derived):
        raise InternalError(f"the YAML would say something else than the workbook: {strange[:5]}; nothing was written")
    return changed, evaluate.evaluate(new)


def _expected(old: Model, new: Model, address: Address, wanted: Mapping[Address, Any]) -> bool:
    """Whether the new file says under an address what was wanted, or what the old one said."""
    value, before = (_plain(m.data.get(address)) for m in (new, old))
    if address not in wanted:
        return bool(value == before)
    return bool(compare.same(value, wanted[address], 0.0))
