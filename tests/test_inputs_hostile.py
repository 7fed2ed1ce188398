"""The real file, broken anywhere: it builds, or it gets sentences. Never a traceback, never a hang, never half a file.

And text of the file is never more than text: no formula, no link, no markup, no expression, in no output.
"""

from __future__ import annotations

import copy
import csv
import io
import itertools
import re
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from tests.conftest import built, how_many, load
from tests.small import base, dump, smallest
from threegates import cli, lint
from threegates.definition import MODEL
from threegates.engine import evaluate
from threegates.report import summary
from threegates.report.results import results_csv
from threegates.text import LANGUAGES
from threegates.workbook.exceptions import EXCEPTIONS

BOUND_SECONDS = 10  # for one file, however broken
HOW_MANY = how_many(5, 2_000, parts=4)

SCALARS: list[Any] = [
    None, True, [], {}, [1], {"a": 1}, {"base": 1}, {"base": {"base": 1}}, {"base": 1, "low": 2}, {"en": "a"}, {"en": "a", "zh": "乙"},
    0, 1, -1, 5, -0.0, 1e-320, 1e30, 1e31, float("inf"), float("nan"), 10**400, "", " ", "5", "=1+1", "+1", "-1", "@x", "|x|", "\n=1",
    "{{ 7 * 7 }}", "{anchor}", "[red]x[/red]", "[/b]", "<b>x</b>", "a|b`c", "\u202eabc", "😀", "\ud800", "\x07", "\x1b[31m", "x" * 100_000,
    "字" * 32_767, "😀" * 20_000, "2024-10", "2024-13", "W", "card", "GW", "@unit", "furlong", "x" * 5_000, "percent", "foo", "gpt4",
    "h100_sxm", "a100_80gb_sxm", "fp8", "fp4", "judgement", "anchor.cards", "gpt5_low.chip", "unknown", "gpt4.cards > gpt5_low.cards",
    "low", "value", "max(gpt6_low_plus2.owned_cost_bn, gpt4.owned_cost_bn)", "1" + "+1" * 140, "-" * 200 + "gpt4.cards", "(" * 100 + "1" + ")" * 100,
]  # fmt: skip
KEYS = ["x", "", "a b", "a\nb", "\x1b", "k" * 200, "=1", "GPT", "a__b", "base", "unit", "source", "value", "cards", "mfu", "anchor", "unknown", "low"]  # fmt: skip
UNITS = [
    "W",
    "GW",
    "J",
    "card",
    "param",
    "token",
    "FLOP",
    "USD",
    "1",
    "month",
    "FLOP/s/card",
    "W*card",
    "Mcard",
    "GUSD",
]
JUNK = ["\t", "\x00", "\ufeff", "'", '"', "{", "[", "*x", "&x", "!!", "%YAML 1.1\n", "---\n", "? ", ": ", "\r", "\xa0", "- ", "&a [*a]", "\u202e", "😀", "0" * 400]  # fmt: skip


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Every path into the data."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """The data after one to four blows."""
    data = copy.deepcopy(smallest())
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(data)))
        parent, key = at(data, path[:-1]), path[-1]
        blow = draw(st.sampled_from(["replace", "replace", "delete", "rename", "add", "move", "nest", "swap", "unit"]))
        if blow == "nest":
            parent[key] = draw(st.sampled_from([[parent[key]], {"base": parent[key]}, {key: parent[key]}]))
        elif blow == "swap":
            swap(data, path, draw(st.sampled_from(places(data))))
        elif blow == "unit":
            units = [place for place in places(data) if place[-1] == "unit"]
            if units:
                place = draw(st.sampled_from(units))
                at(data, place[:-1])[place[-1]] = draw(st.sampled_from(UNITS))
        elif blow == "replace" or not isinstance(parent, dict):
            parent[key] = copy.deepcopy(draw(st.sampled_from(SCALARS)))
        elif blow == "delete":
            del parent[key]
        elif blow == "rename":
            parent[draw(st.sampled_from(KEYS))] = parent.pop(key)
        elif blow == "add":
            parent[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(SCALARS)))
        else:
            parent[key] = copy.deepcopy(draw(st.sampled_from(list(parent.values()))))
    return data


def at(data: Any, path: tuple) -> Any:
    for key in path:
        data = data[key]
    return data


def swap(data: Any, one: tuple, other: tuple) -> None:
    """Exchanges two values, unless one holds the other."""
    if one[: len(other)] != other and other[: len(one)] != one:
        first, second = at(data, one), at(data, other)
        at(data, one[:-1])[one[-1]], at(data, other[:-1])[other[-1]] = second, first


@st.composite
def tampered(draw: st.DrawFn) -> str:
    """The text with junk put in, a line said twice, or a line pushed to the right."""
    text = dump(smallest())
    blow = draw(st.sampled_from(["junk", "junk", "twice", "indent", "cut"]))
    if blow == "junk":
        cut = draw(st.integers(0, len(text)))
        return text[:cut] + draw(st.sampled_from(JUNK)) + text[cut:]
    if blow == "cut":
        return text[: draw(st.integers(0, len(text)))]
    lines = text.split("\n")
    number = draw(st.integers(0, len(lines) - 1))
    lines[number : number + 1] = (
        [lines[number]] * 2 if blow == "twice" else [" " * draw(st.integers(1, 9)) + lines[number]]
    )
    return "\n".join(lines)


def judge(path: Path, content: bytes) -> None:
    """The command builds and exits with 0, or refuses in well-formed sentences, exits with 1 and writes nothing."""
    path.write_bytes(content)
    output = path.parent / "output"
    before = {p.name: p.read_bytes() for p in output.iterdir()} if output.exists() else {}
    done = CliRunner().invoke(cli.cli, ["--assumptions", str(path), "--output", str(output)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code in (0, 1)
    assert (done.stderr == "") == (done.exit_code == 0)
    after = {p.name: p.read_bytes() for p in output.iterdir()} if output.exists() else {}
    if done.exit_code:
        assert after == before
    else:
        books = [name for name in after if name.endswith(".xlsx")]
        assert set(books) <= {"scenarios.xlsx", "scenarios.zh.xlsx"}
        assert set(after) == {"results.csv", *books, *(f"summary{name[9:-5]}.md" for name in books)}
        assert all(after[name][-22:-18] == b"PK\x05\x06" for name in books)
    for sentence in done.stderr.splitlines():
        assert sentence.isprintable(), repr(sentence[:200])
        assert re.match(rf"{re.escape(path.name)}:[1-9]\d*: \S+.*: \S", sentence), sentence
        assert len(sentence) < 2_000


@pytest.mark.parametrize("data", [smallest, pytest.param(base, marks=pytest.mark.slow)])
def test_the_small_files_build(data: Callable[[], Any], tmp_path: Path) -> None:
    judge(tmp_path / "small.yaml", dump(data()).encode())
    assert (tmp_path / "output" / "scenarios.xlsx").exists()


def with_readings(formulas: list[str]) -> bytes:
    data = copy.deepcopy(smallest())
    for number, formula in enumerate(formulas):
        reading = copy.deepcopy(data["readings"]["deepseek_penalty"])
        data["readings"][f"reading_{number}"] = reading | {"value": f"mfu_deepseek_v3 * ({formula})", "unit": "1"}
    return dump(data).encode()


def test_readings_of_columns_and_choices_build(tmp_path: Path) -> None:
    formulas = [
        "count(chips.fp8)",  # a column with blanks
        "median(chips.fp8) / reference_chip.fp8",
        "largest(runs_moe.total_params) / reference_params",
        "count(claims.model_low)",
        "choose(gpt5_high.mfu, gpt5_high.mfu, gpt4.mfu)",
        "max(count(chips.fp8), count(campuses.stated_mw) > count(campuses.h100e))",
    ]
    judge(tmp_path / "formulas.yaml", with_readings(formulas))
    assert (tmp_path / "output" / "scenarios.xlsx").exists()


@pytest.mark.parametrize(
    "formula",
    [
        "count(scenarios.chip)",
        "largest(gpt5_high.mfu)",
        "where(chips.fp8 > 0, 1, 0)",
        "median(others.value)",
        "median(swings.cards_low)",
        "choose(gpt5_high.cards, gpt5_high.mfu, gpt4.mfu)",
    ],
)
def test_a_reading_of_columns_and_choices_that_means_nothing_gets_sentences(formula: str, tmp_path: Path) -> None:
    judge(tmp_path / "formula.yaml", with_readings([formula]))
    assert not (tmp_path / "output").exists()


def test_a_run_alone_in_its_group_builds_or_gets_sentences(tmp_path: Path) -> None:
    """Nothing can be said of it from the others of its group."""
    alone = {"runs_moe": {"dots_llm1": smallest()["runs_moe"]["dots_llm1"]}}
    judge(tmp_path / "alone.yaml", dump(smallest() | alone).encode())


def tried(count: int, strategy: st.SearchStrategy, trial: Callable[[Any], None]) -> None:
    """Runs a trial on so many examples, each within the bound of the processor's time, whatever else the machine does.

    A failing one may be too long to be shown whole.
    """

    @given(example=strategy)
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    def run(example: Any) -> None:
        started = time.process_time()
        trial(example)
        assert time.process_time() - started < BOUND_SECONDS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)
        run()


@pytest.mark.parametrize("count", HOW_MANY)
def test_a_file_broken_anywhere_builds_or_gets_sentences(count: int, tmp_path: Path, record_property) -> None:
    path = tmp_path / "broken.yaml"
    tried(count, broken(), lambda data: judge(path, dump(data).encode("utf-8", "surrogatepass")))
    record_property("broken files read", count)


@pytest.mark.parametrize("count", HOW_MANY)
def test_text_tampered_with_anywhere_builds_or_gets_sentences(count: int, tmp_path: Path, record_property) -> None:
    path = tmp_path / "tampered.yaml"
    tried(count // 2, tampered(), lambda text: judge(path, text.encode("utf-8", "surrogatepass")))
    record_property("broken files read", count // 2)


NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.y","z")', "http://x.y", "www.x.y", "a@b.cd",
    "[l](http://x.y)", "![i](http://x.y)", "<http://x.y>", "<b>b</b>", "<script>s</script>", "&lt;b&gt;", "&#61;1", "*s* _s_ **s** ~~s~~",
    "`c`", "# h", "- i", "1. i", "> q", "---", "| t | t |", "a\\b", "[^1]", "[x]: http://x.y", "{{ 7 * 7 }}", "{% for x in y %}", "{# c #}",
    "{anchor}", "{0}", "%s", "_x8_", "\u202eabc", "a\u2028b", "a\u0301", "😀", "'", '"', "'=1", ";", "\\", "x,y", "[red]x[/red]", ":smile:",
]  # fmt: skip
OF_RECORDS = {field.id for field in MODEL.equations if field.kind == "text" and field.is_input}
TEXTS = {"label", "note", "title", "en", "zh", "publisher", "quote", "remark", *OF_RECORDS}


def filled_with(data: Any, texts: Iterator[str]) -> Any:
    """The data with the next of the texts in the place of every text that is shown."""
    if isinstance(data, dict):
        return {k: next(texts) if k in TEXTS and isinstance(v, str) else filled_with(v, texts) for k, v in data.items()}
    return data


@pytest.mark.parametrize(
    ("first", "language"),
    [
        pytest.param(first, language, marks=[pytest.mark.slow] if (first, language) != (24, "zh") else [])
        for first in range(len(NASTY))
        for language in LANGUAGES
    ],
)
def test_text_of_the_yaml_is_text_in_workbook_summary_and_results(first: int, language: Any, tmp_path: Path) -> None:
    """Each place of a text takes the next of the nasty ones in turn; the first two of them are the title."""
    path, texts = tmp_path / "nasty.yaml", itertools.cycle([*NASTY[first:], *NASTY[:first]])
    data = filled_with({"report": smallest()["report"]} | smallest(), texts)
    path.write_text(dump(data), "utf-8")
    results = evaluate.evaluate(load(path))
    placed, entry = built(results, language)
    assert breaches_of_text(entry.package) == []
    book = load_workbook(io.BytesIO(entry.package))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in NASTY]
    assert len({cell.value for cell in found}) > len(NASTY) / 2
    assert {cell.data_type for cell in found} == {"s"}
    labelled = {"uncertainty", *(block.sheet for block in placed.blocks)}  # derived tables show labels, too
    assert {cell.parent.title for cell in found} >= {placed.sheet_name(sheet) for sheet in labelled}
    for row in csv.reader(io.StringIO(results_csv(results))):
        assert all(not field.startswith(("=", "+", "-", "@", "\t", "\r")) or is_number(field) for field in row), row
    shown_text = summary.render(results, entry.uncertainty, language, 9)
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(shown_text)
    leaves = [leaf for token in shown for leaf in [token, *(token.children or [])]]
    assert MARKUP.isdisjoint({leaf.type for leaf in leaves})
    title = next(token for token in shown if token.type == "inline")
    expected = NASTY[(first + LANGUAGES.index(language)) % len(NASTY)]  # en stands before zh
    assert "".join(leaf.content for leaf in title.children or []) == " ".join(expected.split())


MARKUP = {
    "link_open",
    "image",
    "html_inline",
    "html_block",
    "s_open",
    "em_open",
    "fence",
    "code_block",
    "blockquote_open",
}


def breaches_of_text(package: bytes) -> list[lint.Finding]:
    """The rules that text could break; a heading that all scenarios share breaks others."""
    wanted = {"no_macros_or_outside_links", "text_stays_text", "no_errors", "values_are_valid", "parts_are_sound", "cached_values_are_true", "no_constants", "shared_functions"}  # fmt: skip
    return [found for found in lint.check(package, exceptions=EXCEPTIONS) if found.rule in wanted]


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", text) is not None
