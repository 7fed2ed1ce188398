"""DataFrames + templates → markdown and CSV. Formats numbers; never computes one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

from threegates import __version__
from threegates.definition.declare import Field
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.engine.montecarlo import Uncertainty
from threegates.formula import units
from threegates.inputs.assumptions import SCENARIOS
from threegates.report import facts
from threegates.report.numbers import counted, escape, figure, money, percent
from threegates.text import Language
from threegates.workbook.layout import checks
from threegates.workbook.live_sentences import Told, is_said, said

MOST_COLUMNS = 10  # of scenarios side by side in a terminal
TERMINAL_FIELDS = ("compute_multiple", "cards_m", "facility_power_gw", "facility_capacity_gw", "owned_cost_bn")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Shown(NamedTuple):
    """A picture as the summary shows it: where its file stands, and what it says in words."""

    path: str
    alternative: str


class Album(NamedTuple):
    """The pictures that were drawn; ``in_english`` where their labels are, for want of a Chinese font."""

    pictures: tuple[Shown, ...] = ()
    in_english: bool = False


NO_PICTURES = Album()


def render(results: Results, drawn: Uncertainty, language: Language, compared: int, album: Album = NO_PICTURES) -> str:
    """summary.md in the edition's language, with those pictures that have been drawn."""
    return _filled("summary", _context(results, drawn, language, compared) | {"album": album}, language)


def mail(results: Results, drawn: Uncertainty, language: Language, compared: int, album: Album, workbook: str) -> str:
    """The summary in short, as markdown for the body of a mail to which ``workbook`` is attached."""
    context = _context(results, drawn, language, compared)
    return _filled("mail", context | {"album": album, "workbook": workbook}, language)


def _filled(template: str, context: dict[str, Any], language: Language) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # markdown, not HTML: ``escape`` does what autoescape cannot
    )
    environment.filters.update(figure=figure, md=escape)
    environment.filters.update({f.__name__: partial(f, language=language) for f in (percent, counted, money)})
    name = f"{template}.md.j2" if language == "en" else f"{template}.{language}.md.j2"
    return environment.get_template(name).render(context).rstrip() + "\n"


def _context(results: Results, drawn: Uncertainty, language: Language, compared: int) -> dict[str, Any]:
    model = results.model
    report, frame = model.assumptions.report, results.frame()
    view = next(v for v in model.views if v.table == SCENARIOS)
    labels = {key: entry.label.of(language) for key, entry in model.assumptions.entries[SCENARIOS].items()}
    others = [key for key in frame.columns if key not in (model.anchor, report.yours)] or [model.anchor]
    told = Told(results, drawn, language)
    return {
        "title": report.title.of(language),
        "headline": [said(sentence, told) for sentence in model.definition.headline if is_said(sentence, model)],
        "as_of": report.as_of.isoformat(),
        "version": __version__,
        "digest": model.assumptions.document.digest[:16],
        "labels": labels,
        "anchor": model.anchor,
        "frame": frame,
        "others": others,
        "least": frame.loc["compute_multiple", others].idxmin(),
        "most": frame.loc["compute_multiple", others].idxmax(),
        "chips": {key: _chip(model, results, key, language) for key in frame.columns},
        "rows": [_row(model, results, model.fields[SCENARIOS, name], language) for name in view.shown(language)],
        "claims": [_claim(model, results, key, language) for key in model.keys["claims"]],
        "readings": [_reading(model, results, key, language) for key in model.keys["readings"]],
        "hindcast": [_run(model, results, key, language) for key in model.keys["hindcast"]],
        "gates": facts.gates(results, drawn, language),
        "swings": facts.swings(results, language),
        "fits": facts.fits(results, language),
        "drawn": drawn,
        "picked": model.picked,
        "equations": [
            _equation(field, language)
            for field in model.fields.values()
            if field.formula and not field.check and not model.tables[field.table].derived
        ],
        "constants": {key: results.value("constants", "value", key) for key in model.keys["constants"]},
        "failed": [
            (field.label.of(language), [_label(model, field.table, key, language) for key in keys])
            for field, keys in failed_checks(results)
        ],
        "compared": f"{compared:,}",
        "changes": [
            {"date": change.date.isoformat(), "what": change.what.of(language), "why": change.why.of(language)}
            for change in model.assumptions.history.values()
        ],
        "sources": _sources_used(model, results, language),
    }


def _label(model: Model, table: str, key: str, language: Language) -> str:
    return model.assumptions.entries[table][key].label.of(language)


def _chip(model: Model, results: Results, scenario: str, language: Language) -> str:
    chip = results.value(SCENARIOS, "chip", scenario)
    return _label(model, "chips", chip, language)


def _row(model: Model, results: Results, field: Field, language: Language) -> dict[str, Any]:
    values = [results.value(SCENARIOS, field.id, key) for key in model.keys[SCENARIOS]]
    if field.kind == "link":
        shown = [escape(_chip(model, results, key, language)) for key in model.keys[SCENARIOS]]
    elif field.words:
        shown = [field.words[int(value)].of(language) for value in values]
    else:
        shown = [percent(v, language) if field.format == "percent" else figure(float(v)) for v in values]
    unit = units.words(field.unit, language) if field.unit else ""
    bare = field.format == "percent" or field.words
    return {"label": field.label.of(language), "unit": "" if bare else unit, "values": shown}


def _shown(results: Results, field: Field, key: str, value: float, language: Language) -> str:
    if results.model.format_of(field, key) == "percent":
        return percent(value, language)
    return figure(float(value) * facts.counted_unit(results, results.model.unit_of(field, key), language)[0])


def _claim(model: Model, results: Results, key: str, language: Language) -> dict[str, Any]:
    entry = model.assumptions.entries["claims"][key]
    fields = {name: model.fields["claims", name] for name in ("low", "high", "model_low", "model_high")}
    shown = {
        name: "—"
        if field.is_input and ("claims", name, key) not in model.data
        else _shown(results, field, key, results.value("claims", name, key), language)
        for name, field in fields.items()
    }
    code = int(results.value("claims", "verdict", key))
    unit = units.words(facts.counted_unit(results, entry.unit, language)[1], language) if entry.unit else ""
    is_share = model.format_of(fields["low"], key) == "percent"
    return shown | {
        "number": int(results.value("claims", "number", key)),
        "label": entry.label.of(language),
        "unit": "" if is_share else unit,
        "code": code,
        "verdict": model.fields["claims", "verdict"].words[code].of(language),
        "deviation": results.value("claims", "deviation", key),
        "note": entry.note.of(language) if entry.note else "",
        "tests": "calibrated" not in entry.marks,
    }


def _reading(model: Model, results: Results, key: str, language: Language) -> dict[str, str]:
    entry = model.assumptions.entries["readings"][key]
    value = _shown(results, model.fields["readings", "value"], key, results.value("readings", "value", key), language)
    counted = facts.counted_unit(results, entry.unit, language)[1]
    unit = "" if value.endswith("%") or entry.unit == "1" else units.words(counted, language)
    note = entry.note.of(language) if entry.note else ""
    return {"label": entry.label.of(language), "value": value, "unit": unit, "note": note}


def _run(model: Model, results: Results, key: str, language: Language) -> dict[str, str]:
    """A training run since the forecast: released when, how many times the anchor, and what that says."""
    value = partial(results.value, "hindcast", key=key)
    outcome = model.fields["hindcast", "outcome"].words[int(value("outcome"))]
    rough = ("times_anchor", "times_low", "times_high", "forecast_ratio")
    shown = {name: figure(float(value(name)), 2) for name in rough}  # what is estimated is not known to four figures
    shown |= {name: figure(float(value(name))) for name in ("forecast_low", "forecast_high")}
    released = results.value("hindcast", "published_on", key)
    return shown | {
        "label": _label(model, "hindcast", key, language),
        "released": f"{released:%Y-%m}",
        "outcome": outcome.of(language),
    }


def _equation(field: Field, language: Language) -> dict[str, str]:
    unit = units.words(field.unit, language) if field.unit and not field.unit.startswith("@") else ""
    return {"id": field.id, "formula": field.formula, "unit": unit, "why": field.why.of(language)}


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


def failed_checks(results: Results) -> list[tuple[Field, list[str]]]:
    """The checks that fail, with the keys where they do."""
    found = []
    for field in checks(results.model):
        keys = [key for key in results.model.keys[field.table] if results.value(field.table, field.id, key) != 1]
        if keys:
            found.append((field, keys))
    return found


Rows = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def terminal_tables(results: Results) -> list[Rows]:
    """Title, headings and rows of what a build prints: key results, claims, checks that want a look. In English."""
    model = results.model
    language: Language = "en"
    view = next(v for v in model.views if v.table == SCENARIOS)
    rows = [_row(model, results, model.fields[SCENARIOS, name], language) for name in view.fields]
    keys = model.keys[SCENARIOS]
    key_results: list[tuple[str, ...]] = [(row["label"], row["unit"], *row["values"]) for row in rows]
    heads: tuple[str, ...] = ("", "unit", *keys)
    if len(keys) > MOST_COLUMNS:  # then a scenario a row, with what matters most
        chosen = [row for row, name in zip(rows, view.fields, strict=True) if name in TERMINAL_FIELDS]
        heads = ("scenario", "", *(f"{row['label']}, {row['unit']}" for row in chosen))
        key_results = [(key, "", *(row["values"][i] for row in chosen)) for i, key in enumerate(keys)]
    claims = [_claim(model, results, key, language) for key in model.keys["claims"]]
    answered: list[tuple[str, ...]] = [
        (c["label"], c["unit"], c["low"], c["high"], c["model_low"], c["model_high"], c["verdict"])
        for c in claims
        if c["code"]
    ]
    failed: list[tuple[str, ...]] = [
        (field.label.en, field.check, ", ".join(keys)) for field, keys in failed_checks(results)
    ]
    claim_heads = ("claim", "unit", "published, low", "high", "model, low", "high", "verdict")
    shown: list[Rows] = [
        ("Key results", heads, key_results),
        ("Published claims", claim_heads, answered),
    ]
    return [*shown, ("Checks", ("does not pass", "class", "where"), failed)] if failed else shown
