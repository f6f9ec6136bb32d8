"""Finding: one thing looked at, what is wrong with it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `warn` or `bad`, what was found, and the remedy."""

    area: str
    state: str
    found: str
    remedy: str = ""


Findings = Iterator[Finding]
