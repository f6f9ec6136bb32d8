"""Connection overrides in the fragment of an address (source: Twilio docs, «Webhooks: connection overrides»)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urldefrag


@dataclass(frozen=True)
class Overrides:
    """How patient the carrier is with one address: seconds, number of retries, and what is retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})

    def retries_after(self, failure: str) -> bool:
        """Is this kind of failure (ct, rt, 4xx, 5xx) asked again?"""
        return failure in self.retried or "all" in self.retried

    @property
    def answer_within(self) -> float:
        """Seconds that one try may take."""
        return min(self.read, self.total)


def split(address: str) -> tuple[str, Overrides]:
    """The address as it is asked and signed, and the overrides that its fragment held."""
    url, fragment = urldefrag(address)
    found = Overrides()
    for name, value in parse_qsl(fragment):
        found = _with(found, name, value)
    return url, found


def _with(found: Overrides, name: str, value: str) -> Overrides:
    if name == "rp":
        return replace(found, retried=frozenset(value.replace(" ", "").split(",")))
    if not value.isdigit():
        return found
    number = int(value)
    if name == "rc" and number <= 5:
        return replace(found, retries=number)
    if name == "ct" and 100 <= number <= 10_000:
        return replace(found, connect=number / 1000)
    if name == "rt" and 100 <= number <= 15_000:
        return replace(found, read=number / 1000)
    if name == "tt" and 100 <= number <= 15_000:
        return replace(found, total=number / 1000)
    return found
