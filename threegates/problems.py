"""What went wrong, said so that a person can mend it: where, what was found, what is allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend; ``line`` (1-based, 0 for the file as a whole) sorts problems as a reader meets them."""

    file: str
    line: int
    path: str
    found: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = (self.found, self.allowed and f"allowed: {self.allowed}", self.remedy)
        return f"{place}: {self.path}: " + "; ".join(part for part in parts if part)


class InputError(Exception):
    """The input is wrong, or an output cannot be written; carries every problem found (exit code 1)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """The problems, not their text: so that the error comes whole from one process to another."""
        return type(self), (self.problems,)


class InternalError(Exception):
    """A check of ours failed although the input is right (exit code 3)."""


class InstallationError(Exception):
    """A file that comes with the program is missing or cannot be read (exit code 3)."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The words 'did you mean …?' with the nearest known name, or nothing when none is near."""
    names, typed = list(known), name.lower()
    match = difflib.get_close_matches(typed, names, n=1) or [k for k in names if len(typed) > 2 and typed in k]
    return f"did you mean {match[0]}?" if match else ""


def shorten(value: object, limit: int = 60) -> str:
    """``value`` as a reader typed it, on one line, at most ``limit`` characters."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
