"""The consent to keep spoken answers: asked once, written down with its wording, taken back at any time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from booking import BookingError, BookingService, Customer
from ivr.records.consents import NO, NONE, WITHDRAWN, YES, Answered, ConsentLog
from ivr.speech.keeping import Keeper
from prompts import Catalogue

CONSENT = "recording"
"""The consent in a caller's profile that allows it."""
QUESTION = "consent.keep"
"""The prompt that asks for it; its hash tells to which sentence somebody agreed."""

_log = logging.getLogger(__name__)


class Consents:
    """What a dialogue and an agent may do about it; `days` is how long answers are kept, 0 asks nobody."""

    def __init__(
        self, booking: BookingService, log: ConsentLog, catalogue: Catalogue, keeper: Callable[[], Keeper], days: int
    ) -> None:
        self.log, self.days = log, days
        self._booking, self._catalogue, self._keeper = booking, catalogue, keeper

    def is_due(self, caller: str) -> bool:
        """Has the house a reason to ask, and was this number's customer never asked?"""
        if self.days <= 0 or not caller:
            return False
        customer = self._customer(caller)
        if customer is None or CONSENT in customer.consent:
            return False
        return self.log.last(customer.id, CONSENT) is None

    def answered(self, caller: str, answer: str, call: str, language: str) -> bool:
        """Yes, no or none to the question, as it is worded now; False when it could not be written down."""
        customer = self._customer(caller)
        if customer is None or answer not in (YES, NO, NONE):
            return False
        about = {"wording": self.wording(language), "days": self.days, "call": call}
        self.log.add(customer.id, CONSENT, answer, **about)
        return self._switch(customer.id, on=answer == YES)

    def withdraw(self, caller: str, *, call: str = "", by: str = "") -> bool:
        """Nothing is kept from now on, and what was kept is erased; False for a caller nobody knows."""
        customer = self._customer(caller)
        return customer is not None and self.withdraw_of(customer.id, call=call, by=by)

    def withdraw_of(self, customer: str, *, call: str = "", by: str = "") -> bool:
        """The same for a customer by her profile; `by` is the agent whom she asked."""
        switched = self._switch(customer, on=False)
        self.log.add(customer, CONSENT, WITHDRAWN, call=call, by=by)
        self._keeper().forget_caller(customer)
        return switched

    def wording(self, language: str) -> str:
        """Which sentence is asked: its language, and a hash that changes with it."""
        text = self._catalogue.get(QUESTION, language).text
        return f"{language[:2]}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"

    def stands(self, customer: str) -> bool:
        """Was yes the last thing this customer said about it?"""
        last = self.of(customer)
        return last is not None and last.answer == YES

    def of(self, customer: str) -> Answered | None:
        """The latest answer of a customer, for her profile's page."""
        return self.log.last(customer, CONSENT)

    def _customer(self, caller: str) -> Customer | None:
        try:
            return next(iter(self._booking.customers_among(phones=(caller,) if caller else ())), None)
        except BookingError:
            return None

    def _switch(self, customer: str, *, on: bool) -> bool:
        try:
            self._booking.consent(customer, **{CONSENT: on})
        except BookingError as error:
            _log.error("a consent could not be changed: %s", type(error).__name__)
            return False
        return True
