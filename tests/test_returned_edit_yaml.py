"""Values put into the text of the YAML: the style of numbers, and files as people write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests import small
from tests.conftest import load
from threegates.problems import InputError
from threegates.returned import edit_yaml

STYLES = [
    (16.2e12, "15.6e12", "16.2e12"),
    (1e13, "15.6e12", "10e12"),
    (2e-9, "1e-9", "2e-9"),
    (4e9, "3.5E+9", "4e+9"),
    (0.25, "0.20", "0.25"),
    (6.0, "5", "6"),
    (4.5, "5", "4.5"),
    (1600000.0, "1599968", "1600000"),
    (0.0, "1e5", "0"),
    (14.8e12, "", "1.48e13"),
    (86400.0, "", "86400"),
    (0.1 + 0.2, "", "0.30000000000000004"),
    (1e30, "1e-9", "1e30"),
]


@pytest.mark.parametrize(("value", "old", "text"), STYLES)
def test_a_number_keeps_the_style_of_the_one_that_it_replaces(value: float, old: str, text: str) -> None:
    assert edit_yaml.number(value, old) == text


@given(st.floats(-1e30, 1e30), st.sampled_from(["", "5", "0.20", "15.6e12", "1e-9", "1_000", "-3", "3.5E+9"]))
def test_a_number_loses_nothing_in_any_style(value: float, old: str) -> None:
    assert float(edit_yaml.number(value, old)) == value


@given(st.text(max_size=40))
def test_a_quoted_text_stays_on_its_line_and_is_read_as_it_was(text: str) -> None:
    text = "".join(sign for sign in text if not "\ud800" <= sign <= "\udfff")
    written = edit_yaml.quoted(text)
    assert "\n" not in written
    assert YAML(typ="safe", pure=True).load(f"a: {written}\n") == {"a": text}


EDITS = {
    ("scenarios", "params_multiple", "gpt5_low"): 6.0,
    ("scenarios", "goodput", "gpt6_low_rubin"): 0.9,
    ("constants", "value__low", "days_per_month"): 30.0,
    ("constants", "value__high", "days_per_month"): 31.0,
    ("questions", "given_gw", "corner_few_fast"): 2.0,
    ("chips", "price__low", "h20"): None,
}


def amended(folder: Path) -> dict[str, str]:
    """The files of a folder that change, with the edits in them, after they have been written and loaded."""
    before = load(folder / "assumptions.yaml")
    new = edit_yaml.amend(before, EDITS, "en")
    for name, content in new.items():
        (folder / name).write_bytes(content)
    after = load(folder / "assumptions.yaml")
    for address, value in EDITS.items():
        datum = after.data.get(address)
        assert (None if datum is None else datum.value) == value
    assert set(before.data) - set(after.data) <= {a for a, value in EDITS.items() if value is None}
    return {name: content.decode() for name, content in new.items()}


FILES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "from Windows": lambda text: text.replace("\n", "\r\n"),
    "without a last line end": lambda text: text.rstrip("\n"),
    "with comments after values": lambda text: text.replace("    params_multiple: 5\n", "    params_multiple: 5   # five\n"),
    "with quotes": lambda text: text.replace("    chip: h100_sxm\n", "    'chip': \"h100_sxm\"\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_each_file_keeps_its_line_ends_comments_and_quotes(kind: str, tmp_path: Path) -> None:
    small.copied(tmp_path)
    texts = {}
    for name in ("assumptions.yaml", "data/chips.yaml"):
        texts[name] = FILES[kind]((tmp_path / name).read_text("utf-8"))
        (tmp_path / name).write_bytes(texts[name].encode())
    new = amended(tmp_path)
    assert new.keys() == texts.keys()
    for name, text in texts.items():
        assert new[name].count("\r\n") == (new[name].count("\n") if "\r\n" in text else 0)
        assert new[name].endswith("\n") == text.endswith("\n")
        kept = set(new[name].splitlines()) & set(text.splitlines())
        assert len(set(text.splitlines()) - kept) <= len(EDITS)
    assert "base: 30.4375, low: 30, high: 31, range: bounds, unit" in new["assumptions.yaml"]
    assert "confidence: estimated, given_gw: 2}" in new["assumptions.yaml"]
    assert ("params_multiple: 6   # five" in new["assumptions.yaml"]) == ("# five" in texts["assumptions.yaml"])


def test_a_default_cannot_be_blanked_by_a_scenario(edited: Callable[..., Path]) -> None:
    """An optional input that `defaults:` give is there for all."""
    given = "\ndefaults:\n  own_params: {base: 2e12, source: judgement, confidence: judgement}\n"
    whole = load(edited(("\ndefaults:\n", given)))
    with pytest.raises(InputError, match=r"gpt4\.own_params: blank in the workbook, while defaults give a value"):
        edit_yaml.amend(whole, {("scenarios", "own_params", "gpt4"): None}, "en")


# how an empty key stands in the file, the input that it is, and how its line reads with a number in it
EMPTY: dict[str, tuple[tuple[str, str], tuple[str, str, str], str]] = {
    "in a block": (("    params_multiple: 5\n", "    params_multiple: 5\n    own_tokens:\n"), ("scenarios", "own_tokens", "gpt5_low"), "    own_tokens: 6\n"),
    "with blanks behind it": (("    params_multiple: 5\n", "    params_multiple: 5\n    own_tokens:  \n\n"), ("scenarios", "own_tokens", "gpt5_low"), "    own_tokens: 6  \n"),
    "with a comment behind it": (("    params_multiple: 5\n", "    params_multiple: 5\n    own_tokens: # to be found\n"), ("scenarios", "own_tokens", "gpt5_low"), "    own_tokens: 6 # to be found\n"),
    "with a comment below it": (("    params_multiple: 5\n", "    params_multiple: 5\n    own_tokens:\n    # to be found\n"), ("scenarios", "own_tokens", "gpt5_low"), "    own_tokens: 6\n    # to be found\n"),
    "with a tilde": (("    params_multiple: 5\n", "    params_multiple: 5\n    own_tokens: ~ # none\n"), ("scenarios", "own_tokens", "gpt5_low"), "    own_tokens: 6 # none\n"),
    "in quotes": (("    params_multiple: 5\n", "    params_multiple: 5\n    'own_tokens':\n"), ("scenarios", "own_tokens", "gpt5_low"), "    'own_tokens': 6\n"),
    "in braces": (("快\"}, given_cards: 200000, given_months: 4", "快\"}, given_gw: , given_cards: 200000, given_months: 4"), ("questions", "given_gw", "corner_few_fast"), "given_gw: 6 , given_cards"),
    "in braces without a colon": (("快\"}, given_cards: 200000, given_months: 4", "快\"}, given_gw, given_cards: 200000, given_months: 4"), ("questions", "given_gw", "corner_few_fast"), "given_gw: 6, given_cards"),
    "a low in braces": (("    months: {base: 3.12114990, low: 2.95687885,", "    months: {base: 3.12114990, low: ,"), ("scenarios", "months__low", "gpt4"), "low: 2 , high"),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_a_number_goes_into_an_empty_key(name: str, edited: Callable[..., Path]) -> None:
    change, address, line = EMPTY[name]
    path = edited(change)
    number = 2.0 if address[1].endswith("low") else 6.0
    model = load(path)
    assert address not in model.data
    (file, content), = edit_yaml.amend(model, {address: number}, "en").items()  # fmt: skip
    (path.parent / file).write_bytes(content)
    assert line in content.decode()
    assert load(path).data[address].value == number
