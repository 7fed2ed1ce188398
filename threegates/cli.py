"""The command line: read, solve, write, print. No arithmetic here.

Each command imports what it needs when it runs, so that --help and --version answer at once.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from threegates import options
from threegates.options import A_PATH
from threegates.problems import InputError, InstallationError, InternalError
from threegates.progress import Progress
from threegates.text import Language, Text
from threegates.version import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from threegates.engine.evaluate import Results
    from threegates.report.editions import Editions
    from threegates.returned.compare import Difference, Move

FAULTS: dict[type[BaseException], tuple[int, str]] = {  # exit code, and what stands before the sentences
    InputError: (1, ""),  # Click itself gives 2 for wrong usage
    InternalError: (3, "internal check failed: "),
    InstallationError: (3, ""),
}
WROTE = Text("wrote {}", "已写入 {}")


def stop(sentences: str, code: int) -> NoReturn:
    """Ends the command with what went wrong."""
    click.echo(sentences, err=True)
    sys.exit(code)


class Commands(click.Group):
    """The commands; what goes wrong in any of them ends it with its sentences and its exit code."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except tuple(FAULTS) as error:
            code, before = FAULTS[type(error)]
            stop(f"{before}{error}", code)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@options.shared
@options.PICTURES
@options.WATCH
@click.version_option(__version__, prog_name="Three Gates")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """Builds the workbook, the summary and the results from the assumptions; `build` is the default command."""
    if context.invoked_subcommand is None:
        context.invoke(build, **given)
    else:
        context.default_map = dict.fromkeys(cli.commands, given)


@cli.command()
@click.argument("folder", type=A_PATH, default=Path())
@options.QUIET
@click.pass_context
def init(context: click.Context, folder: Path, quiet: bool) -> None:
    """Lays down in FOLDER what an analyst edits: assumptions.yaml, its data and its schema. Overwrites nothing."""
    from threegates import resources
    from threegates.report import files

    files.create(folder, {name: resources.read(name) for name in resources.editable()})
    if not quiet:
        click.echo(f"wrote assumptions.yaml, assumptions.schema.json and data/ into {folder.resolve()}")
        name = context.find_root().info_name
        click.echo(f"next: change a number in assumptions.yaml, then run `{name}` in that folder")


@cli.command()
@options.shared
@options.PICTURES
@options.WATCH
def build(assumptions: Path, watch: bool, **given: Any) -> None:
    """Writes workbook and summary of each edition, and results.csv; Chinese files bear .zh in their names.

    Prints the key results of the picked scenario and of those that moved since the last build, the claims that do not
    hold, the checks that fail and what was written; `check` prints the tables in full.
    """
    work = partial(_write, assumptions, **given)
    if not watch:
        work()
        return
    from threegates.terminal import say, terminal
    from threegates.watch import watch as watching

    console = terminal(given["quiet"])
    watching(assumptions, work, wrong=partial(click.echo, err=True), waiting=lambda words: say(console, [words]))


@cli.command()
@options.shared
def mail(assumptions: Path, **given: Any) -> None:
    """Builds with pictures, and writes a draft with the summary in short and the workbook attached. Sends nothing."""
    _write(assumptions, mail=True, **given)


@cli.command()
@options.shared
@options.JSON
def check(assumptions: Path, output: Path, language: Language | None, quiet: bool, as_json: bool) -> None:  # noqa: ARG001  # writes nothing
    """Validates the assumptions, computes everything twice and prints the results; writes nothing."""
    from threegates import machine, overview
    from threegates.terminal import terminal

    with Progress(not quiet) as progress:
        results, entries = _solved(assumptions, language, progress)
    if as_json:
        click.echo(machine.text(machine.checked(results, entries)))
    else:
        overview.full(terminal(quiet), results, entries, language or "en")


@cli.command("lint")
@click.argument("workbook", type=A_PATH, default=Path("output/scenarios.xlsx"))
@options.QUIET
def lint_workbook(workbook: Path, quiet: bool) -> None:
    """Holds a finished WORKBOOK, ours or any other, against the rules; exit code 1 when one is broken."""
    from threegates import console, lint
    from threegates.report import files
    from threegates.terminal import terminal
    from threegates.workbook.exceptions import exceptions_of

    data = files.read(workbook)
    exceptions = exceptions_of(data)
    found = lint.check(data, workbook.name, exceptions)
    console.findings(terminal(quiet), found, len(exceptions))
    sys.exit(1 if found else 0)


def _write(assumptions: Path, output: Path, language: Language | None, quiet: bool, **wanted: bool) -> None:
    """Builds the editions with what is ``wanted`` beside them, and says what it wrote."""
    with Progress(not quiet) as progress:
        results, entries = _solved(assumptions, language, progress)
        from threegates.report import editions, files
        from threegates.returned import compare, last_build

        earlier = last_build.earlier(output)
        progress.step("drawing the pictures" if any(wanted.values()) else "writing the summary")
        contents, remarks = editions.contents(results, entries, **wanted)
        written = files.write_all(output, contents)
    from threegates import console, overview
    from threegates.terminal import say, terminal

    shown = terminal(quiet)
    since = compare.differ(earlier, last_build.of_scenarios(results)) if earlier else None
    words = language or "en"
    overview.digest(shown, results, entries, since, words)
    console.since(shown, since, words)
    say(shown, [*remarks, *(WROTE.of(words).format(path) for path in written)])


@cli.command()
@options.ASSUMPTIONS
@click.argument("workbook", type=A_PATH)
@options.WRITE
@options.ONLY
@options.TO
@options.QUIET
@options.JSON
def pull(workbook: Path, quiet: bool, as_json: bool, **given: Any) -> None:
    """Shows what a reader changed in a returned WORKBOOK and what it does to the results; --write takes it over.

    Inputs are found by their names, wherever they stand. Texts and formulas in the place of numbers, numbers out of range,
    formulas typed over and records added are named and not taken over. The workbook may come from anybody: at most
    20 MB, 1,000 entries, 50 MB unpacked and 1,000,000 filled cells are read, within a minute and 1 GB; nothing in it is run.
    """
    from threegates.terminal import terminal

    found = _pulled(workbook, terminal(quiet or as_json), **given)
    if as_json:
        from threegates import machine

        click.echo(machine.text(found))


def _pulled(
    workbook: Path, shown: Console, assumptions: Path, write: bool, only: tuple[str, ...], to: Path | None
) -> dict[str, Any]:
    """Does what pull is asked for, prints it, and gives the same as data."""
    from threegates import console
    from threegates.report import files
    from threegates.returned import changes, read_workbook
    from threegates.terminal import say

    book = read_workbook.read(workbook)
    results = _results(assumptions)
    found = changes.pull(book, results)
    chosen = changes.chosen(found.changes, only)
    moved: tuple[Move, ...] = ()
    written: list[Path] = []
    console.pulled(shown, found, chosen)
    if chosen:
        target = changes.target_of(assumptions, to, results.model, chosen)
        contents, after = changes.rewritten(target, results, chosen, found.language)
        moved = changes.effects(results, after, found.language)
        console.together(shown, moved, found.language)
        told = f"nothing was written; --write puts this into {', '.join(contents)}"
        if write or to:
            before = results.model.assumptions.document.contents()
            written = files.amend(assumptions, target, before, contents)
            names = ", ".join(map(str, written))
            told = f"wrote {names}: the new values bear the source of the old ones; mend it where that is wrong"
        say(shown, [told])
    made = {"workbook": workbook, "assumptions": assumptions, "notes": found.notes, "changes": chosen}
    return made | {"not_taken_over": found.problems, "key_results": moved, "written": written}


@cli.command()
@options.ASSUMPTIONS
@click.argument("ours", type=A_PATH, required=False)
@click.argument("theirs", type=A_PATH, required=False)
@options.TWO_SCENARIOS
@options.MARKDOWN
@options.LIMIT
@options.QUIET
@options.JSON
def diff(
    assumptions: Path, ours: Path | None, theirs: Path | None, scenarios: tuple[str, str] | None, **asked: Any
) -> None:
    """Compares two YAML files, two workbooks, or one of each: inputs that differ, then results, those on Summary first.

    One scenario alone is compared as A.yaml#gpt6_low, and two of one file with --scenarios; without a file, that is
    the file of --assumptions. A workbook is compared by its names and by the values that it was saved with; where these
    are missing or older than its inputs, its results are computed.
    """
    from threegates.returned import compare, sources

    given = tuple(path for path in (ours, theirs) if path is not None)
    one, other = sources.pair(given, scenarios, assumptions)
    found = compare.differ(*sources.sides(one, other, assumptions))
    _tell(found, str(one), str(other), **asked)


def _tell(found: Difference, ours: str, theirs: str, markdown: bool, limit: int, quiet: bool, as_json: bool) -> None:
    """Prints a comparison in the form that is asked for."""
    from threegates import console, machine
    from threegates.terminal import terminal

    if as_json:
        click.echo(machine.text({"ours": ours, "theirs": theirs, **machine.plain(found)}))
    elif markdown and not quiet:
        click.echo(console.markdown(found, ours, theirs, limit), nl=False)
    else:
        console.differences(terminal(quiet), found, ours, theirs, limit)


def _results(assumptions: Path) -> Results:
    from threegates.definition import MODEL
    from threegates.engine import evaluate, model

    return evaluate.evaluate(model.load(assumptions, MODEL))


def _solved(assumptions: Path, language: Language | None, progress: Progress) -> tuple[Results, Editions]:
    """The results, and the double entry of each edition that is wanted."""
    progress.step(f"reading {assumptions}")
    from threegates.report import editions

    results = _results(assumptions)
    progress.step("writing the formulas, and computing every number a second time from them")
    return results, editions.solve(results, editions.languages(results, language))
