"""One comparison of two sources: YAML files, workbooks, and the build before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ASSUMPTIONS, built, digest, load
from threegates import cli
from threegates.engine import evaluate
from threegates.returned import compare, read_workbook
from threegates.text import Text


def diff(*arguments: object) -> Result:
    return CliRunner().invoke(cli.cli, ["diff", *map(str, arguments)])


def test_every_name_of_the_model_but_those_of_derived_tables_means_its_field(english) -> None:
    placed = english[0]
    for address, _ in placed.homes.items():
        table_, name, _ = address
        if placed.model.tables[table_].derived:
            continue
        field = compare.field_of(placed.name(*address))
        assert field is not None
        home = "run_groups" if table_.startswith("runs_") else table_  # a field is that of all groups of runs
        assert (field.table, field.id) == (home, name.removesuffix("__low").removesuffix("__high"))


def test_a_yaml_file_and_its_workbook_say_the_same_in_both_languages(edition, results, tmp_path: Path) -> None:
    path = tmp_path / "scenarios.xlsx"
    path.write_bytes(edition[1].package)
    book = compare.of_workbook(read_workbook.read(path))
    assert compare.differ(compare.of_results(results), book) == compare.Difference((), (), (), (), (), ())
    assert len(book.inputs) == len(results.model.inputs) + 1  # the picker


def test_two_workbooks_in_two_languages_differ_in_no_text(small_file: Callable[..., Path], tmp_path: Path) -> None:
    results = evaluate.evaluate(load(small_file()))
    for language in ("en", "zh"):
        (tmp_path / f"{language}.xlsx").write_bytes(built(results, language)[1].package)
    done = diff(tmp_path / "en.xlsx", tmp_path / "zh.xlsx")
    assert done.exit_code == 0
    assert done.stdout.endswith("zh.xlsx\nInputs changed: 0\nResults moved: 0\n")


def test_results_that_moved_stand_with_the_largest_first(edited: Callable[..., Path]) -> None:
    """Half the MFU takes twice the cards; a verdict that turned stands above all numbers."""
    changed = edited(("mfu: {base: 0.34, low: 0.19", "mfu: {base: 0.17, low: 0.1"), name="theirs.yaml")
    found = compare.differ(*(compare.of_results(evaluate.evaluate(load(path))) for path in (ASSUMPTIONS, changed)))
    moves = {move.name: move for move in found.moved}
    assert moves["cards__gpt6_low"].relative == pytest.approx(1)
    assert moves["cards__gpt6_low"].absolute == pytest.approx(1567601.5, rel=1e-6)
    sizes = [move.relative for move in found.moved]
    numbers = [abs(size) for size in sizes if size is not None]
    assert sizes[: len(sizes) - len(numbers)] == [None] * (len(sizes) - len(numbers))
    assert numbers == pytest.approx(sorted(numbers, reverse=True))
    assert (moves["claims__gpt5_cards__verdict"].ours, moves["claims__gpt5_cards__verdict"].theirs) == ("holds", "off")  # fmt: skip
    assert [move.name for move in found.changed] == [f"mfu{part}__{key}" for part in ("", "__low") for key in load(ASSUMPTIONS).keys["scenarios"] if key not in ("gpt4", "your_scenario")]  # fmt: skip


def test_inputs_that_one_side_alone_has_are_named(edited: Callable[..., Path]) -> None:
    mine = "  mine:\n    label: Mine\n    source: judgement\n    confidence: judgement\n    params_multiple: 2\n    tokens_multiple: 2\n    chip: h100_sxm\n"
    done = diff(ASSUMPTIONS, edited(("\nscenarios:\n", f"\nscenarios:\n{mine}"), name="theirs.yaml"))
    assert done.exit_code == 0
    assert "inputs only in theirs: " in done.stdout
    assert "params_multiple__mine, tokens_multiple__mine, " in done.stdout
    assert "results only in theirs: " in done.stdout
    assert "only in ours" not in done.stdout


def test_markdown_for_a_mail_is_a_table_in_which_nothing_is_markup(edited: Callable[..., Path]) -> None:
    theirs = edited(("vendor: {en: NVIDIA, zh: 英伟达}", "vendor: '<b>|x|</b>'"), ("base: 13e12", "base: 14e12"), name="theirs.yaml")  # fmt: skip
    text = diff(ASSUMPTIONS, theirs, "--markdown").stdout
    assert "assumptions.yaml** (ours) against **" in text
    assert text.partition("\n\n")[2].startswith("**Inputs changed: 2**\n\n| input | unit | ours | theirs |\n| --- | --- | ---: | ---: |\n")  # fmt: skip
    assert "| `constant__reference_tokens` | token | 1.3e13 | 1.4e13 |" in text
    assert "| NVIDIA | \\<b\\>\\|x\\|\\</b\\> |" in text
    assert "| `synthetic_tokens__gpt6_low_rubin` | token | 4.784e14 | 5.164e14 | +3.800e13 | +7.94 % |" in text


def test_a_broken_or_missing_side_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    assert diff(ASSUMPTIONS, tmp_path / "broken.xlsx").stderr.startswith(
        "broken.xlsx: the file: found a broken package"
    )
    gone = diff(tmp_path / "gone.yaml", ASSUMPTIONS)
    assert (gone.exit_code, gone.stderr) == (1, "gone.yaml: the file: cannot be read: no such file or directory; allowed: a readable YAML file; check --assumptions\n")  # fmt: skip


def build(assumptions: Path, output: Path) -> str:
    done = CliRunner().invoke(cli.cli, ["--assumptions", str(assumptions), "--output", str(output)])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_a_build_says_what_has_moved_since_the_last_one_and_writes_none_of_it(
    small_file: Callable[..., Path], tmp_path: Path
) -> None:
    first = build(small_file(), tmp_path / "output")
    assert "no earlier build to compare with" in first
    assert "moved since the last build: nothing" in build(small_file(), tmp_path / "output")
    changed = small_file({("scenarios", "gpt5_low", "params_multiple"): 10}, name="changed.yaml")
    moved = build(changed, tmp_path / "output")
    assert "Moved since the last build" in moved
    assert "│ training_flop__gpt5_low" in moved
    build(changed, tmp_path / "fresh")
    for path in (tmp_path / "fresh").iterdir():
        assert digest(path.read_bytes()) == digest((tmp_path / "output" / path.name).read_bytes()), path.name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"a,b\n1,2\n",
        b"scenario,id,label,unit,value\ngpt4,cards,l,u,x\n",
        b"scenario,id,label,unit,value\ngpt4,binding_gate,l,1,moon_gate\n",
        b"scenario,id,label,unit,value\ngpt4,power_opening,l,day,2024-13-01\n",
        b"scenario,id\n" + b'"' * 99,
    ],
)
def test_a_broken_earlier_output_is_no_earlier_build(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_bytes(content)
    assert not (found := compare.earlier(tmp_path)) or found.results == {}


def test_values_are_the_same_within_what_programs_keep() -> None:
    assert compare.same(0.15909090909090909, 0.159090909090909)
    assert not compare.same(0.34, 0.34000001)
    assert compare.same(Text("NVIDIA", "英伟达"), "英伟达")
    assert not compare.same(None, 0.0)
