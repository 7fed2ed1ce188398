"""The command line on real files: what it writes, what it says, and that nothing is lost when something goes wrong."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import formualizer
import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from tests import small
from tests.conftest import ASSUMPTIONS, ROOT, digest, invoke, run
from tests.returning import packed, parts_of
from threegates import cli
from threegates.engine import evaluate
from threegates.engine.evaluate import DAY_ZERO
from threegates.problems import InputError
from threegates.report.results import DATES
from threegates.workbook import double_entry, placing
from threegates.workbook.package import Cells, read_values

FILES = ("scenarios.xlsx", "summary.md", "scenarios.zh.xlsx", "summary.zh.md", "results.csv")


@pytest.fixture(scope="module")
def output(default_build: tuple[Path, CompletedProcess[str]]) -> Path:
    return default_build[0]


@pytest.fixture(scope="module")
def small_output(small_yaml: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    assert invoke("--output", folder, "--assumptions", small_yaml).returncode == 0
    return folder


def test_the_default_command_writes_both_editions_and_the_results_once_and_says_so(
    default_build: tuple[Path, CompletedProcess[str]],
) -> None:
    folder, done = default_build
    assert done.returncode == 0
    assert sorted(p.name for p in folder.iterdir()) == sorted(FILES)
    for name in FILES:
        assert f"wrote {folder / name}" in done.stdout
    assert "](pictures/" not in (folder / "summary.md").read_text("utf-8")
    assert "numbers computed twice; largest difference" in done.stdout
    assert "published claims: of 13 that the model answers, 13 hold" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(("language", "mark"), [("en", ""), ("zh", ".zh")])
def test_a_language_asked_for_gives_that_edition_alone_and_the_same_bytes(
    language: str, mark: str, small_yaml: Path, small_output: Path, tmp_path: Path
) -> None:
    assert invoke("build", "--output", tmp_path, "--language", language, "--assumptions", small_yaml).returncode == 0
    names = ["results.csv", f"scenarios{mark}.xlsx", f"summary{mark}.md"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    for name in names:
        assert digest((tmp_path / name).read_bytes()) == digest((small_output / name).read_bytes()), name


def test_each_edition_is_in_its_language(output: Path) -> None:
    assert "of 13 that the model answers, 13 hold" in (output / "summary.md").read_text("utf-8")
    assert "公开数字：模型能回答的 13 条中，13 条" in (output / "summary.zh.md").read_text("utf-8")


def test_the_report_says_which_editions_a_plain_build_writes(small_file: Callable[..., Path], tmp_path: Path) -> None:
    only = small_file({("report", "languages"): ["zh"]})
    assert invoke("--output", tmp_path / "o", "--assumptions", only).returncode == 0
    names = sorted(p.name for p in (tmp_path / "o").iterdir())
    assert names == ["results.csv", "scenarios.zh.xlsx", "summary.zh.md"]


def test_options_before_the_command_count_too(small_file: Callable[..., Path], tmp_path: Path) -> None:
    assert invoke("--output", tmp_path, "--assumptions", small_file(), "build").returncode == 0
    assert (tmp_path / "scenarios.xlsx").exists()


def test_check_prints_the_results_and_writes_nothing(small_yaml: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("check", "--output", tmp_path / "none", "--assumptions", small_yaml)
    assert done.returncode == 0
    assert "Key results" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(small_yaml: Path, small_output: Path, tmp_path: Path) -> None:
    """One of them in a process of its own."""
    time.sleep(1.1)  # a clock in the file would show
    assert run("--output", tmp_path, "--assumptions", small_yaml).returncode == 0
    for name in FILES:
        assert digest((tmp_path / name).read_bytes()) == digest((small_output / name).read_bytes()), name


def test_bad_input_gives_sentences_exit_code_1_and_leaves_the_outputs(
    edited: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "summary.md").write_text("earlier")
    done = invoke(
        "--output",
        tmp_path,
        "--assumptions",
        edited(("mfu: {base: 0.34, low: 0.19", "mfu: {base: -1, low: -2"), name="bad.yaml"),
    )
    before, _, _ = ASSUMPTIONS.read_text("utf-8").partition("mfu: {base: 0.34, low: 0.19")
    line = before.count("\n") + 1
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"bad.yaml:{line}: defaults.mfu.base: found -1; allowed: a number of at least 1e-09\n"
        f"bad.yaml:{line}: defaults.mfu.low: found -2; allowed: a number of at least 1e-09\n"
    )
    assert (tmp_path / "summary.md").read_text() == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.yaml", "data", "summary.md"]


def test_wrong_usage_gives_exit_code_2() -> None:
    assert invoke("--language", "fr").returncode == 2
    assert invoke("bulid").returncode == 2


def test_help_and_version_wait_for_no_library_that_computes_or_draws() -> None:
    asked = [["--help"], ["--version"], *([name, "--help"] for name in cli.cli.commands)]
    code = (
        "import sys; before = set(sys.modules)\n"
        "from threegates.cli import cli\n"
        f"for arguments in {asked}: cli.main(arguments, standalone_mode=False)\n"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['click', 'threegates']"


def test_a_difference_in_the_double_entry_gives_exit_code_3_and_writes_nothing(
    small_yaml: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(double_entry, "RELATIVE", -1.0)  # then even equal numbers differ
    done = CliRunner().invoke(cli.cli, ["--assumptions", str(small_yaml), "--output", str(tmp_path)])
    assert done.exit_code == 3
    assert done.stderr.startswith("internal check failed: the table and the workbook differ:\n")
    assert list(tmp_path.iterdir()) == []


def test_inputs_that_lead_to_an_error_value_are_refused_by_name_of_the_cell(
    small_file: Callable[..., Path], tmp_path: Path
) -> None:
    zero = small_file({("claims", "gpt5_params", "low"): 0})
    done = invoke("--output", tmp_path / "o", "--assumptions", zero)
    assert done.returncode == 1
    assert (
        "claims__gpt5_params__deviation: these inputs make Published!I8 #DIV/0!; allowed: inputs that give a number"
        in done.stderr
    )
    assert not (tmp_path / "o").exists()


def test_results_csv_is_tidy_and_carries_full_precision(output: Path, results: evaluate.Results) -> None:
    rows = list(csv.DictReader(io.StringIO((output / "results.csv").read_text("utf-8"))))
    assert list(rows[0]) == ["scenario", "id", "label", "unit", "value"]
    frame = results.frame()
    assert len(rows) == frame.size
    formats = {field.id: field.format for field in results.model.fields_of("scenarios")}
    for row in rows:
        value = frame.at[row["id"], row["scenario"]]
        if row["id"] == "binding_gate":
            assert row["value"] == ("", "open", "cards_gate", "power_gate", "data_gate", "money_gate")[int(value)]
        elif row["value"] == "":
            assert math.isnan(value)
        elif formats[row["id"]] == "until" and value == 0:
            assert row["value"] == "open"
        elif formats[row["id"]] in DATES:
            assert (dt.date.fromisoformat(row["value"]) - DAY_ZERO).days == math.floor(value)
        else:
            assert float(row["value"]) == value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_tells_the_key_figures_of_the_table_in_four_significant_figures(
    language, results: evaluate.Results, english
) -> None:
    from threegates.report import numbers, summary

    text = summary.render(results, english[1].uncertainty, language, 523)
    frame = results.frame()
    counted = {"en": ("cards_m", "owned_cost_bn"), "zh": ("cards_wan", "owned_cost_yi")}[language]
    for name in ("training_flop", "facility_power_gw", *counted):
        for key in frame.columns:
            assert f" {numbers.figure(frame.at[name, key])} |" in text, (name, key)
    assert not re.search(r"\bnan\b", text)
    assert "{{" not in text
    for figure in re.findall(r"\*\*([^*]+)\*\*", text):
        digits = re.sub(r"e\d+| %|[,.]|^0\.0*", "", figure)
        assert len(digits.strip("0")) <= 4 or not digits.isdigit(), figure


def test_the_summary_names_the_gate_that_binds_and_counts_as_its_readers_do(results, english, chinese) -> None:
    from threegates.report import summary

    texts = [summary.render(results, edition[1].uncertainty, edition[0].language, 1) for edition in (english, chinese)]
    assert "| the gate that opens last |  | none: all open | cards | power | power |" in texts[0]
    assert "| 最晚打开的一关 |  | 无：全部已开 | 卡 | 电 | 电 |" in texts[1]
    assert "| 10 | GPT-6 用卡（Blackwell） | 万卡 | 158 | — | 156.8 | 156.8 |" in texts[1]


def test_an_equation_that_several_tables_share_is_told_once(output: Path) -> None:
    rows = [
        line for line in (output / "summary.md").read_text("utf-8").splitlines() if re.match(r"\| [\w\\]+ \| `", line)
    ]
    assert sum(row.startswith(r"| implied\_mfu") for row in rows) == 1
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1567601.5, "1,568,000"), (2.184e25, "2.184e25"), (0.34, "0.34"), (13.8745, "13.87"), (-0.5, "-0.5"), (99995, "100,000"), (9999.96, "10,000"), (1e-9, "1.000e-9"), (math.nan, "—"), (5454.2, "5,454")],
)  # fmt: skip
def test_figures_have_four_significant_digits(value: float, text: str) -> None:
    from threegates.report import numbers

    assert numbers.figure(value) == text


def test_text_of_the_yaml_is_no_markup_in_the_summary(small_file: Callable[..., Path], tmp_path: Path) -> None:
    nasty = small_file({("scenarios", "gpt4", "label"): "{{ 7 * 7 }} | <b>x</b> [l](http://x.y) *s*"})
    assert invoke("--output", tmp_path, "--assumptions", nasty).returncode == 0
    text = (tmp_path / "summary.md").read_text("utf-8")
    assert r"{{ 7 \* 7 }} \| \<b\>x\</b\> \[l\](http:\//x.y) \*s\*" in text
    assert "49" not in text.split("\n", 1)[0]


def test_the_sample_in_the_repository_is_what_the_default_assumptions_give(output: Path) -> None:
    """By content, since other machines may round otherwise: text equal, numbers within 1e-9."""
    sample = ROOT / "output"
    assert (sample / "summary.md").read_text("utf-8") == (output / "summary.md").read_text("utf-8")
    ours, theirs = (list(csv.reader((f / "results.csv").read_text("utf-8").splitlines())) for f in (sample, output))
    assert [row[:4] for row in ours] == [row[:4] for row in theirs]
    for one, other in zip(ours[1:], theirs[1:], strict=True):
        assert one[4] == other[4] or math.isclose(float(one[4]), float(other[4]), rel_tol=1e-9), one
    same_workbook(sample / "scenarios.xlsx", output / "scenarios.xlsx")


def same_workbook(one: Path, other: Path) -> None:
    values = [read_values(path.read_bytes()) for path in (one, other)]
    assert list(values[0]) == list(values[1])
    for sheet in values[0]:
        same_cells(sheet, values[0][sheet], values[1][sheet])
    formulas = [load_workbook(path) for path in (one, other)]
    for sheet in formulas[0].sheetnames:
        for rows in zip(
            formulas[0][sheet].iter_rows(values_only=True), formulas[1][sheet].iter_rows(values_only=True), strict=True
        ):
            assert [v for v in rows[0] if isinstance(v, str)] == [v for v in rows[1] if isinstance(v, str)], sheet


def same_cells(sheet: str, one: Cells, other: Cells) -> None:
    assert one.keys() == other.keys()
    for position, value in one.items():
        if isinstance(value, float):
            assert math.isclose(value, other[position], rel_tol=1e-9, abs_tol=1e-12), (sheet, position)
        else:
            assert value == other[position], (sheet, position)


def test_text_of_the_yaml_is_no_markup_in_the_terminal_either(small_file: Callable[..., Path]) -> None:
    nasty = small_file({("claims", "gpt5_params", "label"): "[/b] [red]x[/red] :smile:"})
    done = invoke("check", "--assumptions", nasty)
    assert done.returncode == 0
    assert "[/b] [red]x[/red] :smile:" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.slow)])
def test_a_terminal_that_cannot_show_a_sign_does_not_stop_a_build(
    encoding: str, small_file: Callable[..., Path], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "build_model.py", "--output", tmp_path, "--assumptions", small_file()],
        cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"wrote" in done.stdout


def test_many_scenarios_stand_in_rows_in_the_terminal(small_file: Callable[..., Path]) -> None:
    few = small.smallest()["scenarios"]
    many = {f"extra_{i}": few["gpt5_low"] | {"label": f"Extra {i}"} for i in range(20)}
    done = invoke("check", "--assumptions", small_file({("scenarios",): few | many}))
    assert done.returncode == 0, done.stderr
    assert "│ extra_19 " in done.stdout


def test_more_formulas_than_the_engine_takes_are_refused_in_our_words(
    small_package: bytes, small_results: evaluate.Results, monkeypatch
) -> None:
    """As many as the engine takes pass, one more does not."""
    placed = placing.place(small_results.model, "en")
    with zipfile.ZipFile(io.BytesIO(small_package)) as package:
        count = sum(len(re.findall(rb"<f[ >]", package.read(name))) for name in package.namelist() if "/sheet" in name)
    monkeypatch.setattr(double_entry, "MOST_FORMULAS", count)
    assert double_entry.double_entry(placed, small_results)
    monkeypatch.setattr(double_entry, "MOST_FORMULAS", count - 1)
    with pytest.raises(InputError) as caught:
        double_entry.double_entry(placed, small_results)
    inputs = len(small_results.model.inputs)
    assert str(caught.value).partition(": scenarios: ")[2] == (
        f"found {count:,} formulas, of 3 scenarios and {inputs:,} inputs in all; allowed: at most {count - 1:,}, "
        "since the recalculation engine takes no more in one workbook; split the file"
    )


def test_the_engine_takes_as_many_formulas_as_we_say() -> None:
    def recalculated(*counts: int) -> Any:
        book, stream = Workbook(), io.BytesIO()
        book.create_sheet()
        book.save(stream)
        parts = parts_of(stream.getvalue())
        for number, count in enumerate(counts, start=1):
            rows = "".join(f'<row r="{n}"><c r="A{n}"><f>1+1</f></c></row>' for n in range(1, count + 1))
            name = f"xl/worksheets/sheet{number}.xml"
            parts[name] = re.sub(rb"<dimension[^>]*>", b"", parts[name])
            parts[name] = parts[name].replace(b"<sheetData>", f"<sheetData>{rows}".encode())
        return formualizer.recalculate_xlsx_bytes(packed(parts))

    half = double_entry.MOST_FORMULAS // 2
    assert recalculated(half, half)
    with pytest.raises(OSError, match="formula cell count limit in workbook"):
        recalculated(half, half + 1)


def test_the_scenario_of_the_readme_builds(small_file: Callable[..., Path]) -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert example is not None
    path = small_file()
    path.write_text(path.read_text("utf-8").replace("\nscenarios:\n", f"\nscenarios:\n{example[1]}", 1), "utf-8")
    done = invoke("check", "--assumptions", path)
    assert done.returncode == 0, done.stderr
    assert "my_moe" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["build", pytest.param("check", marks=pytest.mark.slow)])
def test_a_terminal_that_takes_nothing_gets_one_sentence(
    command: str, small_file: Callable[..., Path], tmp_path: Path
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, ROOT / "build_model.py", command, "--output", tmp_path, "--assumptions", small_file()],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "the output cannot be printed: no space left on device\n"


def test_a_file_without_constants_is_told_so(small_file: Callable[..., Path]) -> None:
    done = invoke("check", "--assumptions", small_file({("constants",): {}}))
    assert done.returncode == 1
    assert (
        "constants: found nothing; allowed: a mapping of names to records; mend the section constants:" in done.stderr
    )
