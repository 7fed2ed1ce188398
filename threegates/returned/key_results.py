"""Which results readers look at first, and how large a move is: the order in which a comparison is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from threegates.definition import MODEL
from threegates.definition.declare import SCENARIOS
from threegates.engine import names
from threegates.formula.readers import Address
from threegates.text import Language
from threegates.workbook.styles import DATED

if TYPE_CHECKING:
    from threegates.returned.compare import Move

DAYS_A_YEAR = 365.25
PER_CENT = "percent"  # the format of shares


def ordered(
    moves: list[Move], scenarios: Iterable[str], language: Language
) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """The moves of results on Summary, as ``ranking`` has them, and those of all others, the largest first.

    What is the same number once more, counted as readers of the other language do, is left out.
    """
    rank, counted = ranking(scenarios, language), dict(pair for view in MODEL.views for pair in view.counted)
    again = set(counted) if language == "zh" else set(counted.values())
    moves = [move for move in moves if _place(move.name)[1] not in again]
    places = {move.name: place for move in moves if (place := rank(move.name)) is not None}
    first = sorted((move for move in moves if move.name in places), key=lambda move: places[move.name])
    others = sorted((move for move in moves if move.name not in places), key=size, reverse=True)
    return tuple(first), tuple(others)


def size(move: Move) -> float:
    """How large a move is among others: years of a date, points of a share, otherwise its share of ours.

    What has no such number, as a word that turned, is above all others.
    """
    if move.absolute is None:
        return math.inf
    if move.format in DATED:
        moved = abs(move.absolute) / DAYS_A_YEAR
    elif move.is_in_points:
        moved = abs(move.absolute)
    else:
        moved = math.inf if move.relative is None else abs(move.relative)
    return float(f"{moved:.6g}")  # rounded, so that equal moves keep the order of the rows


def ranking(scenarios: Iterable[str], language: Language) -> Callable[[str], tuple[int, ...] | None]:
    """Where a result stands among those on Summary, by its name; None for a result that is not there.

    First what is said of ``scenarios``, one after the other in this order, then what is said of the published claims.
    """
    shown = {view.table: view.shown(language) for view in MODEL.views}
    order = {key: position for position, key in enumerate(scenarios)}
    tables = {name: position for position, name in enumerate((SCENARIOS, "claims"))}

    def rank(name: str) -> tuple[int, ...] | None:
        table, field, key = _place(name)
        if table not in tables or field not in shown[table]:
            return None
        return tables[table], order.get(key, len(order)), shown[table].index(field)

    return rank


def _place(name: str) -> Address:
    """The address of a result; a comparison of two scenarios names its field alone."""
    return names.address(name, MODEL.tables) or (SCENARIOS, name, "")
