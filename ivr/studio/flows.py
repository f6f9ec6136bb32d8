"""Flows as operators see them: every step as a row, and a picture, drawn from the code itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from callflows.chart import Row, as_table
from ivr.studio.picture import Picture, picture_of
from prompts import Catalogue


def table_of(flow: Any, catalogue: Catalogue, language: str) -> tuple[Row, ...]:
    """Every step: what the caller hears, what we listen for, where it leads, what it does."""
    return as_table(flow, catalogue, language)


def drawing_of(flow: Any) -> Picture:
    """The flow as a picture."""
    return picture_of(as_table(flow), flow.name, flow.first)


def summaries(flows: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Each flow with the first line of its module's docstring and the number of its steps."""
    return [(name, _about(name), len(flow.steps)) for name, flow in flows.items()]


def _about(name: str) -> str:
    try:
        return (import_module(f"callflows.{name}").__doc__ or "").strip().partition("\n")[0]
    except ImportError:
        return ""
