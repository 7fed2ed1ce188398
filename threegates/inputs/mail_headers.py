"""Whom the mail is from and to: the section ``mail:`` of the YAML, and addresses that can be nothing but addresses."""

from __future__ import annotations

import re
from email.headerregistry import Address
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema, create_model

from threegates.inputs.schema import Frozen
from threegates.inputs.value_types import Listed, or_list

LONGEST_ADDRESS = 254  # RFC 5321: of a path, less its brackets
LOCAL, LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PLAIN = rf"{LOCAL}(?:\.{LOCAL})*@{LABEL}(?:\.{LABEL})+"
NAMED = re.compile(
    rf"(?P<name>[^<>@,;:\"\\()\[\]]*[^<>@,;:\"\\()\[\]\s])\s*<(?P<inner>{PLAIN})>|(?P<bare>{PLAIN})", re.ASCII
)


def parse(text: str) -> Address:
    """The address that ``text`` gives as ``name@example.com`` or ``Name <name@example.com>``; else ValueError."""
    match = NAMED.fullmatch(text)
    if match is None or not text.isprintable() or len(match["inner"] or match["bare"]) > LONGEST_ADDRESS:
        raise ValueError("an address such as name@example.com, or Name <name@example.com>")
    return Address((match["name"] or "").strip(), addr_spec=match["inner"] or match["bare"])


def _address(value: str) -> str:
    parse(value)
    return value


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len({parse(value).addr_spec.lower() for value in values}) < len(values):
        raise ValueError("each address once")
    return values


_TEXT = {"type": "string", "pattern": "@"}
_One = Annotated[str, AfterValidator(_address), WithJsonSchema(_TEXT)]
_Several = Annotated[tuple[_One, ...], Listed, AfterValidator(_once), WithJsonSchema(or_list(_TEXT, uniqueItems=True))]
_FIELDS: dict[str, Any] = {"from": (_One | None, None), "to": (_Several, ()), "cc": (_Several, ())}


class Mail(Frozen):
    """Headers of the mail that the YAML may give; what it leaves out stays blank."""

    def headers(self) -> dict[str, tuple[Address, ...]]:
        """The addresses by header, those that are given."""
        given = {name: getattr(self, name) for name in _FIELDS}
        listed = {name: value if isinstance(value, tuple) else (value,) for name, value in given.items() if value}
        return {name.capitalize(): tuple(map(parse, values)) for name, values in listed.items()}


MAIL_MODEL = create_model("Mail", __base__=Mail, **_FIELDS)  # made, since no member can be written as from
