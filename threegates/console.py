"""What pull, diff, lint and a build print of changes: for the terminal, and a comparison as markdown for a mail."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

from threegates import lint
from threegates.definition.wording import PHRASES
from threegates.formula import units
from threegates.inputs.include import some
from threegates.report.numbers import SIGNIFICANT, escape, figure
from threegates.returned.changes import InputChange, PullResult
from threegates.returned.compare import Difference, Move, day
from threegates.returned.read_workbook import printable
from threegates.terminal import Row, grid, say
from threegates.text import Language, Text
from threegates.workbook.styles import DATED, NEVER

FIGURES, MOST_FIGURES = 4, 15  # more than the first only where two values would read alike
EFFECTS = 3  # key results of one change
MOVED = 10  # results that a build tells of
LONGEST = 48  # characters of a text
BREACHES = 10  # of one rule
KEY_RESULTS = 40  # that a returned workbook moves

SINCE_HEADS = (
    Text("result", "结果"),
    Text("unit", "单位"),
    Text("before", "之前"),
    Text("now", "现在"),
    Text("change", "变化"),
    Text("relative", "相对"),
)
FIRST_BUILD = Text("no earlier build to compare with", "没有更早的生成结果可比")
SINCE = Text("Moved since the last build", "与上次生成相比的变动")
SINCE_NOTHING = Text("moved since the last build: nothing", "与上次生成相比：无变动")
SINCE_MORE = Text("… and {:,} more results; the command diff shows them", "……另有 {:,} 个结果，见 diff 命令")
SINCE_NEW = Text("new since the last build: {:,} results, such as {}", "上次生成之后新增 {:,} 个结果，如 {}")
SINCE_NEW_RECORDS = Text("new since the last build: {:,} scenarios ({})", "上次生成之后新增 {:,} 个情景（{}）")
SINCE_GONE_RECORDS = Text("gone since the last build: {:,} scenarios ({})", "上次生成之后不再有 {:,} 个情景（{}）")
# What stands for a number before the first day, and for one after the last, by format.
WITHOUT_DATE = {"until": ("open", "beyond horizon"), "opening": ("long open", "never")}
SINCE_GONE = Text("gone since the last build: {:,} results, such as {}", "上次生成之后不再有 {:,} 个结果，如 {}")


def shown(value: Any, form: str = "", figures: int = FIGURES) -> str:
    """A value as a reader of the terminal or of a mail sees it."""
    if value is None:
        return "—"
    if isinstance(value, float) and form in DATED:
        value = day(value) if _is_day(value) else WITHOUT_DATE.get(form, ("—", "—"))[value >= NEVER]
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}" if form == "month" else value.isoformat()
    if isinstance(value, float):
        return re.sub(r"\.?0+(?=e)", "", figure(value, figures))
    text = printable(str(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _is_day(value: Any) -> bool:
    """Whether a serial number stands for a day: the first and the last ones are no dates."""
    return isinstance(value, float) and 1 < value < NEVER


def relative(move: Move) -> str:
    """The relative move in per cent, or as a factor where that says more; of a share in points; nothing where it says none."""
    if move.is_in_points and move.absolute is not None:
        return f"{_signed(100 * move.absolute, 3)} points"
    if move.relative is None:
        return ""
    if move.relative > 10:
        return f"× {figure(1 + move.relative, 3)}"
    return f"{100 * move.relative:+.3g} %"


def absolute(move: Move) -> str:
    """How far a number moved, in its unit or in days."""
    dated = move.format in DATED
    if move.absolute is None or (dated and not (_is_day(move.ours) and _is_day(move.theirs))):
        return ""
    return _signed(move.absolute) + (" days" if dated else "")


def _signed(value: float, figures: int = SIGNIFICANT) -> str:
    return ("+" if value > 0 else "") + figure(value, figures)


def unit_of(move: Move, language: Language = "en") -> str:
    """The unit as the workbook has it."""
    if move.unit == "day" and move.format in DATED:
        return PHRASES["a_date"].of(language)
    return units.words(move.unit, language) if move.unit else ""


CONFLICT_HEADS = ("input", "unit", "as shipped", "ours now", "theirs")
MOVE_HEADS = ("result", "unit", "ours", "theirs", "change", "relative")


def _move(move: Move, language: Language = "en") -> Row:
    return (*_changed(move, language), absolute(move), relative(move))


def _changed(move: Move, language: Language = "en") -> Row:
    for figures in range(FIGURES, MOST_FIGURES + 1):
        ours, theirs = (shown(value, move.format, figures) for value in (move.ours, move.theirs))
        if ours != theirs:
            break
    return move.name, unit_of(move, language), ours, theirs


def _effect(change: InputChange) -> str:
    told = [
        f"{m.name} {shown(m.ours, m.format, 4)} → {shown(m.theirs, m.format, 4)}"
        + (f" ({relative(m)})" if relative(m) else "")
        for m in change.effect[:EFFECTS]
    ]
    more = len(change.effect) - EFFECTS
    return "\n".join(told) + (f"\n… and {more:,} more" if more > 0 else "") or "none"


def findings(console: Console, found: Sequence[lint.Finding], exceptions: int) -> None:
    """The breaches of each rule, a line each, and how many there are."""
    for name in lint.RULES:
        breaches = [finding for finding in found if finding.rule == name]
        say(console, (f"{breach.place}: {name}: {breach.detail}" for breach in breaches[:BREACHES]))
        _more(console, len(breaches) - BREACHES, f"of {name}")
    say(console, [f"{len(lint.RULES)} rules checked, {len(found):,} breaches, {exceptions} exceptions"])


def pulled(console: Console, found: PullResult, changes: Sequence[InputChange]) -> None:
    """What came back: what is to be known of it, the changes with the effect of each, and what is not taken over."""
    say(console, (f"note: {note}" for note in found.notes))
    if changes:
        rows = [(*_changed(change, found.language), _effect(change)) for change in changes]
        heads = ("input", "unit", "ours", "theirs", "effect, alone")
        grid(console, "Changed inputs", heads, rows, (2, 3))
    conflicts = [change for change in found.changes if change.conflict]
    if conflicts:
        rows = [
            (c.name, unit_of(c, found.language), *(shown(v, c.format) for v in (c.shipped, c.ours, c.theirs)))
            for c in conflicts
        ]
        grid(console, "Conflicts: both sides changed these", CONFLICT_HEADS, rows, (2, 3, 4))
        name = conflicts[0].name
        say(console, [f"a conflict is taken over only by its name, such as --only {name}; to keep ours, do nothing"])
    if found.problems:
        say(console, ("not taken over:", *(f"  {problem}" for problem in found.problems)))
    left = sum(change not in changes for change in conflicts)
    conflicting = f"; conflicts: {left:,}" if left else ""
    say(console, [f"inputs changed: {len(changes):,}; not taken over: {len(found.problems):,}{conflicting}"])


def together(console: Console, moves: Sequence[Move], language: Language) -> None:
    """The key results with all changes at once."""
    if moves:
        rows = [_move(move, language) for move in moves[:KEY_RESULTS]]
        grid(console, "Key results, with all of these changes", MOVE_HEADS, rows, (2, 3, 4, 5))
    _more(console, len(moves) - KEY_RESULTS, "key results")


def _more(console: Console, count: int, what: str) -> None:
    if count > 0:
        console.print(f"… and {count:,} more {what}")


def since(console: Console, difference: Difference | None, language: Language) -> None:
    """What a build says has moved since the one before."""
    if difference is None:
        say(console, [FIRST_BUILD.of(language)])
        return
    moved = difference.key_results + difference.moved
    if moved:
        grid(
            console,
            SINCE.of(language),
            [head.of(language) for head in SINCE_HEADS],
            [_move(move, language) for move in moved[:MOVED]],
            (2, 3, 4, 5),
        )
    told = (
        (SINCE_MORE, len(moved) - MOVED, ""),
        *((SINCE_NEW_RECORDS, len(keys), some(keys)) for keys in difference.records_added.values()),
        *((SINCE_GONE_RECORDS, len(keys), some(keys)) for keys in difference.records_removed.values()),
        (SINCE_NEW, len(difference.results_added), "".join(difference.results_added[:1])),
        (SINCE_GONE, len(difference.results_removed), "".join(difference.results_removed[:1])),
    )
    lines = [words.of(language).format(count, name) for words, count, name in told if count > 0]
    say(console, lines if lines or moved else [SINCE_NOTHING.of(language)])


def _sections(found: Difference, limit: int) -> list[tuple[str, Row, list[Row], int]]:
    """The parts of a comparison: title, headings, rows, and how many more there are."""
    inputs = ("input", "unit", "ours", "theirs")
    parts = (
        ("Inputs changed", inputs, _changed, found.changed),
        ("Key results moved", MOVE_HEADS, _move, found.key_results),
        ("Other results moved", MOVE_HEADS, _move, found.moved),
    )
    return [
        (f"{title}: {len(moves):,}", heads, [row(move, found.language) for move in moves[:limit]], len(moves) - limit)
        for title, heads, row, moves in parts[: None if found.results_known else 1]
    ]


def _only(found: Difference) -> list[str]:
    """What one side alone has, a sentence each: scenarios and records, then what one of both has more."""
    records = ((found.records_removed, "ours"), (found.records_added, "theirs"))
    whole = [
        f"{table} only in {side}: {len(keys):,} ({some(keys)})" for of, side in records for table, keys in of.items()
    ]
    told = (
        ("inputs only in ours", found.removed),
        ("inputs only in theirs", found.added),
        ("results only in ours", found.results_removed),
        ("results only in theirs", found.results_added),
    )
    return whole + [
        f"{words}: {len(names):,} ({', '.join(names[:EFFECTS])}{' …' if len(names) > EFFECTS else ''})"
        for words, names in told
        if names
    ]


def differences(console: Console, found: Difference, ours: str, theirs: str, limit: int) -> None:
    """A comparison in the terminal; the first of the two is called ours."""
    say(console, [f"ours: {ours}, theirs: {theirs}", *(f"note: {note}" for note in found.notes)])
    for title, heads, rows, more in _sections(found, limit):
        if rows:
            grid(console, title, heads, rows, (2, 3, 4, 5))
        else:
            console.print(title)
        _more(console, more, "lines: --limit shows them")
    say(console, _only(found))


def markdown(found: Difference, ours: str, theirs: str, limit: int) -> str:
    """The same, to be pasted into a mail."""
    lines = [f"**{escape(ours)}** (ours) against **{escape(theirs)}** (theirs)"]
    lines += [line for note in found.notes for line in ("", escape(note))]
    for title, heads, rows, more in _sections(found, limit):
        lines += ["", f"**{title}**"]
        if rows:
            rule = ["---" if position < 2 else "---:" for position in range(len(heads))]
            lines += ["", *(_line(row) for row in (heads, rule))]
            lines += [_line([_plain(cell) for cell in row]) for row in rows]
        if more > 0:
            lines += ["", f"… and {more:,} more"]
    lines += ["", *(f"- {escape(line)}" for line in _only(found))]
    return "\n".join(lines).rstrip() + "\n"


def _plain(cell: str) -> str:
    """A cell in which nothing is markup, and names and numbers stay readable in a mail that shows it raw."""
    if re.fullmatch(r"[a-z0-9]+(_+[a-z0-9]+)+", cell):
        return f"`{cell}`"
    return cell if re.fullmatch(r"([+-]|× )?[\d.,e-]+( %| days| points)?", cell) else escape(cell)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
