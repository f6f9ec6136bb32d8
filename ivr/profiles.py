"""Profiles: whom a telephone number belongs to, as far as the house remembers; a hint, never a proof of identity."""

from __future__ import annotations

from booking import BookingError, BookingService, Customer


class Profiles:
    """Finds or makes the profile of a number, and remembers the language that a caller chose."""

    def __init__(self, booking: BookingService) -> None:
        self._booking = booking

    def of(self, phone: str) -> Customer | None:
        """The caller's profile; None for a hidden number, or when the house is too busy to look."""
        if not phone:
            return None
        try:
            return self._booking.customer(phone)
        except BookingError:
            return None

    def speaks(self, customer: str, language: str) -> None:
        """The next call begins in this language."""
        try:
            self._booking.change_customer(customer, language=language)
        except BookingError:
            return  # a greeting in the house's first language loses nothing
