"""What goes wrong on the network, by the carrier's own numbers (Twilio docs, «Error and Warning Dictionary»)."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.simulator.numbered import SCHEMA as SCHEMA

INVALID_URL = 11100
RETRIEVAL = 11200
CONNECTION = 11205
TOO_MANY_REDIRECTS = 11215
BODY_TOO_LARGE = 11750
PARSE = 12100
CONTENT_TYPE = 12300
DIAL_IN_A_DIAL = 13201
DIAL_NOBODY = 13215
DIAL_NO_NUMBER = 13223
CONFERENCE_VERB = 13238
CONFERENCE_COACH = 13240
GATHER_MORE_KEYS = 13311
GATHER_MODEL = 13335
PLAY_CONTENT_TYPE = 13420
REFER_NEEDS_SIP = 13801
SAME_LABEL = 16025
SAY_EMPTY = 13520
SAY_TOO_LONG = 13521
NOT_IN_THAT_STATE = 21220
UNKNOWN_RESOURCE = 20404
INLINE_TOO_LONG = 32018


@dataclass(frozen=True)
class Fault:
    """One error or warning as the carrier's log would show it: number, document, verb and reason."""

    code: int
    reason: str
    url: str = ""
    verb: str = ""
    at: float = 0.0

    def __str__(self) -> str:
        where = " ".join(part for part in (self.url, f"<{self.verb}>" if self.verb else "") if part)
        return f"{self.code} {where}: {self.reason}" if where else f"{self.code}: {self.reason}"


class BadTwiml(Exception):
    """The product under test sent something a carrier would complain of."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class DocumentFailed(Exception):
    """A document could not be had or understood; the fallback address is asked next."""

    def __init__(self, code: int, reason: str, url: str = "", verb: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason, self.url, self.verb = code, reason, url, verb
