"""Titles on the keys of a telephone."""

import pytest

from callflows.keypad import keys_for, spellings


@pytest.mark.parametrize(
    ("title", "keys"),
    [("Carmen", "227636"), ("Così fan tutte", "267432688883"), ("La Bohème", "52264363"), ("Sadeh21", "7233421")],
)
def test_a_title_is_spelt_without_accents_and_spaces(title, keys):
    assert keys_for(title) == keys


def test_an_article_may_be_left_out():
    assert spellings("La Bohème") == (keys_for("La Bohème"), keys_for("Bohème"))
    assert spellings("L’Elisir") == (keys_for("L’Elisir"), keys_for("Elisir"))


def test_a_title_of_one_word_has_one_spelling():
    assert spellings("Tosca") == (keys_for("Tosca"),)
