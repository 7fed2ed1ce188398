"""The pictures: they say what the results say, nothing in them overlaps or is cut, and any label can be drawn."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from tests import small
from tests.conftest import ASSUMPTIONS, ROOT, load, run
from threegates.engine import evaluate, montecarlo
from threegates.report import numbers, pictures
from threegates.report.pictures.charts import MOST_ROWS
from threegates.report.pictures.design import CHINESE_FONTS, MARKS, installed, png
from threegates.text import LANGUAGES, Language

NAMES = ("compute", "gates", "chips", "campuses", "tradeoff", "tornado", "backtest", "ranges")
Built = tuple[evaluate.Results, montecarlo.Uncertainty]


@cache
def built(path: Path) -> Built:
    results = evaluate.evaluate(load(path))
    return results, montecarlo.sample(results)


@cache
def default_album(language: Language) -> pictures.Album:
    return pictures.album(*built(ASSUMPTIONS), language)


def texts(figure: Figure) -> Iterator[Text]:
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
    """No text overlaps another or leaves the figure."""
    figure.draw_without_rendering()
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [ASSUMPTIONS, ROOT / "vintages/2026-11.yaml"], ids=["2024", "2026"])
def test_no_text_overlaps_another_or_is_cut(language: Language, path: Path) -> None:
    results, drawn = built(path)
    for figure in pictures.figures(results, drawn, pictures.speech(language)):
        assert_readable(figure)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_picture_is_a_png_of_a_size_for_mail_and_carries_no_date(language: Language) -> None:
    album = default_album(language)
    assert tuple(picture.name for picture in album.pictures) == NAMES
    for picture in album.pictures:
        image = Image.open(io.BytesIO(picture.png))
        image.verify()
        assert image.format == "PNG"
        assert image.width == 1200
        assert 400 < image.height < 3000
        assert len(picture.png) < 150_000
        assert set(image.info) <= {"dpi", "transparency"}


def test_the_same_results_give_the_same_bytes() -> None:
    again = pictures.figures(*built(ASSUMPTIONS), pictures.speech("zh"))
    for figure, picture in itertools.islice(zip(again, default_album("zh").pictures, strict=True), 3):
        assert png(figure) == picture.png


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_each_picture_state_the_finding_in_numbers_of_the_results(language: Language) -> None:
    results, drawn = built(ASSUMPTIONS)
    said = {picture.name: picture.alternative for picture in default_album(language).pictures}
    frame, picked = results.frame(), results.model.picked
    at = results.model.keys["scenarios"].index(picked)
    counted = {
        "compute": numbers.figure(frame.loc["compute_multiple"].max()),
        "gates": numbers.figure(frame.at["binding_ratio", picked], 3),
        "chips": numbers.counted(min(results.columns["anychip_cards", picked]), language),
        "campuses": numbers.figure(frame.at["facility_capacity_gw", picked]),
        "tradeoff": numbers.counted(results.columns["tradeoff", "cards_at"][0], language),
        "tornado": numbers.counted(results.value("swings", "cards_low", "mfu"), language),
        "backtest": numbers.figure(results.value("fits", "half_within", "fit_all"), 3),
        "ranges": numbers.counted(drawn.value("cards_p95", at), language),
    }
    for name, number in counted.items():
        assert number in said[name], name


def test_without_a_chinese_font_the_labels_are_english_and_the_album_says_so() -> None:
    results, drawn = built(ASSUMPTIONS)
    album = pictures.album(results, drawn, "zh", chinese_fonts=("No Such Font",))
    assert album.in_english
    assert [picture.png for picture in album.pictures] == [picture.png for picture in default_album("en").pictures]
    assert "训练算力" in album.pictures[0].alternative


def test_with_a_chinese_font_the_labels_are_chinese() -> None:
    if not installed(CHINESE_FONTS):
        pytest.skip("no Chinese font is installed")
    assert not default_album("zh").in_english
    assert default_album("zh").pictures[0].png != default_album("en").pictures[0].png


NASTY = (
    "$x^2$ \\frac{1}{2} $ 😀 %s {0} {x} \u202eabc",
    "Wide " * 55,
    "无间断的长标签" * 40,
    "line\nbreak\u2028two\n\nthree\nfour",
)


@pytest.mark.parametrize("label", NASTY, ids=range(len(NASTY)))
def test_any_label_can_be_drawn_without_warning_and_stays_in_its_place(
    label: str, small_file: Callable[..., Path]
) -> None:
    """Formulas, signs that no font has, labels of the greatest length, line breaks."""
    places = [
        ("scenarios", "gpt5_high"),
        ("chips", "h100_sxm"),
        ("campuses", "colossus_1_2024"),
        ("gates", "power_gate"),
    ]
    results, drawn = built(small_file({(*place, "label"): label[:300] for place in places}))
    for figure in pictures.figures(results, drawn, pictures.speech("zh")):
        assert_readable(figure)


def test_a_chart_with_nothing_to_show_is_left_out(small_file: Callable[..., Path]) -> None:
    results, drawn = built(small_file({("tradeoff",): {}, ("fits",): {}, ("campuses",): small.smallest()["campuses"]}))
    names = [picture.name for picture in pictures.album(results, drawn, "en").pictures]
    assert names == [name for name in NAMES if name not in ("tradeoff", "backtest")]


def test_many_scenarios_are_shown_up_to_a_bound_that_the_picture_names(small_file: Callable[..., Path]) -> None:
    few = small.smallest()["scenarios"]
    many = {f"extra_{i}": few["gpt5_low"] | {"label": f"Extra {i}"} for i in range(MOST_ROWS)}
    results, drawn = built(small_file({("scenarios",): few | many}, "many.yaml"))
    first, *_ = pictures.figures(results, drawn, pictures.speech("en"))
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
    done = run("--pictures", "--output", tmp_path / "drawn", "--assumptions", path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for name, mark in (("summary.md", ""), ("summary.zh.md", ".zh")):
        text = (tmp_path / "drawn" / name).read_text("utf-8")
        for picture in NAMES:
            assert f"](pictures/{picture}{mark}.png)" in text, picture
            assert (tmp_path / "drawn" / "pictures" / f"{picture}{mark}.png").is_file()
