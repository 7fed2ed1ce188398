"""Every text of the definition stands in both languages, wherever a record of whatever kind holds one; a missing one is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from threegates.definition import MODEL
from threegates.definition.declare import Definition
from threegates.definition.wording import GLOSSARY, PHRASES
from threegates.text import NOTHING, Text, Word

REQUIRED = {"label", "name", "title"}  # other texts may be left out, in both languages at once
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def texts(value: Any, place: str) -> Iterator[tuple[str, Text | Word]]:
    """Each text in dataclasses, tuples and mappings, and where it stands: a record by its id."""
    if isinstance(value, Text | Word):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, f"{place}.{key}")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{place}.{field.name}")
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{place}.{getattr(inner, 'id', number)}")


def problems(value: Any) -> list[str]:
    """What is missing; a Chinese text has a Chinese character, unless it is a name, a unit or a sign that both share."""
    found = []
    for place, text in texts(value, "model"):
        if (text.en, text.zh) == NOTHING and place.rpartition(".")[2] not in REQUIRED:
            continue
        for language in ("en", "zh"):
            if not text.of(language).strip():
                found.append(f"{place}.{language}: found no text")
        shared = text.zh in text.en and len(text.zh.split()) <= 3
        if text.en.strip() and text.zh.strip() and not shared and not CHINESE.search(text.zh):
            found.append(f"{place}.zh: found {text.zh!r}, which is not Chinese")
    return found


def test_no_text_of_the_definition_is_missing_in_a_language() -> None:
    assert problems(MODEL) == []
    said = {name: text for name, text in PHRASES.items() if name != "year"}  # English has no word after a year
    assert problems((GLOSSARY, said)) == []
    assert sum(1 for _ in texts((MODEL, GLOSSARY, PHRASES), "")) > 500


def toy(**changed: Any) -> Definition:
    """The definition, in which the record of ``cards`` says something else."""
    return replace(MODEL, equations=tuple(replace(f, **changed) if f.id == "cards" else f for f in MODEL.equations))


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        (toy(label=Text("cards", "")), "model.equations.cards.label.zh: found no text"),
        (toy(label=Text("", "卡")), "model.equations.cards.label.en: found no text"),
        (toy(label=Text("cards", " ")), "model.equations.cards.label.zh: found no text"),
        (
            toy(label=Text("cards", "its cards")),
            "model.equations.cards.label.zh: found 'its cards', which is not Chinese",
        ),
        (toy(why=Text("compute over rate", "")), "model.equations.cards.why.zh: found no text"),
        (toy(words=(Word("few", "少"), Word("many", ""))), "model.equations.cards.words.1.zh: found no text"),
        (
            replace(MODEL, sheets=(replace(MODEL.sheets[0], title=Text("Summary", "")), *MODEL.sheets[1:])),
            f"model.sheets.{MODEL.sheets[0].id}.title.zh: found no text",
        ),
    ],
)
def test_a_missing_text_is_found_and_named(definition: Definition, found: str) -> None:
    assert problems(definition) == [found]


def test_a_label_that_is_missing_in_both_languages_is_found() -> None:
    assert problems(toy(label=NOTHING)) == [
        f"model.equations.cards.label.{language}: found no text" for language in ("en", "zh")
    ]
