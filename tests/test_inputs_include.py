"""A file may take sections from another: which record counts, in which order, and where a problem is said to be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import small
from tests.conftest import load
from threegates.engine.model import MOST_SCENARIOS
from threegates.inputs.read_yaml import LARGEST_FILE_BYTES
from threegates.problems import InputError

SHARED = [name for name in small.smallest() if name != "report"]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes base.yaml, and beside it a file that includes it; returns the latter. ``base`` edits the former's text."""

    def write_both(
        own: dict[str, Any] | None = None, sections: Any = SHARED, base: tuple[str, str] = ("", ""), **include: Any
    ) -> Path:
        whole = small.smallest()
        text = small.dump(whole)
        assert base[0] in text
        (tmp_path / "base.yaml").write_text(text.replace(*base, 1), "utf-8")
        path = tmp_path / "later.yaml"
        given = {"report": whole["report"], "include": {"file": "base.yaml", "sections": sections} | include}
        path.write_text(small.dump(given | (own or {})), "utf-8")
        return path

    return write_both


def problems(path: Path) -> list[str]:
    """The sentences of a file that is refused."""
    with pytest.raises(InputError) as caught:
        load(path)
    return str(caught.value).splitlines()


def scenario(**given: Any) -> dict[str, Any]:
    provenance = {"source": "judgement", "confidence": "judgement"}
    return {"label": "Mine", "params_multiple": 2, "tokens_multiple": 3, "chip": "h100_sxm"} | provenance | given


def test_a_file_that_includes_all_but_its_report_says_the_same_as_the_whole_one(write: Write, tmp_path: Path) -> None:
    here, there = load(write()), load(tmp_path / "base.yaml")
    assert (here.keys, here.assumptions.entries) == (there.keys, there.assumptions.entries)
    assert (here.data, here.assumptions.sources) == (there.data, there.assumptions.sources)


def test_included_records_come_first_replaced_ones_in_their_place_and_new_ones_last(write: Write) -> None:
    path = write({"scenarios": {"mine": scenario(), "gpt5_high": scenario(label="Other")}})
    assert load(path).keys["scenarios"] == (*small.smallest()["scenarios"], "mine")
    assert load(path).assumptions.entries["scenarios"]["gpt5_high"].label.en == "Other"


def test_a_record_replaces_the_included_one_whole_and_nothing_of_it_is_left(write: Write) -> None:
    """gpt4 of the base has months and an MFU of its own; what replaces it says nothing of them, so that defaults hold."""
    data = load(write({"scenarios": {"gpt4": scenario()}})).data
    defaults = small.smallest()["defaults"]
    assert data["scenarios", "mfu", "gpt4"].value == defaults["mfu"]["base"] != 0.5
    assert data["scenarios", "months", "gpt4"].value == defaults["months"]["base"]
    assert ("scenarios", "params_multiple", "gpt4") in data


def spread(folder: Path, *parts: tuple[str, ...]) -> Path:
    """A file that includes one file for each of ``parts``, which are names of sections; it holds all others itself."""
    whole = dict(small.smallest())
    for number, names in enumerate(parts):
        (folder / f"part{number}.yaml").write_text(small.dump({name: whole.pop(name) for name in names}), "utf-8")
    included = [{"file": f"part{number}.yaml"} for number in range(len(parts))]
    (folder / "main.yaml").write_text(small.dump(whole | {"include": included}), "utf-8")
    return folder / "main.yaml"


def test_several_files_taken_whole_say_the_same_as_one(tmp_path: Path) -> None:
    (tmp_path / "whole.yaml").write_text(small.dump(small.smallest()), "utf-8")
    one, several = (
        load(tmp_path / "whole.yaml"),
        load(spread(tmp_path, ("chips", "claims"), ("sources",), ("defaults",))),
    )
    assert (one.keys, one.assumptions.entries) == (several.keys, several.assumptions.entries)
    assert (list(one.data.items()), one.assumptions.sources) == (
        list(several.data.items()),
        several.assumptions.sources,
    )
    place = several.assumptions.document.place
    assert place(("claims", "gpt5_cards"))[0] == "part0.yaml"
    assert place(("sources",)) == ("part1.yaml", 1)


def test_records_of_one_section_come_in_the_order_of_the_files_that_hold_them(tmp_path: Path) -> None:
    path = spread(tmp_path, ("sources",))
    first, last = (
        ("more.yaml", {"scenarios": {"mine": scenario()}}),
        ("most.yaml", {"scenarios": {"yours": scenario()}}),
    )
    for name, data in (first, last):
        (tmp_path / name).write_text(small.dump(data), "utf-8")
    text = path.read_text("utf-8").replace("include:\n", "include:\n- file: more.yaml\n- file: most.yaml\n")
    path.write_text(text, "utf-8")
    assert load(path).keys["scenarios"] == ("mine", "yours", *small.smallest()["scenarios"])


def test_a_record_that_two_included_files_give_is_refused_with_both_places(tmp_path: Path) -> None:
    path = spread(tmp_path, ("chips",), ("claims",))
    two = tmp_path / "part1.yaml"
    two.write_text("chips:\n  h100_sxm: {}\n" + two.read_text("utf-8"), "utf-8")
    lines = (tmp_path / "part0.yaml").read_text("utf-8").splitlines()
    assert problems(path) == [
        f"part1.yaml:2: chips.h100_sxm: found a record that part0.yaml, line {lines.index('  h100_sxm:') + 1}, has too; "
        "allowed: each record in one included file; delete one, or name the sections to take from each file"
    ]


@pytest.mark.parametrize("name", ["report", "mail", "include"])
def test_what_belongs_to_one_file_is_refused_in_a_file_that_is_taken_whole(name: str, tmp_path: Path) -> None:
    """Where its sections are named, the others do no harm: so does a vintage take from a file that includes others."""
    path = spread(tmp_path, ("chips",))
    part = tmp_path / "part0.yaml"
    part.write_text(f"{name}: {{}}\n" + part.read_text("utf-8"), "utf-8")
    assert problems(path) == [
        f"part0.yaml:1: {name}: found {name}: in a file that is included whole; allowed: no report:, mail: or include: "
        "there; move it to main.yaml, or name the sections to take"
    ]
    text = path.read_text("utf-8").replace("file: part0.yaml", "file: part0.yaml\n  sections: chips")
    path.write_text(text, "utf-8")
    assert load(path).keys["chips"] == tuple(small.smallest()["chips"])


def test_what_an_included_file_includes_is_not_followed(tmp_path: Path) -> None:
    path = spread(tmp_path, ("chips", "constants"))
    later = {
        "report": small.smallest()["report"],
        "include": {"file": "main.yaml", "sections": ["switches", "constants"]},
    }
    (tmp_path / "later.yaml").write_text(small.dump(later), "utf-8")
    (found,) = problems(tmp_path / "later.yaml")
    assert "include.sections: found 'constants', which main.yaml lacks; allowed: axes, campus_spans" in found
    assert path.name in found
    assert problems(tmp_path / "later.yaml")[0].endswith("did you mean context?")


def test_each_file_may_be_as_large_as_a_file_may_be(tmp_path: Path) -> None:
    path = spread(tmp_path, ("chips",), ("sources",))
    for part in (path, tmp_path / "part0.yaml", tmp_path / "part1.yaml"):
        content = part.read_bytes()
        part.write_bytes(content + b"#" * (LARGEST_FILE_BYTES - len(content)))
    assert load(path)
    with (tmp_path / "part1.yaml").open("ab") as stream:
        stream.write(b"#")
    assert problems(path) == [
        f"part1.yaml: the file: the file is too large; allowed: at most {LARGEST_FILE_BYTES:,} bytes"
    ]


def test_problems_of_all_included_files_come_at_once(tmp_path: Path) -> None:
    path = spread(tmp_path, ("chips",), ("sources",), ("claims",))
    (tmp_path / "part0.yaml").write_bytes(b"chips: [\n")
    (tmp_path / "part1.yaml").unlink()
    (tmp_path / "part2.yaml").write_bytes(b"claims: [1]\n")
    assert [line.split(":")[0] for line in problems(path)] == ["part0.yaml", "part1.yaml", "part2.yaml"]


def test_too_many_scenarios_are_told_of_the_file_that_holds_them(tmp_path: Path) -> None:
    path = spread(tmp_path, ("scenarios",))
    few = small.smallest()["scenarios"]
    many = few | {f"more_{number}": scenario() for number in range(MOST_SCENARIOS)}
    (tmp_path / "part0.yaml").write_text(small.dump({"scenarios": many}), "utf-8")
    assert problems(path) == [
        f"part0.yaml:1: scenarios: found {len(many)} scenarios; allowed: at most {MOST_SCENARIOS}; split the file"
    ]


def test_a_default_is_replaced_by_itself_and_the_others_stay(write: Write) -> None:
    mfu = {"base": 0.3, "source": "judgement", "confidence": "judgement"}
    data = load(write({"defaults": {"mfu": mfu}})).data
    assert data["scenarios", "mfu", "gpt5_low"].value == 0.3
    assert ("scenarios", "mfu__low", "gpt5_low") not in data
    assert data["scenarios", "pue", "gpt5_low"].value == small.smallest()["defaults"]["pue"]["base"]


def test_a_single_record_can_be_taken_from_a_section_and_comes_in_the_order_of_its_file(write: Write) -> None:
    others = [name for name in SHARED if name not in ("scenarios", "claims", "readings", "hindcast", "context")]
    own = {
        "scenarios": {"gpt5_high": scenario(label="Other")},
        "claims": {key: small.smallest()["claims"][key] for key in ("gpt5_cards", "gpt5_months")},
    }
    path = write(own, [*others, "readings.deepseek_penalty", "scenarios.gpt4"])
    assert load(path).keys["scenarios"] == ("gpt4", "gpt5_high")
    assert load(path).keys["readings"] == ("deepseek_penalty",)


def test_the_path_is_from_the_folder_of_the_file_wherever_the_program_is_called(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(file="../base.yaml")
    (tmp_path / "deep").mkdir()
    path = path.rename(tmp_path / "deep/later.yaml")
    monkeypatch.chdir("/")
    assert load(path).keys["scenarios"] == tuple(small.smallest()["scenarios"])


# what is edited in the included file, and the sentence that comes of it; {} is the line on which the edit stands
THEIRS = {
    "a value": (("vendor:", "vender:"), "found the unknown key 'vender'"),
    "a link": (("  chip: h100_sxm", "  chip: h100_smx"), "'h100_smx'; a100_80gb_sxm"),
    "a source": (("source: xueqiu_seed", "source: xueqiu_sed"), "found the unknown source 'xueqiu_sed'"),
    "a formula": (("model_low: gpt5_high.cards_m", "model_low: gpt5_high.crads_m"), "the unknown field gpt5_high.crads_m"),
    "a unit": (("model_low: gpt5_high.cards_m", "model_low: gpt5_high.cards"), "found the unit card; Mcard"),
    "an alias": (("months_given: 4", "months_given: *four"), "undefined alias"),
    "a duplicate": (("months_given: 4", "months_given: 4\n    months_given: 4"), "found the key 'months_given' twice (first in line"),
}  # fmt: skip


@pytest.mark.parametrize("name", THEIRS)
def test_a_problem_in_an_included_record_names_that_file_and_its_line(name: str, write: Write, tmp_path: Path) -> None:
    edit, words = THEIRS[name]
    path = write(base=edit)
    text = (tmp_path / "base.yaml").read_text("utf-8")
    at = text[: text.index(edit[1])].count("\n") + 1 + edit[1].count("\n")
    found = [line.replace("; allowed: ", "; ") for line in problems(path)]
    assert any(line.startswith(f"base.yaml:{at}: ") and words in line for line in found), found


def test_a_problem_in_an_own_record_names_the_own_file_also_where_it_replaces_one(write: Write) -> None:
    path = write({"scenarios": {"gpt4": scenario(chip="h100_smx")}})
    at = next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if "h100_smx" in line)
    assert any(p.startswith(f"later.yaml:{at}: scenarios.gpt4.chip: found the unknown chip") for p in problems(path))


def test_what_a_replaced_record_had_wrong_is_not_reported(write: Write) -> None:
    edit = ("label: GPT-4", "label: GPT-4\n    nonsense: 1")
    assert any("nonsense" in line for line in problems(write(base=edit)))
    assert load(write({"scenarios": {"gpt4": scenario()}}, base=edit))


def test_problems_of_both_files_come_at_once(write: Write) -> None:
    found = problems(
        write({"scenarios": {"mine": scenario(months="five")}}, base=("  chip: h100_sxm", "  chip: h100_smx"))
    )
    assert {line.split(":")[0] for line in found} == {"base.yaml", "later.yaml"}


def test_what_stands_in_no_file_has_the_place_of_its_record(write: Write) -> None:
    document = load(write({"scenarios": {"mine": scenario()}})).assumptions.document
    assert document.place(("scenarios", "gpt4", "cards"))[0] == "base.yaml"
    assert document.place(("scenarios", "mine", "cards"))[0] == "later.yaml"
    assert document.place(("report", "anything"))[0] == "later.yaml"


# what stands in include:, and the whole sentence
INCLUDES: dict[str, tuple[Any, str]] = {
    "nothing": (None, "include: found an empty key; allowed: a mapping; write a value behind the colon"),
    "a text": ("base.yaml", "include: found the text 'base.yaml'; allowed: a mapping"),
    "no file": ({"sections": ["chips"]}, "include.file: found nothing; allowed: a value; add the key file:"),
    "an empty list": ([], "include: found an empty list; allowed: a file, or several in a list; delete include:"),
    "a list of texts": (["base.yaml"], "include: found the text 'base.yaml'; allowed: a mapping"),
    "a list in which one has no file": (
        [{"file": "base.yaml", "sections": ["chips"]}, {"sections": ["claims"]}],
        "include.1.file: found nothing; allowed: a value; add the key file:",
    ),
    "a file twice": (
        [{"file": "base.yaml", "sections": ["chips"]}, {"file": "./base.yaml", "sections": ["claims"]}],
        "include.1.file: found './base.yaml' a second time; allowed: each file once; "
        "name all that is taken from it in one entry",
    ),
    "the file itself": (
        {"file": "./later.yaml", "sections": ["chips"]},
        "include.file: found this file itself; allowed: another file; delete this entry",
    ),
    "a key too many": (
        {"file": "base.yaml", "sections": ["chips"], "section": "chips"},
        "include.section: found the unknown key 'section'; allowed: file, sections; did you mean sections?",
    ),
    "a number": ({"file": 1, "sections": ["chips"]}, "include.file: found 1; allowed: a text"),
    "an absolute path": (
        {"file": "/etc/base.yaml", "sections": ["chips"]},
        "include.file: found the text '/etc/base.yaml'; allowed: the path of a YAML file from the folder of this one, "
        "such as ../assumptions.yaml",
    ),
    "an absolute path of Windows": (
        {"file": "C:/base.yaml", "sections": ["chips"]},
        "include.file: found the text 'C:/base.yaml'; allowed: the path of a YAML file from the folder of this one, "
        "such as ../assumptions.yaml",
    ),
    "a share in the network": (
        {"file": "//server/share/base.yaml", "sections": ["chips"]},
        "include.file: found the text '//server/share/base.yaml'; allowed: the path of a YAML file from the folder of this "
        "one, such as ../assumptions.yaml",
    ),
    "a path that is one on Windows alone": (
        {"file": "..\\base.yaml", "sections": ["chips"]},
        "include.file: found the text '..\\\\base.yaml'; allowed: the path of a YAML file from the folder of this one, "
        "such as ../assumptions.yaml",
    ),
    "a file that is no YAML": (
        {"file": "base.txt", "sections": ["chips"]},
        "include.file: found the text 'base.txt'; allowed: the path of a YAML file from the folder of this one, such as "
        "../assumptions.yaml",
    ),
    "no section": (
        {"file": "base.yaml", "sections": []},
        "include.sections: found a list; allowed: at least one section, and each once",
    ),
    "a section twice": (
        {"file": "base.yaml", "sections": ["chips", "chips"]},
        "include.sections: found a list; allowed: at least one section, and each once",
    ),
    "the report": (
        {"file": "base.yaml", "sections": ["chips", "report"]},
        "include.sections: found the text 'report'; allowed: a section, or section.record; title, date, roles and mail belong to "
        "one file alone",
    ),
    "an unknown section": (
        {"file": "base.yaml", "sections": ["chps"]},
        "include.sections: found 'chps', which base.yaml lacks; allowed: axes, campus_spans, campuses, chips, claims, constants, "
        "context, corpora, corpus_spans, dates, defaults, developer_spans …; did you mean chips?",
    ),
    "an unknown record": (
        {"file": "base.yaml", "sections": ["scenarios.gpt44"]},
        "include.sections: found 'scenarios.gpt44', which base.yaml lacks; allowed: gpt4, gpt5_high, gpt5_low; "
        "did you mean gpt4?",
    ),
    "a record of nowhere": (
        {"file": "base.yaml", "sections": ["chips."]},
        "include.sections: found 'chips.', which base.yaml lacks; allowed: a100_80gb_sxm, b300_hgx, h100_sxm, h800_sxm, "
        "tpu_v4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INCLUDES)
def test_an_include_that_means_nothing_gets_its_sentence_word_for_word(name: str, write: Write) -> None:
    include, sentence = INCLUDES[name]
    path = write({"include": include})
    found = problems(path)
    assert sentence in [line.partition(": ")[2] for line in found]
    line = int(found[0].split(":")[1])
    assert path.read_text("utf-8").splitlines()[line - 1].strip(" -").startswith(("include:", "file:", "section"))


# the included file's bytes, and the whole sentence
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "base.yaml:1: the file: found nothing where the assumptions should be; allowed: a mapping with report:, scenarios: …"),
    "no YAML": (b"a:\n\tb: 1\n", "base.yaml:2: the file: not valid YAML: found character '\\t' that cannot start any token; replace the tab by spaces"),
    "not UTF-8": (b"a: 1\nb: \xff\n", "base.yaml:2: the file: found text that is not UTF-8; allowed: UTF-8; save the file as UTF-8"),
    "deep": (b"[" * 1_000, "base.yaml:1: the file: nested too deeply to be read; allowed: at most 12 levels"),
    "huge": (b"#" * (LARGEST_FILE_BYTES + 1), f"base.yaml: the file: the file is too large; allowed: at most {LARGEST_FILE_BYTES:,} bytes"),
    "a list of chips": (b"chips: [1]\n", "base.yaml:1: chips: found a list; allowed: a mapping of names to records; mend that section"),
    "chips without chips": (b"other: {}\nchips:\n", "base.yaml:2: chips: found nothing; allowed: a mapping of names to records; mend that section"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_an_included_file_that_cannot_be_read_gets_one_sentence(name: str, write: Write, tmp_path: Path) -> None:
    content, sentence = BROKEN[name]
    path = write(sections=["chips"])
    (tmp_path / "base.yaml").write_bytes(content)
    assert problems(path) == [sentence]


@pytest.mark.parametrize("name", ["none.yaml", "folder.yaml", f"{'x' * 5000}.yaml"])
def test_an_included_file_that_cannot_be_opened_is_named_with_the_line_that_names_it(
    name: str, write: Write, tmp_path: Path
) -> None:
    (tmp_path / "folder.yaml").mkdir()
    path = write(file=name)
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if text.strip().startswith("file:"))
    (found,) = problems(path)
    assert found.startswith(f"{name}: the file: cannot be read: ")
    assert found.endswith(f"; allowed: a readable YAML file; mend include.file in later.yaml, line {line}")


def test_an_unknown_section_of_the_included_file_is_reported_there(write: Write, tmp_path: Path) -> None:
    path = write(sections=[*SHARED, "spare"])
    base = tmp_path / "base.yaml"
    base.write_text(base.read_text("utf-8") + "spare: {a: 1}\n", "utf-8")
    line = base.read_text("utf-8").count("\n")
    assert any(p.startswith(f"base.yaml:{line}: spare: found the unknown section 'spare'") for p in problems(path))


def test_a_name_in_quotes_is_refused_where_it_holds_what_no_path_can(write: Write) -> None:
    path = write()
    path.write_text(path.read_text("utf-8").replace("file: base.yaml", r'file: "base\0.yaml"'), "utf-8")
    assert any(
        "include.file: found the text 'base\\x00.yaml'; allowed: the path of a YAML file" in p for p in problems(path)
    )


def test_the_digest_covers_the_included_file_and_is_that_of_the_bytes_without_one(write: Write, tmp_path: Path) -> None:
    path = write()
    base = tmp_path / "base.yaml"
    first = load(path).assumptions.document.digest
    assert load(path).assumptions.document.digest == first
    assert load(base).assumptions.document.digest == hashlib.sha256(base.read_bytes()).hexdigest()
    base.write_text(base.read_text("utf-8") + "# a word more\n", "utf-8")
    second = load(path).assumptions.document.digest
    path.write_text(path.read_text("utf-8") + "# a word more\n", "utf-8")
    assert len({first, second, load(path).assumptions.document.digest}) == 3


def test_a_constant_that_nothing_reads_is_refused_where_it_is_own_and_not_where_it_is_included(write: Write) -> None:
    """What one vintage reads another need not: the constants are shared."""
    spare = {"label": "spare", "base": 1, "unit": "W", "source": "judgement", "confidence": "judgement"}
    readings = [name for name in SHARED if name != "readings"]  # one of them alone reads mfu_deepseek_v3
    assert "mfu_deepseek_v3" in load(write(sections=readings)).keys["constants"]
    (found,) = problems(write({"constants": {"spare": spare}}))
    assert "constants.spare: found a constant that no equation reads" in found
