"""How an uncertain number is drawn: so that a stated percentile holds, and never beyond a stated bound.

Bounds are the ends of a BetaPERT whose mode is the base. Of percentiles the base is the median, and each side of it is
half of a normal distribution, as wide as the stated percentile says: of the logarithm of a number, of the log odds of a
share, and of the logarithm of a growth's rate, ln g, so that a growth whose range lies above 1 never falls to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np

from threegates.inputs.ranges import BOUNDS, PERCENTILES

Shape = Literal["number", "share", "rate"]
Array = np.ndarray[Any, Any]
POINTS = 4097  # of the table of a quantile function
OPEN = 2.0**-54, 1 - 2.0**-53  # a uniform draw may be 0, whose quantile is infinite

# Wichura's AS 241, as in Python's own statistics, which takes one number at a time: coefficients of the numerator and
# of the denominator, by falling powers, for the middle, for the tails and for what lies far out.
MIDDLE, TAIL = 0.425, 5.0
NORMAL = (
    (
        (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
         13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
        (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
         5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
    ),
    (
        (7.7454501427834140764e-4, 2.27238449892691845833e-2, 0.24178072517745061177, 1.27045825245236838258,
         3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
        (1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 0.14810397642748007459,
         0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
    ),
    (
        (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.65321895265761230930e-2,
         0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
        (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
         1.48753612908506148525e-2, 0.13692988092273580531, 0.59983220655588793769, 1.0),
    ),
)  # fmt: skip


class Range(NamedTuple):
    """What a number is drawn from; ``least`` and ``most`` are what its field allows."""

    kind: str
    shape: Shape
    low: float
    base: float
    high: float
    least: float
    most: float


def drawn(uniform: Array, of: Range) -> Array:
    """Draws of a range, one for each uniform draw, in the same order."""
    if of.kind == BOUNDS:
        return pert(uniform, of.low, of.base, of.high)
    stated = NormalDist().inv_cdf(1 - PERCENTILES[of.kind])
    to, back = _scale(of)
    low, base, high = to(np.array([of.low, of.base, of.high]))
    normal = normal_quantile(uniform) / stated
    with np.errstate(over="ignore"):  # what is far out is put at the most that the field allows
        values = back(base + normal * np.where(normal < 0, base - low, high - base))
    return np.clip(values, of.least, of.most)


def _scale(of: Range) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """The scale on which each side of the base is normal, and the way back."""
    if of.shape == "share":
        return lambda share: np.log(share / (1 - share)), lambda odds: 1 / (1 + np.exp(-odds))
    if of.shape == "rate" and of.low > 1:
        return lambda growth: np.log(np.log(growth)), lambda value: np.exp(np.exp(value))
    return np.log, np.exp


def normal_quantile(uniform: Array) -> Array:
    """The quantile function of the standard normal distribution, to fifteen digits."""
    uniform = np.clip(uniform, *OPEN)
    away = uniform - 0.5
    answer = away * _ratio(MIDDLE**2 - away**2, *NORMAL[0])
    out = np.abs(away) > MIDDLE
    root = np.sqrt(-np.log(np.minimum(uniform[out], 1 - uniform[out])))
    far = np.where(root <= TAIL, _ratio(root - 1.6, *NORMAL[1]), _ratio(root - TAIL, *NORMAL[2]))
    answer[out] = np.copysign(far, away[out])
    return answer


def _ratio(x: Array, above: tuple[float, ...], below: tuple[float, ...]) -> Array:
    quotient: Array = np.polyval(above, x) / np.polyval(below, x)
    return quotient


@cache
def _quantiles(rise: float) -> Array:
    """The quantile function of a BetaPERT on 0…1 whose mode is ``rise``: (2, POINTS), probabilities over values.

    A beta distribution with alpha = 1 + 4 rise and beta = 1 + 4 (1 - rise).
    """
    x = (1 - np.cos(np.linspace(0.0, np.pi, POINTS))) / 2  # closer to the ends, where the density bends most
    middle = (x[1:] + x[:-1]) / 2
    steps = np.cumsum(middle ** (4 * rise) * (1 - middle) ** (4 * (1 - rise)) * np.diff(x))
    return np.array([np.concatenate([[0.0], steps / steps[-1]]), x])


def pert(uniform: Array, low: float, base: float, high: float) -> Array:
    """Draws of a BetaPERT from low over base to high."""
    if high <= low:
        return np.full_like(uniform, base)
    probabilities, values = _quantiles((base - low) / (high - low))
    found: Array = low + (high - low) * np.interp(uniform, probabilities, values)
    return found
