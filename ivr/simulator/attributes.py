"""Reading attributes: a default when absent, a numbered warning and the default when nonsense."""

from __future__ import annotations

from collections.abc import Callable

from ivr.simulator.document import Element
from ivr.simulator.numbered import number_of

Warn = Callable[[int, str, str], None]
"""Reports (number, reason, verb)."""


class Attributes:
    """One element's attributes, read by kind."""

    def __init__(self, element: Element, warn: Warn) -> None:
        self.element = element
        self._warn = warn

    def warn(self, code: int, reason: str) -> None:
        """Report something about this element."""
        self._warn(code, reason, self.element.name)

    def wrong(self, name: str, reason: str) -> None:
        """Report a value that the attribute does not allow."""
        self.warn(number_of(self.element.name, name), reason)

    def whole(self, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """A whole number between `least` and `most`."""
        written = self.element.attributes.get(name)
        if written is None:
            return default
        number = int(written) if written.strip().isascii() and written.strip().isdigit() else -1
        if number < least or (most is not None and number > most):
            self.wrong(name, f"{name}={written!r} is not a whole number from {least}" + (f" to {most}" if most else ""))
            return default
        return number

    def within(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number; one outside the bounds is warned of and moved to the nearer one."""
        number = self.whole(name, default)
        if not least <= number <= most:
            self.wrong(name, f"{name}={number} is not from {least} to {most}")
        return max(least, min(most, number))

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        written = self.element.get(name).strip().lower()
        if not written:
            return default
        if written not in {"true", "false"}:
            self.wrong(name, f"{name}={written!r} is neither true nor false")
            return default
        return written == "true"

    def method(self, name: str = "method") -> str:
        """GET or POST; POST when not said."""
        return self.one_of(name, ("POST", "GET"), upper=True)

    def one_of(self, name: str, choices: tuple[str, ...], *, upper: bool = False) -> str:
        """One of the words; the first is the default."""
        written = self.element.get(name).strip()
        written = written.upper() if upper else written
        if not written or written in choices:
            return written or choices[0]
        self.wrong(name, f"{name}={written!r} is none of {', '.join(choices)}")
        return choices[0]

    def keys(self, name: str, default: str) -> str:
        """A set of telephone keys; the empty string is a set too."""
        written = self.element.attributes.get(name)
        if written is None:
            return default
        if set(written) - set("0123456789*#ABCDabcd"):
            self.wrong(name, f"{name}={written!r} holds what no telephone has")
            return default
        return written
