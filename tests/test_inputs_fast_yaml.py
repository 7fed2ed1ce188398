"""The fast reading of YAML gives what the careful one gives, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import small
from tests.conftest import ROOT
from threegates.inputs import careful_yaml, fast_yaml
from threegates.inputs.document import Document
from threegates.inputs.read_yaml import read
from threegates.problems import InputError

REAL = (small.ASSUMPTIONS, *small.DATA, *sorted((ROOT / "vintages").glob("*.yaml")))
# What YAML is made of, and what looks like a number, a date or nothing without being one.
TOKENS = [
    "a", "key", "a b", "中", "🙂", "\u00a0", "null", "True", "yes", "~", "<<", "=", "@", "`", "\\",
    "1", "1.5", "1e3", "-0", "+1", "043", "1_000", "0x1F", "0o7", ".5", "-.5e-3", ".inf", ".nan", "1:30", "1e400",
    "2024-01-01", "2024-13-01", "2024-10", "2024-1-1 1:02:03", "'", '"', "''", '""', '"\\x07"', '"_x0041_"', "'it''s'",
    "- ", "-", ": ", ":", "? ", "?", ", ", ",", "{", "}", "[", "]", "{a: b, c}", '{"a":1}', "[a: b]", "&x ", "*x", "!t ",
    "!!int ", "% ", "#", " #", "|\n", "|-\n  x\n", ">+\n\n", "\n", "\n  ", "\n    ", "\n- ", "\r\n", "\r", "\t", "\x85",
    "\u2028", "\ufeff", "---\n", "...\n", "%YAML 1.1\n", "a: 1\n", "b: {c: 2}\n", "c:\n  - 1\n", " ", "[" * 14,
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=12).map("".join)


def careful(text: str) -> Any:
    """Data and lines; where there is something to report, its sentences."""
    document = Document("some.yaml", "")
    try:
        careful_yaml.parse(document, text)
    except InputError as error:
        return error.problems
    return document.problems or (document.data, document.lines)


def agree(text: str) -> bool:
    """Whether the fast reading took the text; what it takes is compared, kinds of numbers included."""
    found = fast_yaml.parse(text)
    assert found is None or repr(found) == repr(careful(text))
    return found is not None


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_real_files_are_read_fast_and_alike(path: Path) -> None:
    assert agree(path.read_text("utf-8"))


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.slow)])
def test_what_is_read_fast_is_what_the_careful_reading_gives(count: int) -> None:
    @given(text=TEXTS, begins=st.sampled_from(["", "k: ", "k:\n  ", "k: {"]))
    @example(text="|#True", begins="k: ")
    @example(text="a: 1\n...\n...\n", begins="")
    @example(text="043", begins="k: ")
    @example(text=">\n  \n    % a", begins="k: ")
    @settings(max_examples=count, deadline=None)
    def alike(text: str, begins: str) -> None:
        agree(begins + text)

    alike()


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.slow)])
def test_what_is_read_fast_of_a_damaged_file_is_what_the_careful_reading_gives(count: int) -> None:
    texts = [path.read_text("utf-8").splitlines(keepends=True) for path in REAL]

    @given(data=st.data())
    @settings(max_examples=count, deadline=None)
    def alike(data: st.DataObject) -> None:
        lines = data.draw(st.sampled_from(texts))
        first = data.draw(st.integers(0, len(lines) - 1))
        text = "".join(lines[first : first + data.draw(st.integers(1, 25))])
        for _ in range(data.draw(st.integers(1, 3))):
            at, gone = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 3))
            text = text[:at] + data.draw(st.sampled_from(["", *TOKENS])) + text[at + gone :]
        agree(text)

    alike()


# What the fast reading has to leave to the other, since it would read something else, or since it is to be reported.
LEFT = {
    "an alias": "a: &x 1\nb: *x\n",
    "an anchor": "a: &x 1\n",
    "a tag": "a: !!str 1\n",
    "a key twice": "a: 1\na: 2\n",
    "a second document": "a: 1\n---\nb: 2\n",
    "an end of the document": "a: 1\n...\n",
    "a directive": "%YAML 1.2\n---\na: 1\n",
    "a tab": "a:\t1\n",
    "a number with a line in it": "a: 1_000\n",
    "a number in another base": "a: 0x1F\n",
    "no day": "a: 2024-02-30\n",
    "a time": "a: 2024-02-03 04:05:06\n",
    "a merge": "a: {<<: {b: 1}}\n",
    "a control character by its code": 'a: "\\x07"\n',
    "a code of Excel": "a: x_x0041_\n",
    "a key that is a list": "? [a]\n: 1\n",
    "an unprintable key": '"\\u200b": 1\n',
    "a long key": "a" * 61 + ": 1\n",
    "a long text": f"a: {'b' * 33_000}\n",
    "a large number": f"a: {'9' * 400}\n",
    "a block of text": "a: |\n  b\n",
    "a colon before a comma": "a: {b:, c: 1}\n",
    "a list": "- a\n",
    "nothing": "",
    "deep lists": "a: " + "[" * 100_000,
    "deep mappings": "{a: " * 14 + "1" + "}" * 14,
    "a list that does not end": "a: [1\n",
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_not_plain_is_left_to_the_careful_reading(name: str) -> None:
    assert fast_yaml.parse(LEFT[name]) is None


def test_a_file_is_read_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where PyYAML was built without libyaml."""
    fast = read(small.ASSUMPTIONS)
    monkeypatch.setattr(fast_yaml, "CParser", None)
    slow = read(small.ASSUMPTIONS)
    assert (fast.data, fast.lines, fast.digest) == (slow.data, slow.lines, slow.digest)
    assert (fast.problems, slow.problems) == ([], [])
