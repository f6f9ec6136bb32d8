"""Documents are remembered for a breath, never longer."""

from __future__ import annotations

from itertools import count

from ivr.telephony.recent import Recent


def test_what_many_callers_hear_at_once_is_written_once() -> None:
    recent, numbers = Recent(seconds=3600), count()

    assert [recent("the menu", lambda: f"document {next(numbers)}") for _ in range(3)] == ["document 0"] * 3


def test_other_questions_have_documents_of_their_own() -> None:
    recent = Recent(seconds=3600)

    assert recent("the menu", lambda: "menu") == "menu"
    assert recent("which title", lambda: "title") == "title"


def test_after_a_breath_everything_is_written_anew() -> None:
    recent, numbers = Recent(seconds=0), count()

    assert [recent("the menu", lambda: f"document {next(numbers)}") for _ in range(2)] == ["document 0", "document 1"]
