"""The pictures: they show what the workbook's charts show, nothing in them overlaps or is cut, any label can be drawn."""

from __future__ import annotations

import copy
import io
import itertools
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from PIL import Image

from tests import small
from tests.conftest import ASSUMPTIONS, ROOT, Once, built, invoke, load
from threegates.definition import MODEL
from threegates.definition.declare import Chart, Series
from threegates.engine import evaluate, model, montecarlo
from threegates.report import pictures
from threegates.report.pictures.data import MOST_ROWS
from threegates.report.pictures.design import CHINESE_FONTS, MARKS, Design, installed, png
from threegates.text import LANGUAGES, Language, Text

NAMES = tuple(chart.id for chart in MODEL.charts)
OWN, NOTO = "DejaVu Sans", ("Noto Sans CJK SC", "Noto Sans CJK JP")  # the first comes with matplotlib
FONTS = ("own", pytest.param("noto-en", marks=pytest.mark.slow), "noto-zh")
Solved = tuple[evaluate.Results, montecarlo.Uncertainty]
Albums = dict[Language, pictures.Album]


@cache
def solved(path: Path) -> Solved:
    results = evaluate.evaluate(load(path))
    return results, montecarlo.sample(results)


@cache
def drawn(path: Path, design: Design) -> tuple[tuple[Chart, Figure], ...]:
    """The figures, which are drawn once and looked at by several tests."""
    made = []
    for chart, figure in pictures.figures(*solved(path), design):
        figure.draw_without_rendering()
        made.append((chart, figure))
    return tuple(made)


@pytest.fixture(scope="session")
def albums(once: Once) -> Albums:
    """The pictures of the default build in each language."""
    return once("albums", lambda: {each: pictures.album(*solved(ASSUMPTIONS), each) for each in LANGUAGES})


@pytest.fixture(params=FONTS)
def design(request: pytest.FixtureRequest) -> Design:
    """The fonts of a machine without any of its own, and of one with Noto Sans CJK, in both languages."""
    if request.param == "own":
        return Design("en", (OWN,))
    noto = installed(NOTO)[:1]
    if not noto:
        if os.environ.get("CI"):
            pytest.fail("CI needs Noto Sans CJK: .ci/run installs it")
        pytest.skip("Noto Sans CJK is not installed")
    return Design("zh", (*noto, OWN)) if request.param == "noto-zh" else Design("en", (OWN, *noto))


def test_a_font_that_is_newer_than_the_list_of_fonts_is_found(design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib reads its list from a file that was written before the font came."""
    system = [name for name in design.families if name in NOTO]
    new = {entry.fname for entry in font_manager.fontManager.ttflist if entry.name in system}
    older = [entry for entry in font_manager.fontManager.ttflist if entry.fname not in new]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", older)
    assert set(installed(system)) == set(system)


def texts(figure: Figure) -> Iterator[Drawn]:
    """Every text that is seen: ticks beyond the ends of an axis are not."""
    legends = [text for legend in figure.legends for text in (*legend.get_texts(), legend.get_title())]
    (axes,) = figure.axes
    seen = [*figure.texts, *legends, *axes.texts, axes.xaxis.label, axes.yaxis.label]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        seen += [
            label for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True) if low <= at <= high
        ]
    return (text for text in seen if text.get_visible() and text.get_text().strip())


def assert_readable(figure: Figure) -> None:
    """No text of a figure that has been drawn overlaps another or leaves it."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    wide, tall = figure.bbox.width, figure.bbox.height
    assert len(boxes) > 4
    for words, box in boxes:
        assert min(box.x0, box.y0) >= 0, words
        assert box.x1 <= wide, words
        assert box.y1 <= tall, words
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        apart = first.x1 <= second.x0 or second.x1 <= first.x0 or first.y1 <= second.y0 or second.y1 <= first.y0
        assert apart, f"{one!r} overlaps {other!r}"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(ASSUMPTIONS, id="2024"),
        pytest.param(ROOT / "vintages/2026-11.yaml", id="2026", marks=pytest.mark.slow),
    ],
)
def test_no_text_overlaps_another_or_is_cut(design: Design, path: Path) -> None:
    for _, figure in drawn(path, design):
        assert_readable(figure)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_with_the_fonts_of_this_machine(language: Language) -> None:
    for _, figure in drawn(ASSUMPTIONS, pictures.speech(language)):
        assert_readable(figure)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_picture_is_a_png_of_a_size_for_mail_and_carries_no_date(language: Language, albums: Albums) -> None:
    album = albums[language]
    assert tuple(picture.name for picture in album.pictures) == NAMES
    for picture in album.pictures:
        image = Image.open(io.BytesIO(picture.png))
        image.verify()
        assert image.format == "PNG"
        assert image.width == 1200
        assert 400 < image.height < 3000
        assert len(picture.png) < 150_000
        assert set(image.info) <= {"dpi", "transparency"}


def test_the_same_results_give_the_same_bytes(albums: Albums) -> None:
    again = pictures.figures(*solved(ASSUMPTIONS), pictures.speech("zh"))
    for (_, figure), picture in itertools.islice(zip(again, albums["zh"].pictures, strict=True), 3):
        assert png(figure) == picture.png


def test_the_title_of_each_picture_is_that_of_the_chart_in_the_workbook(edition, albums: Albums) -> None:
    """So is what it says to those who cannot see it."""
    placed, entry = edition
    values = {sheet.id: entry.values[placed.sheet_name(sheet.id)] for sheet in placed.model.sheets}
    for chart, picture in zip(MODEL.charts, albums[placed.language].pictures, strict=True):
        spot = placed.spots[f"sentence.{chart.title.id}"]
        title = values[spot.sheet][spot.row, spot.column]
        assert picture.alternative.endswith(title), chart.id
        assert picture.alternative.startswith(chart.says.of(placed.language)), chart.id


def test_a_picture_shows_the_numbers_of_its_chart() -> None:
    results, _ = solved(ASSUMPTIONS)
    figures = {chart.id: figure for chart, figure in drawn(ASSUMPTIONS, Design("en", (OWN,)))}
    dots, line = figures["power"].axes[0].get_lines()[:2]
    assert list(dots.get_xdata()) == list(results.columns["scenarios", "power_need"])
    assert set(line.get_xdata()) == {results.value("scenarios", "power_available", "gpt4")}
    (axes,) = figures["tornado"].axes
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == [
        value
        for end in ("low", "high")
        for value in results.columns["tornado_cards", f"cards_{end}_change"][: len(widths) // 2]
    ]
    needs = next(text.get_text() for text in texts(figures["gates"]) if "needs" in text.get_text())
    assert needs == "needs 3.565 M cards\nthere is 0.05744 M cards"
    held = 102_535 * 0.4  # OpenAI at the end of 2023, in H100; the share that one run can take
    assert held * 3 ** (112 / 365.25) / 1e6 == pytest.approx(0.05744, abs=5e-6)  # × 3 a year up to 2024-04-21


TOY = Chart(
    "toy",
    "cost",
    "bars",
    (Series("scenarios", "owned_cost_bn", Text("owning it", "自建")),),
    Text("Up to ${most scenarios.owned_cost_bn:1} bn", "最高 {most scenarios.owned_cost_bn:1} 十亿美元"),
    Text("Bars: cost of owning the cluster", "柱：自建集群的成本"),
    Text("bn USD", "十亿美元"),
    log=False,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_record_gives_a_chart_in_the_workbook_and_a_picture(language: Language, small_yaml: Path) -> None:
    made = evaluate.evaluate(model.load(small_yaml, replace(MODEL, charts=(*MODEL.charts, TOY))))
    _, entry = built(made, language)
    with zipfile.ZipFile(io.BytesIO(entry.package)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    highest = max(made.columns["scenarios", "owned_cost_bn"])
    title = f"Up to ${highest:,.1f} bn" if language == "en" else f"最高 {highest:,.1f} 十亿美元"
    assert len(charts) == len(NAMES) + 1
    assert sum(title in chart and TOY.axis.of(language) in chart for chart in charts) == 1
    toy = replace(made, model=replace(made.model, definition=replace(MODEL, charts=(TOY,))))
    (picture,) = pictures.album(toy, entry.uncertainty, language).pictures
    assert picture.name == "toy"
    assert picture.alternative.endswith(title)
    ((_, figure),) = pictures.figures(toy, entry.uncertainty, Design("en", (OWN,)))
    assert [bar.get_width() for bar in figure.axes[0].patches] == list(made.columns["scenarios", "owned_cost_bn"])


def test_without_a_chinese_font_the_labels_are_english_and_the_album_says_so(albums: Albums) -> None:
    results, sampled = solved(ASSUMPTIONS)
    few = replace(results, model=replace(results.model, definition=replace(MODEL, charts=MODEL.charts[:3])))
    album = pictures.album(few, sampled, "zh", chinese_fonts=("No Such Font",))
    assert album.in_english
    assert [picture.png for picture in album.pictures] == [picture.png for picture in albums["en"].pictures[:3]]
    assert "训练算力" in album.pictures[0].alternative


def test_with_a_chinese_font_the_labels_are_chinese(albums: Albums) -> None:
    if not installed(CHINESE_FONTS):
        pytest.skip("no Chinese font is installed")
    assert not albums["zh"].in_english
    assert albums["zh"].pictures[0].png != albums["en"].pictures[0].png


LABELLED = {
    "scenarios": "gpt5_high",
    "chips": "h100_sxm",
    "campuses": "colossus_1_2024",
    "gates": "power_gate",
}.items()
NASTY = (
    "$x^2$ \\frac{1}{2} $ 😀 %s {0} {x} \u202eabc",
    "Wide " * 55,
    "无间断的长标签" * 40,
    "line\nbreak\u2028two\n\nthree\nfour",
)


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The smallest assumptions with a label in four places."""

    @cache
    def write(label: str) -> Path:
        data = copy.deepcopy(small.smallest())
        for section, key in LABELLED:
            data[section][key]["label"] = label[:300]
        path = tmp_path_factory.mktemp("labelled") / "small.yaml"
        path.write_text(small.dump(data), "utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "label",
    [pytest.param(text, id=f"{at}", marks=[pytest.mark.slow] if at % 2 else []) for at, text in enumerate(NASTY)],
)
def test_any_label_can_be_drawn_without_warning_and_stays_in_its_place(
    label: str, design: Design, labelled: Callable[[str], Path]
) -> None:
    """Formulas, signs that no font has, labels of the greatest length, line breaks."""
    for _, figure in drawn(labelled(label), design):
        assert_readable(figure)


def test_a_chart_with_nothing_to_show_is_left_out(small_file: Callable[..., Path]) -> None:
    results, sampled = solved(small_file({("tradeoff",): {}} | small.nothing_predicted()))
    names = [chart.id for chart, _ in pictures.figures(results, sampled, Design("en", (OWN,)))]
    assert names == [name for name in NAMES if name not in ("tradeoff", "backtest")]


def test_many_scenarios_are_shown_up_to_a_bound_that_the_picture_names(small_file: Callable[..., Path]) -> None:
    few = small.smallest()["scenarios"]
    many = {f"extra_{i}": few["gpt5_low"] | {"label": f"Extra {i}"} for i in range(MOST_ROWS)}
    results, sampled = solved(small_file({("scenarios",): few | many}, "many.yaml"))
    (_, first), *_ = pictures.figures(results, sampled, Design("en", (OWN,)))
    first.draw_without_rendering()
    assert_readable(first)
    assert f"the first {MOST_ROWS} of {MOST_ROWS + 3} are shown" in " ".join(text.get_text() for text in texts(first))


def test_marks_differ_in_shape_not_in_colour_alone() -> None:
    assert len({shape for shape, _, _ in MARKS}) == len(MARKS)


def test_a_plain_build_does_not_pay_for_pictures(small_file: Callable[..., Path], tmp_path: Path) -> None:
    code = (
        "import sys\nfrom threegates import cli\n"
        "cli.cli(sys.argv[1:], standalone_mode=False)\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    command = [sys.executable, "-c", code, "--output", tmp_path / "o", "--assumptions", small_file()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_the_summary_shows_what_a_build_with_pictures_has_drawn(
    small_file: Callable[..., Path], tmp_path: Path
) -> None:
    path = small_file({("report", "languages"): ["en", "zh"]})
    done = invoke("--pictures", "--output", tmp_path / "drawn", "--assumptions", path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for name, mark in (("summary.md", ""), ("summary.zh.md", ".zh")):
        text = (tmp_path / "drawn" / name).read_text("utf-8")
        for picture in NAMES:
            assert f"](pictures/{picture}{mark}.png)" in text, picture
            assert (tmp_path / "drawn" / "pictures" / f"{picture}{mark}.png").is_file()
