"""The wheel: what is in it, and that it does, in an environment and a folder of its own, what the checkout does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, digest, invoke, run
from threegates import __version__, resources

TEMPLATES = sorted(path.name for path in (ROOT / "templates").iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone, which sees the libraries of this one; the folder of its commands."""
    folder = tmp_path_factory.mktemp("environment")
    made = venv.EnvBuilder(with_pip=False)
    made.create(folder)
    commands = Path(made.ensure_directories(folder).env_exe).parent
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "installed_base": str(folder)}))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    pip("--python", commands / "python", "install", wheel)
    return commands


def pip(*arguments: str | Path) -> None:
    """Pip without any index."""
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")
    subprocess.run([sys.executable, "-m", "pip", *arguments, *offline], check=True, capture_output=True)


def command(environment: Path, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [environment / "threegates", *arguments],
        cwd=cwd, env=clean | {"PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def files_in(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): digest(p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_wheel_holds_the_package_with_what_it_reads_and_nothing_else(wheel: Path) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "threegates").rglob("*.py")}
    read = {f"threegates/{name}" for name in (*resources.editable(), *(f"templates/{name}" for name in TEMPLATES))}
    with zipfile.ZipFile(wheel) as package:
        held = {name for name in package.namelist() if ".dist-info/" not in name}
    assert held == modules | read | {"threegates/py.typed"}


@pytest.mark.parametrize("arguments", [[], pytest.param(["mail"], marks=pytest.mark.slow)])
def test_an_analyst_starts_in_an_empty_folder_and_builds_what_the_checkout_builds(
    arguments: list[str],
    environment: Path,
    default_build: tuple[Path, subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    """The files laid down are those of the checkout, and every output of them the same, byte for byte."""
    started = command(environment, "init", "mine", cwd=tmp_path)
    assert (started.returncode, started.stderr) == (0, "")
    assert started.stdout == (
        f"wrote assumptions.yaml, assumptions.schema.json and data/ into {tmp_path / 'mine'}\n"
        "next: change a number in assumptions.yaml, then run `threegates` in that folder\n"
    )
    assert files_in(tmp_path / "mine") == {name: digest((ROOT / name).read_bytes()) for name in resources.editable()}
    built = command(environment, *arguments, cwd=tmp_path / "mine")
    assert (built.returncode, built.stderr) == (0, "")
    ours = tmp_path / "ours" if arguments else default_build[0]
    assert not arguments or run("--output", ours, *arguments).returncode == 0
    assert files_in(tmp_path / "mine" / "output") == files_in(ours)


def test_the_installed_command_and_module_give_their_version(environment: Path, tmp_path: Path) -> None:
    module = [environment / "python", "-m", "threegates", "--version"]
    words = f"Three Gates, version {__version__}\n"
    assert command(environment, "--version", cwd=tmp_path).stdout == words
    assert subprocess.run(module, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == words


def test_init_overwrites_nothing_and_names_all_that_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("assumptions.yaml", "data/chips.yaml"):
        (tmp_path / name).write_text("mine", "utf-8")
    before = files_in(tmp_path)
    done = invoke("init", tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path}: the folder: found assumptions.yaml, data/chips.yaml; allowed: a folder without them; "
        "move them away, or name another folder\n"
    )
    assert files_in(tmp_path) == before


def test_init_says_it_in_a_sentence_where_the_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = invoke("init", tmp_path / "file")
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'file'}: output: cannot be written: file exists; check folder\n"


def test_an_analyst_who_starts_in_the_folder_itself_need_not_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("init").returncode == 0
    assert sorted(files_in(tmp_path)) == sorted(resources.editable())


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the program, to be broken; with what Python has compiled of it, which takes longer than the test."""
    shutil.copytree(ROOT / "threegates", tmp_path / "copy" / "threegates")
    for name in ("templates", "data"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    for name in ("build_model.py", "pyproject.toml", "assumptions.yaml", "assumptions.schema.json"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("templates/summary.md.j2", ["--language", "en"]),
        ("assumptions.schema.json", ["init", "new"]),
        ("data", ["init", "new"]),
    ],
)
def test_a_file_of_the_program_that_is_missing_is_a_fault_of_the_installation(
    name: str, arguments: list[str], broken: Path, small_yaml: Path, tmp_path: Path
) -> None:
    path = broken / name
    path.rename(path.with_name("away"))
    done = program(broken, arguments, small_yaml, tmp_path)
    assert done.stderr == f"{path}: cannot be read: no such file or directory; reinstall Three Gates\n"
    assert done.returncode == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy"]


@pytest.mark.skipif(os.name != "posix", reason="Windows gives another reason")
def test_a_template_that_cannot_be_read_is_one_too(broken: Path, small_yaml: Path, tmp_path: Path) -> None:
    path = broken / "templates" / "parts.zh.md.j2"
    path.unlink()
    path.mkdir()
    done = program(broken, ["--language", "zh"], small_yaml, tmp_path)
    assert done.stderr == f"{path}: cannot be read: is a directory; reinstall Three Gates\n"
    assert done.returncode == 3


def program(copy: Path, arguments: list[str], assumptions: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    given = arguments if "init" in arguments else [*arguments, "--assumptions", str(assumptions)]
    command = [sys.executable, copy / "build_model.py", *given]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
