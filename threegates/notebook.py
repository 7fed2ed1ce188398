"""For notebooks: the results as a tidy table, and the same equations evaluated over NumPy arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from threegates.definition import MODEL
from threegates.definition.declare import HIGH, LOW, SCENARIOS, Field
from threegates.engine import evaluate
from threegates.engine import model as models
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.engine.sweep import Plan
from threegates.formula.readers import Address
from threegates.inputs.assumptions import Datum
from threegates.inputs.schema import bounds
from threegates.problems import InputError, Problem, nearest, shorten
from threegates.report.results import COLUMNS

Array = np.ndarray[Any, Any]
Addresses = Mapping[str, Address]


def load(path: str | Path = "assumptions.yaml") -> Workbench:
    """Reads the YAML at ``path``. Raises InputError with every problem at once."""
    return Workbench(models.load(Path(path), MODEL))


class Workbench:
    """The model of a YAML file (``model``) and its results (``solved``).

    Numbers are in the units that the fields declare; dates are serial days, as in a spreadsheet; NaN means not known.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.solved = evaluate.evaluate(model)

    def results(self) -> pd.DataFrame:
        """Every result of every scenario, a row each; the columns are those of results.csv: scenario, id, label, unit, value.

        Every value is a number, to reckon with: results.csv writes serial days as dates, and the gate that binds as its id.
        """
        rows = [(key, field.id, field.label.en, field.unit, value) for key, field, value in self.solved.rows()]
        return pd.DataFrame(rows, columns=COLUMNS)

    def inputs(self, scenario: str = "") -> pd.DataFrame:
        """What :meth:`evaluate` takes for a scenario (default: the picked one), a row each, under its shortest name.

        Index: name. Columns: label, unit, value (a number, or the text of a choice; None where blank), low, high (of the
        assumptions), range (what these are), minimum, maximum (what is allowed). Raises InputError for an unknown scenario.
        """
        query = _Query(self, scenario)
        query.raise_problems()
        others = {name: at for name, at in self._names.items() if at[0] != SCENARIOS}
        rows: dict[Address, tuple[Any, ...]] = {}
        for name, (where, field_id, key) in {**query.short_names, **others}.items():
            field = self.model.fields[where, field_id]
            if _is_variable(field) and not field_id.endswith((LOW, HIGH)):
                data = [self.model.data.get((where, field_id + end, key)) for end in ("", LOW, HIGH)]
                values = [None if datum is None else datum.value for datum in data]
                limits = bounds(field) if field.kind == "number" else (None, None)
                kind = data[0].range or None if data[0] is not None else None
                about = (name, field.label.en, self.model.unit_of(field, key), *values, kind, *limits)
                rows.setdefault((where, field_id, key), about)  # short names come first and are kept
        columns = ["name", "label", "unit", "value", "low", "high", "range", "minimum", "maximum"]
        return pd.DataFrame(list(rows.values()), columns=columns).set_index("name")

    def evaluate(self, *, scenario: str = "", wanted: Iterable[str] = (), **inputs: Any) -> pd.DataFrame:
        """The results for other inputs, by the same equations; what is not given stays as the file has it.

        ``inputs`` are numbers or arrays that broadcast together (a chip or a precision: one text), in the units of
        :meth:`inputs`, under the name of an input of the scenario (``mfu``), of a constant or switch (``reference_tokens``), or
        of any input cell of the workbook (``chips__h100_sxm__fp8``, ``mfu__gpt4``). ``scenario`` is the one that short
        names speak of (default: the picked one). ``wanted`` names results likewise, and by default those of Summary.

        Returns one row for each element of the broadcast shape, in C order, so that ``mfu[:, None]`` against ``months`` gives
        each pair; columns: the inputs as given, then what was wanted. Verdicts are codes, as in the model.

        Raises InputError with every problem at once: names that are unknown or are no inputs or results, values that are
        no numbers or out of range, shapes that do not broadcast, a precision that the chip lacks.
        """
        query = _Query(self, scenario)
        for name, value in inputs.items():
            query.set_input(name, value)
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        asked = {name: query.result(name) for name in names or self._key_results}
        shape = query.shape()
        solved = query.with_choices()
        query.raise_problems()
        found = Plan(solved, query.numbers, asked.values()).run(query.numbers)
        columns: dict[str, Any] = {
            name: (query.numbers | query.texts)[address] for name, address in query.names.items()
        }
        columns |= {name: found[address] for name, address in asked.items()}
        return pd.DataFrame({name: np.broadcast_to(values, shape).ravel() for name, values in columns.items()})

    @cached_property
    def _names(self) -> Addresses:
        """The addresses of all cells but those of derived tables, by defined name."""
        model = self.model
        steps = [step for step in model.fields if not model.tables[step[0]].derived]
        return {model.name(*step, key): (*step, key) for step in steps for key in model.keys[step[0]]}

    def _short_names(self, scenario: str) -> Addresses:
        """Addresses by short name: the fields of a scenario by id, and constants and switches by key."""
        model = self.model
        own = {field.id: (SCENARIOS, field.id, scenario) for field in model.fields_of(SCENARIOS)}
        mains = [each for each in model.tables.values() if each.main]
        return own | {key: (each.id, each.main, key) for each in mains for key in model.keys[each.id]}

    @property
    def _key_results(self) -> list[str]:
        view = next(view for view in self.model.views if view.table == SCENARIOS)
        return [name for name in view.fields if self.model.fields[SCENARIOS, name].formula]


def _is_variable(field: Field) -> bool:
    """Whether equations read the input; texts and months are only shown."""
    return field.is_input and field.kind in ("number", "date", "link", "choice")


class _Query:
    """One call: resolves names to addresses and values to arrays; problems are collected and raised together."""

    def __init__(self, bench: Workbench, scenario: str) -> None:
        self.bench, self.model = bench, bench.model
        self.problems: list[Problem] = []
        self.numbers: dict[Address, Array] = {}
        self.texts: dict[Address, str] = {}
        self.names: dict[str, Address] = {}
        known = self.model.keys[SCENARIOS]
        self.scenario = scenario or self.model.picked
        if self.scenario not in known:
            found = f"found the unknown scenario {shorten(self.scenario)}"
            self.report("scenario", found, ", ".join(known), nearest(str(self.scenario), known))
            self.scenario = self.model.picked
        self.short_names = bench._short_names(self.scenario)

    def report(self, name: str, found: str, allowed: str, remedy: str = "") -> None:
        self.problems.append(Problem("evaluate", 0, name, found, allowed, remedy))

    def raise_problems(self) -> None:
        if self.problems:
            raise InputError(self.problems)

    def _find(self, name: str, is_input: bool, allowed: str) -> Address | None:
        """The address of an input or of a result."""
        address = self.short_names.get(name) or self.bench._names.get(name)
        field = self.model.fields[address[:2]] if address else None
        if field is not None and self._fits(field, is_input):
            return address
        kind = "an unknown name" if field is None else "a text" if field.is_input else "a result"
        known = {**self.short_names, **self.bench._names}
        likely = [other for other, at in known.items() if self._fits(self.model.fields[at[:2]], is_input)]
        self.report(name, f"found {kind}", allowed, nearest(name, likely))
        return None

    def _fits(self, field: Field, is_input: bool) -> bool:
        return _is_variable(field) if is_input else field.is_number

    def result(self, name: str) -> Address:
        """The address of what is wanted, a result or a number put in; after a problem any address will do."""
        fallback = (SCENARIOS, self.bench._key_results[0], self.scenario)
        return self._find(name, False, "a result by its id or the name of its cell") or fallback

    def set_input(self, name: str, value: Any) -> None:
        address = self._find(name, True, "an input by its id or the name of its cell, as .inputs() lists them")
        if address is None:
            return
        field = self.model.fields[address[:2]]
        if address in self.names.values():
            self.report(name, "found an input twice, under two names", "each input once", "keep one of them")
        self.names[name] = address
        if field.is_number:
            self._set_numbers(name, field, address, value)
            return
        options = self.model.keys[field.target[0]] if field.kind == "link" else field.target
        if isinstance(value, str) and value in options:
            self.texts[address] = value
        else:
            remedy = nearest(value, options) if isinstance(value, str) else "ask once for each"
            self.report(name, f"found {shorten(value)}", f"one of {shorten(', '.join(options), 200)}", remedy)

    def _set_numbers(self, name: str, field: Field, address: Address, value: Any) -> None:
        if isinstance(value, dt.date):
            value = (value - DAY_ZERO).days
        try:
            numbers = np.asarray(value)
            if numbers.dtype.kind not in "iuf":
                raise TypeError
            numbers = numbers.astype(float)
        except (TypeError, ValueError):
            self.report(name, f"found {shorten(value)}", "a number, or an array of numbers")
            return
        low, high = bounds(field)
        wrong = np.flatnonzero(~((numbers >= low) & (numbers <= high)))  # NaN fails both comparisons
        if len(wrong):
            place = f" as element {wrong[0]} of {numbers.size:,}" if numbers.size > 1 else ""
            self.report(name, f"found {numbers.flat[wrong[0]]:g}{place}", f"numbers from {low:g} to {high:g}")
        self.numbers[address] = numbers

    def shape(self) -> tuple[int, ...]:
        """The shape of the answer."""
        shapes = {name: self.numbers[at].shape for name, at in self.names.items() if at in self.numbers}
        try:
            return np.broadcast_shapes((1,), *shapes.values())
        except ValueError:
            found = "found " + ", ".join(f"{name} of shape {shape}" for name, shape in shapes.items())
            self.report("inputs", found, "shapes that broadcast", "give one of them another axis, as in x[:, None]")
            return (1,)

    def with_choices(self) -> Results:
        """The results with the chips and precisions of this call."""
        if not self.texts or self.problems:
            return self.bench.solved
        changes = {at: replace(self.model.data.get(at, Datum(None)), value=text) for at, text in self.texts.items()}
        data = {**self.model.data, **changes}
        for where, key in dict.fromkeys((at[0], at[2]) for at in self.texts):
            self._check_choice(where, key, data)
        assumptions = replace(self.model.assumptions, data=data)
        return evaluate.evaluate(replace(self.model, assumptions=assumptions))

    def _check_choice(self, where: str, key: str, data: Mapping[Address, Datum]) -> None:
        """Reports a precision that the chip lacks, or whose MFU is not known: the cards would be infinite."""
        fields = self.model.fields_of(where)
        link, choice = (next((f for f in fields if f.kind == kind), None) for kind in ("link", "choice"))
        if link is None or choice is None:
            return
        chip, chosen = (data[where, field.id, key].value for field in (link, choice))
        has = [option for option in choice.target if (link.target[0], option, chip) in data]
        if chosen not in has:
            found = f"found {chosen}, which the {link.id} {chip} lacks"
            self.report(choice.id, found, ", ".join(has) or "nothing", f"choose another {choice.id} or {link.id}")
        for left in (field.id for field in fields if field.of_choice == choice.id):
            places = (where, left, key), (choice.records, left, chosen)
            if not any(place in data or place in self.numbers for place in places):
                self.report(
                    left, f"found none, and none in {choice.records}.{chosen}", "one of the two", f"give {left}"
                )
