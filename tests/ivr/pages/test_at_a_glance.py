"""At a glance: who goes first, how long it will take, what she wants in one line; and every refusal in words."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from booking import BookingError, errors
from ivr.desk.conversation import Line
from ivr.desk.one_line import one_line
from ivr.desk.plan import House as Seats
from ivr.desk.plan import draw
from ivr.desk.refusals import told
from ivr.house import House
from ivr.pages.words import words

FR = words("fr")
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
TITLES = {"la-boheme": "La Bohème"}
BOHEME = {"quantity": 2, "production": "la-boheme", "date": "2026-11-28", "section": "balcony"}


def stuck_at(step: str) -> tuple[Line, ...]:
    """She asked for a person at this question."""
    return (Line("caller", "conseiller", NOON, step=step), Line("house", "Un instant.", NOON))


@pytest.mark.parametrize(
    ("said", "step", "reason", "line"),
    [
        ({**BOHEME, "price_level": "low"}, "buy_seats.offer", "agent",
         "2 places, La Bohème, sam. 28 nov., au balcon : hésite sur le prix"),
        (BOHEME, "buy_seats.offer", "agent",
         "2 places, La Bohème, sam. 28 nov., au balcon : hésite sur les places proposées"),
        ({"quantity": 1}, "nowhere.known", "agent", "1 place"),
        ({}, "main_menu.menu", "agent", "demande un conseiller"),
        ({}, "", "agent", "Demande un conseiller"),
        ({"quantity": 12}, "buy_seats.how_many", "group", "12 places : groupe de dix places ou plus"),
        ({"intent": "exchange"}, "", "exchange", "échanger : échange de billets"),
        ({}, "", "a_reason_from_tomorrow", "a_reason_from_tomorrow"),
        ({"quantity": "beaucoup", "date": "demain", "section": ["x"], "production": 7}, "", "tries",
         "N’a pas été compris"),
    ],
)  # fmt: skip
def test_what_she_wants_and_where_she_is_stuck_is_one_line(
    said: dict[str, Any], step: str, reason: str, line: str
) -> None:
    assert one_line(FR, said, (), stuck_at(step), reason, TITLES) == line


KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, BookingError) and kind not in (BookingError, errors.BadSeason)
]
"""All that booking may raise at a clerk's wish."""


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_is_a_sentence_of_its_own(kind: type[BookingError], language: str) -> None:
    w = words(language)

    sentence = told(w, kind())

    assert sentence != w("refused.other") and not sentence.startswith("refused."), "no sentence for it"
    assert "{" not in sentence and "None" not in sentence and sentence.endswith((".", "…"))


@pytest.mark.parametrize("state", ["not_yet", "over", "other_channel", "cancelled"])
def test_what_is_not_on_sale_says_since_or_until_when_or_where(state: str) -> None:
    sentence = told(FR, errors.NotOnSale("x", state, NOON, NOON, ("web", "box_office")))

    assert {"not_yet": "12:00", "other_channel": "sur Internet, au guichet"}.get(state, "") in sentence


def test_a_refusal_carries_its_facts() -> None:
    facts = {"left": 1, "wanted": 4, "category": "1", "instead": ("OPT", "3"), "drop": ("sections", "max_price")}

    assert "Possible en : Optima, catégorie 3." in told(FR, errors.NotTogether(**facts, longest=2))
    assert "renoncer à : l’endroit, le prix maximum" in told(FR, errors.NothingMatches(**facts))
    assert "moins de 28 ans, demandeur d’emploi" in told(FR, errors.NotEligible("x", ("under28", "jobseeker")))
    assert "Optima" not in told(FR, errors.ChannelClosed("agent", "category 6", ("box_office",)))


def test_who_is_in_distress_comes_first_and_in_red(pamina: Any, waits: Any, house: House, clock: Any) -> None:
    waits()
    clock.forward(minutes=3)
    house.room.enter("CA9", "+33698765432", "distress", {"said": {}}, "fr")
    clock.forward(minutes=1)
    house.room.enter("CA8", "+33698765433", "distress", {"said": {}}, "fr")

    page = pamina.text("/desk")

    assert [caller.call_id for caller in house.room.list()] == ["CA9", "CA8", "CA" + "1" * 32]
    assert house.room.position("CA9") == 1 and page.count('class="card caller urgent"') == 2
    assert f'data-since="{house.room.list()[0].since.timestamp()}">1:00' in page


def test_the_queue_in_figures_reckons_with_the_agents_there_are(
    pamina: Any, signed_in: Any, waits: Any, clock: Any
) -> None:
    waits(), waits("CA" + "2" * 32)
    alone = unescape(pamina.text("/desk"))
    signed_in("Sarastro").text("/desk")
    both = unescape(pamina.text("/desk"))

    assert "<dt>Attente prévue du dernier</dt><dd>6 min</dd>" in alone
    assert "<dt>Attente prévue du dernier</dt><dd>3 min</dd>" in both
    pamina.post("/desk/pause", paused="yes")
    paused = unescape(pamina.text("/desk"))
    assert "<dd>6 min</dd>" in paused and "Vous êtes en pause" in paused and "Prendre l’appel" not in paused


def test_how_often_she_has_called_today_is_told(pamina: Any, waits: Any, clock: Any) -> None:
    waits("CA" + "2" * 32)
    clock.forward(days=1)
    waits("CA" + "3" * 32), waits()

    page = unescape(pamina.text("/desk"))

    assert "<strong>2 appels aujourd’hui</strong>" in page and "2 appels auparavant" in page


def test_every_seat_stands_on_the_plan_of_its_level_and_none_on_another(house: House) -> None:
    from booking import hall_ids, read_hall

    for hall in map(read_hall, hall_ids()):
        levels = draw(hall, Seats({}, frozenset(), frozenset()), None, "fr").levels
        plans = [draw(hall, Seats({}, frozenset(), frozenset()), level.number, "fr") for level in levels]
        drawn = [spot.seat.id for plan in plans for spot in plan.spots]
        assert sorted(drawn) == sorted(seat.id for seat in hall.seats)
        for plan in plans:
            places = {(spot.x, spot.y) for spot in plan.spots}
            assert len(places) == len(plan.spots), "no seat covers another"
            assert all(0 <= x <= plan.width and 0 <= y <= plan.height for x, y in places)
