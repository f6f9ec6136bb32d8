"""The language files: every rule can be heard, the recogniser's words come from them, a linguist can add to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from callflows.understanding import Meaning, Programme, unknown_words, vocabulary
from callflows.understanding import language as files
from callflows.understanding.engine import MAKERS, Reading
from callflows.understanding.patterns import BadPattern, examples_of, ways_of
from callflows.understanding.scene import Scene

Hear = Callable[..., Meaning]


@pytest.mark.parametrize("pattern", ["(a|b", "a]", "[a]", "x) y"])
def test_a_pattern_that_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(BadPattern):
        ways_of(pattern)


def test_a_pattern_stands_for_all_its_ways() -> None:
    assert set(ways_of("(le|du) <day> [au soir]")) == {
        ("le", "<day>"), ("du", "<day>"), ("le", "<day>", "au", "soir"), ("du", "<day>", "au", "soir")}
    assert examples_of("(un|deux) [bons] mots") == (("un", "bons", "mots"), ("deux", "mots"))


@pytest.mark.parametrize("code", files.languages())
def test_every_rule_names_a_maker_that_exists_and_a_kind_that_is_used(code: str) -> None:
    lang = files.language(code)
    used = {piece.strip("<>").rstrip("0123456789") for rule in lang.rules for say in rule.says
            for way in examples_of(say) for piece in way if piece[0] == "<"}
    known = {rule.kind for rule in lang.rules} | {"number", "heard_number", "title"}
    assert {rule.make for rule in lang.rules} - MAKERS.keys() <= {""}
    assert used <= known
    assert {rule.kind for rule in lang.rules} - used <= {"slots", "intents", "distress"}


@pytest.mark.parametrize("code", files.languages())
def test_yes_and_no_of_the_files_are_understood_as_such(code: str, hear: Hear) -> None:
    """Every plain yes of the files is a yes, and no no of the files is ever one."""
    for rule in files.language(code).rules:
        if rule.topic == "yes_no" and rule.slots.get("_said") in ("yes", "no"):
            for say in rule.says:
                for way in examples_of(say):
                    got = hear(" ".join(way).replace("...", ""), "confirm", code).slots
                    if rule.slots["_said"] == "no":
                        assert got.get("confirm") != "yes", way
                    else:
                        assert got.get("confirm") != "no", way


def test_a_linguist_adds_a_way_of_saying_something(tmp_path: Path, programme: Programme, today: date) -> None:
    """One line in a file of words, and «ça botte» is a yes: no code was touched."""
    folder = tmp_path / "languages"
    shutil.copytree(files.FOLDER / "fr", folder / "fr")
    with (folder / "fr" / "yes_no.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[rule]]\nslots = { _said = "yes" }\nsay = ["ça (me|nous) botte"]\n')
    scene = Scene("confirm", today, programme)
    assert Reading("ça nous botte", "fr", scene).meaning(None).slots == {"no_meaning": True}
    assert Reading("ça nous botte", "fr", scene, folder).meaning(None).slots == {"confirm": "yes"}


def test_a_new_language_is_a_new_folder(tmp_path: Path, programme: Programme, today: date) -> None:
    folder = tmp_path / "languages" / "it"
    folder.mkdir(parents=True)
    tables = 'tens = [["venti", 20, 9]]\njoin = []\nhundred = ["cento"]\nthousand = ["mille"]\n'
    (folder / "numbers.toml").write_text(tables + "[units]\ndue = 2\ntre = 3\n", encoding="utf-8")
    (folder / "quantity.toml").write_text('[[rule]]\nmake = "quantity"\nsay = ["<number> posti"]\n', encoding="utf-8")
    assert files.languages(folder.parent) == ("it",)
    reading = Reading("venti tre posti", "it", Scene("ask_quantity", today, programme), folder.parent)
    assert reading.meaning(None).slots == {"quantity": 23}


@pytest.mark.parametrize("code", files.languages())
@pytest.mark.parametrize(("context", "words"), [
    ("confirm", {"fr": ("oui", "non", "d'accord"), "en": ("yes", "no", "fine")}),
    ("ask_date", {"fr": ("quinze", "décembre", "samedi"), "en": ("fifteen", "december", "saturday")}),
    ("ask_production", {"fr": ("bohème", "bayadère"), "en": ("boheme", "swan")}),
    ("ask_quantity", {"fr": ("deux", "places"), "en": ("two", "tickets")}),
])
def test_the_words_of_the_recogniser_come_from_the_same_files(code: str, context: str, programme: Programme,
                                                              words: dict[str, tuple[str, ...]]) -> None:
    phrases = vocabulary(context, language=code, programme=programme)
    said = {word for phrase in phrases for word in phrase.split()}
    assert set(words[code]) <= said
    assert any("<" in phrase or "..." in phrase for phrase in phrases) is False
    assert len(phrases) == len(set(phrases)) and all(phrase.strip() for phrase in phrases)


def test_what_works_everywhere_may_be_said_to_every_question(programme: Programme) -> None:
    for context in ("confirm", "ask_phone", "ask_date"):
        assert {"stop", "aide"} <= set(vocabulary(context, language="fr", programme=programme))


def test_the_dates_that_were_read_out_are_in_the_vocabulary(programme: Programme) -> None:
    options = [{"date": "2027-01-10", "time": "14:30"}]
    phrases = vocabulary("ask_performance", language="fr", programme=programme, options=options)
    assert {"dimanche", "janvier"} <= set(phrases)


def test_words_that_a_model_lacks_are_reported() -> None:
    knows = {"la", "le", "lac", "des"}.__contains__
    assert unknown_words(["la bohème", "le lac des cygnes"], knows) == ("bohème", "cygnes")
