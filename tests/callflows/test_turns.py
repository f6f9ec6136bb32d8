"""How many turns a purchase takes: four for whoever says everything, nine for whoever has keys only."""

from __future__ import annotations

import pytest

from callflows import HangUp, Heard, advance, begin


def turns_to_buy(house, language, deeds):
    """Play the deeds; the number of turns until the reference is heard, and how many seats were sold."""
    state = begin("CA-turns", {"phone": "", "language": language}, house.tools)
    for number, deed in enumerate(deeds, start=1):
        state = advance(state, deed, house.tools)
        for say in state.answer.says:
            if say.prompt == "buy.sold":
                order = house.booking.clerk("phone", "CA-turns").order(say.slots["reference"])
                return number, len(order.sold)
        assert not isinstance(state.answer.then, HangUp), [say.prompt for say in state.answer.says]
    raise AssertionError([say.prompt for say in state.answer.says])


WORDS = {
    "plainly": (
        "fr",
        "bonjour je voudrais deux places pour la bohème le quinze décembre au parterre",
        "oui",
        "au guichet",
    ),
    "hesitating": (
        "fr",
        "euh alors bonjour deux places euh pour la bohème le mardi quinze décembre pas trop cher",
        "oui c'est parfait",
        "billet électronique",
    ),
    "starting again": (
        "fr",
        "je voudrais réserver deux deux places pour la bohème mardi quinze décembre au balcon",
        "ça me va",
        "par la poste",
    ),
    "in English": (
        "en",
        "two seats for la bohème on the fifteenth of december in the stalls please",
        "yes please",
        "at the box office",
    ),
    "in English, hesitating": (
        "en",
        "um hello i would like two tickets for la boheme on december fifteenth not too expensive",
        "that is fine",
        "e ticket",
    ),
}


@pytest.mark.parametrize(("language", "wish", "yes", "collection"), WORDS.values(), ids=WORDS)
def test_a_caller_who_knows_what_she_wants_buys_in_four_turns(house, language, wish, yes, collection):
    turns, seats = turns_to_buy(house, language, [Heard(words=words) for words in (wish, yes, collection)])

    assert turns <= 4 and seats == 2


KEYS = {
    "by the brochure's code": ["1", "112", "1512", "2", "3", "1", "2"],
    "by letters and the list of dates": ["1", "2643", "1", "1", "2", "8", "1", "1"],
    "by the list of titles": ["1", "1", "2", "1512", "1", "2", "8", "1", "1"],
}


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_a_caller_with_keys_only_buys_in_nine_turns(house, keys):
    turns, seats = turns_to_buy(house, "fr", [Heard(keys=key) for key in keys])

    assert turns <= 9 and seats == 2


def test_the_sentence_of_the_house_fills_five_slots(house):
    state = begin("CA-five", {"phone": ""}, house.tools)
    words = "bonjour je voudrais deux places pour la bohème samedi en huit plutôt au balcon pas trop cher"

    state = advance(state, Heard(words=words), house.tools)

    assert {"quantity", "production", "date", "section", "price_level"} <= state.said.keys()


def said_after(house, *sentences):
    """The prompts of the last reply."""
    state = begin("CA-days", {"phone": "", "language": "fr"}, house.tools)
    for words in sentences:
        state = advance(state, Heard(words=words), house.tools)
    return [say.prompt for say in state.answer.says]


def test_who_names_a_day_hears_what_is_played_on_it(house):
    assert said_after(house, "deux places le quinze décembre") == [
        "heard.quantity", "heard.date", "buy.shortlist", "programme.option", "buy.shortlist.all",
    ]  # fmt: skip


def test_who_names_a_whole_month_hears_its_name_and_its_titles(house):
    assert said_after(house, "qu'est-ce que vous donnez en décembre")[:2] == ["heard.month", "buy.shortlist"]


def test_a_day_on_which_nothing_is_played_is_said_to_be_one(house):
    assert said_after(house, "deux places le vingt-quatre novembre")[-2:] == ["buy.nothing_then", "buy.which"]


def test_days_that_leave_too_many_titles_to_listen_to_are_kept_and_the_title_is_asked(house):
    assert said_after(house, "un samedi soir")[-1] == "buy.which"


def test_an_offer_says_what_it_holds_once_and_echoes_only_the_rest(house):
    state = begin("CA-once", {"phone": "", "language": "fr"}, house.tools)
    wish = Heard(words="deux places pour la bohème le quinze décembre au parterre catégorie un")

    said = [say.prompt for say in advance(state, wish, house.tools).answer.says]

    assert said == ["heard.category", "buy.offer"]
