"""The options of the command line, each of which several commands or one of them take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from threegates.text import LANGUAGES

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
WATCH = click.option("--watch", is_flag=True, help="Build again whenever the YAML is saved, until Ctrl-C.")
ONLY = click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Take over these inputs alone; may be given often; mfu__* for several.",
)
TO = click.option("--to", type=A_PATH, help="Write a new YAML file here, and leave the old one as it is.")
WRITE = click.option("--write", is_flag=True, help="Put the changes into the YAML; all else in it stays as it is.")
MARKDOWN = click.option("--markdown", is_flag=True, help="Print it as markdown, to be pasted into a mail.")
TWO_SCENARIOS = click.option("--scenarios", nargs=2, metavar="OURS THEIRS", help="Compare these two scenarios alone.")
LIMIT = click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="Lines a table.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print nothing but what is wrong; the exit code tells.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for another program.")


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that all builds share."""
    return ASSUMPTIONS(OUTPUT(LANGUAGE(QUIET(command))))
