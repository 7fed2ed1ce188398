"""The workbook as a document: headline, verdicts and chart titles live; both editions say everything in their language."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from tests.conftest import built, load
from tests.engines import IronCalc
from tests.small import nothing_predicted
from threegates.definition import MODEL
from threegates.definition.backtest import FIT_FIELDS, RUNS
from threegates.definition.wording import GLOSSARY, PHRASES
from threegates.engine.evaluate import DAY_ZERO, Results, evaluate
from threegates.formula import grammar
from threegates.report import summary
from threegates.report.numbers import escape
from threegates.text import NOTHING, Text
from threegates.workbook import charts
from threegates.workbook.as_excel import CHART
from threegates.workbook.double_entry import Edition
from threegates.workbook.holes import Readout
from threegates.workbook.layout import LABEL, Layout, Spot
from threegates.workbook.live_sentences import applies, fixed, text_of
from threegates.workbook.sheets.summary import HEADLINE_ROWS

book_of = cache(lambda package: load_workbook(io.BytesIO(package)))  # read by several tests, changed by none
ENGLISH_SENTENCE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){2,}\b[a-z]{2,}\b")
OVER_A_COLUMN = re.compile(r"\w\(\w+\.\w+[,)]")  # an equation, where several are gathered in one cell
# What an equation is written with, in either edition.
EQUATION = re.compile(rf"\b(?:{'|'.join((*grammar.CALLABLE, 'unknown', 'never'))})\b")
# Columns that hold another language on purpose: titles, publishers and quotes as published; the English term.
FOREIGN = {("来源", "B"), ("来源", "C"), ("来源", "F"), ("词汇", "B")}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


@pytest.fixture(scope="module")
def engine(english, tmp_path_factory: pytest.TempPathFactory) -> IronCalc:
    path: Path = tmp_path_factory.mktemp("engine") / "scenarios.xlsx"
    path.write_bytes(english[1].package)
    return IronCalc(path, english[0])


def headline(engine: IronCalc, placed, scenario: str) -> list[str]:
    engine.put(placed.spots["picker"], scenario)
    engine.model.evaluate()
    return [engine.value(Spot("summary", row, LABEL)) for row in HEADLINE_ROWS]


def told(day: float) -> str:
    """The year of a serial day; words past the horizon."""
    date = DAY_ZERO + dt.timedelta(days=int(day))
    return "beyond the horizon" if date > dt.date(2040, 12, 31) else str(date.year)


def test_the_headline_says_the_numbers_of_the_scenario_that_is_picked(english, results, engine) -> None:
    placed = english[0]
    for scenario in placed.model.keys["scenarios"]:
        first, draws, gates, base, claims = headline(engine, placed, scenario)

        def number(name: str, scenario: str = scenario) -> float:
            return results.value("scenarios", name, scenario)

        label = placed.model.assumptions.entries["scenarios"][scenario].label.en
        chip = placed.model.assumptions.entries["chips"][number("chip")].label.en
        assert first == (
            f"{label}: {number('compute_multiple'):,.1f} times the compute of GPT-4; {number('cards'):,.0f} cards ({chip}) "
            f"for {number('months'):,.1f} months; {number('power_need') * 1000:,.0f} MW a campus (campuses used: 1)."
        )
        drawn = partial(english[1].uncertainty.value, scenario=placed.model.keys["scenarios"].index(scenario))
        gate = ("", "none: all open", "cards", "power", "data", "money")
        if number("gates_state") == 2:
            middle, early, late = (told(drawn(f"all_opening_{p}")) for p in ("p50", "p5", "p95"))
            assert draws == (
                f"All gates open, by the median draw: {middle} (nine of ten draws: {early} to {late}); "
                f"the last is most often {gate[int(drawn('often_code'))]} ({drawn('often_share') * 100:.0f} % of draws)."
            )
            assert gates.startswith(
                f"Base case: {gate[int(number('binding_code'))]}, {told(number('all_opening'))}; it rests most on “"
            )
            assert ("outside the middle half" in base) == (drawn("base_state") == 2)
        elif number("gates_state") == 1:
            assert draws == "In the base case all four gates are open on the day."
        else:
            assert draws == "Whether all gates are open is not known, since one of them has no figure."
        assert claims == (
            "Of 13 published figures that the model answers, 13 hold. Independent tests among them: 3, of which 3 held; "
            "the others restate inputs or were calibrated."
        )


def assert_every_sentence_reads_as_its_cell_says(results: Results, built: tuple[Layout, Edition]) -> None:
    placed, entry = built
    language = placed.language
    readout = Readout(results, entry.uncertainty, language)
    checked = 0
    for sentence in MODEL.sentences:
        if applies(sentence, placed.model):
            spot = placed.spots[f"sentence.{sentence.id}"]
            assert text_of(sentence, readout) == entry.values[placed.sheet_name(spot.sheet)][spot.row, spot.column]
            checked += 1
    assert checked >= len(MODEL.sentences) - 2


def test_the_text_of_each_sentence_is_what_its_cell_says(results, edition) -> None:
    """One sentence, two readings: the formula in the workbook, the text in summary, mail and pictures."""
    assert_every_sentence_reads_as_its_cell_says(results, edition)


def test_so_it_is_in_the_second_vintage(vintage, vintage_english) -> None:
    assert_every_sentence_reads_as_its_cell_says(vintage, vintage_english)


@pytest.mark.slow
def test_so_it_is_in_the_second_vintage_in_chinese(vintage) -> None:
    assert_every_sentence_reads_as_its_cell_says(vintage, built(vintage, "zh"))


@pytest.mark.parametrize("picked", ["gpt4", "gpt5_high", "gpt5_low"])
def test_so_it_is_for_every_scenario_with_all_gates_open_or_not(picked: str, small_file: Callable[..., Path]) -> None:
    changes = {("report", "picked"): picked, ("tradeoff",): {}} | nothing_predicted()
    results = evaluate(load(small_file(changes)))
    assert_every_sentence_reads_as_its_cell_says(results, built(results, "en"))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(2.5, 0, "3"), (0.25, 1, "0.3"), (1234567.5, 0, "1,234,568"), (-2.5, 0, "-3"), (1e25, 0, f"{10**25:,}")],
)
def test_numbers_of_a_text_are_written_as_fixed_writes_them(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


def test_the_summary_begins_with_the_headline_of_the_workbook(results, edition) -> None:
    placed, entry = edition
    top = entry.values[placed.sheet_name("summary")]
    text = summary.render(results, entry.uncertainty, placed.language, entry.compared)
    headline = (" " if placed.language == "en" else "").join(top[row, LABEL] for row in HEADLINE_ROWS)
    assert text.splitlines()[2] == f"**{escape(headline)}**"


def test_verdicts_follow_the_scenario_that_is_picked(english, results, engine) -> None:
    """A gate with a ratio above 1 is closed, the one closed longest is the last, one without a price is not known."""
    placed = english[0]
    for scenario in placed.model.keys["scenarios"]:
        headline(engine, placed, scenario)
        ratios = {g: results.value("scenarios", f"{g}_ratio", scenario) for g in ("cards", "power", "data", "money")}
        until = {g: results.value("scenarios", f"{g}_closed_until", scenario) for g in ratios}
        for gate, ratio in ratios.items():
            shown = engine.value(placed.spot("verdicts", "verdict", f"{gate}_gate"))
            last = until[gate] > 0 and until[gate] == max(until.values())
            expected = (
                "not known" if math.isnan(ratio) else "open" if ratio <= 1 else "CLOSED, last" if last else "CLOSED"
            )
            assert shown == expected, (scenario, gate)


def test_your_scenario_starts_as_a_run_that_has_been_reported(results) -> None:
    """DeepSeek-V3: 2,048 H800, 2.664 million card-hours."""
    assert results.value("scenarios", "cards", "your_scenario") == pytest.approx(2048, rel=1e-3)
    assert results.value("scenarios", "card_hours", "your_scenario") == pytest.approx(2.664e6, rel=1e-3)
    assert results.model.keys["scenarios"][-1] == "your_scenario"


def test_your_scenario_is_a_column_beside_the_others_on_every_sheet_of_scenarios(english) -> None:
    placed = english[0]
    for block in placed.blocks:
        if block.table.id == "scenarios":
            assert block.keys[-1] == "your_scenario", block.sheet


def test_every_chart_has_a_live_title_visible_axes_and_a_text_for_who_cannot_see_it(edition) -> None:
    placed, entry = edition
    expected = [chart for sheet in placed.model.sheets for chart in charts.of(placed, sheet.id)]
    assert {chart.id for chart in MODEL.charts} == {chart.id for chart in expected}
    c = CHART
    with zipfile.ZipFile(io.BytesIO(entry.package)) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        named = []
        for name in sorted(parts, key=lambda name: int(re.sub(r"\D", "", name))):
            root = ElementTree.fromstring(package.read(name))
            named.append([series.findtext(f"{c}tx/{c}v") for series in root.iter(f"{c}ser")])
            title = root.find(f"{c}chart/{c}title/{c}tx/{c}strRef")
            assert title is not None, name
            sheet, _, cell = title.findtext(f"{c}f").replace("$", "").rpartition("!")
            shown = load_cell(entry, sheet.strip("'").replace("''", "'"), cell)
            assert title.findtext(f"{c}strCache/{c}pt/{c}v") == shown
            assert len(shown) > 8
        texts = [
            shape.get("descr")
            for name in package.namelist()
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)
            for shape in ElementTree.fromstring(package.read(name)).iter(f"{DRAWING}cNvPr")
        ]
    assert len(parts) == len(expected) == len(MODEL.charts)
    assert named == [[series.label.of(placed.language) for series in chart.series] for chart in expected]
    assert sorted(texts) == sorted(chart.says.of(placed.language) for chart in expected)


def load_cell(entry, sheet: str, cell: str) -> str:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    assert letters == "A"
    return entry.values[sheet][int(digits), 1]


def test_no_series_on_a_log_axis_holds_a_text_or_nothing(edition) -> None:
    """Programs would plot it as 0, which a log axis cannot show."""
    _placed, entry = edition
    c = CHART
    checked = 0
    with zipfile.ZipFile(io.BytesIO(entry.package)) as package:
        for name in package.namelist():
            if name.startswith("xl/charts/chart"):
                root = ElementTree.fromstring(package.read(name))
                if next(root.iter(f"{c}logBase"), None) is not None:
                    for cache in root.iter(f"{c}numCache"):
                        values = [float(v.text) for v in cache.iter(f"{c}v")]
                        assert len(values) == int(cache.find(f"{c}ptCount").get("val")), name
                        assert min(values) > 0
                        checked += 1
    assert checked > 10


def test_no_english_sentence_is_left_in_the_chinese_edition(chinese) -> None:
    package = chinese[1].package
    book = load_workbook(io.BytesIO(package), data_only=True)
    equations = {text for field in MODEL.equations for text in (field.formula, f"{field.id} = {field.formula}")}
    found = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and ENGLISH_SENTENCE.search(EQUATION.sub("", cell.value))
        and (sheet.title, cell.column_letter) not in FOREIGN
        and cell.value not in equations
        and not OVER_A_COLUMN.search(cell.value)
    ]
    assert found == []


def shown(value: float, code: str) -> str:
    """A number as the number formats of the workbook show it: sections with conditions, then #,##0, 0.00, 0.0% or 0.000E+00."""
    for section in code.split(";"):
        condition = re.match(r"\[<(\d+)\]", section)
        if condition is None or value < float(condition[1]):
            break
    body = section[condition.end() if condition else 0 :]
    decimals = len(re.sub(r"E.*|%", "", body).partition(".")[2])
    if "E" in body:
        return f"{value:.{decimals}E}"
    return f"{value:.{decimals}%}" if "%" in body else f"{value:,.{decimals}f}"


def test_no_number_is_wider_than_its_column(edition) -> None:
    """Programs would show #### instead; a digit takes one unit of width, and the edges take one more."""
    entry = edition[1]
    checked = 0
    for sheet in book_of(entry.package):
        values = entry.values[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                value = values.get((cell.row, cell.column))
                if isinstance(value, float) and re.search(r"#,##0|0\.0", cell.number_format):
                    width = sheet.column_dimensions[cell.column_letter].width
                    larger = 1.4 if "Large" in cell.style else 1
                    text = shown(value, cell.number_format)
                    assert len(text) * larger + 1 <= width, (sheet.title, cell.coordinate, text, width)
                    checked += 1
    assert checked > 5_000


def every_text() -> list[Text]:
    fields = [
        text
        for field in (*MODEL.equations, *FIT_FIELDS)
        for text in (field.label, field.why, *field.words)
        if text != NOTHING
    ]
    of_sheets = [text for sheet in MODEL.sheets for text in (sheet.name, sheet.title, sheet.lead)]
    of_charts = [text for chart in MODEL.charts for text in (chart.axis, chart.says)]
    of_charts += [
        s.label for chart in MODEL.charts for s in chart.series if s.table != RUNS.id
    ]  # of groups: in the YAML
    of_charts += [text for chart in MODEL.charts for text in (chart.across, chart.beside) if text != NOTHING]
    of_charts += [text for chart in MODEL.charts if chart.split for text in (chart.split.others, chart.split.those)]
    said = [text for sentence in MODEL.sentences for text in sentence.texts]
    terms = [text for pair in GLOSSARY for text in pair]
    leads = [view.lead for view in MODEL.views]
    return [*fields, *of_sheets, *of_charts, *said, *terms, *leads, *PHRASES.values()]


def test_every_label_explanation_sentence_and_phrase_stands_in_both_languages() -> None:
    """A Chinese text has a Chinese character, unless it is a name, a unit or a sign that both share."""
    for text in every_text():
        assert text.en.strip(), text
        assert text.zh.strip(), text
        if text.en != text.zh:
            assert re.search(r"[\u3000-\u9fff\uff00-\uffef]", text.zh), text
        else:
            assert len(text.en.split()) <= 3, text


def test_sentences_have_the_same_holes_in_both_languages_but_for_how_they_count() -> None:
    for sentence in MODEL.sentences:
        for text in sentence.texts:
            holes = [set(re.findall(r"\{([^{}:]+)", words)) for words in text]
            assert {h.replace("cards_wan", "cards") for h in holes[1]} == holes[0], sentence.id


def test_the_chinese_edition_counts_in_wan_and_yi_through_named_constants(chinese) -> None:
    placed, entry = chinese
    sheet = entry.values[placed.sheet_name("summary")]
    shown = {name: value for (row, column), value in sheet.items() if column == 2 and (name := value)}
    assert {"cards_wan", "owned_cost_yi", "run_cost_yi"} <= set(shown)
    units = {value for (_, column), value in sheet.items() if column == 3}
    assert {"万卡", "亿美元", "万亿参数", "万亿 token"} <= units
    assert not {"百万卡", "十亿美元"} & units
    book = book_of(entry.package)
    claim = next(c for c in book[placed.sheet_name("summary")]["B"] if c.value == "gpt6_cards_blackwell")
    constant = placed.spot("constants", "value", "wan_per_million")
    assert f"$D${constant.row}" in book[placed.sheet_name("summary")].cell(claim.row, 4).value
    assert sheet[claim.row, 4] == pytest.approx(158)


def test_summary_prints_on_one_page_and_begins_at_the_left(edition) -> None:
    book = book_of(edition[1].package)
    ws = book.worksheets[0]
    assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 1)
    filled = {row[0].row for row in ws.iter_rows(max_col=4) if any(cell.value is not None for cell in row)}
    for row in ws.iter_rows():
        if any(cell.value is not None for cell in row):
            assert row[0].row in filled, row[0].row  # nothing stands behind blanks alone
