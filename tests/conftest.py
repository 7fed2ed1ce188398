"""What the tests share: the default model, its built workbooks, and ways to edit the assumptions as a person would."""

from __future__ import annotations

import copy
import gc
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import small
from tests.small import ASSUMPTIONS
from tests.watched import Watched, watched
from threegates import cli
from threegates.definition import MODEL
from threegates.engine import evaluate, model, montecarlo
from threegates.text import LANGUAGES, Language
from threegates.workbook import double_entry, layout, placing

try:
    import fcntl
except ImportError:  # Windows: then each worker makes its own
    fcntl = None  # type: ignore[assignment]

os.environ.pop("COLUMNS", None)  # workers of pytest-xdist get 80; commands in this process print as into a pipe
gc.set_threshold(200_000, 20, 100)  # builds allocate much and keep little; a command does without altogether

ROOT = Path(__file__).resolve().parent.parent
VINTAGE = ROOT / "vintages/2026-11.yaml"
Load = Callable[..., model.Model]
Once = Callable[[str, Callable[[], Any]], Any]


def load(path: Path = ASSUMPTIONS, extra: tuple = ()) -> model.Model:
    return model.load(path, replace(MODEL, equations=(*MODEL.equations, *extra)))


@pytest.fixture(scope="session")
def default_model() -> model.Model:
    return load()


@pytest.fixture(scope="session")
def results(default_model: model.Model) -> evaluate.Results:
    return evaluate.evaluate(default_model)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a thing once for all workers of a run: the first one makes it, the others read it from a file."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def get(name: str, make: Callable[[], Any]) -> Any:
        path = folder / f"{name}.pickle"
        with (folder / f"{name}.lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                part = path.with_suffix(f".{os.getpid()}")
                part.write_bytes(pickle.dumps(make()))
                part.replace(path)
        return pickle.loads(path.read_bytes())  # noqa: S301  # written by this run

    return get


@pytest.fixture(scope="session")
def vintage() -> evaluate.Results:
    """The second vintage, evaluated."""
    return evaluate.evaluate(load(VINTAGE))


@pytest.fixture(scope="session")
def vintage_english(vintage: evaluate.Results, once: Once) -> tuple[layout.Layout, double_entry.Edition]:
    return once_built("vintage", vintage, "en", once)


@pytest.fixture(scope="session")
def english(results: evaluate.Results, once: Once) -> tuple[layout.Layout, double_entry.Edition]:
    return once_built("default", results, "en", once)


@pytest.fixture(scope="session")
def chinese(results: evaluate.Results, once: Once) -> tuple[layout.Layout, double_entry.Edition]:
    return once_built("default", results, "zh", once)


@pytest.fixture(scope="session", params=LANGUAGES)
def edition(request: pytest.FixtureRequest) -> tuple[layout.Layout, double_entry.Edition]:
    """The default workbook in each language: its layout, and the sealed package with its values."""
    return request.getfixturevalue({"en": "english", "zh": "chinese"}[request.param])


@pytest.fixture(scope="session")
def small_yaml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest assumptions, in both languages: for what does not depend on the figures."""
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    data = small.smallest()
    path.write_text(small.dump(data | {"report": data["report"] | {"languages": ["en", "zh"]}}), "utf-8")
    return path


@pytest.fixture(scope="session")
def small_results(small_yaml: Path) -> evaluate.Results:
    return evaluate.evaluate(load(small_yaml))


@pytest.fixture(scope="session")
def small_english(small_results: evaluate.Results, once: Once) -> tuple[layout.Layout, double_entry.Edition]:
    placed = placing.place(small_results.model, "en")
    return placed, once("small_english", lambda: double_entry.double_entry(placed, small_results))


@pytest.fixture(scope="session")
def small_package(small_english: tuple[layout.Layout, double_entry.Edition]) -> bytes:
    """The workbook of the smallest assumptions, so that it can be broken many times."""
    return small_english[1].package


@pytest.fixture(scope="session")
def mailed(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """What the command mail writes for the smallest assumptions in both languages, and what it does meanwhile."""

    def make() -> Watched:
        folder = tmp_path_factory.mktemp("mail")
        data = small.smallest()
        headers = {"from": "Ann <ann@example.com>", "to": ["李 <li@example.com>", "b@example.com"]}
        whole = data | {"mail": headers, "report": data["report"] | {"languages": ["en", "zh"]}}
        (folder / "small.yaml").write_text(small.dump(whole), "utf-8")
        files = ["--assumptions", folder / "small.yaml", "--output", folder / "output"]
        return watched(folder, ["mail", *files], PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")

    return once("mailed", make)


@pytest.fixture(scope="session")
def default_build(
    once: Once, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The default build, made by the command itself: its folder, and what it said."""
    return once("default_build", lambda: (folder := tmp_path_factory.mktemp("output"), run("--output", folder)))


def digest(content: bytes) -> str:
    """Stands for a whole file in a comparison: pytest takes many minutes to say how two large ones differ."""
    return hashlib.sha256(content).hexdigest()


def built(results: evaluate.Results, language: Language = "en") -> tuple[layout.Layout, double_entry.Edition]:
    placed = placing.place(results.model, language)
    return placed, double_entry.double_entry(placed, results)


def once_built(
    name: str, results: evaluate.Results, language: Language, once: Once
) -> tuple[layout.Layout, double_entry.Edition]:
    """A workbook that many tests look at: its editions share what was drawn, as those of a build do."""
    placed = placing.place(results.model, language)

    def make() -> double_entry.Edition:
        sampled = once(f"{name}_sampled", lambda: montecarlo.sample(results))
        return double_entry.double_entry(placed, results, lambda: sampled)

    return placed, once(f"{name}_{language}", make)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Writes a copy of the assumptions, and of what they include, in which each text of ``changes`` is replaced once."""

    def edit(*changes: tuple[str, str], name: str = "assumptions.yaml") -> Path:
        return small.copied(tmp_path, *changes, name=name)

    return edit


@pytest.fixture
def small_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes the smallest assumptions, in which ``changes`` say what stands at the end of a path of keys."""

    def write(changes: dict[tuple[str, ...], Any] | None = None, name: str = "small.yaml") -> Path:
        data = copy.deepcopy(small.smallest())
        for (*path, last), value in (changes or {}).items():
            place = data
            for key in path:
                place = place[key]
            place[last] = value
        (tmp_path / name).write_text(small.dump(data), "utf-8")
        return tmp_path / name

    return write


def how_many(few: int, many: int, parts: int = 1) -> list[Any]:
    """The sizes of a loop: few rounds in `make test`, many in `make slow`, in parts that workers can share."""
    size = many // parts
    return [few, *(pytest.param(size, marks=pytest.mark.slow, id=f"{size}-{part}") for part in range(parts))]


def invoke(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line in this process, a second sooner than :func:`run`: for all that a process of its own does not prove."""
    done = CliRunner().invoke(cli.cli, [*map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it: a process, in a folder and with an environment of its own."""
    command = [sys.executable, str(ROOT / "build_model.py"), *map(str, arguments)]
    env = os.environ | {"PYTHONIOENCODING": "utf-8"} | environment
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def soffice() -> str:
    """The LibreOffice command; without it the test is skipped, and in CI fails."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs LibreOffice: .ci/run installs it")
        pytest.skip("LibreOffice is not installed")
    return command


def pytest_terminal_summary(terminalreporter) -> None:
    """What the tests have counted, as README quotes it."""
    counted: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                counted.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    for name, value in sorted(counted.items()):
        terminalreporter.write_line(f"{value:>9,} {name}")
