"""Edit parity: changing a cell and recalculating gives what changing the YAML and rebuilding gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import how_many, load
from tests.engines import IronCalc, disagreements
from threegates.definition.declare import HIGH, LOW, Field
from threegates.engine import evaluate
from threegates.engine.model import Model
from threegates.formula.readers import Address
from threegates.inputs.assumptions import Datum
from threegates.inputs.schema import LARGEST_NUMBER
from threegates.workbook import layout

Edits = dict[Address, Any]


@pytest.fixture(scope="module")
def engine(english, tmp_path_factory: pytest.TempPathFactory) -> IronCalc:
    path = tmp_path_factory.mktemp("parity") / "scenarios.xlsx"
    path.write_bytes(english[1].package)
    return IronCalc(path, english[0])


def with_edits(model: Model, edits: Edits) -> Model:
    data = dict(model.data)
    for address, value in edits.items():
        if value is None:
            data.pop(address, None)
        else:
            data[address] = replace(data.get(address, Datum(None)), value=value)
    return replace(model, assumptions=replace(model.assumptions, data=data))


def editable(model: Model) -> list[Address]:
    """What a reader may change and a result may depend on; a test of growth needs an end after its start."""
    kept = ("number", "start", "end")
    return [a for a in model.inputs if model.fields[a[:2]].kind in ("number", "link", "choice") and a[1] not in kept]


@cache
def default() -> Model:
    return load()


@st.composite
def edits(draw: st.DrawFn) -> Edits:
    """One to six edits that the YAML would accept: within bounds, low ≤ base ≤ high, a precision that the chip has."""
    made: Edits = {}
    model = default()
    for address in draw(st.lists(st.sampled_from(editable(model)), min_size=1, max_size=6, unique=True)):
        now = with_edits(model, made)
        field = now.fields[address[:2]]
        if field.kind == "number":
            value = draw(number(now, field, address))
            made[address] = value if value is None else float(f"{value:.12g}")  # engines compare 15 digits
        elif field.target == ("growths",):
            made[address] = draw(st.sampled_from(now.keys["growths"]))
        elif field.kind == "link":
            made[address] = draw(st.sampled_from([c for c in now.keys["chips"] if precisions(now, c)]))
            own = next((f for f in now.fields_of(address[0]) if f.kind == "choice"), None)
            if own is not None:
                choice = (address[0], own.id, address[2])
                made[choice] = draw(st.sampled_from(precisions(now, made[address])))
        else:
            chip = now.data.get((address[0], "chip", address[2]))
            made[address] = draw(st.sampled_from(precisions(now, chip.value) if chip else field.target))
    return made


def precisions(model: Model, chip: str) -> list[str]:
    return [p for p in ("bf16", "fp8", "fp4") if ("chips", p, chip) in model.data]


def number(model: Model, field: Field, address: Address) -> st.SearchStrategy[float | None]:
    table_, name, key = address
    base = name.removesuffix(LOW).removesuffix(HIGH)

    def at(suffix: str) -> float | None:
        datum = model.data.get((table_, base + suffix, key))
        return None if datum is None or isinstance(datum.value, str) else datum.value  # a growth may be a formula

    low = 0.0 if field.minimum is None else field.minimum
    high = LARGEST_NUMBER if field.maximum is None else field.maximum
    if name.endswith(LOW):
        high = at("") if at("") is not None else high
    elif name.endswith(HIGH):
        low = at("") if at("") is not None else low
    else:
        low = at(LOW) if at(LOW) is not None else low
        high = at(HIGH) if at(HIGH) is not None else high
    now = model.data.get(address)
    centre = now.value if now is not None and now.value else min(max(1.0, low), high)
    near = st.floats(max(low, centre / 4), min(high, centre * 4))
    blank = field.optional and name in ("own_params", "own_tokens", "price", "price__low", "price__high", "tdp", "hbm")
    return near | st.none() if blank else near


def apply(engine: IronCalc, placed: layout.Layout, model: Model, edits: Edits) -> None:
    for address in edits:
        datum = model.data.get(address)
        engine.put(placed.spot(*address), None if datum is None else datum.value)
    engine.model.evaluate()


@pytest.mark.parametrize("count", how_many(10, 3_000, parts=3))
def test_a_cell_edited_in_the_workbook_gives_every_result_of_the_edited_yaml(
    count: int, english, engine, default_model, record_property
) -> None:
    placed = english[0]

    @given(made=edits())
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    def agrees(made: Edits) -> None:
        changed = with_edits(default_model, made)
        try:
            apply(engine, placed, changed, made)
            assert disagreements(placed, evaluate.evaluate(changed), engine.value) == []
            assert changed_words(engine, placed) == expected_words(default_model, made)
        finally:
            apply(engine, placed, default_model, made)

    agrees()
    record_property("edits of cells equal to edits of the YAML", count)


def changed_words(engine: IronCalc, placed: layout.Layout) -> str:
    return engine.value(placed.spots["changed"])


def expected_words(model: Model, made: Edits) -> str:
    """As shipped counts what differs, in fifteen digits as Excel compares; a blank beside 0 is no difference."""
    count = sum(1 for address, value in made.items() if digits(value) != digits(value_of(model, address)))
    return f"✎ inputs changed by a reader: {count}" if count else "inputs as shipped"


def digits(value: Any) -> str:
    return value if isinstance(value, str) else f"{value or 0:.15g}"


def value_of(model: Model, address: Address) -> Any:
    datum = model.data.get(address)
    return None if datum is None else datum.value


GPT5_LOW = '    label: {en: "GPT-5, low case"'
TEXT_EDITS = [
    (("scenarios", "months", "gpt5_low"), 4.5, (GPT5_LOW, f"    months: {{base: 4.5, low: 4, high: 6, range: bounds}}\n{GPT5_LOW}")),
    (("scenarios", "own_params", "gpt5_low"), 2e12, (GPT5_LOW, f"    own_params: 2e12\n{GPT5_LOW}")),
    (("scenarios", "own_tokens", "gpt5_low"), 15e12, (GPT5_LOW, f"    own_tokens: 15e12\n{GPT5_LOW}")),
    (("scenarios", "precision", "gpt5_low"), "bf16", (GPT5_LOW, f"    precision: {{base: bf16, source: judgement, confidence: judgement}}\n{GPT5_LOW}")),
    (("scenarios", "goodput", "gpt5_low"), 0.9, (GPT5_LOW, f"    goodput: 0.9\n{GPT5_LOW}")),
    (("scenarios", "params_multiple", "gpt6_high"), 50.0, ("params_multiple: {base: 73.85,", "params_multiple: {base: 50,")),
    (("scenarios", "chip", "gpt6_low"), "gb200_nvl72", ("chip: {base: b200_hgx,", "chip: {base: gb200_nvl72,")),
    (("constants", "value", "reference_tokens"), 30e12, ("base: 13e12", "base: 30e12")),
    (("constants", "value", "reference_params"), 1.8e12, ("base: 1.76e12", "base: 1.8e12")),
    (("chips", "it_power_per_card", "b200_hgx"), 2000.0, ("it_power_per_card: 1787.5", "it_power_per_card: 2000")),
    (("claims", "low", "gpt6_gw"), 3.9, ("low: 3.5\n", "low: 3.9\n")),
    (("claims", "high", "gpt5_params"), 20.0, ("high: 17.6\n", "high: 20\n")),
]  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [*(TEXT_EDITS[first::3] for first in range(3)), *(pytest.param([e], marks=pytest.mark.slow) for e in TEXT_EDITS)],
)
def test_the_same_edits_made_in_the_yaml_text_and_in_the_cells(
    made: list[tuple[Address, Any, tuple[str, str]]], edited: Callable[..., Path], english, engine, default_model
) -> None:
    """The in-memory edit of the property above stands for a real one: file, load, rebuild."""
    placed = english[0]
    rebuilt = load(edited(*(change for _, _, change in made)))
    changed = {address: value for address, value, _ in made}
    assert {address: rebuilt.data[address].value for address in changed} == changed
    try:
        apply(engine, placed, rebuilt, changed)
        assert disagreements(placed, evaluate.evaluate(rebuilt), engine.value) == []
    finally:
        apply(engine, placed, default_model, changed)


def test_a_precision_that_the_chip_lacks_is_named_beside_the_input_and_fails_the_master_check(
    english, engine, default_model
) -> None:
    """The results then show the error, unmasked."""
    placed = english[0]
    address = ("scenarios", "precision", "gpt5_low")
    try:
        engine.put(placed.spot(*address), "fp4")
        engine.model.evaluate()
        assert engine.value(placed.spot("scenarios", "precision_gap", "gpt5_low")) == "NOT ON THIS CHIP"
        assert engine.value(placed.spots["master"]).startswith("✘ CHECKS FAILED: ")
        assert engine.value(placed.spot("scenarios", "cards", "gpt5_low")).code == "#DIV/0!"
        assert engine.value(placed.spot("scenarios", "cards", "gpt5_high")) == pytest.approx(246_851, rel=1e-5)
    finally:
        apply(engine, placed, default_model, {address: None})
    assert engine.value(placed.spots["master"]) == "✔ no errors; alerts: 4"


def test_what_a_reader_has_changed_is_counted_marked_and_listed(english, engine, default_model) -> None:
    placed = english[0]
    addresses = [("scenarios", "mfu", "gpt5_high"), ("chips", "price", "h100_sxm"), ("scenarios", "chip", "gpt6_low")]
    try:
        for address, value in zip(addresses, (0.4, None, "gb200_nvl72"), strict=True):
            engine.put(placed.spot(*address), value)
        engine.model.evaluate()
        assert changed_words(engine, placed) == "✎ inputs changed by a reader: 3"
        top = placed.spots["changed_list"]
        listed = {
            engine.value(top.shift(rows=i, columns=1)): (
                engine.value(top.shift(rows=i, columns=3)),
                engine.value(top.shift(rows=i, columns=4)),
            )
            for i in range(4)
        }
        assert listed == {
            "mfu__gpt5_high": (0.34, 0.4),
            "chip__gpt6_low": ("b200_hgx", "gb200_nvl72"),
            "chips__h100_sxm__price": (28500, "—"),
            "—": ("—", "—"),
        }
    finally:
        apply(engine, placed, default_model, dict.fromkeys(addresses))


@pytest.mark.parametrize(
    ("address", "value"),
    [
        (("scenarios", "capacity_factor", "gpt5_low"), None),
        (("constants", "value", "electricity_price"), "n/a"),
        (("constants", "value", "claim_tolerance"), None),
        (("claims", "low", "gpt5_cards"), None),
        (("scenarios", "chip", "gpt5_low"), None),
        (("chips", "it_power_per_card", "h20"), "?"),
    ],
)
def test_an_input_that_is_cleared_or_overtyped_with_text_fails_the_master_check(
    address: Address, value: str | None, english, engine, default_model
) -> None:
    """Excel reads a blank as 0 and would say nothing."""
    placed = english[0]
    try:
        engine.put(placed.spot(*address), value)
        engine.model.evaluate()
        assert engine.value(placed.spots["master"]).startswith("✘ CHECKS FAILED: ")
    finally:
        apply(engine, placed, default_model, {address: None})
    assert engine.value(placed.spots["master"]) == "✔ no errors; alerts: 4"
