"""What a build writes, edition by edition. What the editions share is computed once: the results and the Monte Carlo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from threegates import layout, recalculate, summary, uncertainty
from threegates.recalculate import Entry
from threegates.records import Language
from threegates.table import Results

Entries = Mapping[Language, Entry]


def languages(results: Results, asked: Language | None) -> tuple[Language, ...]:
    """The language asked for, or those that the report names."""
    report = results.model.assumptions.report
    assert report is not None
    return (asked,) if asked else report.languages


def solve(results: Results, wanted: Iterable[Language]) -> Entries:
    """The double entry of each edition; NumPy draws, once for all, while the first workbook is being written.

    Raises what :func:`recalculate.double_entry` raises.
    """
    with ThreadPoolExecutor(1) as pool:
        drawing = pool.submit(uncertainty.sample, results)
        return {
            language: recalculate.double_entry(layout.place(results.model, language), results, drawing.result)
            for language in wanted
        }


def contents(results: Results, entries: Entries) -> dict[str, bytes]:
    """Every file of the build by its name: workbook and summary of each edition, and the results once."""
    made: dict[str, bytes] = {}
    for language, entry in entries.items():
        text = summary.render(results, entry.drawn, language, entry.compared)
        made[named("scenarios", language, "xlsx")] = entry.package
        made[named("summary", language, "md")] = text.encode()
    return made | {"results.csv": summary.results_csv(results).encode()}


def named(stem: str, language: Language, suffix: str) -> str:
    """The name of a file of an edition: English ones bear no mark."""
    return f"{stem}.{suffix}" if language == "en" else f"{stem}.{language}.{suffix}"
