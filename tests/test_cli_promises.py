"""What SECURITY.md promises and no other test proves; and that each test it names is there."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, digest, run
from tests.watched import Watched, watched
from threegates import lint
from threegates.workbook.exceptions import EXCEPTIONS

COMMANDS = ("build", "build in Chinese", "check", "lint", "pull", "diff")


@pytest.fixture(scope="module")
def done(small_yaml: Path, small_package: bytes, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The commands that draw nothing, in one process."""
    folder = tmp_path_factory.mktemp("watched")
    (workbook := folder / "scenarios.xlsx").write_bytes(small_package)
    files = ["--assumptions", small_yaml, "--output", folder / "output"]
    return watched(
        folder,
        ["build", *files],
        ["build", *files, "--language", "zh"],
        ["check", *files, "--language", "en"],
        ["lint", workbook],
        ["pull", "--assumptions", small_yaml, workbook],
        ["diff", small_yaml, workbook],
    )


@pytest.mark.parametrize("command", [*COMMANDS, "mail"])
def test_a_command_connects_to_nothing_starts_nothing_and_writes_into_the_output_folder_alone(
    command: str, done: Watched, mailed: Watched
) -> None:
    ours, number = (mailed, 0) if command == "mail" else (done, COMMANDS.index(command))
    assert ours.codes[number] == 0, ours.stderr
    seen, output = ours.events[number], str(ours.folder / "output")
    seen = [event for event in seen if event[0] != "os.fork"]  # the second edition, in a process of its own
    elsewhere = [event for event in seen if not (event[1] == output or event[1].startswith(output + os.sep))]
    if command in (
        "build",
        "mail",
    ):  # a copy of the program itself makes the second edition, as the build in Chinese does
        elsewhere = [event for event in elsewhere if event != ["os.fork", "()"]]
    if command == "mail":  # matplotlib's list of fonts
        elsewhere = [event for event in elsewhere if not event[1].startswith(str(ours.folder / "fonts"))]
        elsewhere = [event for event in elsewhere if event != ["subprocess.Popen", "('fc-list',)"]]
    assert elsewhere == []
    assert bool(seen) == command.startswith(("build", "mail"))


@pytest.mark.slow
def test_the_bytes_depend_on_the_yaml_alone(mailed: Watched, tmp_path: Path) -> None:
    """Not on the order of hashes, the time zone, the locale, the folder or a reader's own style of pictures."""
    (tmp_path / "matplotlibrc").write_text("figure.facecolor: red\nfont.size: 20\nsavefig.dpi: 50\n")
    there = run(
        *("mail", "--output", "b", "--assumptions", mailed.folder / "small.yaml"),
        cwd=tmp_path, PYTHONHASHSEED="2", TZ="Asia/Shanghai", LC_ALL="C",
        MPLCONFIGDIR=str(mailed.folder / "fonts"),  # the user's own list of fonts may be older than a font
    )  # fmt: skip
    assert there.returncode == 0, there.stderr
    here = mailed.folder / "output"  # made with another seed of hashes, in another zone, locale and folder
    written = [path.relative_to(here) for path in here.rglob("*") if path.is_file()]
    assert len(written) > 20
    for name in written:
        assert digest((here / name).read_bytes()) == digest((tmp_path / "b" / name).read_bytes()), name


def test_every_dependency_is_locked_by_hash_and_without_an_address() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.findall(r"^(\S+==\S+).*((?:\n    .*)*)", text, re.MULTILINE)
    assert len(entries) > 30
    assert [name for name, rest in entries if "--hash=sha256:" not in rest] == []
    assert "://" not in text


def test_every_test_that_a_promise_names_is_there() -> None:
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 15
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), name


def test_the_readme_counts_rules_exceptions_and_formulas_as_they_are(english) -> None:
    """The figures of `make slow` cannot be counted here; these can."""
    text = (ROOT / "README.md").read_text("utf-8")
    with zipfile.ZipFile(io.BytesIO(english[1].package)) as package:
        formulas = sum(package.read(name).count(b"<f>") for name in package.namelist())
    assert f"all {formulas:,} formulas of each edition" in text
    assert f"{len(lint.RULES)} rules of form" in text
    assert f"The {len(EXCEPTIONS)} exceptions stand" in text
