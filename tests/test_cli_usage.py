"""What users of command-line tools expect: -h, -q, --json, --watch, completion, a closed pipe; and a short answer of a build."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests.conftest import ROOT, invoke, load
from tests.returning import typed
from threegates import cli, overview, watch
from threegates.engine import evaluate
from threegates.report.results import results_csv
from threegates.returned import compare, last_build


def test_h_is_short_for_help_everywhere() -> None:
    for command in ([], *([name] for name in cli.cli.commands)):
        short, long = invoke(*command, "-h"), invoke(*command, "--help")
        assert (short.returncode, short.stdout) == (0, long.stdout)
        assert "-h, --help" in short.stdout


def test_a_quiet_command_says_only_what_is_wrong(small_yaml: Path, small_package: bytes, tmp_path: Path) -> None:
    (workbook := tmp_path / "returned.xlsx").write_bytes(small_package)
    for command in (
        ["-q", "--output", tmp_path / "output", "--assumptions", small_yaml, "--language", "en"],
        ["pull", "--quiet", "--assumptions", small_yaml, workbook],
        ["diff", "-q", small_yaml, workbook],
        ["diff", "-q", "--markdown", small_yaml, workbook],
        ["lint", "-q", workbook],
        ["init", "-q", tmp_path / "mine"],
    ):
        done = invoke(*command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    assert (tmp_path / "output" / "scenarios.xlsx").exists()
    wrong = invoke("check", "-q", "--assumptions", tmp_path / "none.yaml")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("none.yaml: the file: cannot be read")


def test_check_as_json_says_what_results_csv_says(small_yaml: Path, small_results: evaluate.Results) -> None:
    done = invoke("check", "--json", "--language", "en", "--assumptions", small_yaml)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    rows = list(csv.DictReader(io.StringIO(results_csv(small_results))))
    assert len(told["results"]) == len(rows)
    for one, row in zip(told["results"], rows, strict=True):
        assert (one["scenario"], one["id"], one["unit"]) == (row["scenario"], row["id"], row["unit"])
        value = "" if one["value"] is None else one["value"]
        assert value == (float(row["value"]) if isinstance(value, float) else row["value"])
    assert told["picked"] == "gpt5_high"
    assert told["scenarios"]["gpt5_low"] == {"en": "GPT-5, low case", "zh": "GPT-5 下限"}
    (cards,) = [claim for claim in told["claims"] if claim["id"] == "gpt5_cards"]
    assert (cards["low"], cards["high"], cards["unit"], cards["verdict"]) == (0.2, 0.3, "Mcard", "holds")
    assert {check["class"] for check in told["checks_failed"]} <= {"error", "alert"}


def test_diff_as_json_has_every_move_in_full_precision(small_file: Callable[..., Path]) -> None:
    theirs = small_file({("scenarios", "gpt5_low", "params_multiple"): 10}, name="theirs.yaml")
    told = json.loads(invoke("diff", "--json", "--limit", "1", small_file(), theirs).stdout)
    (change,) = told["changed"]
    assert (change["name"], change["ours"], change["theirs"], change["relative"]) == ("params_multiple__gpt5_low", 5, 10, 1)  # fmt: skip
    assert len(told["moved"]) > 10
    assert "training_flop__gpt5_low" in {move["name"] for move in told["key_results"]}


def test_pull_as_json_has_changes_refusals_and_key_results(small_yaml: Path, small_english, tmp_path: Path) -> None:
    layout, edition = small_english
    changed = typed(edition.package, layout, {"months__gpt4": 3.0, "params_multiple__gpt5_low": "n/a"})
    (tmp_path / "returned.xlsx").write_bytes(changed)
    done = invoke("pull", "--json", "--assumptions", small_yaml, tmp_path / "returned.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    (change,) = told["changes"]
    assert (change["name"], change["theirs"]) == ("months__gpt4", 3)
    (refused,) = told["not_taken_over"]
    assert refused["path"] == "params_multiple__gpt5_low"
    assert "found the text 'n/a'" in refused["found"]
    assert [move["name"] for move in told["key_results"]]
    assert told["written"] == []


def test_a_shell_completes_commands_and_options() -> None:
    code = "import sys; sys.argv = ['threegates']; from threegates.__main__ import main; main()"
    asked = {"_THREEGATES_COMPLETE": "zsh_complete", "COMP_WORDS": "threegates check --l", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | asked, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1] == "--language"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes")
@pytest.mark.parametrize("command", ["diff", pytest.param("build", marks=pytest.mark.slow)])
def test_a_reader_who_closes_the_pipe_is_no_fault(command: str, small_yaml: Path, tmp_path: Path) -> None:
    """As `head -1` does; all is done to the end, and nothing is said of it."""
    reader, writer = os.pipe()
    os.close(reader)
    given = [small_yaml, small_yaml] if command == "diff" else ["--output", tmp_path, "--assumptions", small_yaml]
    done = subprocess.run(
        [sys.executable, ROOT / "build_model.py", command, *given],
        cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "results.csv").exists() == (command == "build")


def told(results: evaluate.Results, edition, before: evaluate.Results | None = None) -> str:
    """What a build says of the results, after one that gave others."""
    since = compare.differ(*map(last_build.of_scenarios, (before, results))) if before else None
    console = Console(file=io.StringIO(), width=160)
    overview.digest(console, results, {"en": edition}, since, "en")
    return console.file.getvalue()


def test_a_build_tells_of_the_picked_scenario_and_of_those_that_moved(
    small_results: evaluate.Results, small_english, small_file: Callable[..., Path]
) -> None:
    first = told(small_results, small_english[1])
    assert " gpt5_high ┃" in first
    assert " gpt5_low ┃" not in first
    assert "published claims: of 4 that the model answers, 4 hold" in first
    changed = evaluate.evaluate(load(small_file({("scenarios", "gpt5_low", "params_multiple"): 6})))
    then = told(changed, small_english[1], small_results)
    assert " gpt5_high ┃" in then
    assert " gpt5_low ┃" in then
    assert " gpt4 ┃" not in then


def test_a_build_tells_of_the_claims_that_do_not_hold_and_of_no_other(
    small_english, small_results: evaluate.Results, small_file: Callable[..., Path]
) -> None:
    assert "Claims that do not hold" not in told(small_results, small_english[1])
    off = evaluate.evaluate(load(small_file({("claims", "gpt5_cards", "high"): 0.21})))
    table = told(off, small_english[1]).partition("Claims that do not hold")[2].partition("└")[0]
    assert "GPT-5 cards (H100)" in table
    assert "GPT-5 parameters" not in table


def test_the_yaml_and_what_it_includes_are_watched_and_a_broken_one_is_told_until_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.01)
    main, chips = tmp_path / "main.yaml", tmp_path / "chips.yaml"
    whole = "include: {file: chips.yaml}\nreport: {}\n"
    main.write_text(whole)
    chips.write_text("chips: {}\n")
    saves = iter([(main, f"{whole}# a save\n"), (chips, "chips: {} # 1\n"), (main, "a: [\n"), (chips, "b: 1\n"), (main, whole)])  # fmt: skip
    built, wrong, waiting = [], [], []

    def work() -> None:
        built.append(watch.read_yaml.read(main).data)

    def save(words: str) -> None:
        waiting.append(words)
        path, text = next(saves, (None, ""))
        if path is None:
            raise KeyboardInterrupt
        path.write_text(text)

    with pytest.raises(KeyboardInterrupt):
        watch.watch(main, work, wrong.append, save)
    assert len(built) == 4
    assert [words.partition(": ")[0] for words in wrong] == ["main.yaml:2"] * 2
    assert set(waiting) == {f"watching {main} and 1 included files; Ctrl-C ends it"}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_watching_builds_on_each_save_and_ctrl_c_ends_it_with_one_word(
    small_file: Callable[..., Path], tmp_path: Path
) -> None:
    path, log = small_file(), tmp_path / "log"
    whole = path.read_text("utf-8")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # so that the program heeds it
    with log.open("wb") as stream:
        command = [sys.executable, "-u", ROOT / "build_model.py", "build", "--watch"]
        process = subprocess.Popen(
            [*command, "--output", tmp_path / "o", "--assumptions", path], cwd=ROOT, stdout=stream, stderr=stream
        )
    signal.signal(signal.SIGINT, before)
    for count, text in enumerate((f"{whole}# saved\n", "a: [\n", whole), start=1):
        until(lambda count=count: log.read_text("utf-8").count("Ctrl-C ends it") == count)
        path.write_text(text, "utf-8")
    until(lambda: log.read_text("utf-8").count("Ctrl-C ends it") == 4)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    said = log.read_text("utf-8")
    assert said.count("wrote ") == 3 * 3
    assert f"{path.name}:2: the file: " in said
    assert said.endswith("Ctrl-C ends it\ninterrupted\n")


def until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.05)
