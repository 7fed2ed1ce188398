"""Tables in the terminal: at any width, in both languages, no number is cut and no line is too long."""

from __future__ import annotations

import io
import os
import random
import re
import select
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.conftest import how_many
from threegates import overview, progress
from threegates.definition.declare import SCENARIOS
from threegates.engine.evaluate import Results
from threegates.report import facts
from threegates.terminal import WHOLE, grid, wrapped
from threegates.text import Language


def paper(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def numbers(text: str) -> Counter[str]:
    """The numbers that fill a cell, or the rest of a line behind the name of the column."""
    cells = (cell.strip() for line in text.splitlines() for cell in re.split("[│┃]|: ", line))
    return Counter(cell for cell in cells if WHOLE.fullmatch(cell))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_check_cuts_no_number_and_no_line_is_wider_than_the_terminal(
    width: int, language: Language, results: Results, small_english
) -> None:
    overview.full(console := paper(width), results, {"en": small_english[1]}, language)
    text, model = printed(console), results.model
    view = next(view for view in model.views if view.table == SCENARIOS)
    rows = [facts.result(results, model.fields[SCENARIOS, name], language) for name in view.shown(language)]
    claims = [facts.claim(results, key, language) for key in model.keys["claims"]]
    expected = [value for row in rows for value in row["values"]]
    expected += [claim[c] for claim in claims if claim["code"] for c in ("low", "high", "model_low", "model_high")]
    expected = [value for value in expected if WHOLE.fullmatch(value)]
    assert len(expected) > 100
    assert Counter(expected) - numbers(text) == Counter()
    for value in expected:
        digits = re.sub(r"e\d+| ?%|[,.]", "", value).strip("0")
        assert len(digits) <= 4, value
    tables = [line for line in text.splitlines() if not line.endswith(("0.0e+00",))]
    assert max(map(cell_len, tables)) <= width
    assert not re.search(r"\d…", text)


def test_scenarios_that_do_not_fit_side_by_side_are_shown_in_blocks_alike(results: Results, small_english) -> None:
    shown = {}
    for width in (40, 80, 200):
        overview.full(console := paper(width), results, {"en": small_english[1]}, "en")
        before = printed(console).partition("Published claims")[0]
        shown[width] = [len(line.split("┃")) - 4 for line in before.splitlines() if "┃ unit" in line]
    assert shown == {40: [1] * 8, 80: [3, 3, 2], 200: [8]}


KINDS = (
    lambda dice: f"{dice.choice([1, 1e3, 1e6, 1e10]) * dice.uniform(-1, 1):,.{dice.randint(0, 4)}f}",
    lambda dice: f"{dice.uniform(1, 9.9):.3f}e{dice.randint(12, 40)}",
    lambda dice: f"{dice.uniform(0, 100):.2f} %",
    lambda dice: "".join(dice.choices("ab_ -–（）卡，万", k=dice.randint(0, 50))),
    lambda dice: f"{'卡' * dice.randint(0, 9)}{dice.randint(1000, 9999)}{'万' * dice.randint(1, 9)}",
)


@pytest.mark.parametrize("count", how_many(100, 10_000))
def test_no_number_is_cut_in_any_table_at_any_width(count: int) -> None:
    dice = random.Random(7)
    for _ in range(count):
        width, columns = dice.randint(20, 200), dice.randint(1, 5)
        rows = [
            (*(dice.choice(KINDS[3:])(dice) for _ in range(2)), *(dice.choice(KINDS)(dice) for _ in range(columns)))
            for _ in range(dice.randint(1, 4))
        ]
        grid(console := paper(width), "t", ["a", "b", *"xyzuv"[:columns]], rows, range(2, 2 + columns))
        text, cells = printed(console), [cell for row in rows for cell in row]
        assert Counter(cell for cell in cells if WHOLE.fullmatch(cell)) - numbers(text) == Counter()
        assert [inside for inside in re.findall(r"\d{4}(?=万)", "\n".join(cells)) if inside not in text] == []
        assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("the gate that opens last", 10, ["the gate", "that opens", "last"]),
        ("最晚打开的一关（无：全部已开）", 8, ["最晚打开", "的一关", "（无：全", "部已开）"]),
        ("共1,234,567张卡", 6, ["共", "1,234,567", "张卡"]),
        ("a_long_name_of_an_input", 10, ["a_long_nam", "e_of_an_in", "put"]),
        ("", 10, [""]),
    ],
)
def test_a_text_is_broken_between_words_and_chinese_between_signs(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@contextmanager
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Output goes to a terminal, and what takes 0.05 s takes long; gives the end that a person looks at."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream, os.fdopen(ours), monkeypatch.context() as patched:
        for name in ("stdout", "stderr"):
            patched.setattr(f"sys.{name}", stream)
        patched.setenv("TERM", "xterm")
        patched.setattr(progress, "SECONDS", 0.05)
        yield ours


def test_what_takes_long_is_said_in_a_line_that_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    with screen(monkeypatch) as end:
        with progress.Progress() as at_work:
            at_work.step("reading")
            time.sleep(0.1)
            at_work.step("computing")
        seen, limit = "", time.monotonic() + 10
        while not seen.endswith("\r") or "computing" not in seen:  # a terminal passes on in parts what it gets
            assert time.monotonic() < limit
            if select.select([end], [], [], 0.1)[0]:
                seen += os.read(end, 10_000).decode()
    assert "reading ..." in seen
    assert seen.split("\r")[-3:] == ["computing ...", " " * len("computing ..."), ""]


def test_what_is_quick_or_quiet_or_goes_into_a_pipe_says_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with screen(monkeypatch) as end:
        with progress.Progress() as quick:
            quick.step("reading")
        with progress.Progress(wanted=False) as quiet:
            slow(quiet)
        with (tmp_path / "file").open("w") as file, monkeypatch.context() as piped:
            piped.setattr("sys.stdout", file)
            with progress.Progress() as unseen:
                slow(unseen)
        assert select.select([end], [], [], 0.2)[0] == []


def slow(at_work: progress.Progress) -> None:
    at_work.step("reading")
    time.sleep(0.1)
    at_work.step("computing")
