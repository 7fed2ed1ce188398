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

from threegates import __version__, editions, equations, files, model, rules, sheets, summary, table
from threegates.problems import InputError, InternalError
from threegates.records import LANGUAGES, Language

SHOWN = 10  # breaches of one rule
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
        found = rules.check(files.read(workbook), workbook.name)
    console = _console()
    for name in rules.RULES:
        breaches = [finding for finding in found if finding.rule == name]
        for finding in breaches[:SHOWN]:
            console.print(f"{finding.place}: {finding.rule}: {finding.detail}", soft_wrap=True)
        if len(breaches) > SHOWN:
            console.print(f"… and {len(breaches) - SHOWN:,} more of {name}")
    console.print(f"{len(rules.RULES)} rules checked, {len(found):,} breaches, {len(rules.EXCEPTIONS)} exceptions")
    sys.exit(1 if found else 0)


def _write(assumptions: Path, output: Path, language: Language | None, **wanted: bool) -> None:
    """Builds the editions with what is ``wanted`` beside them, and says what it wrote."""
    results = _solve(assumptions)
    with _Outcome():
        entries = editions.solve(results, editions.languages(results, language))
        contents, remarks = editions.contents(results, entries, **wanted)
        written = files.write_all(output, contents)
    _show(results, entries)
    console = _console()
    for line in (*remarks, *(f"wrote {path}" for path in written)):
        console.print(line, soft_wrap=True)


def _solve(assumptions: Path) -> table.Results:
    with _Outcome():
        return table.evaluate(model.load(assumptions, equations.EQUATIONS, sheets.TABLES, sheets.SHEETS, sheets.VIEWS))


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


def _show(results: table.Results, entries: editions.Entries) -> None:
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


if __name__ == "__main__":
    gc.disable()  # a build lives for a second; collecting garbage would take a tenth of it
    if sys.stdout is None:  # closed by the caller
        sys.stdout = io.StringIO()
    try:
        cli(standalone_mode=True)
    except OSError as error:
        sys.stdout = io.StringIO()  # what could not be printed is not tried again
        _stop(f"the output cannot be printed: {(error.strerror or str(error)).lower()}", INPUT_IS_WRONG)
