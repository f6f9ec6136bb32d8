"""Customers: found or made by telephone number; their language, name, consent, and what we remember of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from booking.errors import BadWish, HouseBusy, UnknownCustomer
from booking.house import House, new_id
from booking.model import Customer, Order
from booking.orders import from_told, told_of
from booking.store import Busy, Clash, customers
from booking.store import orders as order_rows
from booking.store.customers import CustomerRow

_E164 = re.compile(r"\+[1-9]\d{5,14}")
CONSENTS = ("sms", "email", "voice", "recording")
_MAY_BEAR_A_MARK = re.compile(r"[^bdfghjkmpqvwx ]")
"""Letters that may be written with an accent or a cedilla: SQL is asked for any letter there, and we look closer."""
FEWEST_SIGNS = 3
"""Fewer letters or digits would find half the town."""


def find_or_make(house: House, phone: str, *, language: str = "", name: str = "") -> Customer:
    """The customer with this number (E.164); made when there is none, so that two calls at once make one.

    What is known already stays: a language or name is taken over only where there was none.
    """
    if not isinstance(phone, str) or not _E164.fullmatch(phone):
        raise BadWish("phone", str(phone)[:24])
    for _ in range(house.rules.tries):
        try:
            with house.books.read() as tx:
                found = customers.by_phone(tx, phone)
            if found is not None:
                return _completed(house, found, language, name)
            row = CustomerRow(new_id(), phone, name, language, "", {}, {}, house.now(), house.now())
            with house.books.write() as tx:
                customers.add(tx, row)
            return _customer(row)
        except Clash:
            continue
        except Busy:
            break
    raise HouseBusy


def _completed(house: House, found: CustomerRow, language: str, name: str) -> Customer:
    new = {"language": language, "name": name}
    missing = {field: value for field, value in new.items() if value and not getattr(found, field)}
    return _changed(house, found.id, lambda row: missing) if missing else _customer(found)


def known(house: House, customer: str) -> Customer:
    """The customer with this id, or UnknownCustomer."""
    with house.books.read() as tx:
        row = customers.by_id(tx, customer)
    if row is None:
        raise UnknownCustomer("customer", str(customer), str(customer))
    return _customer(row)


def among(house: House, phones: Collection[str], ids: Collection[str]) -> tuple[Customer, ...]:
    """Those with one of these numbers or ids; nobody is made."""
    if not phones and not ids:
        return ()
    with house.books.read() as tx:
        return tuple(_customer(row) for row in customers.among(tx, phones, ids))


def found(house: House, text: str, limit: int = 20) -> tuple[Customer, ...]:
    """Those with this name, or part of it, whatever the accents; or with these digits in their number."""
    wanted, digits = _plain(text), re.sub(r"\D", "", text).lstrip("0")
    if any(sign.isalpha() for sign in wanted):
        if len(wanted) < FEWEST_SIGNS:
            return ()
        with house.books.read() as tx:
            rows = customers.like(tx, name=f"%{_MAY_BEAR_A_MARK.sub('_', wanted)}%", limit=50 * limit)
        return tuple(_customer(row) for row in rows if wanted in _plain(row.name))[:limit]
    if len(digits) < FEWEST_SIGNS:
        return ()
    with house.books.read() as tx:
        return tuple(_customer(row) for row in customers.like(tx, phone=f"%{digits}%", limit=limit))


def _plain(text: str) -> str:
    """Small letters without accents, single blanks between the words."""
    bare = (sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join("".join(bare).split())


def change(house: House, customer: str, **values: str) -> Customer:
    """Another name, language or email."""
    for field in values:
        if field not in ("name", "language", "email"):
            raise BadWish(field, "")
    return _changed(house, customer, lambda row: dict(values))


def consent(house: House, customer: str, **given: bool) -> Customer:
    """What she may be contacted for (`sms`, `email`, `voice`), and whether what she says may be kept (`recording`).

    What is not said stays as it was.
    """
    for purpose in given:
        if purpose not in CONSENTS:
            raise BadWish("consent", purpose)
    return _changed(house, customer, lambda row: {"consent": {**row.consent, **given}})


def remember(house: House, customer: str, **facts: str) -> Customer:
    """Keep small facts for the next call, such as the category she likes; an empty one is forgotten."""

    def kept(row: CustomerRow) -> dict[str, Any]:
        merged = {**row.remembered, **facts}
        return {"remembered": {name: fact for name, fact in merged.items() if fact}}

    return _changed(house, customer, kept)


def forget(house: House, customer: str) -> None:
    """Erase the person; her orders stay without her, as the law on accounts wants."""
    with house.books.write() as tx:
        if customers.by_id(tx, customer) is None:
            raise UnknownCustomer("customer", customer, customer)
        customers.forget(tx, customer)


def orders_of(house: House, customer: str) -> tuple[Order, ...]:
    """What she bought, newest first."""
    with house.books.read() as tx:
        return tuple(from_told(told_of(row)) for row in order_rows.of_customer(tx, customer))


def _changed(house: House, customer: str, values: Callable[[CustomerRow], dict[str, Any]]) -> Customer:
    with house.books.write() as tx:
        row = customers.by_id(tx, customer)
        if row is None:
            raise UnknownCustomer("customer", str(customer), str(customer))
        new = {**values(row), "seen_at": house.now()}
        customers.change(tx, customer, **new)
        return _customer(CustomerRow(**{name: new.get(name, getattr(row, name)) for name in CustomerRow.__slots__}))


def _customer(row: CustomerRow) -> Customer:
    return Customer(row.id, row.phone or "", row.name, row.language, row.email, dict(row.consent), dict(row.remembered))
