"""Message: an SMS that is kept instead of sent."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""The letters of GSM 03.38; any other makes the whole message UCS-2."""


@dataclass
class Message:
    """One message (Twilio docs, «Message resource»)."""

    sid: str
    from_: str
    to: str
    body: str
    at: float
    status: str = "delivered"
    service: str = ""

    @property
    def segments(self) -> int:
        """Into how many parts it is cut: 160 plain letters or 70 others, a little fewer when there are several."""
        single, several = (160, 153) if set(self.body) <= PLAIN else (70, 67)
        return 1 if len(self.body) <= single else -(-len(self.body) // several)
