"""What the tests share: the default model, its built workbooks, and ways to edit the assumptions as a person would."""

from __future__ import annotations

import copy
import gc
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import small
from tests.small import ASSUMPTIONS
from threegates.definition import MODEL
from threegates.engine import evaluate, model
from threegates.text import LANGUAGES, Language
from threegates.workbook import double_entry, layout, placing

gc.set_threshold(200_000, 20, 100)  # builds allocate much and keep little; a command does without altogether

ROOT = Path(__file__).resolve().parent.parent
Load = Callable[..., model.Model]


def load(path: Path = ASSUMPTIONS, extra: tuple = ()) -> model.Model:
    return model.load(path, replace(MODEL, equations=(*MODEL.equations, *extra)))


@pytest.fixture(scope="session")
def default_model() -> model.Model:
    return load()


@pytest.fixture(scope="session")
def results(default_model: model.Model) -> evaluate.Results:
    return evaluate.evaluate(default_model)


@pytest.fixture(scope="session")
def english(results: evaluate.Results) -> tuple[layout.Layout, double_entry.Edition]:
    return built(results, "en")


@pytest.fixture(scope="session")
def chinese(results: evaluate.Results) -> tuple[layout.Layout, double_entry.Edition]:
    return built(results, "zh")


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
def small_package(small_yaml: Path) -> bytes:
    """The workbook of the smallest assumptions, so that it can be broken many times."""
    return built(evaluate.evaluate(load(small_yaml)))[1].package


def built(results: evaluate.Results, language: Language = "en") -> tuple[layout.Layout, double_entry.Edition]:
    placed = placing.place(results.model, language)
    return placed, double_entry.double_entry(placed, results)


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


def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it."""
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
