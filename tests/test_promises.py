"""What SECURITY.md promises and no other test proves; and that each test it names is there."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ASSUMPTIONS, ROOT, run
from threegates import lint
from threegates.workbook.exceptions import EXCEPTIONS

# Every connection, every other program and every file opened for writing, as the interpreter itself reports them.
WATCHED = """
import json, os, runpy, sys
seen = []
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")):
        if event != "ctypes.dlopen" or args[0]:  # without a name it is the interpreter itself
            seen.append([event, str(args[:1])])
    elif event == "open" and isinstance(args[0], (str, bytes)) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        seen.append(["write", os.path.abspath(os.fsdecode(args[0]))])
    elif event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree"):
        seen.append([event, os.path.abspath(os.fsdecode(args[0]))])
sys.addaudithook(watch)
try:
    runpy.run_path(sys.argv[1], run_name="__main__")
finally:
    print("\\n" + json.dumps(seen))
"""


SAMPLE = ROOT / "output/scenarios.xlsx"
ARGUMENTS = {"lint": [SAMPLE], "pull": ["--assumptions", ASSUMPTIONS, SAMPLE], "diff": [ASSUMPTIONS, SAMPLE]}


@pytest.mark.parametrize("command", ["build", "check", "mail", *ARGUMENTS])
def test_a_command_connects_to_nothing_starts_nothing_and_writes_into_the_output_folder_alone(
    command: str, tmp_path: Path, small_yaml: Path
) -> None:
    output = tmp_path / "output"
    options = ARGUMENTS.get(command, ["--assumptions", small_yaml, "--output", output])
    script = f"import sys; sys.argv[1:1] = [{str(ROOT / 'build_model.py')!r}]\n" + WATCHED.replace(
        "runpy.run_path(sys.argv[1]", "runpy.run_path(sys.argv.pop(1)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, command, *map(str, options)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "MPLCONFIGDIR": str(tmp_path / "fonts")},
    )  # fmt: skip
    seen = json.loads(done.stdout.splitlines()[-1])
    seen = [event for event in seen if event[0] != "os.fork"]  # the second edition, in a process of its own
    elsewhere = [event for event in seen if not (event[1] == str(output) or event[1].startswith(str(output) + os.sep))]
    if command == "mail":  # matplotlib's list of fonts
        elsewhere = [event for event in elsewhere if not event[1].startswith(str(tmp_path / "fonts"))]
        elsewhere = [event for event in elsewhere if event != ["subprocess.Popen", "('fc-list',)"]]
    assert elsewhere == []
    assert bool(seen) == (command in ("build", "mail"))


def test_the_bytes_depend_on_the_yaml_alone(tmp_path: Path, small_yaml: Path) -> None:
    """Not on the order of hashes, the time zone, the locale, the folder or a reader's own style of pictures."""
    (tmp_path / "matplotlibrc").write_text("figure.facecolor: red\nfont.size: 20\nsavefig.dpi: 50\n")
    here = run(
        "mail", "--output", tmp_path / "a", "--assumptions", small_yaml, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8"
    )
    there = run(
        *("mail", "--output", "b", "--assumptions", small_yaml),
        cwd=tmp_path, PYTHONHASHSEED="2", TZ="Asia/Shanghai", LC_ALL="C",
    )  # fmt: skip
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    written = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert len(written) > 20
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


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
