"""summary.md and the body of the mail: results, formatted as text, put into the templates. Computes no number."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jinja2

from threegates import resources
from threegates.definition.declare import SCENARIOS, Field
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.engine.montecarlo import Uncertainty
from threegates.formula import units
from threegates.report import facts
from threegates.report.numbers import counted, escape, figure, money, percent
from threegates.text import Language
from threegates.version import __version__
from threegates.workbook.holes import Readout
from threegates.workbook.live_sentences import applies, text_of

TEMPLATES = jinja2.FunctionLoader(lambda name: resources.read(f"templates/{name}").decode())


class Picture(NamedTuple):
    """The picture of a chart: the id of the chart, the path of the file, what it shows in words, and the PNG."""

    name: str
    path: str
    alternative: str
    png: bytes


class Album(NamedTuple):
    """The pictures of an edition; ``in_english`` if the labels of a Chinese one are, for lack of a Chinese font."""

    pictures: tuple[Picture, ...] = ()
    in_english: bool = False


NO_PICTURES = Album()


def named(stem: str, language: Language, suffix: str) -> str:
    """The name of a file of an edition: only Chinese ones name their language."""
    return f"{stem}.{suffix}" if language == "en" else f"{stem}.{language}.{suffix}"


def render(
    results: Results, drawn: Uncertainty, language: Language, compared: int, pictures: Album = NO_PICTURES
) -> str:
    """summary.md in the edition's language, with links to the pictures that have been drawn."""
    return _filled("summary", _context(results, drawn, language, compared) | {"album": pictures}, language)


def mail(
    results: Results, drawn: Uncertainty, language: Language, compared: int, pictures: Album, workbook: str
) -> str:
    """The summary in short, as markdown for the body of a mail to which ``workbook`` is attached."""
    context = _context(results, drawn, language, compared)
    return _filled("mail", context | {"album": pictures, "workbook": workbook}, language)


def _filled(template: str, context: dict[str, Any], language: Language) -> str:
    environment = jinja2.Environment(
        loader=TEMPLATES,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # markdown, not HTML: ``escape`` does what autoescape cannot
    )
    environment.filters.update(figure=figure, md=escape)
    environment.filters.update({f.__name__: partial(f, language=language) for f in (percent, counted, money)})
    return environment.get_template(named(template, language, "md.j2")).render(context).rstrip() + "\n"


def _context(results: Results, drawn: Uncertainty, language: Language, compared: int) -> dict[str, Any]:
    model = results.model
    report, frame = model.assumptions.report, results.frame()
    view = next(v for v in model.views if v.table == SCENARIOS)
    labels = {key: entry.label.of(language) for key, entry in model.assumptions.entries[SCENARIOS].items()}
    others = [key for key in frame.columns if key not in (model.anchor, report.yours)] or [model.anchor]
    readout = Readout(results, drawn, language)
    return {
        "title": report.title.of(language),
        "headline": [text_of(sentence, readout) for sentence in model.definition.headline if applies(sentence, model)],
        "findings": [text_of(sentence, readout) for sentence in model.definition.findings if applies(sentence, model)],
        "as_of": model.assumptions.as_of.isoformat(),
        "version": __version__,
        "digest": model.assumptions.document.digest[:16],
        "labels": labels,
        "anchor": model.anchor,
        "frame": frame,
        "others": others,
        "least": frame.loc["compute_multiple", others].idxmin(),
        "most": frame.loc["compute_multiple", others].idxmax(),
        "chips": {key: facts.chip_of(results, key, language) for key in frame.columns},
        "rows": [facts.result(results, model.fields[SCENARIOS, name], language) for name in view.shown(language)],
        "claims": [facts.claim(results, key, language) for key in model.keys["claims"]],
        "readings": [facts.reading(results, key, language) for key in model.keys["readings"]],
        "hindcast": [facts.run(results, key, language) for key in model.keys["hindcast"]],
        "gates": facts.gates(results, drawn, language),
        "swings": facts.swings(results, language),
        "fits": facts.fits(results, language),
        "drawn": drawn,
        "picked": model.picked,
        "constants": {key: results.value("constants", "value", key) for key in model.keys["constants"]},
        "compared": f"{compared:,}",
    } | _appendix(results, language)


def _appendix(results: Results, language: Language) -> dict[str, Any]:
    """What the end of the summary lists: equations, failed checks, changes and sources."""
    model = results.model
    return {
        "equations": dict.fromkeys(  # tables of one kind, such as the groups of runs, share theirs
            _equation(field, language)
            for field in model.fields.values()
            if field.formula and not field.check and not model.tables[field.table].derived
        ),
        "failed": [
            (field.label.of(language), [facts.label_of(model, field.table, key, language) for key in keys])
            for field, keys in facts.failed_checks(results)
        ],
        "changes": [
            {"date": change.date.isoformat(), "what": change.what.of(language), "why": change.why.of(language)}
            for change in model.assumptions.history.values()
        ],
        "sources": _sources_used(model, results, language),
    }


class Equation(NamedTuple):
    """An equation as the summary tells it: its id, its text as in ``definition/``, its unit, and why, in words."""

    id: str
    formula: str
    unit: str
    why: str


def _equation(field: Field, language: Language) -> Equation:
    unit = units.words(field.unit, language) if field.unit and not field.unit.startswith("@") else ""
    return Equation(field.id, field.formula, unit, field.why.of(language))


def _sources_used(model: Model, results: Results, language: Language) -> list[dict[str, str]]:
    """The sources of scenarios, constants, claims and equations, and of the chips that a scenario uses."""
    chips = set(results.columns[SCENARIOS, "chip"])
    used = {name for (t, _, key), d in model.data.items() if t != "chips" or key in chips for name in d.source}
    used |= {field.source for field in model.fields.values()}
    shown = []
    for key, source in model.assumptions.sources.items():
        if key in used:
            details = (source.title, source.publisher, source.date, PHRASES[f"kind_{source.kind}"].of(language))
            shown.append({"id": key, "details": PHRASES["comma"].of(language).join(filter(None, details))})
    return shown
