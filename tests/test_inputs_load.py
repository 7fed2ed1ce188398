"""Bad input gets a clear sentence: file, line, place, what was found, what is allowed, what to do. All at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ASSUMPTIONS, built, load
from tests.small import dump, smallest, whole
from threegates import lint
from threegates.definition import MODEL
from threegates.engine import evaluate
from threegates.inputs.schema import RANGES
from threegates.problems import InputError
from threegates.report import summary
from threegates.workbook import placing
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.formulas import Formulas

SCENARIO = "    params_multiple: 5\n    tokens_multiple: 5\n    chip: h100_sxm\n"
SECTIONS = ", ".join(
    [
        *("report", "mail", "defaults"),
        *(name for each in MODEL.tables for name in (whole()["run_groups"] if each.id == "run_groups" else [each.id])),
        *("run_groups", "sources", "history", "include"),
    ]
)


def line_of(text: str) -> int:
    """The line of the real file on which a text begins."""
    before, found, _ = ASSUMPTIONS.read_text("utf-8").partition(text)
    assert found, text
    return before.count("\n") + 1


def problems(path: Path) -> list[str]:
    """The sentences of a file that is refused, without its lines."""
    with pytest.raises(InputError) as caught:
        load(path)
    return [f"{p.path}: {p.found}; {p.allowed}; {p.remedy}" for p in caught.value.problems]


# what is changed, and the sentence that must come of it: path: found; allowed; what to do
EDITS: dict[str, tuple[tuple[str, str], str]] = {
    "text for a number": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", 'params_multiple: "5"')),
        "scenarios.gpt5_low.params_multiple: found the text '5'; a number; remove the quotes",
    ),
    "word for a number": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: five")),
        "scenarios.gpt5_low.params_multiple: found the text 'five'; a number; ",
    ),
    "yes for a number": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: true")),
        "scenarios.gpt5_low.params_multiple: found True; a number; ",
    ),
    "a list for a number": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: [5]")),
        "scenarios.gpt5_low.params_multiple: found a list; a number; ",
    ),
    "negative": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: -5")),
        "scenarios.gpt5_low.params_multiple: found -5; a number of at least 1e-09; ",
    ),
    "not a number": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: .nan")),
        "scenarios.gpt5_low.params_multiple: found nan; a finite number; ",
    ),
    "infinite": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: 1e400")),
        "scenarios.gpt5_low.params_multiple: found inf; a finite number; ",
    ),
    "too large": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: 1e40")),
        "scenarios.gpt5_low.params_multiple: found 1e+40; a number of at most 1e+30; ",
    ),
    "share above 1": (
        ("mfu: {base: 0.34, low: 0.32, high: 0.36", "mfu: {base: 34, low: 32, high: 36"),
        "scenarios.gpt4.mfu.base: found 34; a number of at most 1; ",
    ),
    "low above base": (
        ("mfu: {base: 0.34, low: 0.32, high: 0.36", "mfu: {base: 0.34, low: 0.35, high: 0.36"),
        "scenarios.gpt4.mfu: found low 0.35 above base 0.34; low ≤ base ≤ high; mend one of them",
    ),
    "a low without a range": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, low: 0.8}\n"),
        f"scenarios.gpt5_low.goodput: found low without range; {RANGES}; add range:",
    ),
    "a low and a high without a range": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, low: 0.8, high: 0.95}\n"),
        f"scenarios.gpt5_low.goodput: found low and high without range; {RANGES}; add range:",
    ),
    "a range without a low": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, range: bounds}\n"),
        "scenarios.gpt5_low.goodput: found range without low or high; a low, a high or both; add low: and high:, or delete range:",
    ),
    "a range that is none": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, low: 0.8, range: p10_90}\n"),
        "scenarios.gpt5_low.goodput.range: found the text 'p10_90'; 'p10_p90', 'p5_p95' or 'bounds'; did you mean p10_p90?",
    ),
    "a percentile at the end of a share": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, low: 0.8, high: 1, range: p5_p95}\n"),
        "scenarios.gpt5_low.goodput: found 1 in a range of p5_p95; a percentile of a share above 0 and below 1, since it is "
        "drawn by its odds; say range: bounds, or move it inwards",
    ),
    "a percentile at the end of a share that is a constant": (
        ("    high: 1\n    range: bounds\n", "    high: 1\n    range: p10_p90\n"),
        "constants.run_share.value: found 1 in a range of p10_p90; a percentile of a share above 0 and below 1, since it "
        "is drawn by its odds; say range: bounds, or move it inwards",
    ),
    "a percentile of nothing": (
        (SCENARIO, SCENARIO + "    card_hour_price: {base: 2, low: 0, high: 3, range: p5_p95}\n"),
        "scenarios.gpt5_low.card_hour_price: found 0 in a range of p5_p95; a percentile above 0, since it is drawn by its "
        "logarithm; say range: bounds, or move it inwards",
    ),
    "a low of a link": (
        (SCENARIO, SCENARIO.replace("chip: h100_sxm", "chip: {base: h100_sxm, low: 3}")),
        "scenarios.gpt5_low.chip.low: found 3; no such key here; ",
    ),
    "a draw that nothing else takes": (
        ("    draw: capacity_factor\n", "    draw: capacity_facto\n"),
        "constants.campus_facility_over_it.draw: found draw capacity_facto, which nothing else takes; an input of scenarios, "
        "or a name that another record has, too; did you mean capacity_factor?",
    ),
    "a draw of a scenario": (
        (SCENARIO, SCENARIO + "    goodput: {base: 0.9, low: 0.8, range: bounds, draw: mfu}\n"),
        "scenarios.gpt5_low.goodput.draw: found the text 'mfu'; no such key here; ",
    ),
    "a number for a formula": (
        ("    available: largest(corpora.on_the_day)\n", "    available: 300e12\n"),
        "gates.data_gate.available: found 300000000000000.0; an expression of the model; a number of its own goes into a "
        "record that the expression names; ",
    ),
    "unknown chip": (
        (SCENARIO, SCENARIO.replace("h100_sxm", "h100_smx")),
        "scenarios.gpt5_low.chip: found the unknown chip 'h100_smx'; a100_80gb_sxm, h100_sxm, b200_hgx, "
        "vr200_nvl72, v100_sxm2_32gb, a800_sxm, h800_sxm, h200_sxm, h20, gb200_nvl72, b300_hgx, gb300_nvl72 …; did you mean h100_sxm?",
    ),
    "a chip by its short name": (
        (SCENARIO, SCENARIO.replace("h100_sxm", "GB300")),
        "scenarios.gpt5_low.chip: found the unknown chip 'GB300'; a100_80gb_sxm, h100_sxm, b200_hgx, "
        "vr200_nvl72, v100_sxm2_32gb, a800_sxm, h800_sxm, h200_sxm, h20, gb200_nvl72, b300_hgx, gb300_nvl72 …; did you mean gb300_nvl72?",
    ),
    "precision that the chip lacks": (
        (SCENARIO, SCENARIO.replace("h100_sxm", "a100_80gb_sxm")),
        "scenarios.gpt5_low.chip: found fp8, which the chip a100_80gb_sxm lacks; bf16; choose another precision or chip",
    ),
    "unknown precision": (
        (SCENARIO, SCENARIO + "    precision: fp16\n"),
        "scenarios.gpt5_low.precision: found the unknown precision 'fp16'; bf16, fp8, fp4; did you mean bf16?",
    ),
    "unknown source": (
        ("source: epoch_models, confidence: estimated,\n        note", "source: epoch_model, confidence: estimated,\n        note"),
        "defaults.mfu.source: found the unknown source 'epoch_model'; an id of sources:, or judgement; did you mean epoch_models?",
    ),
    "no source": (
        ("source: judgement, confidence: judgement,\n              note", "confidence: judgement,\n              note"),
        "defaults.precision: found no source; an id of sources:, or judgement; add source:",
    ),
    "no confidence": (
        ("source: judgement, confidence: judgement,\n              note", "source: judgement,\n              note"),
        "defaults.precision: found no confidence; defined, measured, estimated, judgement; add confidence:",
    ),
    "unknown confidence": (
        ("source: judgement, confidence: judgement,\n              note", "source: judgement, confidence: guess,\n              note"),
        "defaults.precision.confidence: found the text 'guess'; 'defined', 'measured', 'estimated' or 'judgement'; ",
    ),
    "unknown key in a scenario": (
        (SCENARIO, SCENARIO + "    muf: 0.4\n"),
        "scenarios.gpt5_low.muf: found the unknown key 'muf'; source, confidence, marks, note, label, "
        "params_multiple, tokens_multiple, own_params, own_tokens, active_share, chip, precision, mfu, share_16bit, goodput, months, "
        "it_over_server, pue, capacity_factor, campuses_used, load_factor, epochs, synthetic_share_allowed, generator_params, "
        "tokens_known, card_hour_price; did you mean mfu?",
    ),
    "unknown section": (
        ("constants:\n", "constant:\n"),
        f"constant: found the unknown section 'constant'; {SECTIONS}; did you mean constants?",
    ),
    "missing key": (
        ("  reference_chip: h100_sxm", "  # reference_chip: h100_sxm"),
        "report.reference_chip: found nothing; a value; add the key reference_chip:",
    ),
    "missing value": (
        (SCENARIO, "    tokens_multiple: 5\n    chip: h100_sxm\n"),
        "scenarios.gpt5_low.params_multiple: found nothing; a value here or in defaults; add params_multiple: to defaults",
    ),
    "unknown anchor": (
        ("anchor: gpt4 ", "anchor: gpt3 "),
        "report.anchor: found the unknown scenario 'gpt3'; gpt4, gpt5_low, gpt5_high, gpt6_low, gpt6_low_plus2, gpt6_high, "
        "gpt6_low_rubin, your_scenario; did you mean gpt4?",
    ),
    "no date": (
        ("    base: 2024-04-21\n", "    base: April\n"),
        "dates.as_of.day: found the text 'April'; a date such as 2024-04-21; ",
    ),
    "no language": (
        ("languages: [en, zh]", "languages: [en, fr]"),
        "report.languages: found the text 'fr'; 'en' or 'zh'; ",
    ),
    "no language at all": (
        ("languages: [en, zh]", "languages: []"),
        "report.languages: found a list; at least one language, and each once; ",
    ),
    "a language twice": (
        ("languages: [en, zh]", "languages: [zh, zh]"),
        "report.languages: found a list; at least one language, and each once; ",
    ),
    "no month": (
        ("available: 2023-01", "available: 2023"),
        "chips.h100_sxm.available: found 2023; a month such as 2024-10; ",
    ),
    "one language only": (
        ('label: {en: "GPT-5, low case", zh: "GPT-5 下限"}', 'label: {en: "GPT-5, low case"}'),
        "scenarios.gpt5_low.label: found a mapping; a text, or {en: …, zh: …} with both languages; ",
    ),
    "another unit": (
        ("high: 1.25, range: bounds, unit: \"1\"", "high: 1.25, range: bounds, unit: W"),
        "defaults.pue.unit: found the unit W; 1; convert the number, then the unit",
    ),
    "duplicate key": (
        (SCENARIO, SCENARIO + "    chip: h100_sxm\n"),
        f"scenarios.gpt5_low.chip: found the key 'chip' twice (first in line {line_of(SCENARIO) + 2}); each key once; "
        "keep one of them",
    ),
    "a list for a mapping": (
        ("constants:\n", "constants: [1]\nother:\n"),
        "constants: found a list; a mapping of names to records; mend the section constants:",
    ),
    "a scenario named like a constant": (
        ("  gpt5_low:\n", "  unique_text_stock:\n"),
        "constants.unique_text_stock: found the name 'unique_text_stock', which is also a name in scenarios; a name used once; rename it",
    ),
    "a name that is none": (
        ("  gpt5_low:\n", "  GPT5:\n"),
        "scenarios.GPT5: found the name 'GPT5'; a–z, 0–9 and single _, beginning with a letter, up to 60 characters; ",
    ),
    "an alias": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5\n    tokens_multiple: 5", "params_multiple: &x 5\n    tokens_multiple: *x")),
        "scenarios.gpt5_low.tokens_multiple: found an alias (*name); each value written out; copy the value here",
    ),
    "a tag": (
        (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: !!python/object 5")),
        "scenarios.gpt5_low.params_multiple: found the tag 'tag:yaml.org,2002:python/object'; plain values without tags; delete the tag",
    ),
    "a control character": (
        ("label: GPT-4\n", 'label: "GPT\\x07"\n'),
        "scenarios.gpt4.label: found a control character in a text; printable text; retype the text",
    ),
    "text longer than a cell": (
        ("label: GPT-4\n", f"label: {'x' * 40000}\n"),
        "scenarios.gpt4.label: found 40,000 characters; at most 32,767, as Excel allows; ",
    ),
    "a formula outside the grammar": (
        ("model_low: gpt5_high.cards_m\n", "model_low: __import__('os')\n"),
        "claims.gpt5_cards.model_low: found the text \"__import__('os')\"; an expression of the model; found the function "
        "__import__; allowed: only where, known, min, max, abs, sqrt, log, exp, choose, largest, smallest, median, count; ",
    ),
    "a formula of unknown names": (
        ("model_low: gpt5_high.cards_m\n", "model_low: gpt5_hihg.cards\n"),
        "claims.gpt5_cards.model_low: found the unknown record gpt5_hihg; anchor, a scenario, a claim or another named record; "
        "did you mean gpt5_high?",
    ),
    "a formula of the wrong unit": (
        ("model_low: gpt5_high.cards_m\n", "model_low: gpt5_high.facility_power\n"),
        "claims.gpt5_cards.model_low: found the unit W; Mcard, as declared; mend one of them",
    ),
    "an unused constant": (
        ("  days_per_month:", "  spare: {label: spare, base: 1, unit: W, source: judgement}\n  days_per_month:"),
        "constants.spare: found a constant that no equation reads; constants in use; delete it",
    ),
    "an unused switch": (
        ("  count_announced:", "  spare: {label: spare, base: 1, unit: W, source: judgement}\n  count_announced:"),
        "switches.spare: found a switch that no equation reads; switches in use; delete it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_bad_input_gets_its_sentence_word_for_word(name: str, edited: Callable[..., Path]) -> None:
    change, sentence = EDITS[name]
    assert sentence in problems(edited(change))


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "bad.yaml:1: the file: found nothing where the assumptions should be; allowed: a mapping with report:, scenarios: …"),
    "a list": (b"- 1\n", "bad.yaml:1: the file: found a list where the assumptions should be; allowed: a mapping with report:, scenarios: …"),
    "a tab": (b"a:\n\tb: 1\n", "bad.yaml:2: the file: not valid YAML: found character '\\t' that cannot start any token; replace the tab by spaces"),
    "not UTF-8": (b"a: 1\nb: \xff\n", "bad.yaml:2: the file: found text that is not UTF-8; allowed: UTF-8; save the file as UTF-8"),
    "a control character": (b"a: 1\nb: \x00\n", "bad.yaml:2: the file: found a control character; allowed: printable text; delete or retype that line"),
    "deep": (b"[" * 100_000, "bad.yaml:1: the file: nested too deeply to be read; allowed: at most 12 levels"),
    "huge": (b"#" * 500_001, "bad.yaml: the file: the file is too large; allowed: at most 500,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_gets_one_sentence(name: str, tmp_path: Path) -> None:
    content, sentence = FILES[name]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == sentence


def test_a_missing_file_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path / "none.yaml")
    assert str(caught.value) == (
        "none.yaml: the file: cannot be read: no such file or directory; allowed: a readable YAML file; check --assumptions"
    )


def test_a_scenario_that_has_no_mfu_and_whose_precision_has_none_is_refused(edited: Callable[..., Path]) -> None:
    """Of a precision that it says itself, at that line; of the default one, at the scenario. Its own MFU would do."""
    _, start, rest = ASSUMPTIONS.read_text("utf-8").partition("  mfu: {base: 0.34, low: 0.19")
    default = start + rest.partition("  share_16bit:")[0]
    in_fp4 = SCENARIO.replace(
        "h100_sxm\n", "b200_hgx\n    precision: {base: fp4, source: judgement, confidence: judgement}\n"
    )
    sentence = (
        "scenarios.gpt5_low.precision: found no mfu, and none in precisions.fp4; one of the two; "
        "add mfu: to scenarios.gpt5_low, or to precisions.fp4"
    )
    assert problems(edited((default, ""), (SCENARIO, in_fp4))) == [sentence]
    load(edited((default, ""), (SCENARIO, in_fp4 + "    mfu: 0.1\n")))
    no_fp8 = "    mfu: {base: 0.20, low: 0.15, high: 0.30, range: p10_p90}\n"
    found = problems(edited((default, ""), (no_fp8, "")))
    assert "scenarios.gpt6_low: found no mfu, and none in precisions.fp8; one of the two; add mfu: to scenarios.gpt6_low, or to precisions.fp8" in found  # fmt: skip
    assert all("found no mfu, and none in precisions.fp8" in each for each in found)


def test_the_precisions_are_those_that_a_scenario_can_choose(edited: Callable[..., Path]) -> None:
    assert problems(edited(("  fp4:\n    label: FP4\n", "  fp6:\n    label: FP6\n"))) == [
        "precisions: found no record fp4, which the equations read; bf16, fp8, fp4; add fp4:",
        "precisions.fp6: found the unknown record 'fp6'; bf16, fp8, fp4; did you mean fp8?",
    ]


def test_all_problems_are_reported_at_once_each_with_its_line(edited: Callable[..., Path]) -> None:
    path = edited(
        ("months: {base: 5,", "months: {base: five,"),
        (SCENARIO, SCENARIO.replace("h100_sxm", "h100")),
        ("model_low: gpt5_high.cards_m\n", "model_low: gpt5_high.crads\n"),
        ("  days_per_month:", "  days_per_mouth:"),
    )
    with pytest.raises(InputError) as caught:
        load(path)
    places = {}
    for problem in caught.value.problems:
        file = path.parent / problem.file
        places[problem.path] = file.read_text("utf-8").splitlines()[problem.line - 1] if problem.line else ""
    assert "months: {base: five," in places["defaults.months.base"]
    assert "chip: h100" in places["scenarios.gpt5_low.chip"]
    assert "gpt5_high.crads" in places["claims.gpt5_cards.model_low"]  # in data/published.yaml
    assert any("days_per_month" in p.found for p in caught.value.problems)


def test_the_real_file_teaches_its_reader_and_says_where_every_figure_comes_from(default_model) -> None:
    assert ASSUMPTIONS.read_text("utf-8").splitlines()[1].startswith("# Three Gates")  # below the editor's line
    for address, datum in default_model.data.items():
        assert datum.source, address
        assert datum.confidence or datum.source == ("definition",), address


RUNS = tuple(name for name in smallest() if name.startswith("runs_"))
OPTIONAL = ("readings", "hindcast", "context", "tradeoff", "questions", "axes", "run_groups", *RUNS)
# What the equations or the report read by name, or another section names, such as a group its runs.
NEEDED = set(smallest()) - {*OPTIONAL, "history", "growth_fits"} | {"run_groups", *RUNS}


def small_file(folder: Path, without: tuple[str, ...], **sections: Any) -> Path:
    """The smallest assumptions without some sections, and with others instead of their own."""
    data = {name: section for name, section in (smallest() | sections).items() if name not in without}
    if "readings" in without:  # a constant that only a reading reads
        data["constants"] = {key: c for key, c in data["constants"].items() if key != "mfu_deepseek_v3"}
    path = folder / "smaller.yaml"
    path.write_text(dump(data), "utf-8")
    return path


# A file may leave out what it does not speak of, and say of the claims only what the report calls by role: its published
# job, without asking the model for an answer.
@pytest.mark.parametrize(
    ("sections", "language"),
    [
        (("readings",), "en"),
        (OPTIONAL, "zh"),
        pytest.param(("readings",), "zh", marks=pytest.mark.slow),
        pytest.param(OPTIONAL, "en", marks=pytest.mark.slow),
    ],
)
def test_a_file_without_answered_claims_readings_or_whole_sections_builds(
    sections: tuple[str, ...], language, tmp_path: Path
) -> None:
    yardsticks = {
        key: {
            name: value
            for name, value in smallest()["claims"][key].items()
            if not name.startswith(("model_", "evidence"))
        }
        for key in ("gpt5_cards", "gpt5_months")
    }
    claims = yardsticks if sections == OPTIONAL else smallest()["claims"]
    results = evaluate.evaluate(load(small_file(tmp_path, sections, claims=claims)))
    assert [results.model.keys.get(name, ()) for name in sections] == [()] * len(sections)
    entry = built(results, language)[1]
    assert [str(finding) for finding in lint.check(entry.package, exceptions=EXCEPTIONS)] == []
    text = summary.render(results, entry.uncertainty, language, entry.compared)
    assert not any(reading["label"][language] in text for reading in smallest()["readings"].values())


@pytest.mark.parametrize("section", smallest())
def test_a_section_that_is_left_out_is_missed_in_words_or_not_at_all(section: str, tmp_path: Path) -> None:
    """No equation takes a column of a table that has no records."""
    path = small_file(tmp_path, (section,))
    if section in NEEDED:
        assert_missed(path)
        return
    placed = placing.place(load(path), "en")
    assert evaluate.evaluate(placed.model)
    assert all(Formulas(placed).of(*address) for address, _ in placed.homes.items() if placed.model.formula(*address))


@pytest.mark.parametrize(
    ("section", "key"), [(name, key) for name in ("gates", "switches") for key in smallest()[name]]
)
def test_a_record_that_the_equations_call_by_name_is_missed_in_words(section: str, key: str, tmp_path: Path) -> None:
    others = {name: record for name, record in smallest()[section].items() if name != key}
    assert_missed(small_file(tmp_path, (), **{section: others}))


def assert_missed(path: Path) -> None:
    """The file is refused, and each sentence says where in the file to look."""
    with pytest.raises(InputError) as caught:
        load(path)
    assert {problem.file for problem in caught.value.problems} == {path.name}
    assert all(problem.line for problem in caught.value.problems)


HOSTILE: dict[str, tuple[tuple[str, str], str]] = {
    "an integer of 400 digits": ((SCENARIO, SCENARIO.replace("multiple: 5", "multiple: " + "1" * 400, 1)), "which cannot be read; a number, a date or text"),
    "a tagged scalar": ((SCENARIO, SCENARIO.replace("multiple: 5", "multiple: !!bool maybe", 1)), "'maybe', which cannot be read"),
    "a number format that is none": (("    format: scientific\n", "    format: foo\n"), "found the text 'foo'; 'general', 'significant', 'whole', 'percent', 'scientific' or 'multiple'"),
    "no unit": (("    unit: Tparam\n", ""), "claims.gpt5_params.unit: found nothing; a value; add the key unit:"),
    "a unit that is not for the YAML": (("    unit: Tparam\n", '    unit: "@unit"\n'), "a unit such as W, card or FLOP/s/card"),
    "a unit of 100,000 letters": (("    unit: Tparam\n", f"    unit: {'x' * 30000}\n"), "a unit such as W, card or FLOP/s/card"),
    "a formula of a text": (("model_low: gpt5_high.cards_m\n", "model_low: gpt5_high.chip\n"), "found the unknown field gpt5_high.chip; a number of scenarios"),
    "a formula of a blank": (("model_low: gpt5_high.cards_m\n", "model_low: gpt6_cards_plus2.high\n"), "found gpt6_cards_plus2.high, which is blank; a number that is given; add high: to claims.gpt6_cards_plus2"),
    "a formula of its own circle": (("    value: gpt6_high.cards_m\n", "    value: high_case_cards.value\n"), "high_case_cards.value: found a circle: readings.value → readings.value; no circles; break it"),
    "a formula too deep": (("    value: gpt6_high.cards_m\n", f"    value: {'-' * 40}gpt6_high.cards_m\n"), "found an expression 41 levels deep; allowed: at most 20; split it"),
    "a key with a line break": (("constants:\n", 'constants:\n  "a\\nb": 1\n'), "found the key 'a\\nb'; a printable name of at most 60 characters; rename it"),
    "a directive": (("report:\n", "%YAML 1.1\n---\nreport:\n"), "found the directive '%YAML 1.1'; plain YAML 1.2; delete the line"),
    "published low above high": (("    low: 8.8\n", "    low: 18.8\n"), "claims.gpt5_params.low: found 18.8 above high, 17.6; low ≤ high; swap them"),
    "a reference chip without 8 bits": (("reference_chip: h100_sxm", "reference_chip: a100_80gb_sxm"), "found reference_chip.fp8, which is blank; a number that is given; add fp8: to chips.a100_80gb_sxm"),
    "a code of a character": (("label: GPT-4\n", 'label: "_x0007_"\n'), "scenarios.gpt4.label: found _x0007_ in a text; text without such codes, which Excel reads as a character; write it another way"),
    "an anchor without a name": (("anchor: gpt4 ", 'anchor: "" '), "report.anchor: found the unknown scenario ''; gpt4, gpt5_low, gpt5_high, gpt6_low, gpt6_low_plus2, gpt6_high, gpt6_low_rubin, your_scenario"),
    "an empty label": (("label: GPT-4\n", 'label: ""\n'), "scenarios.gpt4.label: found the text ''; a text, or {en: …, zh: …} with both languages"),
    "a value in a constant": (("    base: 13e12\n", "    base: 13e12\n    value: 99\n"), "constants.reference_tokens.value: found the unknown key 'value'; base, low, high, range, draw"),
    "max of what may be not known": (("    value: gpt6_high.cards_m\n    unit: Mcard\n", "    value: max(gpt6_low_plus2.owned_cost_bn, gpt4.owned_cost_bn)\n    unit: GUSD\n"), "found a comparison, min or max of what may be not known; of what is known; ask for the result itself"),
    "model_high alone": (("    model_low: gpt6_low.synthetic_share\n", ""), "claims.gpt6_synthetic.model_high: found model_high without model_low; both; add model_low:"),
    "an answer that does not say what it proves": (("    model_low: gpt5_high.cards_m\n    evidence: 2\n", "    model_low: gpt5_high.cards_m\n"), "claims.gpt5_cards.model_low: found model_low without evidence; both; add evidence:"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_hostile_file_may_hold_gets_a_sentence_and_no_traceback(name: str, edited: Callable[..., Path]) -> None:
    change, words = HOSTILE[name]
    assert any(words in sentence for sentence in problems(edited(change)))


def test_a_wrong_report_does_not_draw_a_crowd_of_sentences(edited: Callable[..., Path]) -> None:
    assert len(problems(edited(("draws: 100000", "draws: many")))) == 1
    assert len(problems(edited(("constants:\n", "constants: [1]\nother:\n")))) <= 5
