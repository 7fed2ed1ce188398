"""Speed as ratios within one run: commands in turn; of builds the least of all rounds, else the median of the ratios.

Usage: python benchmarks/bench.py [RUNS]
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import formualizer
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from openpyxl import Workbook, load_workbook  # noqa: E402  # after the package, which tells it to do without lxml

from tests import by_hand  # noqa: E402
from tests.engines import office_profile  # noqa: E402
from threegates import __version__  # noqa: E402
from threegates.definition import MODEL  # noqa: E402
from threegates.engine import evaluate, model, montecarlo  # noqa: E402
from threegates.text import LANGUAGES  # noqa: E402
from threegates.workbook import double_entry, placing  # noqa: E402

ASSUMPTIONS = ROOT / "assumptions.yaml"
FLOOR_LIMIT, ALONE_LIMIT, HELP_LIMIT, GROWTH_LIMIT, SAMPLING_LIMIT = 1.2, 1.9, 0.1, 1.0, 1.1
DRAWS = 1_000_000
SIZES = (6, 60, 180)  # of scenarios; the engine takes 100,000 formulas a workbook
# The floor does without lxml, as the package tells openpyxl to.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "OPENPYXL_LXML": "False"}


def load(path: Path) -> model.Model:
    return model.load(path, MODEL)


class Spent(NamedTuple):
    """Seconds that a command took, by the clock and of the processor, its children included."""

    wall: float
    cpu: float


def spent(command: list[str | Path], cores: int = 0) -> Spent:
    """What one run takes; ``cores`` keeps it on so many (Linux)."""
    allowed = set(sorted(os.sched_getaffinity(0))[:cores]) if cores else set()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, env=ENVIRONMENT,
        preexec_fn=(lambda: os.sched_setaffinity(0, allowed)) if allowed else None,  # no threads here
    )  # fmt: skip
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def seconds(command: list[str | Path]) -> float:
    return spent(command).wall


# In a process of its own: a child begins with the peak of the process that starts it.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"  # fmt: skip


def megabytes(command: list[str | Path]) -> float:
    """Peak memory of a command; POSIX."""
    done = subprocess.run([sys.executable, "-c", PEAK, *command], check=True, capture_output=True, env=ENVIRONMENT)
    return int(done.stdout) / (1_000_000 if sys.platform == "darwin" else 1_000)


def build(assumptions: Path, folder: Path, *languages: str) -> list[str | Path]:
    """A build of what the YAML says, or of one edition."""
    chosen = [option for language in languages for option in ("--language", language)]
    return [sys.executable, ROOT / "build_model.py", "--assumptions", assumptions, "--output", folder, *chosen]


def least(commands: Mapping[str, list[str | Path]], runs: int, cores: int = 0) -> dict[str, Spent]:
    """The least that each command takes of ``runs`` rounds, in each of which all run in turn, after a warm-up."""
    rounds = [{name: spent(command, cores) for name, command in commands.items()} for _ in range(runs + 1)][1:]
    return {name: Spent(*(min(taken) for taken in zip(*(r[name] for r in rounds), strict=True))) for name in commands}


def against_floor(folder: Path, runs: int) -> Iterator[tuple[str, str, float, float | None]]:
    """Builds over the floor, an edition each: what, the seconds, the ratio, and the limit where there is one."""
    default = build(ASSUMPTIONS, folder)
    seconds(default)
    shape = folder / "shape.json"
    shape.write_text(json.dumps(cells_of(folder / "scenarios.xlsx")), "utf-8")
    commands = {
        "default": default,
        "alone": build(ASSUMPTIONS, folder, "en"),
        "help": [sys.executable, ROOT / "build_model.py", "--help"],
        "floor": [sys.executable, ROOT / "benchmarks" / "floor.py", ASSUMPTIONS, shape, folder / "floor.xlsx"],
    }

    def row(what: str, took: dict[str, Spent], name: str, over: str, editions: int, limit: float | None) -> Any:
        ours, theirs = took[name], took[over]
        measured = (
            f"{ours.wall / editions:.2f} s / {theirs.wall:.2f} s (CPU {ours.cpu / editions:.2f} / {theirs.cpu:.2f})"
        )
        return what, measured, ours.wall / editions / theirs.wall, limit

    took = least(commands, runs)
    yield row("default build, an edition / floor", took, "default", "floor", len(LANGUAGES), FLOOR_LIMIT)
    yield row("build of one edition alone / floor", took, "alone", "floor", 1, ALONE_LIMIT)
    yield row("--help / default build", took, "help", "default", 1, HELP_LIMIT)
    if hasattr(os, "sched_setaffinity"):
        one = least({name: commands[name] for name in ("default", "floor")}, runs, cores=1)
        yield row("default build on one core, an edition / floor", one, "default", "floor", len(LANGUAGES), None)


def cells_of(path: Path) -> list[list[tuple[int, int, str | float]]]:
    def plain(value: object) -> str | float:
        return value if isinstance(value, int | float | str) else str(value)

    workbook = load_workbook(path)
    return [
        [(c.row, c.column, plain(c.value)) for row in sheet.iter_rows() for c in row if c.value is not None]
        for sheet in workbook
    ]


def many_scenarios(folder: Path, count: int) -> Path:
    """The default assumptions with ``count`` scenarios: copies of the last one after the anchor."""
    text = ASSUMPTIONS.read_text("utf-8")
    path = folder / str(count) / "assumptions.yaml"
    shutil.copytree(ASSUMPTIONS.parent / "data", path.parent / "data", dirs_exist_ok=True)
    if count == 6:  # fewer than the default: without the last two, and what speaks of them
        path.write_text(text.replace("  yours: your_scenario", "  # yours:"), "utf-8")
        gone = {
            path: ("gpt6_low_rubin", "your_scenario"),
            path.parent / "data/published.yaml": ("other_reading_share",),
        }
        for file, names in gone.items():
            for name in names:
                shorter = re.sub(rf"\n  {name}:.*\n(    .*\n)+", "\n", file.read_text("utf-8"), count=1)
                file.write_text(shorter, "utf-8")
        return path
    start, end = text.index("\n  gpt6_low_rubin:\n"), text.index("\n# Numbers that are the same")
    block = text[start : text.index("\n  your_scenario:")].rstrip()
    known = len(load(ASSUMPTIONS).keys["scenarios"])
    copies = "".join(block.replace("gpt6_low_rubin", f"copy_{i}") for i in range(count - known))
    path.write_text(text[:end].rstrip() + copies + "\n" + text[end:], "utf-8")
    return path


def per_scenario(path: Path, runs: int) -> float:
    """Seconds a scenario of the whole way in one process: load, evaluate, place, write, recalculate, compare."""
    taken, count = [], 0
    for _ in range(runs):
        started = time.perf_counter()
        results = evaluate.evaluate(load(path))
        double_entry.double_entry(placing.place(results.model, "en"), results)
        taken.append(time.perf_counter() - started)
        count = len(results.model.keys["scenarios"])
    return statistics.median(taken) / count


def against_libreoffice(folder: Path, runs: int) -> tuple[float, float, float] | None:
    """Median seconds of recalculating the default workbook by formualizer and by LibreOffice, and the median ratio.

    LibreOffice starts, reads and writes for each: a workbook with one cell says how long that takes, and is taken off.
    """
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        return None
    workbook = (folder / "scenarios.xlsx").read_bytes()
    one = folder / "one.xlsx"
    Workbook().save(one)
    profile = office_profile(folder)
    convert = [
        command,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        folder / "office",
    ]
    seconds([*convert, one])
    pairs = []
    for _ in range(runs):
        started = time.perf_counter()
        formualizer.recalculate_xlsx_bytes(workbook)
        ours = time.perf_counter() - started
        pairs.append((ours, seconds([*convert, folder / "scenarios.xlsx"]) - seconds([*convert, one])))
    ours_all, theirs_all = zip(*pairs, strict=True)
    return (
        statistics.median(ours_all),
        statistics.median(theirs_all),
        statistics.median(theirs / ours for ours, theirs in pairs),
    )


def memory(folder: Path) -> tuple[float, float]:
    """Peak megabytes of a build with the default scenarios, and with the most that are measured."""
    few, many = (build(path, folder, "en") for path in (ASSUMPTIONS, many_scenarios(folder, SIZES[2])))
    return megabytes(few), megabytes(many)


def sampling(runs: int) -> tuple[float, float, float]:
    """Median seconds of a million draws over all scenarios and outputs, of the same by hand, and the median ratio."""
    base, data = evaluate.evaluate(load(ASSUMPTIONS)), by_hand.load(ASSUMPTIONS)
    pairs = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        given = montecarlo.shared(base, montecarlo.draw(base, DRAWS, seed=1))
        for scenario in base.model.keys["scenarios"]:
            montecarlo.outputs(base, given, scenario)
        between = time.perf_counter()
        hand = by_hand.ByHand(data, DRAWS, seed=1)
        for scenario in data["scenarios"]:
            hand.scenario(scenario)
        pairs.append((between - started, time.perf_counter() - between))
    ours, theirs = zip(*pairs[1:], strict=True)  # the first warms up
    return statistics.median(ours), statistics.median(theirs), statistics.median(a / b for a, b in pairs[1:])


def main(runs: int) -> None:
    console = Console(width=120)
    libraries = ", ".join(f"{name} {version(name)}" for name in ("openpyxl", "formualizer", "pandas", "numpy"))
    console.print(f"Three Gates {__version__}, Python {platform.python_version()}, {libraries}")
    if office := shutil.which("soffice"):
        console.print(subprocess.run([office, "--version"], check=True, capture_output=True, text=True).stdout.strip())
    console.print(f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores; {runs} rounds")
    grid = Table("what", "measured", "ratio", "limit")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, measured, ratio, limit in against_floor(folder, runs):
            grid.add_row(what, measured, f"{ratio:.2f}", "" if limit is None else f"{limit}")
        costs = {n: per_scenario(many_scenarios(folder, n), runs) for n in SIZES}
        for n in SIZES[1:]:
            grid.add_row(
                f"cost of a scenario, {n} / {SIZES[0]}", f"{1000 * costs[n]:.1f} ms / {1000 * costs[SIZES[0]]:.1f} ms",
                f"{costs[n] / costs[SIZES[0]]:.2f}", f"{GROWTH_LIMIT}",
            )  # fmt: skip
        grid.add_row(
            f"cost of a scenario, {SIZES[2]} / {SIZES[1]}",
            "",
            f"{costs[SIZES[2]] / costs[SIZES[1]]:.2f}",
            f"{GROWTH_LIMIT}",
        )
        if (office := against_libreoffice(folder, runs)) is not None:
            grid.add_row(
                "recalculation by LibreOffice / by formualizer", f"{office[1]:.2f} s / {office[0]:.2f} s",
                f"{office[2]:.1f}", "",
            )  # fmt: skip
        few, many = memory(folder)
        grid.add_row(
            f"peak memory, {SIZES[2]} scenarios / default", f"{many:.0f} MB / {few:.0f} MB", f"{many / few:.1f}", ""
        )
        ours, hand, ratio = sampling(min(runs, 5))
        grid.add_row(
            f"{DRAWS:,} draws / the same by hand in NumPy", f"{ours:.2f} s / {hand:.2f} s", f"{ratio:.2f}",
            f"{SAMPLING_LIMIT}",
        )  # fmt: skip
    console.print(grid)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
