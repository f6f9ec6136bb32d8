"""What is recorded, what is spoken, what is missing and what the speaker reads next."""

import pytest

from prompts import Catalogue
from prompts.recordable import recordable, words_of_phrases
from prompts.script import counted, coverage, script

FR = """
name = "f"
locale = "fr-FR"
voice = "v"
[general.missing]
text = "Pardon."
[buy.n]
text = "Combien de places ?"
[buy.n.unclear]
text = "Pardon ?"
[buy.offer]
text = "Je propose {n} {n|place|places} pour {price}."
slots = { n = "number feminine", price = "price" }
note = "Chaleureux."
[old]
text = "Personne ne dit cela."
"""
EN = 'name = "e"\nlocale = "en-GB"\nvoice = "w"\n[buy.n]\ntext = "How many seats?"'


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "wording"
    folder.mkdir()
    (folder / "fr.toml").write_text(FR, encoding="utf-8")
    (folder / "en.toml").write_text(EN, encoding="utf-8")
    return Catalogue.load(folder)


USED = ("buy.n", "buy.offer", "buy.gone")


def states(catalogue, takes=None, language="fr"):
    return {line.key: line.state for line in coverage(catalogue, takes, USED) if line.language == language}


def test_without_takes_everything_is_spoken_missing_or_unused(catalogue):
    assert states(catalogue) == {
        "buy.n": "spoken", "buy.offer": "spoken", "buy.gone": "missing", "general.missing": "spoken",
        "buy.n.unclear": "spoken", "old": "unused",
    }  # fmt: skip
    assert states(catalogue, language="en") == {
        "buy.n": "spoken", "buy.offer": "missing", "buy.gone": "missing", "general.missing": "missing",
        "buy.n.unclear": "missing", "old": "missing",
    }  # fmt: skip


def test_takes_are_counted_whole_in_parts_and_when_outdated(catalogue, takes, keep):
    for key, words in [("buy.n", "Combien de places ?"), ("buy.offer#1", "Je propose"), ("buy.n.unclear", "Quoi ?")]:
        takes.publish(keep(key, words).id, "Pamina")

    found = states(catalogue, takes)

    assert [found[key] for key in ("buy.n", "buy.offer", "buy.n.unclear")] == ["recorded", "partly", "outdated"]
    takes.publish(keep("buy.offer#2", "pour").id, "Pamina")
    assert states(catalogue, takes)["buy.offer"] == "recorded"


def test_states_are_counted_by_language(catalogue):
    assert counted(coverage(catalogue, None, USED))["fr"] == {
        "recorded": 0, "partly": 0, "outdated": 0, "spoken": 4, "missing": 1, "unused": 1,
    }  # fmt: skip


def test_the_script_follows_the_dialogue_and_leaves_out_what_is_recorded(catalogue, takes, keep):
    takes.publish(keep("buy.offer#1", "Je propose").id, "Pamina")

    lines = list(script(catalogue, "fr", takes, order=("buy.offer", "buy.n")))

    assert [(line.key, line.words) for line in lines] == [
        ("buy.offer#2", "pour"), ("buy.n", "Combien de places ?"), ("buy.n.unclear", "Pardon ?"),
        ("general.missing", "Pardon."), ("old", "Personne ne dit cela."),
    ]  # fmt: skip
    assert lines[0].note == "Chaleureux."


def test_the_words_of_phrases_can_be_recorded_too(catalogue):
    words = {one.key: one.words for one in words_of_phrases(catalogue, "fr")}

    assert words["phrase.vingt-et-une"] == "vingt et une"
    assert words["phrase.places"] == "places"
    assert recordable(catalogue, "phrase.euros", "fr").words == "euros"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("buy.n", "Combien de places ?"), ("buy.offer#2", "pour"), ("buy.offer", None), ("buy.offer#3", None),
        ("nothing", None), ("phrase.nothing", None), ("buy.n.unclear.2", None),
    ],
)  # fmt: skip
def test_only_what_is_read_aloud_can_be_recorded(catalogue, key, words):
    one = recordable(catalogue, key, "fr")

    assert (one.words if one else None) == words
