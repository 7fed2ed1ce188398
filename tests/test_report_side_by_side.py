"""Two computations at once: the second process answers, fails and ends as the first would."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import pytest

from tests.conftest import digest
from threegates.engine.evaluate import Results
from threegates.problems import InputError, Problem
from threegates.report import editions, side_by_side
from threegates.report.side_by_side import Ask, Second

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a second process needs Linux")


def test_the_second_process_waits_for_what_it_is_sent_and_answers() -> None:
    with Second(lambda ask: (ask(), os.getpid())) as process:
        process.send("sent")
        answer, there = process.result("sent")
    assert answer == "sent"
    assert there != os.getpid()


def test_a_problem_found_there_comes_back_whole() -> None:
    problem = Problem("a.yaml", 3, "mfu", "found 2", "a number of at most 1", "")

    def work(_: Ask) -> Any:
        raise InputError([problem])

    with Second(work) as process, pytest.raises(InputError) as caught:
        process.result(None)
    assert caught.value.problems == (problem,)
    assert str(caught.value) == str(problem)


def test_a_process_that_is_killed_is_done_without() -> None:
    here = os.getpid()

    def work(ask: Ask) -> Any:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return ask()

    with Second(work) as process:
        process.send("sent")
        assert process.result("sent") == "sent"


def test_the_second_process_does_not_outlive_the_first_ones_trouble() -> None:
    with pytest.raises(RuntimeError, match="trouble"), Second(lambda ask: ask()) as process:
        raise RuntimeError("trouble")
    assert process._process.exitcode is not None


def test_editions_are_the_same_bytes_in_one_process_and_in_two(
    monkeypatch: pytest.MonkeyPatch, small_results: Results
) -> None:
    monkeypatch.setattr(side_by_side, "can_fork", lambda: True)
    both = editions.solve(small_results, ("en", "zh"))
    monkeypatch.setattr(side_by_side, "can_fork", lambda: False)
    alone = editions.solve(small_results, ("en", "zh"))
    assert list(both) == list(alone)
    assert {language: digest(edition.package) for language, edition in both.items()} == {
        language: digest(edition.package) for language, edition in alone.items()
    }
