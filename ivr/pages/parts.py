"""Parts: what the pages are made of, handed in by the app factory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request
from sqlalchemy import Engine

REGIONS = ("FR", "MC", "BE", "LU", "CH", "GB")
"""Countries where an agent's telephone may be rung; everything else would be an invitation to toll fraud."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything the pages need; what may be None is missed with a sentence on the page, never with an error."""

    engine: Engine
    redis: Any
    clock: Callable[[], datetime]
    secret_key: str
    public_url: str
    is_carrier: Callable[[Request], bool]
    booking: Any = None
    catalogue: Any = None
    voice: Any = None
    journal: Any = None
    calls: Any = None
    tools: Any = None
    takes: Any = None
    flows: Mapping[str, Any] | None = None
    line: Any = None
    messages: Any = None
    consents: Any = None
    regions: tuple[str, ...] = REGIONS
    live_listeners: int = 4
    """Each open event stream occupies one server thread; beyond this number pages poll instead."""
