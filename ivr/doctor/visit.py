"""The visit: one check after the other, of which none can spoil the others."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from ivr.doctor import inside, outside
from ivr.doctor.finding import Finding, Findings
from ivr.settings import Settings

INSIDE = (
    inside.credentials, inside.numbers, inside.redis, inside.database, inside.models, inside.prompts,
    inside.data_folder,
)  # fmt: skip
OUTSIDE = (outside.address, outside.certificate, outside.signature, outside.clock, outside.account)


def findings(settings: Settings, *, offline: bool = False) -> list[Finding]:
    """All there is to say of a configuration; `offline`, without asking anybody outside this machine."""
    checks = INSIDE if offline else INSIDE + OUTSIDE
    return [finding for check in checks for finding in carefully(check, settings)]


def carefully(check: Callable[[Settings], Findings], settings: Settings) -> list[Finding]:
    """A check that breaks is itself a finding, and the others still run."""
    area = check.__name__.replace("_", " ")
    try:
        return list(check(settings))
    except requests.ConnectionError as error:
        host = urlsplit(error.request.url or "").netloc if error.request else area
        return [Finding(area, "bad", f"{host} cannot be reached", "look at the network and at the address")]
    except Exception as error:
        return [Finding(area, "bad", f"could not be checked: {type(error).__name__}: {_in_short(error)}")]


def _in_short(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
