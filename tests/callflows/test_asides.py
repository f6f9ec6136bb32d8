"""What callers ask back is answered, and the question stands again."""

from __future__ import annotations

import pytest

from booking import Production
from callflows import Heard, advance, begin
from callflows.asides import TONGUES, by_whom, lasts


@pytest.fixture
def after(house):
    """The state after these sentences."""

    def say(*sentences, language="fr"):
        state = begin("CA-aside", {"phone": "", "language": language}, house.tools)
        for words in sentences:
            state = advance(state, Heard(words=words), house.tools)
        return state

    return say


def told(state):
    return [say.prompt for say in state.answer.says]


def test_what_it_costs_is_told_of_all_shows_and_the_menu_stands_again(after):
    state = after("quels sont les tarifs")

    assert told(state) == ["aside.prices", "main.menu"] and not state.said


def test_what_a_title_costs_is_told_and_it_is_bought_from_there(after):
    state = after("quels sont les prix pour la bohème")

    assert told(state) == ["aside.prices_of", "buy.when"]
    assert state.said == {"production": "la-boheme"}


def test_once_the_evening_is_chosen_its_own_prices_are_told(after, house):
    state = after("la bohème le quinze décembre", "c'est combien")
    prices = [each.price for each in house.booking.clerk("phone", "x").categories(state.said["performance"])]

    assert told(state) == ["aside.prices_then", "buy.how_many"]
    assert state.answer.says[0].slots == {"lowest": min(prices), "highest": max(prices)}


def test_an_offer_says_its_price_again(after):
    state = after("deux places pour la bohème le quinze décembre au parterre", "c'est combien")

    assert told(state) == ["buy.offer"]


def test_what_we_know_of_a_show_is_told_of_the_title_we_talk_of(after):
    """Its hour too, once the evening is chosen."""
    state = after("deux places pour la bohème le quinze décembre au parterre", "combien de temps dure le spectacle")

    assert told(state) == [
        "aside.show", "aside.sung", "aside.begins", "aside.lasts", "aside.intervals", "buy.offer",
    ]  # fmt: skip
    assert state.answer.says[1].slots == {"tongue": {"fr": "italien", "en": "Italian"}}
    assert state.answer.says[3].slots == {"hours": 2, "minutes": 30}


@pytest.mark.parametrize("question", ["ça dure combien de temps", "c'est en quelle langue", "il y a un entracte"])
def test_what_we_know_of_a_show_is_told_at_every_question(after, question):
    assert told(after("la bohème le quinze décembre", question))[-1] == "buy.how_many"
    assert told(after("la bohème le quinze décembre", question))[0] == "aside.show"


def test_asked_of_another_title_an_offer_stands(after):
    """Price or length: it is told, and what was offered is offered still."""
    offer = "deux places pour la bohème le quinze décembre au parterre"
    price, length = after(offer, "c'est combien pour la bayadère"), after(offer, "combien de temps dure la bayadère")

    assert told(price) == ["aside.prices_of", "buy.offer"]
    assert told(length)[0] == "aside.show" and told(length)[-1] == "buy.offer"
    assert price.said["production"] == length.said["production"] == "la-boheme"


def test_after_the_programme_told_of_a_title_its_length_is_told_too(after):
    state = after("parlez-moi de la bohème", "combien de temps ça dure")

    assert "aside.lasts" in told(state) and told(state)[-1] != "programme.browse"


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"genre": "ballet", "composer": "musiques diverses", "choreographer": "Noureev"}, ("aside.show", "Noureev")),
        ({"genre": "opera", "composer": "Giacomo Puccini"}, ("aside.show", "Giacomo Puccini")),
        ({"genre": "opera"}, ("aside.title", None)),
    ],
)  # fmt: skip
def test_a_show_is_told_by_whoever_made_it(made, sentence):
    prompt, slots = by_whom(Production("x", "001", "X", "GAR", **made))

    assert (prompt, slots.get("author")) == sentence


@pytest.mark.parametrize(
    ("minutes", "prompt"), [(45, "aside.lasts_minutes"), (120, "aside.lasts_hours"), (75, "aside.lasts")]
)
def test_no_show_lasts_no_hours_or_no_minutes(minutes, prompt):
    assert lasts(*divmod(minutes, 60))[0] == prompt


def test_every_tongue_of_the_season_has_a_name(house):
    sung = {production.language for production in house.booking.clerk("phone", "x").programme() if production.language}

    assert sung <= TONGUES.keys()


def test_a_question_back_is_no_failure_however_often_it_is_asked(after):
    state = after("la bohème le quinze décembre", *["c'est combien"] * 4)

    assert told(state)[-1] == "buy.how_many" and state.tries == 0


def test_a_wish_with_its_price_asked_for_gets_the_offer(after):
    assert told(after("combien coûtent deux places pour la bohème le quinze décembre au parterre"))[-1] == "buy.offer"


def test_a_robot_owns_up(after):
    assert told(after("la bohème le quinze décembre", "vous êtes un robot")) == ["general.robot", "buy.how_many"]


def test_an_english_caller_asks_back_in_english(after):
    assert told(after("how much are the tickets for la bohème", language="en"))[0] == "aside.prices_of"
