"""Received: one request of the carrier, read once and as far as a webhook needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from werkzeug.datastructures import EnvironHeaders, MultiDict
from werkzeug.wsgi import get_input_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Received:
    """Path, query, form and headers; raises RequestEntityTooLarge for a form of more than `largest` bytes."""

    def __init__(self, environ: WSGIEnvironment, largest: int) -> None:
        query = environ.get("QUERY_STRING", "")
        self.path: str = environ.get("PATH_INFO", "")
        self.query_string: bytes = query.encode("latin-1")
        self.headers = EnvironHeaders(environ)
        self.args = _fields(query)
        self.form = _fields(get_input_stream(environ, max_content_length=largest).read().decode(errors="replace"))


def _fields(text: str) -> MultiDict[str, str]:
    """Fields in the order in which they came, empty ones too: the signature is over all of them."""
    pairs = (field.partition("=") for field in text.split("&") if field)
    return MultiDict((_read(name), _read(value)) for name, _, value in pairs)


def _read(text: str) -> str:
    """As `parse_qsl` reads it, which spends most of its time on what has nothing to be read."""
    return unquote_plus(text) if "%" in text or "+" in text else text
