"""YAML → workbook → a reader, and another program → pull → YAML: what was typed comes back, and nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import ASSUMPTIONS, VINTAGE, how_many, load
from tests.returning import typed
from tests.test_returned_pull import FILES, changed_lines, found_in, sentences
from tests.test_workbook_parity import Edits, edits
from threegates.engine import evaluate
from threegates.problems import InputError
from threegates.returned import changes, edit_yaml, read_workbook
from threegates.returned.compare import same, value_of


@pytest.mark.parametrize("count", how_many(2, 60))
def test_what_readers_type_comes_back_and_nothing_else_moves(
    count: int, english, results: evaluate.Results, tmp_path: Path, record_property
) -> None:
    """YAML → workbook → edits → pull → YAML: each edit that the YAML could say is in it, and every other line stays."""
    placed, entry = english
    path = tmp_path / "returned.xlsx"

    @given(made=edits())
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    def comes_back(made: Edits) -> None:
        path.write_bytes(
            typed(entry.package, placed, {placed.name(*address): value for address, value in made.items()})
        )
        found = changes.pull(read_workbook.read(path), results)
        refused = {problem.path for problem in found.problems}
        before = {a: value_of(results.model, a) for a in made}
        expected = {a: v for a, v in made.items() if not same(before[a], v) and placed.name(*a) not in refused}
        assert {change.address: change.theirs for change in found.changes} == pytest.approx(expected)
        new, after = changes.rewritten(ASSUMPTIONS, results, found.changes, found.language)
        assert evaluate.evaluate(changes.with_values(results.model, expected)).frame().equals(after.frame())
        replaced = [set(FILES[name].splitlines()) - set(content.splitlines()) for name, content in new.items()]
        assert sum(map(len, replaced)) <= len(found.changes)
        assert all(content != FILES[name] for name, content in new.items())
        assert bool(new) is bool(found.changes)

    comes_back()
    record_property("workbooks pulled", count)


def test_the_chinese_edition_comes_back_too(chinese, results: evaluate.Results, tmp_path: Path) -> None:
    placed, entry = chinese
    path = tmp_path / "returned.xlsx"
    path.write_bytes(typed(entry.package, placed, {"mfu__gpt6_low": 0.3, "chips__h100_sxm__vendor": "英伟"}))
    found = changes.pull(read_workbook.read(path), results)
    values = {change.address: change.theirs for change in found.changes}
    assert changed_lines(edit_yaml.amend(results.model, values, found.language))[1] == (
        "    vendor: {en: NVIDIA, zh: 英伟达}",
        '    vendor: {en: NVIDIA, zh: "英伟"}',
    )
    assert found_in(found) == {"mfu__gpt6_low": 0.3, "chips__h100_sxm__vendor": "英伟"}


def test_a_record_of_a_file_outside_the_folder_is_left_to_that_file(
    vintage: evaluate.Results, vintage_english, tmp_path: Path
) -> None:
    """A scenario of the file's own takes what was a default, wherever the default stands."""
    path, results = VINTAGE, vintage
    placed, entry = vintage_english
    (tmp_path / "returned.xlsx").write_bytes(typed(entry.package, placed, {"constant__reference_tokens": 14e12, "pue__grok3": 1.2}))  # fmt: skip
    found = changes.pull(read_workbook.read(tmp_path / "returned.xlsx"), results)
    line = results.model.assumptions.document.line(("constants", "reference_tokens"))
    assert sentences(found) == [
        f"constant__reference_tokens: this record is included from ../assumptions.yaml, line {line}, which other files may share; change it there, or copy the record into 2026-11.yaml"
    ]
    new, _ = changes.rewritten(path, results, found.changes, found.language)
    added = b"    pue: {base: 1.2, low: 1.08, high: 1.25, range: bounds, source: judgement, confidence: judgement}\n"
    assert new.keys() == {"2026-11.yaml"}
    assert new["2026-11.yaml"].replace(added, b"", 1) == path.read_bytes() != new["2026-11.yaml"]


def test_a_file_that_includes_another_gets_its_new_version_beside_it(tmp_path: Path) -> None:
    """From another folder, include: would lead to another file, or to none."""
    path = VINTAGE
    ours = load(path)
    assert changes.target_of(path, None, ours, ()) == path
    assert changes.target_of(path, path.parent / "new.yaml", ours, ()).name == "new.yaml"
    with pytest.raises(
        InputError, match=r"is in another folder than .*2026-11\.yaml, which includes files by their place"
    ):
        changes.target_of(path, tmp_path / "new.yaml", ours, ())
