"""What a checker says of TwiML before anybody performs it: names of bad habits, found in a case's documents."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from ivr.simulator.asking import Asked
from ivr.simulator.document import Element, Page, read
from ivr.simulator.errors import DocumentFailed
from ivr.simulator.verbs.say import MOST_ENCODED, most_letters

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def lint(case: dict[str, Any], requests: list[Asked]) -> list[str]:
    """The names of everything wrong in the documents of a case."""
    names: list[str] = []
    start = case.get("start") or {}
    documents = [(text, "") for text in [start.get("twiml")] if text]
    for url, page in case.get("pages", {}).items():
        documents += [(text, url) for text in _texts(page)]
    for text, url in documents:
        names += [name for name in of_document(text, url) if name not in names]
    return names


def _texts(page: Any) -> list[str]:
    if isinstance(page, list):
        return [text for each in page for text in _texts(each)]
    if isinstance(page, dict):
        kind = {name.lower(): value for name, value in (page.get("headers") or {}).items()}.get("content-type", "xml")
        return [page["body"]] if page.get("body") and "xml" in kind else []
    return [page]


def of_document(text: str, url: str = "") -> list[str]:
    """The names of everything wrong in one document."""
    names = []
    if text[:1].isspace():
        names.append("leading-whitespace-before-declaration")
    if FORBIDDEN.search(text):
        names.append("forbidden-character")
    try:
        page = read(text, url)
    except DocumentFailed:
        return [*names, "not-well-formed"]
    names += [_named(fault.reason) for fault in page.faults if "white space" not in fault.reason]
    for element in page.verbs:
        names += _of_element(element, page)
    return [*names, *_of_order(page.verbs)]


def _named(reason: str) -> str:
    if "may not stand" in reason or "'digits'" in reason:
        return "nesting"
    return "unknown-attribute"


def _of_element(element: Element, page: Page) -> list[str]:
    names = [name for child in element.children for name in _of_element(child, page)]
    if element.name == "Stream" and not _is_stream_url(element.get("url")) and element.get("url"):
        names.append("stream-url")
    if element.name == "Say":
        names += _of_say(element)
    if element.name in {"Gather", "Record", "Pay"} and not page.url and "://" not in element.get("action"):
        names.append("relative-action-inline")
    if element.name == "Parameter" and len(element.get("name") + element.get("value")) >= 500:
        names.append("parameter-length")
    if element.name == "Gather" and element.get("speechTimeout") == "auto" and element.get("speechModel"):
        names.append("speech-timeout-auto-with-model")
    return names


def _is_stream_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "wss" and bool(parts.netloc) and not parts.query


def _of_say(element: Element) -> list[str]:
    names = [] if element.get("language") or element.get("voice") else ["say-language"]
    if len(element.text) > most_letters(element.get("voice")) or len(quote(element.text)) > MOST_ENCODED:
        names.append("say-length")
    return names


def _of_order(verbs: tuple[Element, ...]) -> list[str]:
    """Verbs that never run, and questions after which silence ends the call."""
    names = []
    for place, verb in enumerate(verbs):
        if verb.name in {"Hangup", "Redirect", "Reject", "Record"} and place + 1 < len(verbs):
            names.append("unreachable")
    if verbs and verbs[-1].name == "Gather" and verbs[-1].get("actionOnEmptyResult") != "true":
        names.append("gather-without-redirect")
    return names
