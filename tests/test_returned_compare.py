"""One comparison of two sources: YAML files, workbooks, and the build before."""

from __future__ import annotations

import io
import math
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.conftest import ASSUMPTIONS, VINTAGE, built, digest, load, soffice
from tests.returning import replaced_in, typed
from threegates import cli, console
from threegates.engine import evaluate
from threegates.returned import changes, compare, last_build, read_workbook, sources
from threegates.returned.key_results import size
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
    assert compare.differ(compare.of_results(results), book) == compare.Difference(language=book.language)
    assert len(book.inputs) == len(results.model.inputs) + 1  # the picker


def test_two_workbooks_in_two_languages_differ_in_no_text(small_file: Callable[..., Path], tmp_path: Path) -> None:
    results = evaluate.evaluate(load(small_file()))
    for language in ("en", "zh"):
        (tmp_path / f"{language}.xlsx").write_bytes(built(results, language)[1].package)
    done = diff(tmp_path / "en.xlsx", tmp_path / "zh.xlsx")
    assert done.exit_code == 0
    assert done.stdout.endswith("zh.xlsx\nInputs changed: 0\nKey results moved: 0\nOther results moved: 0\n")


def test_key_results_stand_first_as_on_summary_and_then_the_largest_move(edited: Callable[..., Path]) -> None:
    """Half the MFU takes twice the cards; a word that turned stands above all numbers."""
    changed = edited(("mfu: {base: 0.34, low: 0.19", "mfu: {base: 0.17, low: 0.1"), name="theirs.yaml")
    found = compare.differ(*(compare.of_results(evaluate.evaluate(load(path))) for path in (ASSUMPTIONS, changed)))
    first = [move.name for move in found.key_results]
    assert first[:3] == [f"{name}__gpt6_low" for name in ("cards_m", "facility_power_gw", "facility_capacity_gw")]
    assert first[-1].startswith("claims__")
    moves = {move.name: move for move in (*found.key_results, *found.moved)}
    assert moves["cards__gpt6_low"].relative == pytest.approx(1)
    assert moves["cards__gpt6_low"].absolute == pytest.approx(1567601.5, rel=1e-6)
    assert [*map(size, found.moved)] == sorted(map(size, found.moved), reverse=True)
    assert size(found.moved[0]) == math.inf
    assert (moves["claims__gpt5_cards__verdict"].ours, moves["claims__gpt5_cards__verdict"].theirs) == ("holds", "off")  # fmt: skip
    assert [move.name for move in found.changed] == [f"mfu{part}__{key}" for part in ("", "__low") for key in load(ASSUMPTIONS).keys["scenarios"] if key not in ("gpt4", "your_scenario")]  # fmt: skip


def test_what_one_side_alone_has_is_named_in_a_line(edited: Callable[..., Path]) -> None:
    mine = "  mine:\n    label: Mine\n    source: judgement\n    confidence: judgement\n    params_multiple: 2\n    tokens_multiple: 2\n    chip: h100_sxm\n"
    done = diff(ASSUMPTIONS, edited(("\nscenarios:\n", f"\nscenarios:\n{mine}"), name="theirs.yaml"))
    assert done.exit_code == 0
    assert [line for line in done.stdout.splitlines() if "only in" in line] == ["scenarios only in theirs: 1 (mine)"]


def test_markdown_for_a_mail_is_a_table_in_which_nothing_is_markup(edited: Callable[..., Path]) -> None:
    theirs = edited(("vendor: {en: NVIDIA, zh: 英伟达}", "vendor: '<b>|x|</b>'"), ("base: 13e12", "base: 14e12"), name="theirs.yaml")  # fmt: skip
    text = diff(ASSUMPTIONS, theirs, "--markdown").stdout
    assert "assumptions.yaml** (ours) against **" in text
    assert text.partition("\n\n")[2].startswith("**Inputs changed: 2**\n\n| input | unit | ours | theirs |\n| --- | --- | ---: | ---: |\n")  # fmt: skip
    assert "| `constant__reference_tokens` | tokens | 1.3e13 | 1.4e13 |" in text
    assert "| NVIDIA | \\<b\\>\\|x\\|\\</b\\> |" in text
    assert "| `synthetic_tokens__gpt6_low_rubin` | tokens | 4.784e14 | 5.164e14 | +3.800e13 | +7.94 % |" in text


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
    assert not (found := last_build.earlier(tmp_path)) or found.results == {}


def test_values_are_the_same_within_what_programs_keep() -> None:
    assert compare.same(0.15909090909090909, 0.159090909090909)
    assert not compare.same(0.34, 0.34000001)
    assert compare.same(Text("NVIDIA", "英伟达"), "英伟达")
    assert not compare.same(None, 0.0)


CLAIM = "claims__gpt5_cards__deviation"
MOVES = [  # unit, format, ours, theirs, and what is told: unit, change, relative
    ("1", "percent", 0.001, 1.6, ("–", "+1.599", "+160 points")),
    ("1", "percent", 8.0, 16.0, ("–", "+8", "+100 %")),
    ("year", "significant", -0.1, 3.0, ("year", "+3.1", "")),
    ("GUSD", "significant", 10.0, 121.8, ("bn USD", "+111.8", "× 12.2")),
    ("Mcard", "significant", 1.0, 0.5, ("M cards", "-0.5", "-50 %")),
    ("Tparam", "significant", 0.0, 2.0, ("T params", "+2", "")),
    ("day", "until", 46000.0, 46010.0, ("date", "+10 days", "")),
    ("day", "until", 0.0, 46010.0, ("date", "", "")),
    ("day", "opening", 46010.0, 2958465.0, ("date", "", "")),
    ("card*h", "significant", None, 2.0, ("card-hours", "", "")),
]


@pytest.mark.parametrize(("unit", "form", "ours", "theirs", "told"), MOVES)
def test_a_move_is_told_so_that_it_says_something(
    unit: str, form: str, ours: float | None, theirs: float, told: tuple[str, str, str]
) -> None:
    """Shares in points, dates in days, nothing relative across zero or from nothing; units as the workbook has them."""
    move = compare.Move(CLAIM, unit, form, ours, theirs)
    assert (console.unit_of(move), console.absolute(move), console.relative(move)) == told


def test_dates_without_a_date_are_told_in_the_words_of_the_workbook() -> None:
    assert [console.shown(v, "until") for v in (0.0, 46010.0, 2958465.0)] == ["open", "2025-12-19", "beyond horizon"]
    assert [console.shown(v, "opening") for v in (1.0, 2958465.0)] == ["long open", "never"]
    assert console.shown(0.0, "date_if_any") == "—"


def test_two_chinese_workbooks_are_compared_in_the_units_of_chinese_readers(small_results, small_file: Callable[..., Path]) -> None:  # fmt: skip
    changed = evaluate.evaluate(load(small_file({("scenarios", "gpt5_low", "params_multiple"): 10})))
    found = compare.differ(*(replace(compare.of_results(r), language="zh") for r in (small_results, changed)))
    told = console.markdown(found, "a.xlsx", "b.xlsx", 40)
    first = told.partition("Key results moved")[2].partition("Other results moved")[0]
    assert re.search(r"`cards_wan__gpt5_low` \| 万卡 \|", first)
    assert re.search(r"`owned_cost_yi__gpt5_low` \| 亿美元 \|", first)
    assert "cards_m__" not in told  # told once


def saved(package: bytes, folder: Path, name: str = "book.xlsx") -> Path:
    (folder / name).write_bytes(package)
    return folder / name


def by_openpyxl(package: bytes) -> bytes:
    stream = io.BytesIO()
    load_workbook(io.BytesIO(package)).save(stream)
    return stream.getvalue()


EDIT = {"mfu__gpt5_low": 0.17, "chip__gpt5_high": "h800_sxm", "chips__h100_sxm__tdp": None}


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda package: package, "was not recalculated after its last change: Summary!"),
        (by_openpyxl, "holds no saved values for "),
    ],
)
def test_results_are_computed_where_the_saved_values_are_missing_or_old(
    how: Callable[[bytes], bytes], words: str, small_english, small_yaml: Path, small_results, tmp_path: Path
) -> None:
    """Then they are those of a YAML file with the same inputs; which values were saved is said."""
    placed, entry = small_english
    path = saved(how(typed(entry.package, placed, EDIT)), tmp_path)
    addresses = {placed.name(*address): address for address in placed.model.inputs}
    after = changes.with_values(placed.model, {addresses[name]: value for name, value in EDIT.items()})
    expected = compare.differ(*(compare.of_results(r) for r in (small_results, evaluate.evaluate(after))))
    ours, theirs = sources.Source(small_yaml), sources.Source(path)
    found = compare.differ(*sources.sides(ours, theirs, small_yaml))
    assert {move.name for move in found.changed} == set(EDIT)
    assert (found.key_results, found.moved) == (expected.key_results, expected.moved)
    assert expected.key_results
    (note,) = found.notes
    assert note.startswith(f"book.xlsx {words}")
    assert note.endswith("its results are computed here, from its inputs and the equations of small.yaml")


def test_two_workbooks_take_the_equations_of_the_assumptions(small_english, small_package: bytes, small_yaml: Path, tmp_path: Path) -> None:  # fmt: skip
    ours, theirs = saved(small_package, tmp_path), saved(typed(small_package, small_english[0], EDIT), tmp_path, "b.xlsx")  # fmt: skip
    told = diff(ours, theirs, "--assumptions", small_yaml).stdout
    assert "note: b.xlsx was not recalculated after its last change" in told
    assert "cards_m__gpt5_low" in told.partition("Key results moved")[2]


def test_results_that_cannot_be_computed_are_said_to_be_unknown(small_english, small_package: bytes, tmp_path: Path) -> None:  # fmt: skip
    """The default assumptions have other inputs than this workbook."""
    path = saved(typed(small_package, small_english[0], {"mfu__gpt5_low": 0.17}), tmp_path)
    done = diff(path, saved(small_package, tmp_path, "built.xlsx"), "--assumptions", ASSUMPTIONS)
    assert done.exit_code == 0
    assert "its results are not known; open it in a spreadsheet program and save it there, or name with --assumptions the YAML that it was built from" in done.stdout  # fmt: skip
    assert "Inputs changed: 1" in done.stdout
    assert not any(words in done.stdout for words in ("results moved", "only in"))


def test_a_cell_that_holds_no_value_of_its_kind_is_computed_without_and_said(small_english, small_package: bytes, small_yaml: Path, tmp_path: Path) -> None:  # fmt: skip
    path = saved(typed(small_package, small_english[0], {"mfu__gpt5_low": 0.17, "pue__gpt4": "n/a"}), tmp_path)
    told = diff(small_yaml, path).stdout
    assert "note: 1 cells of book.xlsx hold no such values as they should: computed with those of small.yaml; pull names them" in told  # fmt: skip
    assert "cards_m__gpt5_low" in told


@pytest.mark.slow
def test_a_workbook_as_another_program_saved_it_is_believed(small_package: bytes, small_yaml: Path, tmp_path: Path) -> None:  # fmt: skip
    """LibreOffice calculates before it saves, so nothing is said."""
    path = saved(small_package, tmp_path)
    subprocess.run([soffice(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out", path], check=True, capture_output=True)  # fmt: skip
    told = diff(small_yaml, tmp_path / "out/book.xlsx").stdout
    assert told.endswith("book.xlsx\nInputs changed: 0\nKey results moved: 0\nOther results moved: 0\n")


def test_a_workbook_of_others_is_said_to_be_none_of_ours(small_yaml: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["mfu", 0.34])
    book.defined_names["revenue__2025"] = DefinedName("revenue__2025", attr_text="Sheet!$B$1")
    book.save(tmp_path / "budget.xlsx")
    for sides in ((small_yaml, tmp_path / "budget.xlsx"), (tmp_path / "budget.xlsx", small_yaml)):
        done = diff(*sides)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("budget.xlsx: the file: found none of the names that this model gives its inputs; allowed: a workbook that Three Gates has built;")  # fmt: skip


def test_a_workbook_that_lost_all_names_is_compared_by_its_ids(small_english, small_yaml: Path, tmp_path: Path) -> None:
    package = typed(small_english[1].package, small_english[0], {"mfu__gpt5_low": 0.17})
    path = saved(replaced_in(package, "xl/workbook.xml", ("<definedNames>.*</definedNames>", "")), tmp_path)
    told = diff(small_yaml, path).stdout
    assert "note: book.xlsx lost all names: its cells were found by the ids of their rows and columns" in told
    assert "note: book.xlsx was not recalculated after its last change" in told
    assert "Inputs changed: 1" in told
    assert "cards_m__gpt5_low" in told.partition("Key results moved")[2]
    assert "only in" not in told.replace("inputs only in ours: 1 (picked__scenario)", "")


def test_one_scenario_is_compared_with_another(small_yaml: Path, small_package: bytes, tmp_path: Path) -> None:
    book = saved(small_package, tmp_path)
    ways = [
        (f"{small_yaml}#gpt5_low", f"{small_yaml}#gpt5_high"),
        ("--assumptions", small_yaml, "--scenarios", "gpt5_low", "gpt5_high"),
        (f"{book}#gpt5_low", f"{book}#gpt5_high"),
    ]
    told = [diff(*way).stdout.partition("\n")[2] for way in ways]
    assert re.search(r"│ params_multiple +│ – +│ +5 +│ +10 +│", told[0])
    assert re.search(r"│ compute_multiple +│ – +│ +25 +│ +100 +│ +\+75 +│ +\+300 % +│", told[0].partition("Key results")[2])  # fmt: skip
    assert not any(words in told[0] for words in ("__gpt5", "only in", "chips__"))
    assert told == [told[0]] * len(ways)


def test_a_scenario_named_on_one_side_is_that_of_the_other_too(edited: Callable[..., Path]) -> None:
    theirs = edited(("base: 13e12", "base: 14e12"), name="theirs.yaml")
    told = diff(f"{ASSUMPTIONS}#gpt6_low", theirs).stdout
    assert f"theirs: {theirs}#gpt6_low\nInputs changed: 0" in told
    assert "tokens_t" in told.partition("Key results moved")[2]


def test_an_unknown_scenario_gets_a_sentence(small_yaml: Path) -> None:
    done = diff("--assumptions", small_yaml, "--scenarios", "gpt5_lo", "gpt5_high")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "small.yaml: the scenario: found none named 'gpt5_lo'; allowed: gpt4, gpt5_high, gpt5_low; did you mean gpt5_low?\n"  # fmt: skip


def test_two_vintages_begin_with_what_both_have_and_list_the_rest_in_a_line_each() -> None:
    told = diff(ASSUMPTIONS, VINTAGE, "--limit", "5").stdout
    places = [told.index(words) for words in ("Inputs changed: ", "Key results moved: ", "│ cards_m__gpt6_low_rubin ", "Other results moved: ", "scenarios only in ours: 5 (gpt5_low, gpt5_high, gpt6_low, gpt6_low_plus2, gpt6_high)\n", "claims only in ours: ", "scenarios only in theirs: ", "claims only in theirs: ")]  # fmt: skip
    assert places == sorted(places)
    assert "results only in" not in told
