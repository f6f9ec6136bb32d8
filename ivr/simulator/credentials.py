"""The network's own account: fixed and recognisable, so that nobody mistakes it for a real one, or the reverse."""

from __future__ import annotations

ACCOUNT_PREFIX = "AC00000000"
"""Every account of the local network begins so; no real one does."""

ACCOUNT_SID = ACCOUNT_PREFIX + "50af1e0050af1e0050af1e00"
AUTH_TOKEN = "souffleur-local-network"


class ProductionCredentials(Exception):
    """The credentials belong to a real account; the local network does not start with them."""


def refuse_real(account_sid: str) -> None:
    """Raise when the account is not one of the local network's own."""
    if not account_sid.startswith(ACCOUNT_PREFIX):
        raise ProductionCredentials(account_sid[:6] + "…")
