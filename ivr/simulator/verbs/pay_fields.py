"""What Pay asks for: fields, their lengths, what makes each wrong, and what may be shown of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from ivr.simulator.payments import KINDS, is_card_number, is_routing_number, kind_of_card, masked

CARD, DATE, CODE, POSTAL = "payment-card-number", "expiration-date", "security-code", "postal-code"
ROUTING, ACCOUNT = "bank-routing-number", "bank-account-number"
SHOWN_AS = {
    CARD: "PaymentCardNumber",
    DATE: "ExpirationDate",
    CODE: "SecurityCode",
    POSTAL: "PaymentCardPostalCode",
    ROUTING: "BankRoutingNumber",
    ACCOUNT: "BankAccountNumber",
}
LONGEST = {CARD: 19, DATE: 4, CODE: 3, POSTAL: 10, ROUTING: 9, ACCOUNT: 17}
SHORTEST_ACCOUNT = 4
NOTHING_KEYED = "input-timeout"


@dataclass(repr=False)
class Keyed:
    """What was keyed so far; never printed."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of card, as far as it is known."""
        return kind_of_card(self.fields[CARD]) if CARD in self.fields else ""

    def longest(self, name: str, keys: str) -> int:
        """After how many keys a field is complete by itself."""
        if name == CARD:
            lengths = KINDS.get(kind_of_card(keys), ((), range(0, 20)))[1]
            return lengths[-1]
        return LONGEST[name] + (name == CODE and self.kind == "amex")

    def shown(self) -> dict[str, str]:
        """What the application may see: the last four digits of a card, two of an account, and stars."""
        shown = {SHOWN_AS[name]: _hidden(name, keys) for name, keys in self.fields.items()}
        return shown | ({"PaymentCardType": self.kind} if self.kind else {})


def _hidden(name: str, keys: str) -> str:
    if name == CARD:
        return masked(keys)
    if name == CODE:
        return "*" * len(keys)
    return "*" * (len(keys) - 2) + keys[-2:] if name == ACCOUNT else keys


@dataclass(frozen=True)
class Rules:
    """What a document wants of the fields."""

    kinds: tuple[str, ...] = ("visa", "mastercard", "amex")
    shortest_postal: int = 1

    def wrong(self, name: str, keys: str, keyed: Keyed, today: float) -> str:
        """The ErrorType of what was keyed; nothing when it is right."""
        if not keys:
            return NOTHING_KEYED
        if name == CARD:
            return self._wrong_card(keys)
        if name == DATE:
            return "" if _is_date(keys, today) else "invalid-date"
        if name == CODE:
            return "" if len(keys) == (4 if keyed.kind == "amex" else 3) else "invalid-security-code"
        if name == POSTAL:
            return "" if len(keys) >= self.shortest_postal else "invalid-postal-code"
        if name == ROUTING:
            return "" if is_routing_number(keys) else "invalid-bank-routing-number"
        return "" if len(keys) >= SHORTEST_ACCOUNT else "invalid-bank-account-number"

    def _wrong_card(self, keys: str) -> str:
        if not is_card_number(keys):
            return "invalid-card-number"
        return "" if kind_of_card(keys) in self.kinds else "invalid-card-type"


def _is_date(keys: str, today: float) -> bool:
    """MMYY, this month or later."""
    if len(keys) != 4 or not 1 <= int(keys[:2]) <= 12:
        return False
    now = datetime.fromtimestamp(today, UTC)
    return (2000 + int(keys[2:]), int(keys[:2])) >= (now.year, now.month)
