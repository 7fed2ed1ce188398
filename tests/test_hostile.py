"""The real file, broken anywhere: it builds, or it gets sentences. Never a traceback, never a hang, never half a line."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import built, load
from tests.small import base, dump
from threegates import summary, table
from threegates.problems import InputError

EXAMPLES = 120
BOUND_SECONDS = 10  # for one file, however broken

SCALARS: list[Any] = [
    None, True, [], {}, [1], {"a": 1}, {"base": 1}, {"base": {"base": 1}}, {"base": 1, "low": 2}, {"en": "a"}, {"en": "a", "zh": "乙"},
    0, 1, -1, 5, -0.0, 1e-320, 1e30, 1e31, float("inf"), float("nan"), 10**400, "", " ", "5", "=1+1", "+1", "-1", "@x", "|x|", "\n=1",
    "{{ 7 * 7 }}", "{anchor}", "[red]x[/red]", "[/b]", "<b>x</b>", "a|b`c", "\u202eabc", "😀", "\ud800", "\x07", "\x1b[31m", "x" * 100_000,
    "字" * 32_767, "😀" * 20_000, "2024-10", "2024-13", "W", "card", "GW", "@unit", "furlong", "x" * 5_000, "percent", "foo", "gpt4",
    "h100_sxm", "a100_80gb_sxm", "fp8", "fp4", "judgement", "anchor.cards", "gpt5_low.chip", "unknown", "gpt4.cards > gpt5_low.cards",
    "low", "value", "max(gpt6_low_plus2.owned_cost_bn, gpt4.owned_cost_bn)", "1" + "+1" * 140, "-" * 200 + "gpt4.cards", "(" * 100 + "1" + ")" * 100,
]  # fmt: skip
KEYS = [
    "x",
    "",
    "a b",
    "a\nb",
    "\x1b",
    "k" * 200,
    "=1",
    "GPT",
    "a__b",
    "base",
    "unit",
    "source",
    "value",
    "cards",
    "mfu",
    "anchor",
    "unknown",
    "low",
]


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Every path into the data."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """The data after one to four blows: a value replaced, a key deleted, renamed, added, or a value put elsewhere."""
    data = copy.deepcopy(base())
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(data)))
        parent = data
        for key in path[:-1]:
            parent = parent[key]
        blow = draw(st.sampled_from(["replace", "replace", "delete", "rename", "add", "move"]))
        if blow == "replace" or not isinstance(parent, dict):
            parent[path[-1]] = copy.deepcopy(draw(st.sampled_from(SCALARS)))
        elif blow == "delete":
            del parent[path[-1]]
        elif blow == "rename":
            parent[draw(st.sampled_from(KEYS))] = parent.pop(path[-1])
        elif blow == "add":
            parent[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(SCALARS)))
        else:
            parent[path[-1]] = copy.deepcopy(draw(st.sampled_from(list(parent.values()))))
    return data


def judge(path: Path) -> None:
    """Passes when the file builds in a way that both computations agree on, or is refused in well-formed sentences."""
    problems = ()
    try:
        results = table.evaluate(load(path))
        _, entry = built(results)
        assert summary.render(results, "en", entry.compared)
        assert summary.results_csv(results)
    except InputError as error:
        problems = error.problems
    for problem in problems:
        sentence = str(problem)
        assert sentence.isprintable(), repr(sentence[:200])
        assert sentence.startswith((path.name, "equations.py"))
        assert problem.found
        assert len(sentence) < 2_000


def test_the_small_file_builds(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(dump(base()), "utf-8")
    built(table.evaluate(load(path)))


@given(data=broken())
@settings(max_examples=EXAMPLES, deadline=BOUND_SECONDS * 1000, suppress_health_check=list(HealthCheck))
def test_a_file_broken_anywhere_builds_or_gets_sentences(data: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "broken.yaml"
    path.write_bytes(dump(data).encode("utf-8", "surrogatepass"))
    judge(path)


@given(
    cut=st.integers(0, 40_000),
    junk=st.sampled_from(
        [
            "\t",
            "\x00",
            "\ufeff",
            "'",
            '"',
            "{",
            "[",
            "*x",
            "&x",
            "!!",
            "%YAML 1.1\n",
            "---\n",
            "? ",
            ": ",
            "\r",
            "\xa0",
            "- ",
        ]
    ),
)
@settings(max_examples=EXAMPLES // 2, deadline=BOUND_SECONDS * 1000, suppress_health_check=list(HealthCheck))
def test_text_with_junk_anywhere_builds_or_gets_sentences(
    cut: int, junk: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.yaml"
    text = dump(base())
    path.write_bytes((text[:cut] + junk + text[cut:]).encode("utf-8", "surrogatepass"))
    judge(path)
