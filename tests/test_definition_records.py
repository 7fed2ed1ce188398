"""The record that gates read: growth between its entries worked by hand, and what must hold of every entry."""

from __future__ import annotations

import datetime as dt

import pytest

from threegates.engine.evaluate import Results

YEAR = 365.25  # days
SPANS = {"campus_spans": "campuses", "developer_spans": "developers", "shipped_spans": "shipped",
         "corpus_spans": "corpora", "spending_spans": "spending"}  # fmt: skip
DAY = {"campuses": "operating_from", "developers": "held_on", "shipped": "counted_on",
       "corpora": "reported_on", "spending": "year_ends"}  # fmt: skip
# The nine campuses that were each the largest of their day: first to last.
LARGEST = (
    "goodyear_2023_04", "qts_richmond_2023_10", "qts_richmond_2024_04", "qts_richmond_2024_09", "qts_richmond_2024_12",
    "qts_richmond_2025_05", "qts_richmond_2025_10", "qts_richmond_2025_12", "new_carlisle_2026",
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "span", "start", "end", "days", "rounded"),
    [
        ("campus_spans", "campus_2023_04_to_2024_04", 53, 167, 343, 3.39),
        ("campus_spans", "campus_2024_04_to_2026_03", 167, 1092, 721, 2.59),
        ("campus_spans", "campus_2023_04_to_2026_03", 53, 1092, 1064, 2.83),
        ("campus_spans", "campus_2025_05_to_2026_03", 501, 1092, 326, 2.39),
        ("campus_spans", "campus_2026_03_to_2027_10", 1092, 3328, 559, 2.07),
        ("developer_spans", "openai_2023_to_2024", 102535, 386219, 366, 3.76),
        ("developer_spans", "openai_2024_to_2025", 386219, 1743440, 365, 4.52),
        ("developer_spans", "best_2023_to_2024", 102535, 420334, 366, 4.09),
        ("developer_spans", "best_2024_to_2025", 420334, 1743440, 365, 4.15),
        ("shipped_spans", "shipped_2024_to_2025", 6531926, 19737835, 365, 3.02),
        ("corpus_spans", "corpus_2024_04_to_2025_05", 15.6e12, 36e12, 391, 2.18),
        ("corpus_spans", "corpus_2024_04_to_2026_11", 15.6e12, 36e12, 950, 1.38),  # carried to 2026-11-24
        ("spending_spans", "spending_2023_to_2024", 168e9, 256e9, 366, 1.52),
    ],
)
def test_growth_between_two_records_is_the_ratio_by_years(
    results: Results, table: str, span: str, start: float, end: float, days: int, rounded: float
) -> None:
    """What the model says grew between two records is what one gets by hand from the figures and the days."""
    by_hand = (end / start) ** (YEAR / days)
    assert round(by_hand, 2) == rounded
    assert results.value(table, "growth_came", span) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "span", "forecast", "came"),
    [
        ("campus_spans", "campus_2024_04_to_2026_03", 167 * 2 ** (721 / YEAR), 1092),
        ("developer_spans", "openai_2023_to_2025", 102535 * 3 ** (731 / YEAR), 1743440),
        ("shipped_spans", "shipped_2023_to_2025", 1599968 * 3.3 ** (731 / YEAR), 19737835),  # 17.4 million forecast
        ("spending_spans", "spending_2024_to_2026", 256e9 * 1.5 ** (730 / YEAR), 725e9),  # 576 bn forecast
    ],
)
def test_forecast_is_the_first_record_at_the_growth_assumed_then(
    results: Results, table: str, span: str, forecast: float, came: float
) -> None:
    """The forecast that is held against what came uses the first record and the growth argued then, nothing later."""
    assert results.value(table, "forecast", span) == pytest.approx(forecast, rel=1e-12)
    assert results.value(table, "came", span) == came


NO_TEST, BELOW, WITHIN, ABOVE = range(4)  # codes of the outcome
# By hand: the first record × (low and high growth) ^ (days / 365.25) against what came.
OUTSIDE = {
    "campus_2023_04_to_2024_04": ABOVE,  # 53 × 3 ^ (343 / 365.25) = 149 < 167 MW
    "campus_2024_04_to_2024_12": ABOVE,  # 167 × 3.15 ^ (273 / 365.25) = 394 < 434 MW
    "corpus_2024_04_to_2026_11": BELOW,  # 15.6 × 1.5 ^ (950 / 365.25) = 44.8 > 36 trillion
}
TESTS = {"campus_spans": 8, "developer_spans": 2, "shipped_spans": 1, "corpus_spans": 2, "spending_spans": 4}


def test_each_test_says_whether_what_came_lies_within_the_range_of_its_day(results: Results) -> None:
    """Fourteen of seventeen did; two campuses came larger, and corpora grew less than the low end."""
    tested = 0
    for table, count in TESTS.items():
        said = {key: results.value(table, "outcome", key) for key in results.model.keys[table]}
        held = {key for key, code in said.items() if code != NO_TEST}
        assert len(held) == count
        tested += count
        assert {key: said[key] for key in held} == {key: OUTSIDE.get(key, WITHIN) for key in held}
        for key in said.keys() - held:
            assert not results.value(table, "tested", key)
    fit = [results.value("growth_fits", name, "all_forecasts") for name in ("tests", "within")]
    assert fit == [tested, tested - len(OUTSIDE)]


def test_the_growths_of_the_first_vintage_are_the_ones_that_are_held_against_what_came(results: Results) -> None:
    """What its gates assume of campuses, holdings, corpora and spending is what the back-test of the gates tests."""
    for table, gate in (
        ("campus_spans", "power"),
        ("developer_spans", "cards"),
        ("corpus_spans", "data"),
        ("spending_spans", "money"),
    ):
        used = results.value("gates", "growth_used", f"{gate}_gate")
        keys = [key for key in results.model.keys[table] if results.value(table, "tested", key)]
        assert used in {results.value(table, "growth_assumed", key) for key in keys}


def test_each_of_the_nine_was_the_largest_on_its_day(results: Results) -> None:
    """No campus that operated by the day of one of the nine had more power than it."""
    campuses = [
        (results.value("campuses", "operating_from", key), results.value("campuses", "campus_mw", key), key)
        for key in results.model.keys["campuses"]
        if not results.value("campuses", "announced", key)
    ]
    largest = max(day for day, _, key in campuses if key == LARGEST[-1])
    holders, best = [], 0.0
    for _, power, key in sorted(one for one in campuses if one[0] <= largest):
        if power > best:
            holders.append(key)
            best = power
    assert tuple(holders) == LARGEST


def test_a_growth_is_tested_only_on_what_came_after_it_was_argued(results: Results) -> None:
    """A growth named for a year is never held against a record of before April of that year."""
    for spans, records in SPANS.items():
        for key in results.model.keys[spans]:
            argued = results.value(spans, "assumed", key).rsplit("_", 1)[1]
            if results.value(spans, "tested", key) and argued.isdigit():
                end = results.value(records, DAY[records], results.value(spans, "end", key))
                assert end > _serial(dt.date(int(argued), 4, 21)), key


def test_a_plan_is_no_test(results: Results) -> None:
    """A window that ends at a plan shows growth, but nothing has come that could be held against a forecast."""
    for key in results.model.keys["campus_spans"]:
        if results.value("campuses", "announced", results.value("campus_spans", "end", key)):
            assert not results.value("campus_spans", "tested", key)


def test_megawatts_of_a_gb200_campus_are_facility_power(results: Results) -> None:
    """132 kW a rack of 72, × 1.14 for the other IT and × 1.4 for the site: what Fairwater Atlanta has for a GB200."""
    ratio = 5000 / 1979  # H100 equivalents of a GB200 in 8-bit operations
    watts = results.value("campuses", "stated_mw", "fairwater_atlanta_2026") * 1e6
    cards = results.value("campuses", "h100e", "fairwater_atlanta_2026") / ratio
    assert watts / cards == pytest.approx(132e3 / 72 * 1.14 * 1.4, rel=1e-3)


def test_interval_of_all_shipped_is_nvidias_beside_the_others_medians(results: Results) -> None:
    """The stated interval moves with NVIDIA's alone: by as much below and above as NVIDIA's own."""
    nvidia = {"shipped_2023": (1170842, 1391249, 1634022), "shipped_2024": (4009641, 4724425, 5501653),
              "shipped_2025": (11899055, 13659258, 15548902)}  # fmt: skip
    for key, (low, median, high) in nvidia.items():
        base = results.value("shipped", "shipped_h100e", key)
        # Medians of four designers are rounded before they are added up: one card may be lost on the way.
        assert results.value("shipped", "shipped_h100e__low", key) == pytest.approx(base - median + low, abs=1)
        assert results.value("shipped", "shipped_h100e__high", key) == pytest.approx(base - median + high, abs=1)


def test_every_chip_has_a_month_in_which_it_can_be_had(results: Results) -> None:
    """A scenario is not open before its chip is sold: so each chip says from when."""
    assert all(results.value("chips", "available", key) for key in results.model.keys["chips"])


def _serial(day: dt.date) -> int:
    """The day as spreadsheets count it."""
    return (day - dt.date(1899, 12, 30)).days
