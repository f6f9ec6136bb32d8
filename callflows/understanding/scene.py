"""Scene: what is known while a sentence is being understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from callflows.understanding.programme import Programme


@dataclass(frozen=True)
class Scene:
    """The question just asked, the day, the programme, and the dates that were read out."""

    context: str
    today: date
    programme: Programme
    options: tuple[Mapping[str, Any], ...] = ()
