"""The command line: read → solve → write. No arithmetic here."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from threegates import __version__
from threegates import lint as rules
from threegates.console import differences, pulled, since, together
from threegates.console import markdown as markdown_of
from threegates.definition import MODEL
from threegates.engine import evaluate, model
from threegates.problems import InputError, InternalError
from threegates.report import editions, files, summary
from threegates.returned import compare, read_workbook
from threegates.returned.changes import chosen, effects, rewritten, target_of
from threegates.returned.changes import pull as pull_back
from threegates.text import LANGUAGES, Language
from threegates.workbook.exceptions import exceptions_of

SHOWN = 10  # breaches of one rule
KEY_RESULTS = 40  # of those that a returned workbook moves
INPUT_IS_WRONG, INTERNAL_CHECK_FAILED = 1, 3  # 2 is Click's own, for usage

OPTIONS = (
    click.option(
        "--assumptions",
        type=click.Path(path_type=Path),
        default=Path("assumptions.yaml"),
        show_default=True,
        help="The YAML file.",
    ),
    click.option(
        "--output",
        type=click.Path(path_type=Path),
        default=Path("output"),
        show_default=True,
        help="The folder to write into.",
    ),
    click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        help="The edition to build; without it, those that report.languages names.",
    ),
)
PICTURES = click.option("--pictures", is_flag=True, help="Draw the key charts, too, and show them in the summary.")


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the three options that all share."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@options
@PICTURES
@click.version_option(__version__, prog_name="Three Gates")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """Builds the workbook, the summary and the results from the assumptions; `build` is the default command."""
    if context.invoked_subcommand is None:
        context.invoke(build, **given)
    else:
        context.default_map = dict.fromkeys(cli.commands, given)


@cli.command()
@options
@PICTURES
def build(assumptions: Path, output: Path, language: Language | None, pictures: bool) -> None:
    """Writes workbook and summary of each edition, and results.csv; Chinese files bear .zh in their names."""
    _write(assumptions, output, language, pictures=pictures)


@cli.command()
@options
def mail(assumptions: Path, output: Path, language: Language | None) -> None:
    """Builds with pictures, and writes a draft with the summary in short and the workbook attached. Sends nothing."""
    _write(assumptions, output, language, mail=True)


@cli.command()
@options
def check(assumptions: Path, output: Path, language: Language | None) -> None:  # noqa: ARG001  # every command takes the same options
    """Validates the assumptions, computes everything twice and prints the results; writes nothing."""
    results = _solve(assumptions)
    with _Outcome():
        entries = editions.solve(results, editions.languages(results, language))
    _show(results, entries)


@cli.command()
@click.argument("workbook", type=click.Path(path_type=Path), default=Path("output/scenarios.xlsx"))
def lint(workbook: Path) -> None:
    """Holds a finished WORKBOOK, ours or any other, against the rules; exit code 1 when one is broken."""
    with _Outcome():
        data = files.read(workbook)
        exceptions = exceptions_of(data)
        found = rules.check(data, workbook.name, exceptions)
    console = _console()
    for name in rules.RULES:
        breaches = [finding for finding in found if finding.rule == name]
        for finding in breaches[:SHOWN]:
            console.print(f"{finding.place}: {finding.rule}: {finding.detail}", soft_wrap=True)
        if len(breaches) > SHOWN:
            console.print(f"… and {len(breaches) - SHOWN:,} more of {name}")
    console.print(f"{len(rules.RULES)} rules checked, {len(found):,} breaches, {len(exceptions)} exceptions")
    sys.exit(1 if found else 0)


def _write(assumptions: Path, output: Path, language: Language | None, **wanted: bool) -> None:
    """Builds the editions with what is ``wanted`` beside them, and says what it wrote."""
    results = _solve(assumptions)
    with _Outcome():
        entries = editions.solve(results, editions.languages(results, language))
        earlier = compare.earlier(output)
        contents, remarks = editions.contents(results, entries, **wanted)
        written = files.write_all(output, contents)
    _show(results, entries)
    console = _console()
    since(console, compare.differ(earlier, compare.of_scenarios(results)) if earlier else None)
    for line in (*remarks, *(f"wrote {path}" for path in written)):
        console.print(line, soft_wrap=True)


@cli.command()
@OPTIONS[0]
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Put the changes into the YAML; all else in it stays as it is.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Take over these inputs alone; may be given often; mfu__* for several.",
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="Write a new YAML file here, and leave the old one as it is."
)
def pull(assumptions: Path, workbook: Path, write: bool, only: tuple[str, ...], to: Path | None) -> None:
    """Shows what a reader changed in a returned WORKBOOK and what it does to the results; --write takes it over.

    Inputs are found by their names, wherever they stand. Texts and formulas in the place of numbers, numbers out of range,
    formulas typed over and records added are named and not taken over. The workbook may come from anybody: at most
    20 MB, 1,000 entries, 50 MB unpacked and 1,000,000 filled cells are read, within a minute and 1 GB; nothing in it is run.
    """
    with _Outcome():
        book = read_workbook.read(workbook)
        results = _solve(assumptions)
        found = pull_back(book, results)
        changes = chosen(found.changes, only)
        console = _console()
        pulled(console, found, changes)
        console.print(f"inputs changed: {len(changes):,}; not taken over: {len(found.problems):,}")
        if not changes:
            return
        target = target_of(assumptions, to, results.model, changes)
        contents, after = rewritten(target, results, changes, found.language)
        together(console, effects(results, after), KEY_RESULTS)
        if write or to:
            before = results.model.assumptions.document.contents()
            written = ", ".join(map(str, files.amend(assumptions, target, before, contents)))
            console.print(
                f"wrote {written}: the new values bear the source of the old ones; mend it where that is wrong",
                soft_wrap=True,
            )
        else:
            console.print(f"nothing was written; --write puts this into {', '.join(contents)}", soft_wrap=True)


@cli.command()
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option("--markdown", is_flag=True, help="Print it as markdown, to be pasted into a mail.")
@click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="Lines a table.")
def diff(ours: Path, theirs: Path, markdown: bool, limit: int) -> None:
    """Compares two YAML files, two workbooks, or one of each: inputs and results that differ, the largest move first.

    A workbook is compared by its names and by the values that it was saved with.
    """
    with _Outcome():
        found = compare.differ(_source(ours), _source(theirs))
    if markdown:
        click.echo(markdown_of(found, str(ours), str(theirs), limit), nl=False)
    else:
        differences(_console(), found, str(ours), str(theirs), limit)


def _source(path: Path) -> compare.Source:
    if path.suffix.lower() in (".yaml", ".yml"):
        return compare.of_results(_solve(path))
    return compare.of_workbook(read_workbook.read(path))


def _solve(assumptions: Path) -> evaluate.Results:
    with _Outcome():
        joined = model.load(assumptions, MODEL)
        return evaluate.evaluate(joined)


class _Outcome:
    """Turns what goes wrong into its sentences and its exit code."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InputError):
            _stop(str(error), INPUT_IS_WRONG)
        if isinstance(error, InternalError):
            _stop(f"internal check failed: {error}", INTERNAL_CHECK_FAILED)


def _stop(words: str, code: int) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(code)


def _console() -> Console:
    """The terminal; text of the YAML is never its markup, and what it cannot show does not stop a build."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(width=None if sys.stdout.isatty() else 160, markup=False, emoji=False, highlight=False)


def _show(results: evaluate.Results, entries: editions.Entries) -> None:
    """The key results, the claims and the checks, as tables in the terminal; then what the double entry found."""
    shown = summary.terminal_tables(results)
    console = _console()
    for title, heads, rows in shown:
        grid = Table(title=title, title_justify="left")
        for position, head in enumerate(heads):
            grid.add_column(Text(head), justify="right" if position > 1 else "left")
        for row in rows:
            grid.add_row(*map(Text, row))
        console.print(grid)
    compared = max(entry.compared for entry in entries.values())
    largest = max(entry.largest_difference for entry in entries.values())
    console.print(f"{compared:,} numbers computed twice; largest difference {largest:.1e}")


def main() -> None:
    """Runs the command line; what cannot be printed is said in a sentence."""
    gc.disable()  # a build lives for a second; collecting garbage would take a tenth of it
    if sys.stdout is None:  # closed by the caller
        sys.stdout = io.StringIO()
    try:
        cli(standalone_mode=True)
    except OSError as error:
        sys.stdout = io.StringIO()  # what could not be printed is not tried again
        _stop(f"the output cannot be printed: {(error.strerror or str(error)).lower()}", INPUT_IS_WRONG)
