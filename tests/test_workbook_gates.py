"""The gates in the workbook: open on a day, beyond the horizon and not known, as a reader's edit makes them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engines import IronCalc
from threegates.engine.evaluate import Results
from threegates.report import results as table
from threegates.report.facts import day
from threegates.workbook.layout import Layout

SCENARIO = "gpt5_high"
COMPARE = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


@pytest.fixture
def engine(small_english, tmp_path: Path) -> IronCalc:
    path = tmp_path / "small.xlsx"
    path.write_bytes(small_english[1].package)
    return IronCalc(path, small_english[0])


@pytest.fixture
def say(small_english, engine: IronCalc) -> Callable[..., list[Any]]:
    """What the cells of the scenario hold after inputs have been typed: a day as the words or the date that it shows."""
    placed: Layout = small_english[0]

    def shown(edits: dict[tuple[str, str, str], Any], *names: str) -> list[Any]:
        for address, value in edits.items():
            engine.put(placed.spot(*address), value)
        engine.model.evaluate()
        return [spoken(placed, engine, name) for name in names]

    return shown


def spoken(placed: Layout, engine: IronCalc, name: str) -> Any:
    """IronCalc passes over the conditions of a number format: they are applied here, from the format of the cell."""
    spot = placed.spot("scenarios", name, SCENARIO)
    value = engine.value(spot)
    written = engine.model.get_cell_style(engine.index[spot.sheet], spot.row, spot.column)["num_fmt"]
    for condition, limit, words in re.findall(r'\[(>=|<=|<)(\d+)\]"([^"]+)"', written):
        if isinstance(value, float) and COMPARE[condition](value, float(limit)):
            return words
    return day(value) if isinstance(value, float) and written.endswith("yyyy-mm-dd") else value


def test_a_price_that_is_cleared_makes_the_last_gate_unknown_in_the_workbook(say) -> None:
    """Nothing counts as open in silence: neither the gate, nor whether all are open, nor which is the last."""
    names = ("money_closed_until", "all_opening", "last_closed", "binding_gate", "power_closed_until")
    assert say({}, *names) == ["open", "2025-09-24", "2025-09-24", "power", "2025-09-24"]
    blank = {("chips", name, "h100_sxm"): None for name in ("price", "system_price")}
    assert say(blank, *names) == ["—", "—", "—", "not known: a gate has no figure", "2025-09-24"]


def test_the_day_typed_into_the_workbook_opens_and_closes_gates(say, small_results: Results) -> None:
    """The same gate by the same date: closed on the day, open on the day after."""
    late = {("campuses", "operating_from", "colossus_1_2024"): 60000}  # so that no later campus stands in its way
    opens = math.floor(small_results.value("scenarios", "power_opening", SCENARIO))
    today = ("dates", "day", "as_of")
    assert say(late | {today: opens}, "power_closed_until", "power_opening") == ["2025-09-24"] * 2
    assert say({today: opens + 1}, "power_closed_until", "power_opening") == ["open", "2025-09-24"]


def test_what_no_human_text_would_open_is_told_in_words(say) -> None:
    """A hundred times the tokens: no date, but that it is beyond the horizon, and not by more human text."""
    names = ("data_closed_until", "last_closed", "data_outlook", "binding_gate")
    tokens = {("scenarios", "own_tokens", SCENARIO): 13e15}
    beyond = "beyond horizon"
    assert say(tokens, *names) == [beyond, beyond, "NOT by more human text", "data"]


def test_the_table_of_results_has_the_last_day_of_spreadsheets_beyond_the_horizon_and_a_blank_for_not_known(
    results: Results,
) -> None:
    """results.csv is read by programs: 9999-12-31 sorts last, a blank is no number."""
    rows = {tuple(line.split(",")[:2]): line.split(",")[-1] for line in table.results_csv(results).splitlines()}
    last = [rows["gpt6_high", name] for name in ("last_closed", "data_closed_until", "binding_gate")]
    assert last == ["9999-12-31", "9999-12-31", "data_gate"]
    unknown = [rows["gpt6_low_plus2", name] for name in ("last_closed", "money_closed_until", "binding_gate")]
    assert unknown == ["", "", ""]
    assert [rows["gpt4", name] for name in ("last_closed", "binding_gate")] == ["open", "open"]
