"""The files of a build, edition by edition. Results and Monte Carlo are computed once for all editions."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from threegates.engine import montecarlo
from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import Uncertainty
from threegates.report import side_by_side, summary
from threegates.report.results import results_csv
from threegates.report.summary import NO_PICTURES, PictureLink, PictureLinks
from threegates.text import Language
from threegates.workbook import double_entry, placing
from threegates.workbook.double_entry import Edition

PICTURES = "pictures"  # the folder
Editions = Mapping[Language, Edition]
Files = dict[str, bytes]


def languages(results: Results, asked: Language | None) -> tuple[Language, ...]:
    """The language asked for, or else the languages that the report names."""
    report = results.model.assumptions.report
    return (asked,) if asked else report.languages


def solve(results: Results, wanted: Iterable[Language]) -> Editions:
    """The double entry of each edition: the first here, others at the same time in a second process where that is possible.

    NumPy draws once for all, while the first workbook is being written. Raises what :func:`double_entry.double_entry`
    raises.
    """
    first, *others = wanted
    with ThreadPoolExecutor(1) as pool:
        if not others or not side_by_side.can_fork():
            sampled = pool.submit(montecarlo.sample, results)
            return _solved(results, (first, *others), sampled.result)
        with side_by_side.second(partial(_solved, results, others)) as second:  # before there are threads
            sampled = pool.submit(montecarlo.sample, results)
            sampled.add_done_callback(lambda done: second.send(done.result()))
            editions = _solved(results, (first,), sampled.result)
            return {**editions, **second.result(sampled.result())}


def _solved(results: Results, wanted: Iterable[Language], drawn: Callable[[], Uncertainty]) -> Editions:
    drawn = cache(drawn)
    return {
        language: double_entry.double_entry(placing.place(results.model, language), results, drawn)
        for language in wanted
    }


def contents(
    results: Results, editions: Editions, pictures: bool = False, mail: bool = False
) -> tuple[Files, list[str]]:
    """Every file of the build by its name, and what is to be said of them.

    Workbook and summary of each edition, and the results once; with ``pictures`` those too, with ``mail`` the draft.
    """
    made: Files = {}
    remarks: list[str] = []
    for language, edition in editions.items():
        drawn: Files = {}
        album = NO_PICTURES
        if pictures or mail:
            album, drawn = _draw(results, edition, language)
        if album.in_english:
            remarks.append("no Chinese font was found: the labels of the Chinese pictures are in English")
        text = summary.render(results, edition.uncertainty, language, edition.compared, album)
        made |= {
            named("scenarios", language, "xlsx"): edition.package,
            named("summary", language, "md"): text.encode(),
        } | drawn
        if mail:
            made |= _mail(results, edition, language, album, drawn)
    return made | {"results.csv": results_csv(results).encode()}, remarks


def named(stem: str, language: Language, suffix: str) -> str:
    """The name of a file of an edition: only Chinese ones name their language."""
    return f"{stem}.{suffix}" if language == "en" else f"{stem}.{language}.{suffix}"


def _draw(results: Results, edition: Edition, language: Language) -> tuple[PictureLinks, Files]:
    """The pictures of an edition as the summary shows them, and their files."""
    from threegates.report import pictures  # a second, which only those pay who want pictures

    album = pictures.album(results, edition.uncertainty, language)
    paths = [f"{PICTURES}/{named(picture.name, language, 'png')}" for picture in album.pictures]
    shown = tuple(PictureLink(path, picture.alternative) for path, picture in zip(paths, album.pictures, strict=True))
    return PictureLinks(shown, album.in_english), {
        path: picture.png for path, picture in zip(paths, album.pictures, strict=True)
    }


def _mail(results: Results, edition: Edition, language: Language, album: PictureLinks, drawn: Files) -> Files:
    """The draft, and its body as a page on its own."""
    from threegates.report import mail

    charts = results.model.definition.charts  # those that are not mailed are in the folder and in the workbook
    paths = [f"{PICTURES}/{named(chart.id, language, 'png')}" for chart in charts if chart.mailed]
    few = PictureLinks(tuple(shown for shown in album.pictures if shown.path in paths), album.in_english)
    workbook = named("scenarios", language, "xlsx")
    body = mail.Body(
        mail.subject(results, language),
        language,
        summary.mail(results, edition.uncertainty, language, edition.compared, few, workbook),
        {shown.path: drawn[shown.path] for shown in few.pictures},
    )
    alone = mail.page(body, lambda path: f"data:image/png;base64,{base64.b64encode(drawn[path]).decode()}")
    return {
        named("scenarios", language, "eml"): mail.draft(results, body, workbook, edition.package),
        named("mail", language, "html"): alone.encode(),
    }
