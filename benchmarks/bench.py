"""Speed as ratios within one run: each pair of commands in turn, the median of the ratios.

Usage: python benchmarks/bench.py [RUNS]
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from openpyxl import load_workbook
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from threegates import __version__, equations, layout, model, recalculate, sheets, table  # noqa: E402

ASSUMPTIONS = ROOT / "assumptions.yaml"
FLOOR_LIMIT, GROWTH_LIMIT, SWEEP_LIMIT_SECONDS = 1.75, 1.0, 5.0
SWEEP = 1_000_000
SIZES = (6, 60, 240)


def load(path: Path) -> model.Model:
    return model.load(path, equations.EQUATIONS, sheets.TABLES, sheets.SHEETS, sheets.VIEWS)


def seconds(command: list[str | Path]) -> float:
    started = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started


def against_floor(folder: Path, runs: int) -> tuple[float, float, float]:
    """Median seconds of a build and of the floor, and the median ratio, pair by pair after a warm-up."""
    build = [sys.executable, ROOT / "build_model.py", "--assumptions", ASSUMPTIONS, "--output", folder]
    seconds(build)
    shape = folder / "shape.json"
    shape.write_text(json.dumps(cells_of(folder / "scenarios.xlsx")), "utf-8")
    floor = [sys.executable, ROOT / "benchmarks" / "floor.py", ASSUMPTIONS, shape, folder / "floor.xlsx"]
    seconds(floor)
    pairs = [(seconds(build), seconds(floor)) for _ in range(runs)]
    builds, floors = zip(*pairs, strict=True)
    return statistics.median(builds), statistics.median(floors), statistics.median(b / f for b, f in pairs)


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
    if count == 6:  # one fewer than the default: without the last scenario, and the reading that speaks of it
        for name in ("gpt6_low_rubin", "other_reading_share"):
            text = re.sub(rf"\n  {name}:\n(    .*\n)+", "\n", text, count=1)
        path = folder / "assumptions.6.yaml"
        path.write_text(text, "utf-8")
        return path
    start, end = text.index("\n  gpt6_low_rubin:\n"), text.index("\n# Numbers that are the same")
    block = text[start:end].rstrip()
    known = len(load(ASSUMPTIONS).keys["scenarios"])
    copies = "".join(block.replace("gpt6_low_rubin", f"copy_{i}") for i in range(count - known))
    path = folder / f"assumptions.{count}.yaml"
    path.write_text(text[:end].rstrip() + copies + "\n" + text[end:], "utf-8")
    return path


def per_scenario(path: Path, runs: int) -> float:
    """Seconds a scenario of the whole way in one process: load, evaluate, place, write, recalculate, compare."""
    taken, count = [], 0
    for _ in range(runs):
        started = time.perf_counter()
        results = table.evaluate(load(path))
        recalculate.double_entry(layout.place(results.model, "en"), results)
        taken.append(time.perf_counter() - started)
        count = len(results.model.keys["scenarios"])
    return statistics.median(taken) / count


def sweep(runs: int) -> float:
    """Seconds for a million scenarios through the equations."""
    base = table.evaluate(load(ASSUMPTIONS))
    chips = np.array(["h100_sxm", "b200_hgx", "vr200_nvl72"], dtype=object)
    inputs = {
        "mfu": np.linspace(0.1, 0.6, SWEEP),
        "months": np.linspace(1, 12, SWEEP),
        "params_multiple": np.linspace(1, 100, SWEEP),
        "chip": chips[np.arange(SWEEP) % 3],
        "precision": np.full(SWEEP, "fp8", dtype=object),
    }
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        table.sweep(base.model, base, inputs)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main(runs: int) -> None:
    console = Console(width=120)
    console.print(
        f"Three Gates {__version__}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {runs} runs, medians"
    )
    grid = Table("what", "measured", "ratio", "limit")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build, floor, ratio = against_floor(folder, runs)
        grid.add_row("default build / floor", f"{build:.2f} s / {floor:.2f} s", f"{ratio:.2f}", f"{FLOOR_LIMIT}")
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
        grid.add_row(
            f"{SWEEP:,} scenarios through the table", f"{sweep(min(runs, 3)):.2f} s", "", f"{SWEEP_LIMIT_SECONDS} s"
        )
    console.print(grid)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
