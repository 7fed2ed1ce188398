"""The join: names, units, circles, what nobody reads; and that adding things touches data alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT, built, load
from tests.engines import disagreements, reader
from tests.test_definition_equations import expected_answer, given_number
from threegates.definition import MODEL
from threegates.definition.declare import Field, Table
from threegates.engine import evaluate, model
from threegates.formula.grammar import number, parse
from threegates.problems import InputError
from threegates.report.results import results_csv
from threegates.text import LANGUAGES, Text

TOY = Field(
    "toy_cost",
    Text("rent of a card over the run", "单卡租金"),
    "USD/card",
    "card_hour_price * training_time / seconds_per_hour",
    sheet="cost",
    why=Text("price × hours", "单价 × 小时"),
    source="judgement",
)


def refused(path: Path, *extra: Field) -> str:
    with pytest.raises(InputError) as caught:
        load(path, extra)
    return str(caught.value)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (
            "cards + crads",
            "small.yaml:{constants}: constants: in the equation toy, found the unknown name crads; allowed: an input, an equation or a constant; did you mean cards?",
        ),
        (
            "anchor.crads",
            "equations: equations.toy: found the unknown field anchor.crads; allowed: a number of scenarios; did you mean cards?",
        ),
        (
            "chips.cards",
            "equations: equations.toy: found the unknown field chips.cards; allowed: a number of chips",
        ),
        (
            "chip_types.cards",
            "equations: equations.toy: found the unknown record chip_types; allowed: anchor, a scenario, a claim or another named record",
        ),
        (
            "cards * median(chips.bf61)",
            "equations: equations.toy: found the unknown field chips.bf61; allowed: a number of chips; did you mean bf16?",
        ),
        (
            "others.crads",
            "equations: equations.toy: found the unknown field others.crads; allowed: a number of scenarios; did you mean cards?",
        ),
        (
            "picked.crads",
            "equations: equations.toy: found the unknown field picked.crads; allowed: a number of a scenario; did you mean cards?",
        ),
        (
            "campuses.h100e",
            "equations: equations.toy: found a whole column where one number is wanted; allowed: columns in largest, smallest, median and count",
        ),
        (
            "largest(campuses.h100e) + max(0, campuses.h100e)",
            "equations: equations.toy: found a whole column where one number is wanted; allowed: columns in largest, smallest, median and count",
        ),
        (
            "largest(chips.bf16)",
            "equations: equations.toy: found the unit FLOP/card/s; allowed: card, as declared; mend one of them",
        ),
        (
            "median(campuses.h100e, chips.bf16)",
            "equations: equations.toy: found units that do not fit: card and FLOP/card/s do not mix; allowed: equal units; mend one of them",
        ),
        (
            "mfu[precision]",
            "equations: equations.toy: found mfu[precision]; allowed: a link and a choice, as in chip[precision]",
        ),
        (
            "price_gap",
            "small.yaml:{constants}: constants: in the equation toy, found the unknown name price_gap; allowed: an input, an equation or a constant; did you mean price_known?",
        ),
        (
            "cards * 2",
            "equations: equations.toy: found the constant 2; allowed: only 0 and 1; give every other constant a name",
        ),
        ("it_power", "equations: equations.toy: found the unit W; allowed: card, as declared; mend one of them"),
        (
            "facility_power_gw / watts_per_gigawatt",
            "small.yaml:{watts_per_gigawatt}: constants.watts_per_gigawatt.unit: in the equation toy, which reads watts_per_gigawatt, found the unit GW**2/W; allowed: card, as declared; mend the unit or the equation",
        ),
        (
            "cards + it_power",
            "equations: equations.toy: found units that do not fit: card and W do not mix; allowed: equal units; mend one of them",
        ),
    ],
)
def test_an_equation_that_does_not_fit_is_refused_in_words(formula: str, words: str, small_yaml: Path) -> None:
    text = small_yaml.read_text("utf-8")
    unit = text.index("\n    unit:", text.index("\n  watts_per_gigawatt:")) + 1
    lines = {"constants": text.index("\nconstants:") + 1, "watts_per_gigawatt": unit}
    lines = {name: text.count("\n", 0, at) + 1 for name, at in lines.items()}
    toy = replace(TOY, id="toy", unit="card", formula=formula)
    assert words.format(**lines) in refused(small_yaml, toy).splitlines()


def test_a_circle_is_shown_whole(small_yaml: Path) -> None:
    one = replace(TOY, id="one", unit="1", formula="two")
    two = replace(TOY, id="two", unit="1", formula="one")
    words = refused(small_yaml, one, two)
    assert re.search(
        r"equations: equations\.\w+: found a circle: scenarios\.(one|two) → scenarios\.(one|two) → ", words
    )
    assert "allowed: no circles" in words


def test_an_input_that_no_equation_reads_is_refused(edited: Callable[..., Path]) -> None:
    spare = replace(TOY, id="spare", unit="1", formula="", sheet="assumptions", optional=True)
    path = edited(("\ndefaults:\n", "\ndefaults:\n  spare: {base: 1, source: judgement, confidence: judgement}\n"))
    text = path.read_text("utf-8")
    with pytest.raises(InputError) as caught:
        load(path, (spare,))
    assert [str(p) for p in caught.value.problems] == [
        f"assumptions.yaml:{text[: text.index('  spare:')].count(chr(10)) + 1}: defaults.spare: "
        "found an input that no equation reads; allowed: used inputs; delete it"
    ]


# A toy's rent, worked by hand: 2 USD an hour for half an hour.
TOY_CASE = {"given": {"card_hour_price": 2, "training_time": 1800, "seconds_per_hour": 3600}, "expect": "2 * 0.5"}
TOY_CHECK = replace(
    TOY,
    id="toy_in_order",
    label=Text("rent is not negative", "租金不为负"),
    unit="1",
    formula="toy_cost >= 0",
    check="alert",
)


def test_an_equation_or_a_check_is_one_record_and_one_case(small_file: Callable[..., Path]) -> None:
    """Workbook, name, double entry, glossary, results and the sheet Checks show them without another line of code."""
    path = small_file()
    results = evaluate.evaluate(load(path, (TOY, TOY_CHECK)))
    scenarios = results.model.keys["scenarios"]
    rent = 2 * 24 * 5 * 30.4375  # 2 USD an hour, 5 months
    assert results.value("scenarios", "toy_cost", "gpt5_low") == pytest.approx(rent)
    before = built(evaluate.evaluate(load(path)))[1].compared
    for language in LANGUAGES:
        layout, entry = built(results, language)
        assert layout.name("scenarios", "toy_cost", "gpt5_low") == "toy_cost__gpt5_low"
        assert entry.compared == before + 2 * len(scenarios)
        spot = layout.spot("scenarios", "toy_cost", "gpt5_low")
        cost, words, checks = (entry.values[layout.sheet_name(sheet)] for sheet in ("cost", "words", "checks"))
        assert cost[spot.row, spot.column] == pytest.approx(rent)
        assert TOY.label.of(language) in cost.values()
        assert {TOY.id, *TOY.label, TOY.why.of(language), TOY.formula} <= set(words.values())
        assert {TOY_CHECK.id, TOY_CHECK.label.of(language)} <= set(checks.values())
    assert "gpt5_low,toy_cost,rent of a card over the run,USD/card,7305" in results_csv(results)
    assert float(number(parse(TOY.formula), lambda leaf: given_number(TOY_CASE, leaf))) == expected_answer(TOY_CASE)


NEW_SCENARIO = """scenarios:
  mini:
    label: Mini
    source: judgement
    confidence: judgement
    own_params: 1e12
    own_tokens: 2e12
    params_multiple: 1
    tokens_multiple: 1
    active_share: 1
    mfu: 0.5
    months: 1
    chip: toy_chip
    precision: bf16
"""
NEW_CHIP = """chips:
  toy_chip:
    label: Toy
    vendor: Toys
    bf16: 1e15
    it_power_per_card: 1000
    price: 1000
    source: judgement
    confidence: judgement
"""
NEW_CLAIM = """claims:
  toy_claim:
    label: {en: "Mini cards", zh: "迷你用卡"}
    number: 21
    low: 9000
    high: 9100
    unit: card
    model_low: mini.cards
    evidence: 0
    source: judgement
    confidence: judgement
"""


def test_adding_a_scenario_a_chip_and_a_claim_touches_the_yaml_alone(small_file: Callable[..., Path]) -> None:
    """6 × 1e12 × 2e12 FLOP on 1e15 FLOP/s at 50 % in 30.4375 days needs 9,126 cards, which the claim of 9,000–9,100 covers."""
    path = small_file()
    text = path.read_text("utf-8")
    for heading, addition in (("scenarios", NEW_SCENARIO), ("chips", NEW_CHIP), ("claims", NEW_CLAIM)):
        assert f"\n{heading}:\n" in text
        text = text.replace(f"\n{heading}:\n", f"\n{addition}")
    path.write_text(text, "utf-8")
    results = evaluate.evaluate(load(path))
    cards = 6 * 1e12 * 2e12 / (1e15 * 0.5 * 30.4375 * 86400)
    assert results.value("scenarios", "cards", "mini") == pytest.approx(cards)
    assert results.value("claims", "verdict", "toy_claim") == 1
    for language in ("en", "zh"):
        layout, entry = built(results, language)
        spot = layout.spot("scenarios", "cards", "mini")
        assert entry.values[layout.sheet_name("cards")][spot.row, spot.column] == pytest.approx(cards)
        assert not disagreements(layout, results, reader(layout, entry.values))


def test_another_anchor_than_gpt4_works_and_gives_the_labels_its_name(small_file: Callable[..., Path]) -> None:
    changed = load(small_file({("report", "anchor"): "gpt5_low"}))
    results = evaluate.evaluate(changed)
    assert results.value("scenarios", "compute_multiple", "gpt5_high") == pytest.approx(4)
    assert changed.fields["scenarios", "compute_multiple"].label.en == "multiple of GPT-5, low case compute"
    built(results)


def test_own_numbers_win_over_multiples(edited: Callable[..., Path]) -> None:
    block = "    params_multiple: 5\n    tokens_multiple: 5\n"
    results = evaluate.evaluate(load(edited((block, block + "    own_params: 1e12\n    own_tokens: 3e12\n"))))
    assert results.value("scenarios", "total_params", "gpt5_low") == 1e12
    assert results.value("scenarios", "tokens", "gpt5_low") == 3e12
    assert (
        results.value("scenarios", "multiple_or_own", "gpt5_low") == 0
    )  # the alert says that the multiples do not count


def test_more_scenarios_than_the_engine_has_columns_are_refused_in_our_words(edited: Callable[..., Path]) -> None:
    block = "    label: x\n    source: judgement\n    confidence: judgement\n    params_multiple: 1\n    tokens_multiple: 1\n    chip: h100_sxm\n"
    many = "".join(f"  extra_{i}:\n{block}" for i in range(model.MOST_SCENARIOS))
    with pytest.raises(InputError) as caught:
        load(edited(("\nscenarios:\n", f"\nscenarios:\n{many}")))
    assert "found 256 scenarios; allowed: at most 248; split the file" in str(caught.value)


# Rooms, top to bottom: each imports only from those before it.
ROOMS = (
    "version", "text", "problems", "resources", "lint", "definition", "formula", "inputs", "engine", "workbook", "report",
    "returned", "notebook", "terminal", "console", "overview", "machine", "watch", "progress", "options", "cli", "__main__",
)  # fmt: skip


def test_rooms_import_only_from_those_above_them() -> None:
    package = ROOT / "threegates"
    found = {path.relative_to(package).parts[0].removesuffix(".py") for path in package.rglob("*.py")}
    assert found == {*ROOMS, "__init__"}
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        for imported in rooms_imported(path) if room != "__init__" else ():
            assert ROOMS.index(imported) <= ROOMS.index(room), f"{path.relative_to(package)} imports {imported}"


def rooms_imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("threegates"):
            inside = node.module.split(".")[1:]
            found.update(inside[:1] or [alias.name for alias in node.names])
    return found - {"__version__"}


def test_a_new_table_of_records_is_data_and_no_new_code(small_file: Callable[..., Path]) -> None:
    """Depots with a computed column: fields, a table and a sheet as records, the depots in the YAML."""
    depot = partial(Field, table="depots", sheet="power")
    extra = (
        depot("site", Text("site", "地点"), kind="text", format="text"),
        depot("capacity", Text("capacity", "容量"), "GW", minimum=0),
        depot("slip", Text("slip", "延误"), "1", format="percent", ranged=True, minimum=0, maximum=1),
        depot(
            "after_slip", Text("capacity after slip", "计延误后容量"), "GW", "capacity * (1 - slip)",
            why=Text("capacity × what does not slip", "容量 × 未延误部分"), source="judgement",
        ),
    )  # fmt: skip
    tables = (*MODEL.tables, Table("depots", Text("Depot", "仓库"), facts=True))
    shown = tuple(replace(s, tables=(*s.tables, "depots")) if s.id == "power" else s for s in MODEL.sheets)
    record = (
        "\ndepots:\n  abilene:\n    label: Abilene\n    source: judgement\n    confidence: judgement\n    site: Texas\n"
        "    capacity: 1.2\n    slip: {base: 0.25, low: 0.1, high: 0.5, range: bounds}\n\nconstants:\n"
    )
    path = small_file()
    text = path.read_text("utf-8")
    assert "\nconstants:\n" in text
    path.write_text(text.replace("\nconstants:\n", record), "utf-8")
    joined = model.load(path, replace(MODEL, equations=(*MODEL.equations, *extra), tables=tables, sheets=shown))
    results = evaluate.evaluate(joined)
    assert results.value("depots", "after_slip", "abilene") == pytest.approx(0.9)
    layout, entry = built(results)
    spot = layout.spot("depots", "after_slip", "abilene")
    assert entry.values["Power"][spot.row, spot.column] == pytest.approx(0.9)
    assert layout.name("depots", "slip__low", "abilene") == "depots__abilene__slip__low"


def test_test_files_bear_the_names_of_rooms() -> None:
    for path in (ROOT / "tests").glob("test_*.py"):
        assert path.stem.split("_")[1] in ROOMS, path.name
