"""Flows as operators see them: every step as a row, with what is said, listened for and led to, drawn from the code."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any


def table_of(flow: Any) -> Any:
    """The flow as a table of `callflows.chart`, None while there is no chart."""
    return _drawn("as_table", flow)


def diagram_of(flow: Any) -> str | None:
    """The flow as a picture."""
    picture: str | None = _drawn("as_diagram", flow)
    return picture


def summaries(flows: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each flow with the first line of its module's docstring."""
    return [(name, _about(name)) for name in flows]


def _about(name: str) -> str:
    try:
        return (import_module(f"callflows.{name}").__doc__ or "").strip().partition("\n")[0]
    except ImportError:
        return ""


def _drawn(how: str, flow: Any) -> Any:
    try:
        chart = import_module("callflows.chart")
    except ImportError:
        return None
    return getattr(chart, how)(flow)
