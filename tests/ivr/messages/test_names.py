"""Names as they are said and spelled."""

from __future__ import annotations

import pytest

from ivr.messages.names import name_from


@pytest.mark.parametrize(("heard", "language", "name"), [
    ("claire dupont", "fr", "Claire Dupont"),
    ("bonjour c'est jean de la tour", "fr", "Jean de la Tour"),
    ("dupont d u p o n t", "fr", "Dupont"),
    ("dé u pé o enne té", "fr", "Dupont"),
    ("je m'appelle anne morel m o r e deux l", "fr", "Anne Morell"),
    ("marie le goff l e g o deux f", "fr", "Marie Legoff"),
    ("anne durand d comme daniel u r a n d", "fr", "Anne Durand"),
    ("jean-paul martin", "fr", "Jean-Paul Martin"),
    ("my name is john smyth s m y t h", "en", "John Smyth"),
    ("this is anne lloyd double l o y d", "en", "Anne Lloyd"),
    ("euh", "fr", ""),
    ("", "fr", ""),
    ("a b", "xx", "A B"),
])  # fmt: skip
def test_a_name_is_said_spelled_or_both(heard: str, language: str, name: str) -> None:
    assert name_from(heard, language) == name
