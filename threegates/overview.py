"""What check and a build print of the results: the tables in full, or what an analyst looks for first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rich.console import Console

from threegates.definition.declare import SCENARIOS
from threegates.engine import names
from threegates.engine.evaluate import Results
from threegates.report import facts
from threegates.report.editions import Editions
from threegates.returned.compare import Difference
from threegates.terminal import Row, grid, say
from threegates.text import Language, Text

MOST_COLUMNS = 10  # scenarios side by side; more become rows
MAIN_RESULTS = ("compute_multiple", "cards_m", "facility_power_gw", "facility_capacity_gw", "owned_cost_bn")
HOLDS = 1  # the code of a claim that the model bears out
CLASSES = {"error": Text("error", "错误"), "alert": Text("alert", "提醒")}

KEY_RESULTS, CLAIMS = Text("Key results", "主要结果"), Text("Published claims", "公开数字")
OFF, CHECKS = Text("Claims that do not hold", "不成立的公开数字"), Text("Checks that do not pass", "未通过的检查")
SCENARIO, UNIT = Text("scenario", "情景"), Text("unit", "单位")
CLAIM_HEADS = (
    Text("claim", "公开数字"),
    UNIT,
    Text("claimed, low", "公开值，低"),
    Text("claimed, high", "公开值，高"),
    Text("model, low", "模型，低"),
    Text("model, high", "模型，高"),
    Text("verdict", "结论"),
)
CLAIM_COLUMNS = ("label", "unit", "low", "high", "model_low", "model_high", "verdict")
CHECK_HEADS = (Text("check", "检查"), Text("class", "类别"), Text("where", "所在"))
ALL_PASS = Text("checks: all pass", "检查：全部通过")
HELD = Text("published claims: of {} that the model answers, {} hold", "公开数字：模型能回答的 {} 条中，{} 条成立")
TWICE = Text("{:,} numbers computed twice; largest difference {:.1e}", "{:,} 个数各算两遍；最大差异 {:.1e}")
MORE = Text("… and {} more scenarios; the command check shows them", "……另有 {} 个情景，见 check 命令")


def full(console: Console, results: Results, entries: Editions, language: Language) -> None:
    """The key results of all scenarios, the claims and the checks that do not pass; then what the double entry found."""
    _key_results(console, results, results.model.keys[SCENARIOS], language)
    _claims(console, CLAIMS, _answered(results, language), language)
    _checks(console, results, language)
    _twice(console, entries, language)


def digest(console: Console, results: Results, entries: Editions, since: Difference | None, language: Language) -> None:
    """The key results of the picked scenario and of those that moved, the claims that do not hold, the checks that fail."""
    keys = _looked_at(results, since)
    _key_results(console, results, keys[:MOST_COLUMNS], language)
    if len(keys) > MOST_COLUMNS:
        say(console, [MORE.of(language).format(len(keys) - MOST_COLUMNS)])
    answered = _answered(results, language)
    off = [claim for claim in answered if claim["code"] != HOLDS]
    _claims(console, OFF, off, language)
    say(console, [HELD.of(language).format(len(answered), len(answered) - len(off))])
    if not _checks(console, results, language):
        say(console, [ALL_PASS.of(language)])
    _twice(console, entries, language)


def _looked_at(results: Results, since: Difference | None) -> list[str]:
    """The picked scenario, and those of which a key result has moved since the last build."""
    model = results.model
    moved = {move.name for move in since.key_results} if since else set()
    view = next(view for view in model.views if view.table == SCENARIOS)
    return [
        key
        for key in model.keys[SCENARIOS]
        if key == model.picked or any(names.of_scenario(field, key) in moved for field in view.fields)
    ]


def _key_results(console: Console, results: Results, keys: Collection[str], language: Language) -> None:
    """What Summary shows of the scenarios ``keys``; of many, a scenario a row and only the main results."""
    model = results.model
    view = next(view for view in model.views if view.table == SCENARIOS)
    columns = [i for i, key in enumerate(model.keys[SCENARIOS]) if key in keys]
    found = {
        home: facts.result(results, model.fields[SCENARIOS, name], language)
        for home, name in zip(view.fields, view.shown(language), strict=True)
    }
    if len(columns) <= MOST_COLUMNS:
        heads: Row = ("", UNIT.of(language), *(model.keys[SCENARIOS][i] for i in columns))
        rows = [(row["label"], row["unit"], *(row["values"][i] for i in columns)) for row in found.values()]
        first = 2
    else:
        chosen = [row for name, row in found.items() if name in MAIN_RESULTS]
        heads = (SCENARIO.of(language), *(f"{row['label']}, {row['unit']}" for row in chosen))
        rows = [(model.keys[SCENARIOS][i], *(row["values"][i] for row in chosen)) for i in columns]
        first = 1
    grid(console, KEY_RESULTS.of(language), heads, rows, range(first, len(heads)))


def _answered(results: Results, language: Language) -> list[dict[str, Any]]:
    """The claims that have an answer of the model."""
    claims = (facts.claim(results, key, language) for key in results.model.keys["claims"])
    return [claim for claim in claims if claim["code"]]


def _claims(console: Console, title: Text, claims: Sequence[dict[str, Any]], language: Language) -> None:
    rows = [tuple(claim[column] for column in CLAIM_COLUMNS) for claim in claims]
    heads = [head.of(language) for head in CLAIM_HEADS]
    if rows:
        grid(console, title.of(language), heads, rows, range(2, len(heads)))


def _checks(console: Console, results: Results, language: Language) -> bool:
    """Prints the checks that do not pass, if there are any."""
    rows = [
        (field.label.of(language), CLASSES[field.check].of(language), ", ".join(keys))
        for field, keys in facts.failed_checks(results)
    ]
    if rows:
        grid(console, CHECKS.of(language), [head.of(language) for head in CHECK_HEADS], rows, ())
    return bool(rows)


def _twice(console: Console, entries: Editions, language: Language) -> None:
    compared = max(entry.compared for entry in entries.values())
    largest = max(entry.largest_difference for entry in entries.values())
    say(console, [TWICE.of(language).format(compared, largest)])
