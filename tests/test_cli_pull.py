"""The command pull on real files: what it prints, what it writes, and that a refusal writes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests import small
from tests.conftest import Once, load
from tests.returning import typed
from tests.test_returned_pull import FILES
from threegates import cli
from threegates.problems import InputError
from threegates.report import files


def pull(folder: Path, *options: str) -> Result:
    """The command in a folder that holds both files."""
    paths = [str(folder / option) if option.endswith(".yaml") else option for option in options]
    named = ["--assumptions", str(folder / "assumptions.yaml"), str(folder / "returned.xlsx")]
    return CliRunner().invoke(cli.cli, ["pull", *named, *paths])


@pytest.fixture(scope="session")
def returned(english, once: Once) -> dict[str, bytes]:
    """The workbook after a reader changed two inputs and broke a third; and after one input of each of three files."""
    two = {"mfu__gpt6_low": 0.3, "params_multiple__gpt5_low": 6.0, "pue__gpt4": "n/a"}
    three = {"mfu__gpt6_low": 0.3, "chips__h20__tdp": 410.0, "claims__gpt5_cards__high": 0.31}
    made = {"two": two, "three files": three}
    return once("returned", lambda: {k: typed(english[1].package, english[0], values) for k, values in made.items()})


@pytest.fixture
def at_work(returned: dict[str, bytes], tmp_path: Path) -> Path:
    """A folder with the assumptions, and a workbook in which a reader changed two inputs and broke a third."""
    small.copied(tmp_path)
    (tmp_path / "returned.xlsx").write_bytes(returned["two"])
    return tmp_path


def test_pull_prints_and_writes_nothing_until_it_is_told_to(at_work: Path) -> None:
    done = pull(at_work)
    assert (done.exit_code, done.stderr) == (0, "")
    for words in ("mfu__gpt6_low", "cards_m__gpt6_low 1.568 → 1.777 (+13.3 %)", "Key results, with all of these changes", "pue__gpt4: found the text 'n/a'", "inputs changed: 2; not taken over: 1", "nothing was written"):  # fmt: skip
        assert words in done.stdout
    assert (at_work / "assumptions.yaml").read_bytes() == FILES["assumptions.yaml"]
    assert sorted(p.name for p in at_work.iterdir()) == ["assumptions.yaml", "data", "returned.xlsx"]


def test_pull_writes_what_is_named_and_then_the_rest_and_then_nothing(at_work: Path) -> None:
    done = pull(at_work, "--write", "--only", "params_*")
    assert done.exit_code == 0, done.stderr
    once = (at_work / "assumptions.yaml").read_bytes()
    assert once == FILES["assumptions.yaml"].replace(b"params_multiple: 5\n", b"params_multiple: 6\n", 1)
    assert pull(at_work, "--write").exit_code == 0
    twice = (at_work / "assumptions.yaml").read_bytes()
    assert b"    mfu: {base: 0.3, low: 0.19, high: 0.5, range: p10_p90, source: judgement" in twice
    again = pull(at_work, "--write")
    assert "inputs changed: 0; not taken over: 1" in again.stdout
    assert (at_work / "assumptions.yaml").read_bytes() == twice


def test_pull_to_a_new_file_leaves_the_old_one_and_writes_over_none(at_work: Path) -> None:
    assert pull(at_work, "--to", "new.yaml").exit_code == 0
    assert (at_work / "assumptions.yaml").read_bytes() == FILES["assumptions.yaml"]
    new = (at_work / "new.yaml").read_bytes()
    assert load(at_work / "new.yaml").data["scenarios", "mfu", "gpt6_low"].value == 0.3
    done = pull(at_work, "--to", "new.yaml")
    assert (done.exit_code, done.stderr) == (1, f"{at_work / 'new.yaml'}: --to: is there already; allowed: a new file; choose another name\n")  # fmt: skip
    assert (at_work / "new.yaml").read_bytes() == new


@pytest.fixture
def everywhere(returned: dict[str, bytes], at_work: Path) -> Path:
    """The folder, with a workbook in which a reader changed one input of each of three files."""
    (at_work / "returned.xlsx").write_bytes(returned["three files"])
    return at_work


def test_each_change_is_written_into_the_file_that_its_record_stands_in(everywhere: Path) -> None:
    done = pull(everywhere, "--write")
    assert done.exit_code == 0, done.stderr
    names = ("assumptions.yaml", "data/chips.yaml", "data/published.yaml")
    said = " ".join(done.stdout.split())
    assert f"wrote {', '.join(str(everywhere / name) for name in names)}: the new values" in said
    changed = {name for name, content in FILES.items() if (everywhere / name).read_bytes() != content}
    assert changed == set(names)
    data = load(everywhere / "assumptions.yaml").data
    assert data["chips", "tdp", "h20"].value == 410
    assert "inputs changed: 0; not taken over: 0" in pull(everywhere, "--write").stdout


def test_of_several_files_none_is_written_where_one_cannot_be(everywhere: Path) -> None:
    locked = everywhere / "data/published.yaml"
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", locked], check=False).returncode:
        pytest.skip("a file can be made unchangeable by root alone")
    try:
        done = pull(everywhere, "--write")
    finally:
        subprocess.run(["chattr", "-i", locked], check=True)
    assert done.exit_code == 1
    assert f"{locked}: output: cannot be written: no permission; close the file in Excel" in done.stderr
    assert {name: (everywhere / name).read_bytes() for name in FILES} == FILES
    assert not list(everywhere.rglob(f"{files.PREFIX}*"))


def test_a_new_file_does_not_take_changes_of_other_files(everywhere: Path) -> None:
    done = pull(everywhere, "--to", "new.yaml")
    assert (done.exit_code, done.stderr.partition(": --to: ")[2]) == (1, "is one file, while changes belong into others: chips__h20__tdp in data/chips.yaml, claims__gpt5_cards__high in data/published.yaml; allowed: changes of assumptions.yaml alone; use --write, which writes them all, or name the changes of this file with --only\n")  # fmt: skip
    assert not (everywhere / "new.yaml").exists()
    assert pull(everywhere, "--to", "new.yaml", "--only", "mfu__gpt6_low").exit_code == 0
    assert load(everywhere / "new.yaml").data["scenarios", "mfu", "gpt6_low"].value == 0.3


def test_changes_that_do_not_go_together_are_refused_as_a_build_would_and_nothing_is_written(
    english, tmp_path: Path
) -> None:
    """An A100 has no FP8."""
    small.copied(tmp_path)
    (tmp_path / "returned.xlsx").write_bytes(typed(english[1].package, english[0], {"chip__gpt5_low": "a100_80gb_sxm"}))
    done = pull(tmp_path, "--write")
    assert done.exit_code == 1
    assert "scenarios.gpt5_low.chip: found fp8, which the chip a100_80gb_sxm lacks; allowed: bf16" in done.stderr
    assert (tmp_path / "assumptions.yaml").read_bytes() == FILES["assumptions.yaml"]


def test_a_name_in_vain_is_refused_with_the_nearest(at_work: Path) -> None:
    done = pull(at_work, "--only", "mfu__gpt6_lo")
    assert done.exit_code == 1
    assert done.stderr == "--only: 'mfu__gpt6_lo': found no such change; allowed: params_multiple__gpt5_low, mfu__gpt6_low; did you mean mfu__gpt6_low?\n"  # fmt: skip


def test_a_yaml_that_was_changed_in_the_meantime_is_left_as_it_is(at_work: Path) -> None:
    """Also where it is another of the files that were read."""
    path = at_work / "assumptions.yaml"
    (at_work / "data/chips.yaml").write_bytes(b"chips: {}\n")
    with pytest.raises(InputError) as caught:
        files.amend(path, path, FILES, {"assumptions.yaml": b"with the changes"})
    assert str(caught.value) == f"{at_work / 'data/chips.yaml'}: the file: was changed in the meantime; try again"
    assert path.read_bytes() == FILES["assumptions.yaml"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that may not be written into")
def test_a_folder_that_cannot_be_written_into_is_said(at_work: Path) -> None:
    at_work.chmod(0o500)
    try:
        done = pull(at_work, "--write")
    finally:
        at_work.chmod(0o700)
    assert done.exit_code == 1
    assert "cannot be written: no permission; close the file in Excel, or choose another --to" in done.stderr


def test_a_yaml_behind_a_link_is_changed_and_the_link_stays(at_work: Path) -> None:
    real = (at_work / "assumptions.yaml").rename(at_work / "real.yaml")
    (at_work / "assumptions.yaml").symlink_to(real)
    assert pull(at_work, "--write", "--only", "mfu__gpt6_low").exit_code == 0
    assert (at_work / "assumptions.yaml").is_symlink()
    assert b"mfu: {base: 0.3," in real.read_bytes()
