"""The command line: read, solve, write, print. No arithmetic here.

Each command imports what it needs when it runs, so that --help and --version answer at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from threegates.problems import InputError, InstallationError, InternalError
from threegates.text import LANGUAGES, Language
from threegates.version import __version__

if TYPE_CHECKING:
    from threegates.engine.evaluate import Results
    from threegates.report.editions import Editions
    from threegates.returned.compare import Side

FAULTS: dict[type[BaseException], tuple[int, str]] = {  # exit code, and what stands before the sentences
    InputError: (1, ""),  # Click itself gives 2 for wrong usage
    InternalError: (3, "internal check failed: "),
    InstallationError: (3, ""),
}
A_PATH = click.Path(path_type=Path)
ASSUMPTIONS = click.option(
    "--assumptions", type=A_PATH, default=Path("assumptions.yaml"), show_default=True, help="The YAML file."
)
OUTPUT = click.option(
    "--output", type=A_PATH, default=Path("output"), show_default=True, help="The folder to write into."
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="The edition to build; without it, those that report.languages names.",
)
PICTURES = click.option("--pictures", is_flag=True, help="Draw the key charts, too, and show them in the summary.")
ONLY = click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Take over these inputs alone; may be given often; mfu__* for several.",
)
TO = click.option("--to", type=A_PATH, help="Write a new YAML file here, and leave the old one as it is.")
WRITE = click.option("--write", is_flag=True, help="Put the changes into the YAML; all else in it stays as it is.")
MARKDOWN = click.option("--markdown", is_flag=True, help="Print it as markdown, to be pasted into a mail.")
LIMIT = click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="Lines a table.")


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the three options that all builds share."""
    return ASSUMPTIONS(OUTPUT(LANGUAGE(command)))


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


@click.group(cls=Commands, invoke_without_command=True)
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
@click.argument("folder", type=A_PATH, default=Path())
@click.pass_context
def init(context: click.Context, folder: Path) -> None:
    """Lays down in FOLDER what an analyst edits: assumptions.yaml, its data and its schema. Overwrites nothing."""
    from threegates import resources
    from threegates.report import files

    files.create(folder, {name: resources.read(name) for name in resources.editable()})
    click.echo(f"wrote assumptions.yaml, assumptions.schema.json and data/ into {folder.resolve()}")
    click.echo(f"next: change a number in assumptions.yaml, then run `{context.find_root().info_name}` in that folder")


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
def check(assumptions: Path, output: Path, language: Language | None) -> None:  # noqa: ARG001  # writes nothing
    """Validates the assumptions, computes everything twice and prints the results; writes nothing."""
    from threegates import console

    results, entries = _solved(assumptions, language)
    console.solved(console.terminal(), results, entries)


@cli.command("lint")
@click.argument("workbook", type=A_PATH, default=Path("output/scenarios.xlsx"))
def lint_workbook(workbook: Path) -> None:
    """Holds a finished WORKBOOK, ours or any other, against the rules; exit code 1 when one is broken."""
    from threegates import console, lint
    from threegates.report import files
    from threegates.workbook.exceptions import exceptions_of

    data = files.read(workbook)
    exceptions = exceptions_of(data)
    found = lint.check(data, workbook.name, exceptions)
    console.findings(console.terminal(), found, len(exceptions))
    sys.exit(1 if found else 0)


def _write(assumptions: Path, output: Path, language: Language | None, **wanted: bool) -> None:
    """Builds the editions with what is ``wanted`` beside them, and says what it wrote."""
    from threegates import console
    from threegates.report import editions, files
    from threegates.returned import compare

    results, entries = _solved(assumptions, language)
    earlier = compare.earlier(output)
    contents, remarks = editions.contents(results, entries, **wanted)
    written = files.write_all(output, contents)
    terminal = console.terminal()
    console.solved(terminal, results, entries)
    console.since(terminal, compare.differ(earlier, compare.of_scenarios(results)) if earlier else None)
    console.say(terminal, [*remarks, *(f"wrote {path}" for path in written)])


@cli.command()
@ASSUMPTIONS
@click.argument("workbook", type=A_PATH)
@WRITE
@ONLY
@TO
def pull(assumptions: Path, workbook: Path, write: bool, only: tuple[str, ...], to: Path | None) -> None:
    """Shows what a reader changed in a returned WORKBOOK and what it does to the results; --write takes it over.

    Inputs are found by their names, wherever they stand. Texts and formulas in the place of numbers, numbers out of range,
    formulas typed over and records added are named and not taken over. The workbook may come from anybody: at most
    20 MB, 1,000 entries, 50 MB unpacked and 1,000,000 filled cells are read, within a minute and 1 GB; nothing in it is run.
    """
    from threegates import console
    from threegates.report import files
    from threegates.returned import changes, read_workbook

    book = read_workbook.read(workbook)
    results = _results(assumptions)
    found = changes.pull(book, results)
    chosen = changes.chosen(found.changes, only)
    terminal = console.terminal()
    console.pulled(terminal, found, chosen)
    if not chosen:
        return
    target = changes.target_of(assumptions, to, results.model, chosen)
    contents, after = changes.rewritten(target, results, chosen, found.language)
    console.together(terminal, changes.effects(results, after))
    if write or to:
        before = results.model.assumptions.document.contents()
        written = ", ".join(map(str, files.amend(assumptions, target, before, contents)))
        told = f"wrote {written}: the new values bear the source of the old ones; mend it where that is wrong"
    else:
        told = f"nothing was written; --write puts this into {', '.join(contents)}"
    console.say(terminal, [told])


@cli.command()
@click.argument("ours", type=A_PATH)
@click.argument("theirs", type=A_PATH)
@MARKDOWN
@LIMIT
def diff(ours: Path, theirs: Path, markdown: bool, limit: int) -> None:
    """Compares two YAML files, two workbooks, or one of each: inputs and results that differ, the largest move first.

    A workbook is compared by its names and by the values that it was saved with.
    """
    from threegates import console
    from threegates.returned import compare

    found = compare.differ(_source(ours), _source(theirs))
    if markdown:
        click.echo(console.markdown(found, str(ours), str(theirs), limit), nl=False)
    else:
        console.differences(console.terminal(), found, str(ours), str(theirs), limit)


def _source(path: Path) -> Side:
    from threegates.returned import compare, read_workbook

    if path.suffix.lower() in (".yaml", ".yml"):
        return compare.of_results(_results(path))
    return compare.of_workbook(read_workbook.read(path))


def _results(assumptions: Path) -> Results:
    from threegates.definition import MODEL
    from threegates.engine import evaluate, model

    return evaluate.evaluate(model.load(assumptions, MODEL))


def _solved(assumptions: Path, language: Language | None) -> tuple[Results, Editions]:
    """The results, and the double entry of each edition that is wanted."""
    from threegates.report import editions

    results = _results(assumptions)
    return results, editions.solve(results, editions.languages(results, language))
