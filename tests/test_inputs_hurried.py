"""What hurried hands and Chinese input methods leave in the YAML: each gets its words, with the spelling that works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import load
from tests.small import dump, smallest
from threegates.inputs import careful_yaml, spelling
from threegates.inputs.document import Document
from threegates.problems import InputError


def careful(text: str) -> tuple[Any, list[str]]:
    """The data and the sentences of a text, also where it could not be read to its end."""
    document = Document("f.yaml", "", content=text.encode())
    try:
        careful_yaml.parse(document, text)
    except InputError as error:
        return None, [*map(str, error.problems)]
    return document.data, [*map(str, sorted(document.problems))]


# a text with look-alikes, what it is read as all the same, and the place and the name of each
STRAYS = {
    "a full-width colon": ("s:\n  months：5\n  chip: x\n", {"months": 5, "chip": "x"}, "f.yaml:2: the file: column 9 holds ： (U+FF1A, fullwidth colon): type : with a blank behind it"),
    "one on the last line": ("s:\n  chip: x\n  months：5\n", {"months": 5, "chip": "x"}, "f.yaml:3: the file: column 9 holds ："),
    "one behind a section": ("s：\n  months: 5\nother: 1\n", {"months": 5}, "f.yaml:1: the file: column 2 holds ："),
    "a no-break space behind the colon": ("s:\n  months:\xa05\n  chip: x\n", {"months": 5, "chip": "x"}, "f.yaml:2: the file: column 10 holds U+00A0, no-break space: type a plain blank"),
    "no-break spaces as indentation": ("s:\n  chip: x\n\xa0\xa0months: 5\n", {"months": 5, "chip": "x"}, "f.yaml:3: the file: column 1 holds U+00A0, no-break space: type a plain blank; column 2 holds"),
    "an ideographic space": ("s:\n  months:\u30005\n  chip: x\n", {"months": 5, "chip": "x"}, "column 10 holds U+3000, ideographic space: type a plain blank"),
    "a zero-width space behind the colon": ("s:\n  months:\u200b 5\n  chip: x\n", {"months": 5, "chip": "x"}, "column 10 holds U+200B, zero width space: delete it"),
    "a zero-width space in a key": ("s:\n  mon\u200bths: 5\n", {"months": 5}, "f.yaml:2: the file: column 6 holds U+200B, zero width space: delete it"),
    "a direction mark in a key": ("s:\n  \u200fmonths: 5\n", {"months": 5}, "f.yaml:2: the file: column 3 holds U+200F, right-to-left mark: delete it"),
    "full-width letters in a key": ("s:\n  ｍonths: 5\n", {"months": 5}, "column 3 holds ｍ (U+FF4D, fullwidth latin small letter m): type m"),
    "a full-width comma in braces": ("s: {base: 5，low: 4}\n", {"base": 5, "low": 4}, "column 12 holds ， (U+FF0C, fullwidth comma): type ,"),
    "an ideographic comma in braces": ("s: {base: 5、low: 4}\n", {"base": 5, "low": 4}, "column 12 holds 、 (U+3001, ideographic comma): type ,"),
    "a full-width brace at the end": ("s: {base: 5｝\nother: 1\n", {"base": 5}, "f.yaml:1: the file: column 12 holds ｝ (U+FF5D, fullwidth right curly bracket): type }"),
    "two full-width braces": ("s: ｛base: 5｝\n", {"base": 5}, "column 4 holds ｛ (U+FF5B, fullwidth left curly bracket): type {; column 12 holds ｝"),
    "curly quotes around a colon": ("s: {en: “a: b”, zh: c}\n", {"en": "a: b", "zh": "c"}, "column 9 holds “ (U+201C, left double quotation mark): type \""),
    "a quote that a curly one closes": ("s:\n  en: \"a”\n  zh: \"b\"\n", {"en": "a", "zh": "b"}, "f.yaml:2: the file: column 9 holds ” (U+201D, right double quotation mark): type \""),
    "a curly quote around a key": ("s:\n  “months”: 5\n", {"months": 5}, "column 3 holds “"),
}  # fmt: skip


@pytest.mark.parametrize("name", STRAYS)
def test_a_look_alike_between_values_is_named_with_line_and_column_and_what_follows_is_read(name: str) -> None:
    text, read, sentence = STRAYS[name]
    data, found = careful(text)
    assert len(found) == 1
    assert sentence in found[0]
    assert found[0].isprintable()
    assert data["s"] == read


def test_two_look_alikes_on_two_lines_are_both_told() -> None:
    data, found = careful("a：1\nb: 2\nc：3\nd: 4\n")
    assert [line.partition(" holds")[0] for line in found] == ["f.yaml:1: the file: column 2", "f.yaml:3: the file: column 2"]  # fmt: skip
    assert data == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_chinese_prose_beside_another_mistake_is_not_blamed() -> None:
    assert careful("a: 三道关：卡，电\nb: [\n")[1] == [
        "f.yaml:3: the file: not valid YAML: expected the node content, but found '<stream end>'; "
        "look at this line and the one above: indentation, quotes, a missing colon"
    ]


def test_look_alikes_in_prose_stay() -> None:
    text = "a: {zh: 三道关：卡，电, en: “quoted”}\nb: “5”，\xa0\u200b\n"
    assert careful(text) == ({"a": {"zh": "三道关：卡，电", "en": "“quoted”"}, "b": "“5”，\xa0\u200b"}, [])


def test_a_comment_that_cuts_a_text_in_braces_is_named() -> None:
    (found,) = careful("a: {en: GPT #5, zh: x}\nb: 1\n")[1]
    assert found.endswith(
        "a # after a blank begins a comment, and so cuts 'a: {en: GPT #5, zh: x}': put the text in quotes"
    )


TAGS = ["!!omap", "!!pairs", "!!set", "!!python/object:os.x", "!!python/name:os.system", "!x", "!", "!!binary", "!!int", "!<x>"]  # fmt: skip
TAGGED = ["{t} {{a: 1}}\n", "{t} [a: 1]\n", "{t}\na: 1\n", "a: {t} {{b: 1}}\n", "a: {t} [b: 1]\n", "a: [{t} 5]\n", "{t} a: 1\n", "{t}\n"]  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_anywhere_gets_a_sentence(tag: str, tmp_path: Path) -> None:
    for number, form in enumerate(TAGGED):
        path = tmp_path / f"f{number}.yaml"
        path.write_text(form.format(t=tag), "utf-8")
        with pytest.raises(InputError) as caught:
            load(path)
        assert str(caught.value).startswith(path.name)


# how a number is written, the unit of its key, and what to write
NUMBERS = [
    ("0,34", "1", "write 0.34"),
    ("34%", "1", "write 0.34"),
    ("34 ％", "1", "write 0.34"),
    ("1,8e12", "param", "write 1.8e12"),
    ("1.8万亿", "param", "write 1.8e12"),
    ("1.8 trillion", "param", "write 1.8e12"),
    ("15T tokens", "token", "write 1.5e13, without the unit"),
    ("1.8×10^12", "param", "write 1.8e12"),
    ("5 months", "month", "write 5, without the unit"),
    ("5个月", "month", "write 5, without the unit"),
    ("5 GW", "W", "write 5e9, without the unit: it is W"),
    ("3 weeks", "month", "write the number alone, in month"),
    ("$5", "USD", "write 5"),
    ("0.３４", "1", "write 0.34"),
    ("−5", "1", "write -5"),
    ("“5”", "1", "write 5"),
    ("5\xa0", "1", "write 5"),
    ("1,234", "1", "write 1234, or 1.234 where the comma is a decimal point"),
    ("1,234,567", "1", "write 1234567"),
    ("1.234.567,5", "1", "write 1234567.5"),
    ("1 000", "1", "write 1000"),
    ("5", "1", "remove the quotes"),
    ("1.8e12", "1", "remove the quotes"),
    ("nan", "1", ""),
    ("five", "1", ""),
    ("1.2.3", "1", ""),
    ("10 to 20", "1", ""),
    (True, "1", ""),
    (None, "1", ""),
]


@pytest.mark.parametrize(("written", "unit", "remedy"), NUMBERS)
def test_a_number_written_another_way_gets_the_spelling_that_works(written: object, unit: str, remedy: str) -> None:
    assert spelling.remedy(written, unit) == remedy


@pytest.mark.parametrize(
    ("written", "day", "month"),
    [
        ("2024/04/21", "write 2024-04-21", "write 2024-04"),
        ("21.04.2024", "write 2024-04-21", "write 2024-04"),
        ("2024年4月21日", "write 2024-04-21", "write 2024-04"),
        ("２０２４-04-21", "write 2024-04-21", "write 2024-04"),
        ("April 21, 2024", "write 2024-04-21", "write 2024-04"),
        ("April 2024", "", "write 2024-04"),
        (2024.04, "", "write 2024-04"),
        (2024, "", ""),
        ("soon", "", ""),
    ],
)
def test_a_day_written_another_way_gets_the_spelling_that_works(written: object, day: str, month: str) -> None:
    assert (spelling.dated(written, with_day=True), spelling.dated(written, with_day=False)) == (day, month)


# what is written in the place of a value of the smallest assumptions, and the words of the sentence
Edit = tuple[tuple[str, ...], str, str]
EDITS: dict[str, Edit] = {
    "a decimal comma": (("scenarios", "gpt4", "months"), "0,34", "months: found the text '0,34'; allowed: a number; write 0.34"),
    "a decimal comma in braces": (("scenarios", "gpt4", "months"), "{base: 0,34}", "months.34: found 0,34, which is read as 0 and a key 34; allowed: a number with a point; write 0.34"),
    "a unit": (("scenarios", "gpt4", "months"), "5 months", "months: found the text '5 months'; allowed: a number; write 5, without the unit"),
    "quotes": (("scenarios", "gpt4", "months"), '"5"', "found the text '5'; allowed: a number; remove the quotes"),
    "full-width digits": (("scenarios", "gpt4", "months"), "５", "found the text '５'; allowed: a number; column 13 holds ５ (U+FF15, fullwidth digit five): type 5; write 5"),
    "a name in curly quotes": (("scenarios", "gpt4", "chip"), "“h100_sxm”", "column 11 holds “ (U+201C, left double quotation mark): type \""),
    "a name with a zero-width space": (("scenarios", "gpt4", "chip"), "h100_sxm\u200b", "column 19 holds U+200B, zero width space: delete it; did you mean h100_sxm?"),
    "full-width brackets": (("report", "languages"), "【en，zh】", "column 14 holds 【"),
    "a day in another century": (("dates", "as_of", "base"), "2199-01-01", "found 2199-01-01; allowed: a date from 1990-01-01 to 2100-12-31"),
    "a day with slashes": (("dates", "as_of", "base"), "2024/04/21", "found the text '2024/04/21'; allowed: a date such as 2024-04-21; write 2024-04-21"),
    "a month in another century": (("chips", "h100_sxm", "available"), "2199-01", "found the text '2199-01'; allowed: a month from 1990-01 to 2100-12"),
    "a month with a point": (("chips", "h100_sxm", "available"), "2024.04", "found 2024.04; allowed: a month such as 2024-10; write 2024-04"),
    "a low above the base": (("scenarios", "gpt4", "months"), "{base: 5, low: 6, range: bounds}", "months: found low 6 above base 5; allowed: low ≤ base ≤ high; mend one of them"),
    "a high below the base": (("scenarios", "gpt4", "months"), "{base: 5, high: 4, range: bounds}", "months: found base 5 above high 4; allowed: low ≤ base ≤ high"),
    "a low above the high": (("scenarios", "gpt4", "months"), "{base: 5, low: 7, high: 6, range: bounds}", "months: found low 7 above base 5"),
    "an empty value that a scenario may leave to the defaults": (("scenarios", "gpt4", "months"), "", "months: found an empty key; allowed: a number; write a value behind the colon, or delete the key to take the default"),
    "an empty value with a tilde": (("scenarios", "gpt4", "months"), "~", "months: found an empty key; allowed: a number; write a value"),
    "an empty base": (("scenarios", "gpt4", "months"), "{base: }", "months.base: found an empty key; allowed: a number; write a value behind the colon"),
    "an empty value of a record": (("developers", "openai_2023", "held_on"), "", "held_on: found an empty key; allowed: a date such as 2024-04-21; write a value behind the colon"),
    "an empty label that a comment cut": (("scenarios", "gpt4", "label"), "#4", "label: found an empty key; allowed: a text, or {en: …, zh: …} with both languages; write a value behind the colon; '#4' is a comment unless it stands in quotes"),
    "an empty default": (("defaults", "months"), "", "defaults.months: found an empty key; allowed: a number; write a value"),
    "no tokens": (("scenarios", "gpt4", "own_tokens"), "0", "own_tokens: found 0; allowed: a number of at least 1e-09; delete the key where there is none"),
    "a whole number with a point": (("report", "uncertainty", "draws"), "1e5", "draws: found 100000.0; allowed: a whole number; write 100000"),
}  # fmt: skip


def written(folder: Path, *edits: tuple[tuple[str, ...], str]) -> Path:
    """The smallest assumptions, with what is typed in the place of some values."""
    marks, data = {}, smallest()
    for number, (path, typed) in enumerate(edits):
        marks[f"typed_{number}"] = typed
        data = _with(data, path, f"typed_{number}")
    text = dump(data)
    for mark, typed in marks.items():
        text = text.replace(f": {mark}\n", f": {typed}\n")
    (folder / "small.yaml").write_text(text, "utf-8")
    return folder / "small.yaml"


def _with(data: Any, path: tuple[str, ...], value: Any) -> Any:
    first, *rest = path
    return data | {first: _with(data.get(first, {}), tuple(rest), value) if rest else value}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_written_in_a_hurry_gets_its_words_and_no_followers(name: str, tmp_path: Path) -> None:
    path, typed, words = EDITS[name]
    with pytest.raises(InputError) as caught:
        load(written(tmp_path, (path, typed)))
    first = str(caught.value.problems[0])
    assert words in first
    assert ".".join(path[:2]) in first


# what is read, though it looks as if it were another thing
READ: dict[str, tuple[tuple[str, ...], str]] = {
    "a day in quotes": (("dates", "as_of", "base"), '"2024-04-21"'),
    "a bare day where a text is wanted": (("sources", "epoch_models", "date"), "2024-04-21"),
    "a bare day as a label": (("scenarios", "gpt4", "label"), "2024-04-21"),
    "a bare day as the text of a language": (("scenarios", "gpt4", "label"), "{en: 2024-04-21, zh: 2024-04-21}"),
    "an empty number that may be left out": (("scenarios", "gpt4", "own_tokens"), ""),
    "an empty low": (("scenarios", "gpt4", "months"), "{base: 5, low: , high: 6, range: bounds}"),
    "an empty note": (("scenarios", "gpt4", "note"), "~"),
    "an empty publisher": (("sources", "epoch_models", "publisher"), ""),
    "an empty section": (("history",), ""),
    "a section of records that nothing needs": (("context",), "~"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_can_be_understood_is(name: str, tmp_path: Path) -> None:
    path, typed = READ[name]
    load(written(tmp_path, (path, typed)))


def test_a_bare_day_is_the_text_that_it_is_written_as(tmp_path: Path) -> None:
    edits = (("sources", "epoch_models", "date"), "2024-04-21"), (("dates", "as_of", "base"), '"2024-05-01"')
    assumptions = load(written(tmp_path, *edits)).assumptions
    assert assumptions.sources["epoch_models"].date == "2024-04-21"
    assert f"{assumptions.as_of}" == "2024-05-01"


def test_a_cause_comes_alone_where_what_follows_from_it_would_mislead(tmp_path: Path) -> None:
    """A formula with a mistake reads nothing: that is no reason to delete what it names."""
    path = written(tmp_path, (("gates", "money_gate", "growth"), "{base: 1, low: 1, high: 2, range: bounds}"))
    with pytest.raises(InputError) as caught:
        load(path)
    assert [problem.path for problem in caught.value.problems] == ["gates.money_gate.growth.base"]


def test_a_cause_hides_no_mistake_beside_it(small_file: Callable[..., Path]) -> None:
    spare = {"label": "spare", "base": 1, "unit": "W", "source": "judgement", "confidence": "judgement"}
    path = small_file({("constants", "spare"): spare, ("scenarios", "gpt4", "months"): "five"})
    with pytest.raises(InputError) as caught:
        load(path)
    assert {problem.path for problem in caught.value.problems} == {"constants.spare", "scenarios.gpt4.months"}
