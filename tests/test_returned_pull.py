"""The way back: what a reader changed is found wherever it stands, told, and put into the YAML line by line."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import small
from tests.conftest import ASSUMPTIONS, ROOT, load
from tests.returning import (
    packed,
    parts_of,
    replaced_in,
    typed,
    with_rows_inserted,
    without_names,
)
from threegates.engine import evaluate
from threegates.returned import changes, edit_yaml, read_workbook

FILES = {str(path.relative_to(ROOT).as_posix()): path.read_bytes() for path in (ASSUMPTIONS, *small.DATA)}

Pulled = Callable[..., changes.PullResult]


@pytest.fixture
def pulled(english, results: evaluate.Results, tmp_path: Path) -> Pulled:
    """Types values into the named cells of the default workbook, or takes another, and pulls it."""
    numbers = itertools.count()

    def pull(values: Mapping[str, Any] | None = None, package: bytes | None = None, into: evaluate.Results = results):
        path = tmp_path / f"returned{next(numbers)}.xlsx"
        path.write_bytes(typed(package or english[1].package, english[0], values or {}))
        return changes.pull(read_workbook.read(path), into)

    return pull


def found_in(pull: changes.PullResult) -> dict[str, Any]:
    return {change.name: change.theirs for change in pull.changes}


def sentences(pull: changes.PullResult) -> list[str]:
    return [str(problem).partition(": ")[2] for problem in pull.problems]


def changed_lines(contents: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """The lines in which new files differ from the default ones: as they were, and as they are."""
    found: list[tuple[str, str]] = []
    for name, content in contents.items():
        old_lines, new_lines = FILES[name].decode().splitlines(), content.decode().splitlines()
        blocks = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
        moved = [(old_lines[a:b], new_lines[c:d]) for tag, a, b, c, d in blocks if tag != "equal"]
        found += [pair for old, new in moved for pair in itertools.zip_longest(old, new, fillvalue="")]
    return found


def test_a_workbook_that_nobody_changed_changes_nothing(pulled: Pulled) -> None:
    found = pulled()
    assert (found.changes, found.problems, found.notes) == ((), (), ())


PLACES = [
    ("goodput__gpt6_low", 0.9, "", "    goodput: {base: 0.9, source: judgement, confidence: judgement}"),
    ("mfu__gpt6_low", 0.3, "", "    mfu: {base: 0.3, low: 0.19, high: 0.5, range: p10_p90, source: judgement, confidence: judgement}"),
    ("pue__high__gpt4", 1.3, "", "    pue: {base: 1.15, low: 1.08, high: 1.3, range: bounds, source: [dcd_aws_pue, epoch_cost_code], confidence: estimated}"),
    ("params_multiple__gpt5_low", 6.0, "    params_multiple: 5", "    params_multiple: 6"),
    ("mfu__gpt4", 0.35, "    mfu: {base: 0.34, low: 0.32, high: 0.36, range: bounds, source: [epoch_models, gpt4_leak]}", "    mfu: {base: 0.35, low: 0.32, high: 0.36, range: bounds, source: [epoch_models, gpt4_leak]}"),
    ("precisions__fp8__mfu", 0.22, "    mfu: {base: 0.20, low: 0.15, high: 0.30, range: p10_p90}", "    mfu: {base: 0.22, low: 0.15, high: 0.30, range: p10_p90}"),
    ("chip__gpt5_low", "h800_sxm", "    chip: h100_sxm", "    chip: h800_sxm"),
    ("own_params__gpt5_low", 14.8e12, "", "    own_params: 1.48e13"),
    ("constant__reference_tokens", 16.25e12, "    base: 13e12", "    base: 16.25e12"),
    ("constant__reference_tokens__low", 12e12, "", "    low: 1.2e13"),
    ("constant__annual_cost_of_it__high", None, "    high: 10.8", None),
    ("constant__days_per_month__high", 31.0, None, None),
    ("switch__count_announced", 1.0, "    base: 0", "    base: 1"),
    ("chips__h100_sxm__tdp", None, "    tdp: 700", None),
    ("chips__h100_sxm__price__low", None, "    price: {base: 28500, low: 22000, high: 35000, range: bounds}", "    price: {base: 28500, high: 35000, range: bounds}"),
    ("chips__h100_sxm__it_power_per_card__high", 1400.0, "    it_power_per_card: 1275", "    it_power_per_card: {base: 1275, high: 1400, range: bounds}"),
    ("chips__h100_sxm__available", 45000.0, "    available: 2023-01", "    available: 2023-03"),
    ("chips__h100_sxm__vendor", 'N "V"', "    vendor: {en: NVIDIA, zh: 英伟达}", '    vendor: {en: "N \\"V\\"", zh: 英伟达}'),
    ("campuses__colossus_1_2024__operating_from", 45600.0, "    operating_from: 2024-09-02", "    operating_from: 2024-11-04"),
    ("gates__power_gate__own_growth", 2.5, "", "    own_growth: 2.5"),
    ("gates__power_gate__growth__high", 2.5, "    growth: campus_growth_2024", "    growth: {base: campus_growth_2024, high: 2.5, range: bounds}"),
    ("questions__own_question__given_months", 8.0, None, None),
    ("claims__gpt5_cards__high", 0.31, "    high: 0.3", "    high: 0.31"),
    ("runs_fp8__deepseek_v3__reported_hours", 2.788e6, "    reported_hours: 2.664e6", "    reported_hours: 2.788e6"),
    ("runs_fp8__llama4_scout__precision_used", "bf16", "    precision_used: fp8", "    precision_used: bf16"),
]  # fmt: skip


@pytest.fixture(scope="module")
def everywhere(english, results: evaluate.Results, tmp_path_factory: pytest.TempPathFactory) -> changes.PullResult:
    """One workbook in which a reader changed all of these places."""
    path = tmp_path_factory.mktemp("everywhere") / "returned.xlsx"
    path.write_bytes(typed(english[1].package, english[0], {name: value for name, value, _, _ in PLACES}))
    return changes.pull(read_workbook.read(path), results)


@pytest.mark.parametrize(("name", "value", "old", "new"), PLACES)
def test_one_edited_cell_changes_one_line(
    name: str, value: Any, old: str | None, new: str | None, everywhere: changes.PullResult, results: evaluate.Results
) -> None:
    """Comments, order and number style stay; a scenario's own line takes what was a default.

    In a block, the first low or high brings a line with it that says what it is, and the last one takes that along.
    """
    change = {change.name: change for change in everywhere.changes}[name]
    lines = changed_lines(edit_yaml.amend(results.model, {change.address: change.theirs}, "en"))
    lines = [line for line in lines if "    range: bounds" not in line]
    assert len(lines) == 1
    if (old, new) != (None, None):
        assert [line.partition("  #")[0] for line in lines[0]] == [old, new or ""]
    assert isinstance(change.theirs, dt.date) or change.theirs == value


def test_many_edited_cells_change_as_many_lines_and_the_file_still_loads(
    everywhere: changes.PullResult, results: evaluate.Results
) -> None:
    assert everywhere.problems == ()
    assert {change.name for change in everywhere.changes} == {name for name, _, _, _ in PLACES}
    new, _ = changes.rewritten(ASSUMPTIONS, results, everywhere.changes, everywhere.language)
    assert new.keys() == {f"data/{name}.yaml" for name in ("chips", "campuses", "published", "runs")} | {
        "assumptions.yaml"
    }
    lines = changed_lines(new)
    assert [line for line in lines if "    range: bounds" in line] == [
        ("", "    range: bounds"),
        ("    range: bounds", ""),
    ]
    assert len(lines) == len(PLACES) + 2


ODD = {
    "a text for a number": ("mfu__gpt5_low", "0,34", "found the text '0,34' in Assumptions!E13; allowed: a number; type 0.34 as a number"),
    "a percentage as text": ("mfu__gpt5_low", "34%", "found the text '34%' in Assumptions!E13; allowed: a number; type 34% as a number"),
    "a truth value": ("mfu__gpt5_low", True, "found the truth value TRUE in Assumptions!E13; allowed: a number; type a number"),
    "a formula": ("mfu__gpt5_low", "=0.3*1.1", "found the formula '=0.3*1.1' in Assumptions!E13, which gave 1; allowed: a typed value: formulas are not evaluated; type the value, if you want it"),
    "out of range": ("mfu__gpt5_low", 1.4, "found 1.4 in Assumptions!E13; allowed: a number of at most 1; not taken over"),
    "cleared": ("months__gpt5_low", None, "found nothing in Assumptions!E22; allowed: a number; type a value: this input is not optional"),
    "below its low": ("mfu__gpt5_low", 0.1, "found low 0.19, base 0.1, high 0.5; allowed: low ≤ base ≤ high; change the others, too"),
    "above its upper end": ("claims__gpt5_growth__low", 13.5, "found 13.5 above high, 10; allowed: low ≤ high; change both"),
    "an unknown id": ("chip__gpt5_low", "h100", "found the text 'h100' in Assumptions!E10; allowed: a100_80gb_sxm, h100_sxm, b200_hgx, vr200_nvl72, v100_sxm2_32gb, a800_sxm, h800_sxm, h200_sxm, h20, gb200_nvl72, b300_hgx, gb300_nvl72 …; did you mean h100_sxm?"),
    "a date as text": ("chips__h20__available", "2024-02", "found the text '2024-02' in Chips!E14; allowed: a month such as 2024-10; type a date"),
    "a month as a number": ("chips__h20__available", 2024.04, "found 2024.04 in Chips!E14; allowed: a month from 1990-01 to 2100-12; not taken over"),
    "a formula typed over": ("cards__gpt5_low", 5.0, "found 5 typed over the formula in Cards!E12; allowed: the formula; not taken over: change an input instead"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_what_cannot_be_taken_over_is_said_and_left(what: str, pulled: Pulled) -> None:
    name, value, words = ODD[what]
    found = pulled({name: value})
    assert found.changes == ()
    assert sentences(found) == [f"{name}: {words}"]


def test_a_cell_that_cannot_be_read_is_its_own_problem_alone(pulled: Pulled, english) -> None:
    changed = typed(english[1].package, english[0], {"mfu__gpt6_low": 0.3, "months__gpt5_low": 1.537})
    sheet = "xl/worksheets/sheet2.xml"
    found = pulled(package=replaced_in(changed, sheet, ("<v>1.537</v>", f"<v>{'9' * 400}</v>")))
    assert found_in(found) == {"mfu__gpt6_low": 0.3}
    assert sentences(found) == [f"months__gpt5_low: found '{'9' * 58}…, which cannot be read, in Assumptions!E22; allowed: a number; type a number"]  # fmt: skip
    assert found_in(pulled(package=replaced_in(changed, sheet, ("<v>1.537</v>", f"<v>5.{'0' * 54}1</v>")))) == {"mfu__gpt6_low": 0.3}  # fmt: skip


def test_levels_of_columns_as_sheetjs_saves_them_stop_nothing(pulled: Pulled, english) -> None:
    """It writes an attribute level, which no schema has and at which openpyxl stops."""
    changed = typed(english[1].package, english[0], {"mfu__gpt6_low": 0.3})
    assert found_in(pulled(package=replaced_in(changed, "xl/worksheets/sheet2.xml", ("<col ", '<col level="1" ')))) == {"mfu__gpt6_low": 0.3}  # fmt: skip


def test_an_input_that_was_moved_by_inserted_rows_is_found_by_its_name(pulled: Pulled, english) -> None:
    moved = with_rows_inserted(typed(english[1].package, english[0], {"mfu__gpt6_low": 0.3}), "Assumptions", 7, 3)
    assert found_in(pulled(package=moved)) == {"mfu__gpt6_low": 0.3}


def test_a_renamed_sheet_and_sheets_of_others_do_no_harm(pulled: Pulled, english) -> None:
    changed = typed(english[1].package, english[0], {"mfu__gpt6_low": 0.3})
    renamed = replaced_in(changed, "xl/workbook.xml", ("name=\"Assumptions\"", "name=\"Bob's &lt;假设&gt;\""), ("'Assumptions'!", "'Bob''s &lt;假设&gt;'!"))  # fmt: skip
    assert found_in(pulled(package=renamed)) == {"mfu__gpt6_low": 0.3}


def test_inputs_that_lost_their_names_are_found_beside_those_that_kept_theirs(pulled: Pulled, english) -> None:
    lost = without_names(english[1].package, "mfu__gpt6_low", "chips__h20__tdp", "constant__reference_tokens")
    values = {"mfu__gpt6_low": 0.3, "chips__h20__tdp": 410.0, "constant__reference_tokens": 16e12}
    found = pulled(values, lost)
    assert (found_in(found), found.problems) == (values, ())
    moved = with_rows_inserted(typed(lost, english[0], values), "Assumptions", 7, 3)
    assert found_in(pulled(package=moved)) == values


def test_a_cell_without_a_name_whose_ids_were_overwritten_is_not_guessed(pulled: Pulled, english) -> None:
    lost = without_names(english[1].package, "mfu__gpt6_low")
    overwritten = replaced_in(lost, "xl/worksheets/sheet2.xml", ('<c r="B13"[^>]*>.*?</c>', ""))
    found = pulled({"mfu__gpt6_low": 0.3}, overwritten)
    assert found.changes == ()
    assert sentences(found) == [f"names: found no cell for 1 of {len(english[0].model.inputs):,} inputs: mfu__gpt6_low; allowed: the names and ids of the cells as they were built; not compared"]  # fmt: skip


def test_records_and_scenarios_that_a_reader_added_are_told(pulled: Pulled, english) -> None:
    row = '<row r="35"><c r="B35" t="inlineStr"><is><t>my_chip</t></is></c><c r="F35"><v>1</v></c></row>'
    added = replaced_in(english[1].package, "xl/worksheets/sheet3.xml", ('(<row r="34".*?</row>)', rf"\1{row}"))
    assert sentences(pulled(package=added)) == [
        "chips: found records that the YAML does not have: the text 'my_chip' in Chips!B35; allowed: the records of the YAML; add them to chips: by hand"
    ]


def test_dates_of_1904_are_the_same_days(pulled: Pulled, english) -> None:
    """Excel moves every date by 1,462 days when the book changes its system; pull moves them back."""
    placed, model = english[0], english[0].model
    dates = {a: d.value for a, d in model.data.items() if model.fields[a[:2]].kind in ("date", "month")}
    values = {placed.name(*a): float((date - evaluate.DAY_ZERO).days - 1462) for a, date in dates.items()}
    assert len(values) > 50
    parts = parts_of(typed(english[1].package, placed, values | {"chips__h100_sxm__available": 45000.0 - 1462}))
    parts["xl/workbook.xml"] = re.sub(rb"<workbookPr ?/>", b'<workbookPr date1904="1"/>', parts["xl/workbook.xml"])
    assert found_in(pulled(package=packed(parts))) == {"chips__h100_sxm__available": dt.date(2023, 3, 1)}


def test_a_workbook_of_values_alone_is_told_as_one(pulled: Pulled, english) -> None:
    parts = parts_of(english[1].package)
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = re.sub(rb"<f>.*?</f>", b"", parts[name])
    found = pulled({"mfu__gpt6_low": 0.3}, packed(parts))
    assert found_in(found) == {"mfu__gpt6_low": 0.3}
    assert len(found.problems) == 1
    told = re.search(r"results: found values instead of formulas in ([\d,]+) of ([\d,]+) results", sentences(found)[0])
    assert told is not None
    assert told[1] == told[2] > "6,000"


def test_macros_and_links_to_other_files_are_left_alone_and_told(pulled: Pulled, english) -> None:
    parts = parts_of(english[1].package) | {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<a/>"}
    assert [note.partition("holds ")[2] for note in pulled(package=packed(parts)).notes] == [
        "macros: not read, not run",
        "links to other files: not followed",
    ]


def test_of_an_older_workbook_only_what_its_reader_changed_is_taken(
    pulled: Pulled, edited: Callable[..., Path]
) -> None:
    """Ours moved on from 5 to 5.5 months; the reader of the older workbook changed the MFU alone."""
    newer = evaluate.evaluate(load(edited(("months: {base: 5,", "months: {base: 5.5,"))))
    found = pulled({"mfu__gpt6_low": 0.3}, into=newer)
    assert found_in(found) == {"mfu__gpt6_low": 0.3}
    assert found.notes[0].startswith("returned0.xlsx was built by version 0.")
    assert "from assumptions with the hash" in found.notes[0]
    assert found.notes[1] == "6 inputs differ because ours were changed after that build: left as they are"


def test_the_picked_scenario_is_a_view_and_no_change(pulled: Pulled, english) -> None:
    placed, entry = english
    at = placed.text(placed.spots["picker"], "summary", free="both")
    picked = (f'<c r="{at}"[^>]*>.*?</c>', f'<c r="{at}" t="inlineStr"><is><t>gpt4</t></is></c>')
    texts = replaced_in(entry.package, "xl/worksheets/sheet1.xml", picked)
    found = pulled(package=texts)
    assert (found.changes, found.problems) == ((), ())
    assert found.notes == ("the scenario picked on Summary is 'gpt4', ours gpt6_low: a view, not taken over",)


def test_the_effect_of_a_change_is_that_of_the_change_alone(pulled: Pulled) -> None:
    """A third more cards need a third more power, whatever else the reader has changed."""
    found = pulled({"mfu__gpt6_low": 0.255, "months__gpt6_high": 4.0})
    effects = {change.name: {move.name: move.relative for move in change.effect} for change in found.changes}
    assert effects["mfu__gpt6_low"]["cards_m__gpt6_low"] == pytest.approx(0.34 / 0.255 - 1)
    assert effects["mfu__gpt6_low"]["facility_power_gw__gpt6_low"] == pytest.approx(0.34 / 0.255 - 1)
    assert "cards_m__gpt6_high" not in effects["mfu__gpt6_low"]


def test_a_scenario_that_a_reader_added_in_a_column_of_its_own_is_told(pulled: Pulled, english) -> None:
    column = '<c r="L4" t="inlineStr"><is><t>gpt7</t></is></c>'
    added = replaced_in(english[1].package, "xl/worksheets/sheet2.xml", ('(<row r="4".*?)</row>', rf"\1{column}</row>"))
    assert sentences(pulled(package=added)) == [
        "scenarios: found scenarios or columns that the YAML does not have: the text 'gpt7' in Assumptions!L4; allowed: the records of the YAML; add them to scenarios: by hand"
    ]


def test_names_that_were_pointed_at_far_away_cells_keep_nobody_waiting(pulled: Pulled, english) -> None:
    """The lines between two cells with names are those that hold something, not a million."""
    away = replaced_in(english[1].package, "xl/workbook.xml", (r"('Chips'!\$D\$)\d+", r"\g<1>1048576"))
    found = pulled(package=without_names(away, "chips__h20__tdp"))
    assert found.changes == () or all(change.theirs is None for change in found.changes)
