"""The rules of the language, each in a small dialogue, with the house's real box office and understanding."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from callflows import ALL_FLOWS, Flow, FlowError, Heard, Listen, Transfer, advance, begin
from callflows.answers import Choice, Number, Option, YesNo


@dataclass
class Tea:
    """What a small dialogue remembers."""

    cups: int = 0


def a_tea_flow():
    """How many cups, then yes or no."""
    flow = Flow("tea", first="cups", data=Tea, form=True)

    @flow.ask("buy.how_many", Number(high=9), slot="quantity", to={"next": "sure"})
    def cups(call, quantity):
        """Count the cups."""
        call.data.cups = quantity
        return "next"

    @flow.ask("buy.offer", YesNo(), to={"yes": "bye", "no": "cups"})
    def sure(call, answer):
        """Is that right?"""
        if answer == "no":
            call.forget("quantity")
        return answer

    flow.end("bye", "main.goodbye")
    return flow


def heard_of(deed):
    """«12» is pressed, «douze» is said."""
    if isinstance(deed, Heard):
        return deed
    return Heard(keys=deed) if deed[:1] in "0123456789*#" else Heard(words=deed)


@pytest.fixture
def talk(house):
    """Plays deeds against one small flow; gives the last state."""

    def play(flow, *deeds):
        tools = replace(house.tools, flows={**ALL_FLOWS, flow.name: flow})
        state = begin("CA-tea", {"phone": ""}, tools, first=f"{flow.name}.{flow.first}")
        for deed in deeds:
            state = advance(state, heard_of(deed), tools)
        return state

    return play


def said(state):
    return [say.prompt for say in state.answer.says]


def test_an_answer_leads_where_its_outcome_says(talk):
    assert said(talk(a_tea_flow(), "2"))[-1] == "buy.offer"


def test_what_a_step_wrote_down_is_there_in_the_next_turn(talk):
    assert talk(a_tea_flow(), "2").data["tea"] == {"cups": 2}


def test_the_old_state_stays_as_it_was(talk, house):
    tools = replace(house.tools, flows={**ALL_FLOWS, "tea": a_tea_flow()})
    state = begin("CA-tea", {}, tools, first="tea.cups")
    before = state.to_json()

    advance(state, Heard(keys="2"), tools)

    assert state.to_json() == before


def test_words_and_keys_are_the_same_answer(talk):
    assert talk(a_tea_flow(), "trois").where == talk(a_tea_flow(), "3").where


def test_what_was_understood_is_echoed_and_what_was_keyed_is_not(talk):
    assert said(talk(a_tea_flow(), "trois places"))[0] == "heard.quantity"
    assert said(talk(a_tea_flow(), "3")) == ["buy.offer"]


def test_a_doubt_in_the_middle_of_a_doubt_takes_its_place(house):
    """«Deux ou trois», then a title that is an opera and a ballet, then the answer to that."""
    state = begin("CA-doubts", {"phone": ""}, house.tools)
    for words in ("deux ou trois places", "onéguine"):
        state = advance(state, Heard(words=words), house.tools)
    assert said(state)[0] == "doubt.which_one" and sum(each.startswith("doubt.") for each in state.where) == 1

    state = advance(state, Heard(words="deux"), house.tools)

    assert not [prompt for prompt in said(state) if prompt.startswith("doubt.")]


@pytest.mark.parametrize("words", ["oui bonjour", "bonjour madame", "allô ?", "oui allô bonsoir", "Vous m’entendez ?"])
def test_who_only_greets_is_greeted_and_hears_the_question_again(house, words):
    state = advance(begin("CA-hello", {"phone": ""}, house.tools), Heard(words=words), house.tools)

    assert said(state) == ["general.greeting", "main.menu"]


def test_who_greets_and_asks_is_answered(house):
    state = begin("CA-hello", {"phone": ""}, house.tools)
    state = advance(state, Heard(words="bonjour madame deux places pour la bohème"), house.tools)

    assert said(state)[-1] == "buy.when"


@pytest.mark.parametrize(
    ("answer", "first"), [(Heard(words="le deuxième"), "heard.production"), (Heard(keys="2"), "buy.when")]
)
def test_a_title_chosen_by_its_place_in_words_is_read_back(house, answer, first):
    state = begin("CA-place", {"phone": ""}, house.tools)
    for heard in (Heard(words="un opéra"), answer):
        state = advance(state, heard, house.tools)

    assert said(state)[0] == first


def test_a_correction_reaches_back_to_its_question(talk):
    state = talk(a_tea_flow(), "2", "non trois places")

    assert state.data["tea"] == {"cups": 3} and said(state)[-1] == "buy.offer"


def test_no_alone_is_an_answer(talk):
    assert said(talk(a_tea_flow(), "2", "non"))[-1] == "buy.how_many"


def test_back_returns_to_the_last_question_without_its_answer(talk):
    state = talk(a_tea_flow(), "2", "#")

    assert said(state)[-1] == "buy.how_many" and "quantity" not in state.said


def test_back_at_the_beginning_says_so(talk):
    assert said(talk(a_tea_flow(), "#"))[0] == "general.at_the_start"


def test_star_repeats_the_question_and_takes_no_try(talk):
    state = talk(a_tea_flow(), "*", "*", "*", "*")

    assert said(state) == ["buy.how_many"] and state.tries == 0


def test_silence_and_nonsense_count_together_and_grow_more_helpful(talk):
    assert said(talk(a_tea_flow(), Heard()))[0] == "general.silence"
    assert said(talk(a_tea_flow(), Heard(), "blablabla"))[0] == "general.unclear.2"
    assert isinstance(talk(a_tea_flow(), Heard(), "blablabla", "999").answer.then, Transfer)


def test_a_good_answer_forgives_the_tries_before_it(talk):
    assert talk(a_tea_flow(), Heard(), Heard(), "2", Heard()).tries == 1


def test_half_a_yes_sells_nothing(talk):
    state = talk(a_tea_flow(), "2", Heard(words="oui", confidence=0.2))

    assert said(state)[-1] == "buy.offer" and state.tries == 1


def test_half_a_number_is_read_back_before_it_counts(talk):
    state = talk(a_tea_flow(), Heard(words="trois", confidence=0.45))

    assert said(state) == ["heard.quantity", "doubt.heard_right"]
    assert said(talk(a_tea_flow(), Heard(words="trois", confidence=0.45), "1"))[-1] == "buy.offer"
    assert said(talk(a_tea_flow(), Heard(words="trois", confidence=0.45), "2"))[-1] == "buy.how_many"


def test_the_robot_says_that_it_is_one_and_goes_on(talk):
    state = talk(a_tea_flow(), "vous êtes un robot")

    assert said(state) == ["general.robot", "buy.how_many"]


def test_slower_is_slower_from_now_on(talk):
    assert talk(a_tea_flow(), "moins vite").answer.pace == "slow"


@pytest.mark.parametrize(
    "words", ["", " ", "x" * 10_000, "\u202e\u0000\u000b", "🎭🎭", "<Say>oui</Say>", "'; DROP TABLE orders; --"]
)
def test_odd_input_is_not_understood_and_breaks_nothing(talk, words):
    state = talk(a_tea_flow(), Heard(words=words))

    assert said(state)[-1] == "buy.how_many" and state.tries == 1


def test_the_meaning_of_a_key_is_kept_with_the_question(talk):
    offered = {"1": "parquet", "2": "balcony"}
    flow = Flow("small", first="choose")
    options = Choice(offer=lambda call: [Option(value, key) for key, value in offered.items()])

    @flow.ask("buy.where", options, slot="place", to={"": "bye"})
    def choose(call, value):
        """The second key was the balcony when it was read out."""
        offered.clear()
        return ""

    flow.end("bye", "main.goodbye")

    assert talk(flow, "2").said["place"] == "balcony"


def test_an_undeclared_outcome_is_an_error_that_names_the_step(talk):
    flow = a_tea_flow()

    @flow.ask("buy.how_many", Number(), to={"known": "bye"})
    def cups(call, number):
        """Returns what it never declared."""
        return "surprise"

    with pytest.raises(FlowError, match=r"tea\.cups: outcome 'surprise'"):
        talk(flow, "2")


def test_a_call_is_the_same_after_json(talk):
    state = talk(a_tea_flow(), "2")

    assert type(state).from_json(state.to_json()) == state


def test_unknown_fields_of_another_version_are_dropped(talk):
    saved = talk(a_tea_flow(), "2").to_json() | {"of_tomorrow": 1}

    assert type(talk(a_tea_flow())).from_json(saved).data["tea"] == {"cups": 2}


def test_what_is_ambiguous_is_asked_for_more_precisely(talk):
    state = talk(a_tea_flow(), "toute la famille")

    assert said(state) == ["buy.how_many.precisely", "buy.how_many"] and "quantity" not in state.said


def test_two_numbers_are_offered_by_key_and_by_word(talk):
    for deed in (Heard(keys="7"), "sept", "sept places"):
        state = talk(a_tea_flow(), "six ou sept", deed)

        assert state.said["quantity"] == 7


def test_between_two_numbers_each_has_its_own_key(talk):
    state = talk(a_tea_flow(), "six ou sept")

    assert said(state) == ["doubt.which_value", "doubt.value.quantity", "doubt.value.quantity"]
    assert [option["key"] for option in state.asked["options"]] == ["6", "7"] and "quantity" not in state.said


def test_a_correction_inside_a_doubt_is_what_counts(house):
    """The caller says it otherwise; the yes that follows must not bring the doubtful words back."""
    state = begin("CA-doubt", {"phone": ""}, house.tools)
    for heard in (
        Heard(words="trois places pour la bayadère", confidence=0.45),
        Heard(words="non deux places pour la bohème"),
    ):
        state = advance(state, heard, house.tools)

    assert state.said["production"] == "la-boheme" and state.said["quantity"] == 2
    assert not state.where[-1].startswith("doubt.")


def test_a_yes_with_what_was_offered_is_a_yes(house):
    state = begin("CA-yes", {"phone": ""}, house.tools)
    for words in ("deux places pour la bohème le quinze décembre au parterre", "oui deux places"):
        state = advance(state, Heard(words=words), house.tools)

    assert said(state)[-1] == "buy.collection"


def test_a_new_price_drives_out_the_category(house):
    state = begin("CA-price", {"phone": ""}, house.tools)
    for words in (
        "deux places pour la bohème le quinze décembre catégorie un",
        "pas plus de cinquante euros la place",
    ):
        state = advance(state, Heard(words=words), house.tools)

    assert "category" not in state.said and said(state)[-1] == "buy.offer"


def test_facts_that_lead_back_to_the_same_question_end_at_a_person(house):
    """«La Flûte enchantée», said three times of a season that does not have it."""
    state = begin("CA-circle", {"phone": ""}, house.tools)
    state = advance(state, Heard(keys="1"), house.tools)
    for _ in range(3):
        state = advance(state, Heard(words="la flûte enchantée"), house.tools)

    assert isinstance(state.answer.then, Transfer)


def test_wishes_told_one_by_one_before_the_date_are_no_circle(house):
    state = begin("CA-wishes", {"phone": ""}, house.tools)
    for words in ("deux places pour la bohème", "au parterre", "pas trop cher", "un samedi soir", "plutôt à gauche"):
        state = advance(state, Heard(words=words), house.tools)

    assert isinstance(state.answer.then, Listen) and state.tries == 0
    assert {"quantity", "section", "price_level", "side"} <= state.said.keys()


def test_other_seats_are_no_circle(house):
    state = begin("CA-others", {"phone": ""}, house.tools)
    for words in ("deux places pour la bohème le quinze décembre au parterre", *["d'autres places"] * 4):
        state = advance(state, Heard(words=words), house.tools)

    assert said(state)[-1] == "buy.offer"


@pytest.mark.parametrize("words", ["au revoir", "une autre date", "annulez"])
def test_what_the_recogniser_hardly_believes_does_nothing(house, words):
    """A cough must not hang up, nor let seats go."""
    state = begin("CA-noise", {"phone": ""}, house.tools)
    state = advance(state, Heard(words="deux places pour la bohème le quinze décembre au parterre"), house.tools)

    state = advance(state, Heard(words=words, confidence=0.1), house.tools)

    assert said(state)[-1] == "buy.offer" and state.tries == 1
