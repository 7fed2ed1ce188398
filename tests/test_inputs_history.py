"""The history of the assumptions: read with its sentences, shown on the sheet Changes and in the summary, newest first."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import built, load
from tests.small import dump, smallest
from threegates import lint
from threegates.engine import evaluate
from threegates.problems import InputError
from threegates.report import summary
from threegates.text import LANGUAGES, Language
from threegates.workbook import double_entry
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.layout import HEADING_ROW

SHEET = {"en": "Changes", "zh": "变更"}
SECTION = {"en": "## What has changed", "zh": "## 变更"}


def write(folder: Path, history: str, change: tuple[str, str] = ("", "")) -> Path:
    """The smallest assumptions with another history, as text, and one change of the whole."""
    text = dump({name: section for name, section in smallest().items() if name != "history"}) + history
    assert change[0] in text
    path = folder / "some.yaml"
    path.write_text(text.replace(*change, 1), "utf-8")
    return path


def rows(package: bytes, language: Language) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(package))[SHEET[language]]
    return [[str(cell.value) for cell in row] for row in sheet.iter_rows(HEADING_ROW + 2, max_col=4) if row[0].value]


def test_the_sheet_is_the_last_and_shows_every_record_in_the_language_of_the_edition(
    edition: tuple[Any, double_entry.Edition], default_model
) -> None:
    language = edition[0].language
    shown = rows(edition[1].package, language)
    history = default_model.assumptions.history
    assert edition[0].model.sheets[-1].id == "changes"
    assert shown == [
        [key, str(change.date), change.what.of(language), change.why.of(language)] for key, change in history.items()
    ]
    assert len(shown) >= 3


def test_every_version_of_the_changelog_before_this_one_has_its_record(default_model) -> None:
    text = " ".join(change.what.en + change.what.zh for change in default_model.assumptions.history.values())
    assert all(text.count(version) == 2 for version in ("0.1.0", "0.2.0", "0.3.0"))


def test_the_newest_comes_first_and_records_of_one_day_keep_the_order_of_the_file(tmp_path: Path) -> None:
    dates = {"old": "2026-11-24", "new_one": "2026-11-25", "old_too": "2026-11-24", "new_two": "2026-11-25"}
    history = "".join(f"  {key}: {{date: {date}, what: a, why: b}}\n" for key, date in dates.items())
    path = write(tmp_path, "history:\n" + history)
    assert list(load(path).assumptions.history) == ["new_one", "new_two", "old", "old_too"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_has_a_section_of_changes(language: Language, results: evaluate.Results, edition) -> None:
    text = summary.render(results, edition[1].uncertainty, language, 1)
    section = text[text.index(SECTION[language]) :].split("\n## ")[0]
    dates = [line[2:12] for line in section.splitlines() if line.startswith("- ")]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == len(results.model.assumptions.history)


@pytest.mark.parametrize(("language", "history"), [("en", ""), ("zh", "history: {}\n")])
def test_a_file_without_history_builds_says_so_on_the_sheet_and_has_no_section(
    history: str, language: Language, tmp_path: Path
) -> None:
    results = evaluate.evaluate(load(write(tmp_path, history)))
    entry = built(results, language)[1]
    assert [row[0] for row in rows(entry.package, language)] == [
        {"en": "no changes recorded", "zh": "尚无变更记录"}[language]
    ]
    if language == "en":
        assert [str(finding) for finding in lint.check(entry.package, exceptions=EXCEPTIONS)] == []
    assert SECTION[language] not in summary.render(results, entry.uncertainty, language, 1)


HISTORY = """history:
  second:
    date: 2026-11-25
    what: {en: "a moved", zh: "甲变了"}
    why: {en: "for b", zh: "因为乙"}
"""
# what is edited in this record, and the sentence
BROKEN = {
    "no date": ("date: 2026-11-25", "date: yesterday", "history.second.date: found the text 'yesterday'; allowed: a date such as 2024-04-21"),
    "a date with slashes": ("date: 2026-11-25", "date: 2026/11/25", "history.second.date: found the text '2026/11/25'; allowed: a date such as 2024-04-21; write 2026-11-25"),
    "a month alone": ("date: 2026-11-25", "date: 2026-11", "history.second.date: found the text '2026-11'; allowed: a date such as 2024-04-21"),
    "a day that is none": ("date: 2026-11-25", "date: 2026-02-30", "history.second.date: found '2026-02-30', which cannot be read; allowed: a number, a date or text"),
    "a date of another century": ("date: 2026-11-25", "date: 1926-11-25", "history.second.date: found 1926-11-25; allowed: a date from 1990-01-01 to 2100-12-31"),
    "an unknown key": ("    why:", "    reason:", "history.second.reason: found the unknown key 'reason'; allowed: date, what, why"),
    "no reason": ("    why:", "    reason:", "history.second.why: found nothing; allowed: a value; add the key why:"),
    "one language": ("{en: \"a moved", "{de: \"a moved", "history.second.what: found a mapping; allowed: a text, or {en: …, zh: …} with both languages"),
    "a name that is none": ("  second:", "  0.3.0:", "history.0.3.0: found the name '0.3.0'; allowed: a–z, 0–9 and single _, beginning with a letter, up to 60 characters"),
    "a list": ("\nhistory:\n", "\nhistory: []\nother:\n", "history: found a list; allowed: a mapping of names to records; mend the section history:"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_in_the_history_gets_its_sentence(name: str, tmp_path: Path) -> None:
    old, new, sentence = BROKEN[name]
    path = write(tmp_path, HISTORY, (old, new))
    with pytest.raises(InputError) as caught:
        load(path)
    assert sentence in [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]
