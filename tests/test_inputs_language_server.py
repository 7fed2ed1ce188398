"""A real YAML language server by the editor's schema: nothing on what builds, the right sentence on what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.language_server import Server, running
from tests.small import ASSUMPTIONS, DATA

VINTAGE = ROOT / "vintages/2026-11.yaml"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(ROOT) as process:
        yield process


REAL = ASSUMPTIONS.read_text("utf-8")
TEXTS = {path: path.read_text("utf-8") for path in (ASSUMPTIONS, *DATA)}
SCENARIO = "    params_multiple: 5\n    tokens_multiple: 5\n    chip: h100_sxm\n"
# what is edited, and what a language server says of it, on the line of the edit
SAID: dict[str, tuple[str, str, str]] = {
    "an unknown key": (SCENARIO, SCENARIO.replace("params_multiple", "params_multipel"), "Property params_multipel is not allowed."),
    "an unknown section": ("\nhistory:", "\nhistry:", "Property histry is not allowed."),
    "a wrong type": (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: five"), "Incorrect type. Expected one of number, object."),
    "out of range": ("mfu: {base: 0.34, low: 0.32", "mfu: {base: 34, low: 0.32", "Value is above the maximum of 1."),
    "below the range": (SCENARIO, SCENARIO.replace("params_multiple: 5", "params_multiple: -5"), "Value is below the minimum of 1e-9."),
    "a bad confidence": ("confidence: judgement, marks: [derived, unverified]", "confidence: guess, marks: [derived, unverified]", 'Value is not accepted. Valid values: "defined", "measured", "estimated", "judgement".'),
    "a bad mark": ("marks: [derived, unverified],\n", "marks: [derived, unverifid],\n", 'Value is not accepted. Valid values: "unverified", "derived", "projection", "calibrated".'),
    "an unknown precision": ("precision: {base: bf16", "precision: {base: fp16", 'Value is not accepted. Valid values: "bf16", "fp8", "fp4".'),
    "one language only": ('label: {en: "GPT-5, low case", zh: "GPT-5 下限"}', 'label: {en: "GPT-5, low case"}', 'Missing property "zh".'),
    "no date": ("as_of: 2024-04-21", "as_of: April", "Allowed: a date such as 2024-04-21."),
    "no month": ("available: 2023-01\n", "available: 2023-13\n", "Allowed: a month such as 2024-10."),
    "another unit": ("unit: month, source", "unit: year, source", 'Value is not accepted. Valid values: "month".'),
    "a name that is none": ("\n  gpt5_low:\n", "\n  GPT5:\n", "Allowed: a–z, 0–9 and single _, beginning with a letter, up to 60 characters."),
}  # fmt: skip


@pytest.mark.parametrize("path", [*TEXTS, VINTAGE], ids=lambda path: path.name)
def test_a_language_server_finds_nothing_wrong_in_the_files_that_build(path: Path, server: Server) -> None:
    assert server.says(server.open(path.parent, path.read_text("utf-8"))) == []


@pytest.mark.parametrize("name", SAID)
def test_a_language_server_says_what_is_wrong_on_its_line(name: str, server: Server) -> None:
    old, new, sentence = SAID[name]
    path, real = next((path, text) for path, text in TEXTS.items() if old in text)
    line = real[: real.index(old)].count("\n") + 1 + (old[0] == "\n")
    assert server.says(server.open(path.parent, real.replace(old, new, 1))) == [(line, sentence)]


def test_a_language_server_misses_a_key_at_its_record(server: Server) -> None:
    text = REAL.replace("    label: GPT-4\n", "", 1)
    line = REAL[: REAL.index("  gpt4:\n")].count("\n") + 1
    assert server.says(server.open(ROOT, text)) == [(line, 'Missing property "label".')]


def test_a_language_server_shows_what_a_key_means(server: Server) -> None:
    path, lines = server.open(ROOT, REAL), REAL.splitlines()
    line = next(i for i, text in enumerate(lines) if text.startswith("  mfu:"))
    shown = server.at("textDocument/hover", path, line, 3)["contents"]["value"]
    assert "dense peak at this precision" in shown
    assert "模型算力利用率" in shown
    assert "Unit: 1" in shown


def test_a_language_server_offers_keys_and_values_with_their_words(server: Server) -> None:
    text = REAL.replace(SCENARIO, SCENARIO + "    \n    precision: \n", 1)
    path, lines = server.open(ROOT, text), text.splitlines()
    keys = offered(server, path, lines.index("    "), 4)
    assert {"mfu", "months", "active_share", "own_params"} <= keys.keys()
    assert "calendar months of the final run" in str(keys["months"])
    assert offered(server, path, lines.index("    precision: "), 15).keys() >= {"bf16", "fp8", "fp4"}


def offered(server: Server, path: Path, line: int, column: int) -> dict[str, Any]:
    found = server.at("textDocument/completion", path, line, column)
    return {item["label"]: item.get("documentation") for item in (found if isinstance(found, list) else found["items"])}
