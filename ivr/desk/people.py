"""People: callers and customers found by number, name or order; what we know of one, and what agents noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import phonenumbers

from booking import BadWish, BookingError, Customer, Order
from ivr.desk.conversation import Conversations
from ivr.desk.queue import Waiting
from ivr.journal import CallRecord
from ivr.records.notes import Note, Notes

if TYPE_CHECKING:
    from ivr.messages import Messages

NEEDS = ("hearing", "wheelchair", "walking", "sight")
"""What a person may need of the house; remembered because she asked us to."""
REFERENCE_DIGITS = 7
MOST_CALLS = 50


@dataclass(frozen=True)
class Person:
    """Everything the house knows of one customer, for whoever serves her."""

    customer: Customer
    orders: tuple[Order, ...]
    calls: tuple[CallRecord, ...]
    notes: tuple[Note, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """Of NEEDS, those she has told us."""
        return tuple(need for need in self.customer.remembered.get("needs", "").split(",") if need in NEEDS)

    @property
    def section(self) -> str:
        """Where she likes to sit, as the telephone names places («balcony»), or empty."""
        return self.customer.remembered.get("section", "")


@dataclass(frozen=True)
class Found:
    """What a search for a person has found: customers, and an order if the text was a reference."""

    customers: tuple[Customer, ...] = ()
    order: Order | None = None


class People:
    """Finds customers, and keeps what agents learn about them. All raise BookingError."""

    def __init__(
        self, booking: Any, conversations: Conversations, notes: Notes, region: str, messages: Messages | None = None
    ) -> None:
        self._booking, self._conversations, self.notes, self._region = booking, conversations, notes, region
        self._messages = messages

    def find(self, text: str) -> Found:
        """By order reference, by telephone number as people write it, or by part of the name."""
        text = text.strip()[:80]
        if not text or self._booking is None:
            return Found()
        order = self._order(text)
        if order is not None:
            owner = (self.known(order.customer),) if order.customer else ()
            return Found(tuple(each for each in owner if each), order)
        return Found(self._booking.find_customers(text))

    def of_call(self, caller: Waiting) -> Customer | None:
        """Whom the agent named for this call, else whom the number belongs to."""
        return self.of_calls((caller,)).get(caller.call_id)

    def of_calls(self, callers: Iterable[Waiting]) -> dict[str, Customer]:
        """The same for many calls, in one question."""
        named = {caller.call_id: caller.customer for caller in callers if caller.customer}
        numbers = {caller.call_id: caller.caller for caller in callers if caller.caller and not caller.customer}
        found = self._among(phones=set(numbers.values()), ids=set(named.values()))
        by = {key: customer for customer in found for key in (customer.id, customer.phone)}
        return {call: by[key] for call, key in (named | numbers).items() if key in by}

    def by_number(self, numbers: Iterable[str]) -> dict[str, Customer]:
        """Whom these numbers belong to; a look makes nobody."""
        found = self._among(phones={number for number in numbers if number})
        return {customer.phone: customer for customer in found}

    def _among(self, **which: Collection[str]) -> tuple[Customer, ...]:
        try:
            found: tuple[Customer, ...] = self._booking.customers_among(**which) if self._booking is not None else ()
        except BookingError:  # a card without a name is better than none
            return ()
        return found

    def known(self, customer: str) -> Customer | None:
        """The customer with this id, or None."""
        try:
            found: Customer = self._booking.known_customer(customer)
        except BookingError:
            return None
        return found

    def person(self, customer: Customer) -> Person:
        """All about her."""
        return Person(
            customer,
            self._booking.orders_of(customer.id),
            self._conversations.calls_with(customer.id, customer.phone, MOST_CALLS),
            self.notes.about(customer=customer.id),
        )

    def new(self, number: str, name: str) -> Customer:
        """Somebody with this number, found or made; BadWish for what is no number."""
        made: Customer = self._booking.customer(self._e164(number), name=name.strip()[:80])
        return made

    def change(self, customer: str, form: Any) -> None:
        """Name, language, e-mail, preferred place and needs, as the form has them."""
        told = {name: form.get(name, "").strip()[:80] for name in ("name", "language", "email")}
        self._booking.change_customer(customer, **told)
        needs = ",".join(need for need in NEEDS if need in form.getlist("needs"))
        self._booking.remember(customer, section=form.get("section", "").strip()[:40], needs=needs)

    def erase(self, customer: Customer) -> None:
        """She goes, with her messages, her name on calls, what was noted about her; her orders stay without her,
        as the law on accounts wants.
        """
        if self._messages is not None:
            self._messages.erase_of(customer.id, customer.phone)
        self._conversations.forget(customer.id, customer.phone)
        self.notes.forget(customer.id)
        self._booking.forget_customer(customer.id)

    def _order(self, text: str) -> Order | None:
        digits = text.replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) == REFERENCE_DIGITS):
            return None
        try:
            order: Order = self._booking.clerk("agent", "desk").order(digits)
        except BookingError:
            return None
        return order

    def _e164(self, number: str) -> str:
        try:
            read = phonenumbers.parse(number, self._region)
        except phonenumbers.NumberParseException as error:
            raise BadWish("phone", number[:24]) from error
        if not phonenumbers.is_possible_number(read):
            raise BadWish("phone", number[:24])
        return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
