"""The files of a build, edition by edition. Results and Monte Carlo are computed once for all editions."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cache, partial

from threegates.engine import montecarlo
from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import Uncertainty
from threegates.report import side_by_side, summary
from threegates.report.results import results_csv
from threegates.report.summary import NO_PICTURES, Album, named
from threegates.text import Language
from threegates.workbook import double_entry, placing
from threegates.workbook.double_entry import Edition

Editions = Mapping[Language, Edition]
Files = dict[str, bytes]


def languages(results: Results, asked: Language | None) -> tuple[Language, ...]:
    """The language asked for, or else the languages that the report names."""
    report = results.model.assumptions.report
    return (asked,) if asked else report.languages


def solve(results: Results, wanted: Iterable[Language]) -> Editions:
    """The double entry of each edition. The Monte Carlo is drawn once for all.

    Where the machine has another core, it is drawn in a process of its own while the first edition is written, and so are
    the other editions. Raises what :func:`double_entry.double_entry` raises.
    """
    first, *others = wanted
    if not side_by_side.can_fork():
        return _solved(results, (first, *others), cache(partial(montecarlo.sample, results)))
    with ExitStack() as processes:
        drawing = processes.enter_context(side_by_side.Second(lambda _: montecarlo.sample(results)))
        aside = [processes.enter_context(side_by_side.Second(partial(_solved, results, (one,)))) for one in others]

        @cache
        def drawn() -> Uncertainty:
            found: Uncertainty = drawing.result()
            for process in aside:
                process.send(found)
            return found

        editions = _solved(results, (first,), drawn)
        for process in aside:
            editions = {**editions, **process.result(drawn())}
        return editions


def _solved(results: Results, wanted: Iterable[Language], drawn: Callable[[], Uncertainty]) -> Editions:
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
        album = _drawn(results, edition, language) if pictures or mail else NO_PICTURES
        if album.in_english:
            remarks.append("no Chinese font was found: the labels of the Chinese pictures are in English")
        text = summary.render(results, edition.uncertainty, language, edition.compared, album)
        made |= {
            named("scenarios", language, "xlsx"): edition.package,
            named("summary", language, "md"): text.encode(),
            **{picture.path: picture.png for picture in album.pictures},
        }
        if mail:
            made |= _mail(results, edition, language, album)
    return made | {"results.csv": results_csv(results).encode()}, remarks


def _drawn(results: Results, edition: Edition, language: Language) -> Album:
    from threegates.report import pictures  # takes a second, which only those pay who want pictures

    return pictures.album(results, edition.uncertainty, language)


def _mail(results: Results, edition: Edition, language: Language, album: Album) -> Files:
    """The draft, and its body as a page on its own."""
    from threegates.report import mail

    mailed = {chart.id for chart in results.model.definition.charts if chart.mailed}
    few = tuple(picture for picture in album.pictures if picture.name in mailed)  # the others are in the workbook, too
    workbook = named("scenarios", language, "xlsx")
    body = mail.Body(
        mail.subject(results, language),
        language,
        summary.mail(results, edition.uncertainty, language, edition.compared, album._replace(pictures=few), workbook),
        {picture.path: picture.png for picture in few},
    )
    alone = mail.page(body, lambda path: f"data:image/png;base64,{base64.b64encode(body.pictures[path]).decode()}")
    return {
        named("scenarios", language, "eml"): mail.draft(results, body, workbook, edition.package),
        named("mail", language, "html"): alone.encode(),
    }
