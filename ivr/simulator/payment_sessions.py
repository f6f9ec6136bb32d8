"""Payment session: an agent lets a caller key a card, and hears nothing of it (Twilio docs, «Payment resource»)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivr.simulator import progress
from ivr.simulator.payments import pays
from ivr.simulator.verbs.pay_fields import ACCOUNT, CARD, CODE, DATE, POSTAL, ROUTING, Keyed, Rules

if TYPE_CHECKING:
    from ivr.simulator.call import Call


@dataclass(eq=False)
class PaymentSession:
    """One payment of a live call; `capturing` is the field whose keys are being taken."""

    call: Call
    sid: str
    status_url: str
    fields: tuple[str, ...] = (CARD, DATE, CODE, POSTAL)
    amount: str = "0"
    method: str = "credit-card"
    rules: Rules = field(default_factory=Rules)
    created: float = 0.0
    keyed: Keyed = field(default_factory=Keyed)
    capturing: str = ""
    keys: str = ""
    result: str = ""

    @property
    def is_over(self) -> bool:
        """Was it completed or cancelled?"""
        return bool(self.result)

    def capture(self, name: str) -> None:
        """Take the caller's keys for this field from now on; what was there is forgotten."""
        self.capturing, self.keys = name, ""
        self.keyed.fields.pop(name, None)
        self._tell({"Capture": name, "PartialResult": "true"})

    def press(self, key: str) -> None:
        """One key of the caller's; #, or the field's length, ends it."""
        if key == "#":
            self._captured()
        elif key.isdigit():
            self.keys += key
            if len(self.keys) >= self.keyed.longest(self.capturing, self.keys):
                self._captured()
            else:
                self._tell({"Capture": self.capturing, "PartialResult": "true"})

    def _captured(self) -> None:
        name, keys, self.capturing, self.keys = self.capturing, self.keys, "", ""
        error = self.rules.wrong(name, keys, self.keyed, self.call.carrier.wall_time())
        if not error:
            self.keyed.fields[name] = keys
        self._tell({"Capture": name, "PartialResult": "false"} | ({"ErrorType": error} if error else {}))

    def required(self) -> list[str]:
        """The fields that are still missing."""
        return [name for name in self.fields if name not in self.keyed.fields]

    def finish(self, status: str) -> None:
        """Pay with what was keyed, or let it be."""
        self.capturing = ""
        if status == "cancel":
            self.result = "cancelled"
        elif self.required():
            self._tell({"ErrorType": "session-in-progress"})
            return
        else:
            self.result = "success" if pays(self.keyed.fields.get(CARD, "")) else "payment-connector-error"
        token = self.call.carrier.new_token().replace("-", "")[:16]
        told = {"Result": self.result}
        if self.result == "success":
            charged = float(self.amount or 0) > 0
            told |= {"PaymentConfirmationCode": f"ch_{token}"} if charged else {"PaymentToken": f"tok_{token}"}
        self._tell(told)

    def _tell(self, more: dict[str, str]) -> None:
        params = {
            "AccountSid": self.call.carrier.account_sid,
            "CallSid": self.call.sid,
            "PaymentSid": self.sid,
            "PaymentMethod": self.method,
            "Required": " ".join(self.required()),
            **self.keyed.shown(),
            **more,
        }
        if self.status_url:
            deed = progress.beside(self.call, self.status_url, "POST", params, kind="pay", alone=True)
            self.call.carrier.spawn(deed)


BANK = (ROUTING, ACCOUNT)
FIELDS = frozenset({CARD, DATE, CODE, POSTAL, ROUTING, ACCOUNT})
