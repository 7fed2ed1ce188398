"""Two computations at the same time: the second in a process of its own, where the machine has a core for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

Ask = Callable[[], Any]  # waits for what the first process sends
Work = Callable[[Ask], Any]


def can_fork() -> bool:
    """Whether a second process is safe here and has a core: not beside other threads, whose locks a fork would copy.

    Elsewhere than on Linux, forks break system libraries.
    """
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


class Second:
    """The process that does ``work``, and does not outlive the ``with`` block.

    :meth:`send` gives it what it waits for, :meth:`result` waits for the answer.
    """

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("fork")
        question, self._question = context.Pipe(duplex=False)
        self._answer, answer = context.Pipe(duplex=False)
        ends = (self._question, self._answer)  # as the process would hold them open, too
        self._work = work
        self._process = context.Process(target=_run, args=(work, question, answer, ends), daemon=True)
        self._process.start()
        question.close()
        answer.close()  # so that the end of the process is seen

    def __enter__(self) -> Second:
        return self

    def send(self, value: Any) -> None:
        with suppress(OSError):  # where it has ended; result() says how
            self._question.send(value)

    def result(self, value: Any = None) -> Any:
        """The answer, or what was raised there. ``value`` is what was sent: a process that was killed is done without."""
        try:
            answer = self._answer.recv()
        except (EOFError, OSError):
            return self._work(lambda: value)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._question.close()
        self._answer.close()


def _run(work: Work, question: Connection, answer: Connection, others: tuple[Connection, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the first process says that it was interrupted
    for end in others:
        end.close()
    try:
        found: Any = work(question.recv)
    except EOFError:  # the first process has ended
        return
    except Exception as error:
        found = error
    with suppress(OSError):
        answer.send(found)
