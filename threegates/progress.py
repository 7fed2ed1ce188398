"""A line on the terminal that says what takes long, and vanishes; nothing where no one looks on."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any

SECONDS = 1.0  # what takes no longer is not worth a line


class Progress:
    """Shows the step at work, from one second after its beginning to the end of the ``with`` block.

    The clock is a signal: a second thread would keep the editions from being made in processes of their own. Where there
    is no such signal, as on Windows, the line comes with the first step after that second.
    """

    def __init__(self, wanted: bool = True) -> None:
        seen = sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._wanted = wanted and seen
        self._begin = time.monotonic()
        self._words = self._shown = ""
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Progress:
        if self._wanted and hasattr(signal, "SIGALRM"):
            before = signal.getsignal(signal.SIGINT)
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._is_late)
            if callable(before):
                self._before[signal.SIGINT] = signal.signal(signal.SIGINT, self._interrupted)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
        return self

    def step(self, words: str) -> None:
        """What is done from now on."""
        self._words = words
        if self._wanted and time.monotonic() - self._begin > SECONDS:
            self._show(f"{words} ...")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._before:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        self._show("")

    def _is_late(self, *_: object) -> None:
        self._show(f"{self._words} ...")

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._show("")
        self._before[signal.SIGINT](number, frame)

    def _show(self, words: str) -> None:
        """Writes the line over the one before, and leaves the cursor where the next output begins."""
        if words == self._shown:
            return
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or 80  # some terminals do not tell
        words = words[: columns - 1]
        os.write(sys.stderr.fileno(), f"\r{' ' * len(self._shown)}\r{words}".encode())
        self._shown = words
