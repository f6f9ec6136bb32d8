"""An agent serves a caller: search, hold, sell, exchange, cancel, waiting list, without another program."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from booking import Wish, read_hall, read_season
from ivr.desk.people import People
from ivr.house import House
from ivr.records.accounts import StaffAudit
from ivr.records.notes import Notes

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
CALLER = "+33612345678"


@dataclass
class Served:
    """The page of a call that Pamina has taken, and its buttons."""

    agent: Any
    house: House
    call: str = CALL

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/desk/caller/{self.call}"

    def page(self, **asked: str) -> str:
        """The page's text, as a reader sees it."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return unescape(self.agent.text(f"{self.path}?{query}"))

    def does(self, deed: str, **fields: Any) -> str:
        """Press a button; the page that follows."""
        answer = self.agent.post(f"{self.path}/{deed}", **fields)
        assert answer.status_code == 303, answer.status
        return unescape(self.agent.text(answer.headers["Location"]))

    @property
    def holds(self) -> tuple[Any, ...]:
        """What the desk holds for this call."""
        return tuple(self.house.booking.clerk("agent", f"desk:{self.call}").holds())


@pytest.fixture
def served(pamina: Any, waits: Any, house: House) -> Served:
    """A caller who is talking to Pamina."""
    waits(quantity=2, production="la-boheme")
    pamina.get(pamina.post(f"/desk/take/{CALL}").headers["Location"])
    house.room.answered(CALL)
    return Served(pamina, house)


@pytest.fixture
def evenings(house: House) -> tuple[Any, ...]:
    """Performances of La Bohème that the desk sells."""
    clerk = house.booking.clerk("agent", "nobody")
    return tuple(each for each in clerk.performances("la-boheme", on_sale=True) if each.kind == "normal")


def notes_of(page: str) -> list[str]:
    """What the page tells on top."""
    return re.findall(r'<p class="note \w+"[^>]*>(.*?)</p>', page)


# -- finding ------------------------------------------------------------------------------------------------------


def test_words_are_understood_as_on_the_telephone_and_the_form_is_filled(served: Served) -> None:
    page = served.page(words="quatre places pour La Bohème le 12 décembre au balcon")

    assert "samedi 12 décembre, 19:30" in page and 'id="evening-title">La Bohème' in page
    assert 'name="quantity" type="number" min="1" max="9" required value="4"' in page
    assert '<option value="BAL1" selected>' in page


def test_a_page_just_opened_shows_what_the_caller_has_asked_the_telephone_for(served: Served) -> None:
    assert served.page().count("<strong>La Bohème</strong>") >= 3


def test_evenings_are_found_by_hall_genre_and_dates(served: Served) -> None:
    page = served.page(hall="GAR", genre="ballet", **{"from": "2026-12-10", "to": "2026-12-31"})

    assert "Palais Garnier" in page and "La Bohème</strong>" not in page
    days = re.findall(r"(\d+) décembre, ", page)
    assert days and all(int(day) >= 10 for day in days)


def test_an_ambiguous_title_shows_both(served: Served) -> None:
    page = served.page(words="Onéguine")

    assert "<strong>Eugène Onéguine</strong>" in page and "<strong>Onéguine</strong>" in page


def test_words_that_mean_nothing_say_so(served: Served) -> None:
    assert "Rien compris dans ces mots" in served.page(words="xyzzy")


def test_the_plan_shows_whose_every_seat_is(served: Served, evenings: Any, house: House) -> None:
    sold = house.booking.clerk("web", "w").hold_best(evenings[0].id, Wish(2, category="1"), request="w1")
    house.booking.clerk("web", "w").confirm(sold.id, request="w2")
    served.does(f"hold/{evenings[0].id}", quantity="2", category="1", request="a")

    plan = served.page(evening=evenings[0].id)

    assert len(re.findall(r'class="seat mine', plan)) == 2 and len(re.findall(r'class="seat sold', plan)) == 2
    assert re.search(r'class="seat free[^>]*data-seat="BAS:PART:', plan)


# -- selling ------------------------------------------------------------------------------------------------------


def test_a_button_pressed_twice_does_nothing_twice(served: Served, evenings: Any) -> None:
    for _ in range(2):
        served.does(f"hold/{evenings[0].id}", quantity="2", request="once")
    (hold,) = served.holds
    for _ in range(2):
        page = served.does("sell", hold=hold.id, collection="e_ticket", request="sale")

    customer = served.house.booking.customer(CALLER)
    assert "Les places sont vendues" in page and served.holds == ()
    assert served.house.booking.orders_of(customer.id) == (), "no name was sent with the form"
    sold = [deed for deed in StaffAudit(served.house.engine, served.house.clock).latest() if deed.did == "sell_seats"]
    assert len({deed.facts["reference"] for deed in sold}) == 1


def test_several_evenings_are_one_order_in_her_name(served: Served, evenings: Any) -> None:
    first, second = evenings[:2]
    served.does(f"hold/{first.id}", quantity="2", request="a")
    served.does(f"hold/{second.id}", quantity="3", section="BAL1", request="b")
    customer = served.house.booking.customer(CALLER)

    page = served.does(
        "sell", hold=[hold.id for hold in served.holds], collection="post", customer=customer.id, request="c"
    )

    (order,) = served.house.booking.orders_of(customer.id)
    assert (len(order.sold), order.collection, order.channel) == (5, "post", "agent")
    assert {line.performance for line in order.sold} == {first.id, second.id}
    assert order.reference in page


def test_other_seats_cheaper_elsewhere_and_by_name(served: Served, evenings: Any) -> None:
    evening = evenings[0]
    served.does(f"hold/{evening.id}", quantity="2", request="a")
    (best,) = served.holds

    served.does(f"seats/{best.id}/move", move="cheaper", request="b")
    (cheaper,) = served.holds
    served.does(f"seats/{cheaper.id}/elsewhere", section="BAL2", request="c")
    (elsewhere,) = served.holds
    served.does(f"hold/{evening.id}", quantity="2", section="PART", row="20", numbers="1, 3", request="d")
    (named,) = served.holds
    served.does(f"hold/{evening.id}", seats="BAS:PART:21:1,BAS:PART:21:3,BAS:PART:21:5", request="e")
    (clicked,) = served.holds

    assert cheaper.total < best.total and {seat.section for seat in elsewhere.seats} == {"BAL2"}
    assert {seat.id for seat in named.seats} == {"BAS:PART:20:1", "BAS:PART:20:3"}
    assert len(clicked.seats) == 3


def test_a_wheelchair_place_that_is_clicked_on_is_meant(served: Served, evenings: Any) -> None:
    hall = read_hall("BAS")
    place = next(seat for seat in hall.seats if seat.kind == "wheelchair" and seat.companion)

    served.does(f"hold/{evenings[0].id}", seats=f"{place.id},{place.companion}", request="a")

    assert {seat.id for seat in served.holds[0].seats} == {place.id, place.companion}


def test_a_tariff_is_for_those_it_is_for_and_keeps_the_seats(served: Served, house: House) -> None:
    clerk = house.booking.clerk("agent", "nobody")
    offered = next(each for each in clerk.performances(on_sale=True) if "under40" in each.tariffs)
    served.does(f"hold/{offered.id}", quantity="2", request="a")
    (full,) = served.holds

    refused = served.does(f"seats/{full.id}/tariff", tariff="under40", request="b")
    served.does(f"seats/{full.id}/tariff", tariff="under40", eligible="under40", request="c")

    (young,) = served.holds
    assert "Ce tarif est réservé : moins de 40 ans" in refused
    assert young.seats == full.seats and young.total < full.total
    served.does(f"seats/{young.id}/move", move="further_back", request="d")
    assert served.holds[0].tariff == "under40", "what was vouched for still holds"


def test_what_was_refused_is_said_and_the_wish_stays_in_the_form(served: Served, evenings: Any) -> None:
    page = served.does(f"hold/{evenings[0].id}", quantity="2", max_price="3", request="a")

    assert notes_of(page) == ["Rien à ce prix : la place la moins chère coûte 15 €. Proposez-la, ou une autre date."]
    assert 'name="max_price" type="number" min="0" max="999" value="3"' in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"quantity": "12"}, "Pas plus de 9 places par personne"),
        ({"quantity": "0"}, "Ce souhait ne se lit pas : le nombre de places"),
        ({"quantity": "deux"}, "Ce souhait ne se lit pas : le nombre de places"),
        ({"quantity": "2", "section": "PART", "row": "99", "numbers": "1 3"}, "Il n’y a pas de telle place"),
        ({"quantity": "2", "category": "1", "section": "GAL4"}, "Il suffirait de renoncer à"),
        ({"seats": "BAS:PART:15:1,<script>"}, "Il n’y a pas de telle place"),
    ],
    ids=["too many", "none", "no number", "no such row", "nothing like that", "nonsense"],
)
def test_a_wish_that_cannot_be_is_explained(served: Served, evenings: Any, fields: Any, told: str) -> None:
    page = served.does(f"hold/{evenings[0].id}", request="a", **fields)

    assert told in notes_of(page)[0] and served.holds == ()


def test_seats_that_somebody_else_has_are_named(served: Served, evenings: Any, house: House) -> None:
    theirs = house.booking.clerk("web", "w").hold_best(evenings[0].id, Wish(1), request="w").seats[0]

    page = served.does(f"hold/{evenings[0].id}", seats=theirs.id, request="a")

    assert f"rang {theirs.row}, place {theirs.number}" in notes_of(page)[0] and "Déjà prises" in notes_of(page)[0]


# -- time goes by -------------------------------------------------------------------------------------------------


def test_seats_whose_time_is_over_are_kept_longer_or_named_as_lost(
    served: Served, evenings: Any, house: House, clock: Any
) -> None:
    served.does(f"hold/{evenings[0].id}", quantity="2", request="a")
    served.page()
    (hold,) = served.holds
    clock.forward(minutes=11)
    assert "Délai dépassé" in served.page()
    served.does(f"seats/{hold.id}/extend", request="b")
    assert "Délai dépassé" not in served.page()

    clock.forward(minutes=11)
    house.booking.clerk("web", "w").hold_best(
        evenings[0].id, Wish(2, named=tuple(seat.id for seat in hold.seats)), request="w"
    )

    page = served.page()
    assert "Ces places ont été prises par quelqu’un d’autre" in page
    assert f"rang {hold.seats[0].row}, place {hold.seats[0].number}" in page
    page = served.does(f"hold/{evenings[0].id}", quantity="2", section=hold.seats[0].section, request="c")
    assert "Ces places ont été prises" not in page and len(served.holds) == 1


def test_a_caller_put_back_and_taken_again_leaves_her_seats_with_the_desk_again(
    served: Served, evenings: Any, house: House, carrier: Any
) -> None:
    """The same hold goes to the desk twice: the second time must not be taken for a repetition of the first."""
    served.does(f"hold/{evenings[0].id}", quantity="2", request="a")
    served.agent.post(f"/desk/back/{CALL}")
    assert len(house.booking.clerk("phone", CALL).holds()) == 1

    for _ in range(2):
        served.agent.post(f"/desk/take/{CALL}")
        carrier.answer(f"/voice/desk/answer/{CALL}", Digits="1")
        assert len(served.holds) == 1 and house.booking.clerk("phone", CALL).holds() == ()
        served.agent.post(f"/desk/back/{CALL}")


def test_a_call_that_another_agent_has_is_not_to_be_served(served: Served, signed_in: Any, evenings: Any) -> None:
    served.does(f"hold/{evenings[0].id}", quantity="2", request="a")
    (hold,) = served.holds
    theirs = Served(signed_in("Sarastro"), served.house)

    assert theirs.agent.get(theirs.path).status_code == 303
    assert "chez quelqu’un d’autre" in unescape(theirs.agent.text(f"{theirs.path}/now"))
    for deed, fields in (
        (f"hold/{evenings[1].id}", {"quantity": "1"}), (f"seats/{hold.id}/release", {}),
        ("sell", {"hold": hold.id, "collection": "post"}), ("person", {"number": CALLER}), (f"voice/{hold.id}", {}),
        ("done", {"reason": "book", "outcome": "sold"}),
    ):  # fmt: skip
        assert theirs.agent.post(f"{theirs.path}/{deed}", **fields).status_code == 303
        assert served.holds == (hold,)


def test_a_form_without_its_token_does_nothing(served: Served, evenings: Any) -> None:
    answer = served.agent.post(f"{served.path}/hold/{evenings[0].id}", token="", quantity="2")

    assert answer.status_code == 400 and served.holds == ()


def test_the_report_of_a_call_that_has_gone_is_kept(served: Served, house: House) -> None:
    house.room.done(CALL)

    answer = served.agent.post(
        f"{served.path}/done", reason="info_show", outcome="informed", words="rappeler lundi", request="a"
    )

    assert answer.headers["Location"] == "/desk"
    (note,) = Notes(house.engine, house.clock).about(call=CALL)
    assert (note.who, note.reason, note.outcome, note.words) == ("Pamina", "info_show", "informed", "rappeler lundi")


def test_a_call_ends_with_its_reason_and_what_came_of_it(served: Served, evenings: Any, house: House) -> None:
    served.does(f"hold/{evenings[0].id}", quantity="2", request="a")
    assert "motif et le résultat" in served.does("done")

    for _ in range(2):
        served.agent.post(f"{served.path}/done", reason="book", outcome="nothing", request="b")

    assert served.holds == () and house.room.find(CALL) is None
    customer = house.booking.customer(CALLER)
    assert len(Notes(house.engine, house.clock).about(customer=customer.id)) == 1


# -- after the sale -----------------------------------------------------------------------------------------------


@pytest.fixture
def order(served: Served, evenings: Any) -> Any:
    """Two seats that she bought last month."""
    clerk = served.house.booking.clerk("web", "w")
    hold = clerk.hold_best(evenings[-1].id, Wish(2, category="3"), request="old")
    return clerk.confirm(hold.id, customer=served.house.booking.customer(CALLER).id, request="older")


def test_an_order_is_exchanged_for_held_seats_and_the_difference_is_told(
    served: Served, order: Any, evenings: Any
) -> None:
    served.does(f"hold/{evenings[0].id}", quantity="2", category="3", request="a")
    (hold,) = served.holds
    page = served.page(order=order.reference)
    asked = re.search(r"À payer : (\d+) €", page)
    assert asked

    served.does(f"orders/{order.reference}/exchange", hold=hold.id, evening=evenings[-1].id, request="b")

    now = served.house.booking.clerk("agent", "x").order(order.reference)
    assert {line.performance for line in now.sold} == {evenings[0].id}
    assert now.paid - order.paid == int(asked[1]) * 100


def test_an_exchange_that_comes_too_late_is_not_offered_but_explained(
    served: Served, evenings: Any, clock: Any, signed_in: Any
) -> None:
    clerk = served.house.booking.clerk("web", "w")
    order = clerk.confirm(clerk.hold_best(evenings[0].id, Wish(2), request="old").id, request="older")
    clock.now = evenings[0].starts_at - timedelta(hours=47)
    served.agent = signed_in("Pamina")
    served.does(f"hold/{evenings[1].id}", quantity="2", request="a")

    page = served.page(order=order.reference)

    assert "Trop tard" in page and "/exchange" not in page


def test_a_season_that_changes_is_seen_at_once(served: Served, house: House) -> None:
    assert "La Bohème" in served.page()
    season = read_season()
    plays = tuple(replace(play, title="Mimì et Rodolphe") if play.id == "la-boheme" else play
                  for play in season.productions)  # fmt: skip

    house.booking.load_season(replace(season, productions=plays))

    assert "Mimì et Rodolphe" in served.page() and "Mimì et Rodolphe" in unescape(served.agent.text("/desk"))


def test_an_order_s_seats_are_changed_for_others_of_the_same_evening(served: Served, order: Any, evenings: Any) -> None:
    served.does(f"hold/{evenings[-1].id}", quantity="2", category="3", request="a")
    (hold,) = served.holds

    page = served.does(f"orders/{order.reference}/reseat", hold=hold.id, request="b")

    assert "Les nouvelles places remplacent les anciennes" in page
    now = served.house.booking.clerk("agent", "x").order(order.reference)
    assert {line.seat for line in now.sold} == {seat.id for seat in hold.seats}


def test_seats_of_an_order_are_cancelled_and_only_paid_back_when_the_agent_grants_it(
    served: Served, order: Any, evenings: Any
) -> None:
    first, second = (line.seat for line in order.sold)
    path = f"orders/{order.reference}/cancel"

    assert "Choisissez d’abord des places" in served.does(path, evening=evenings[-1].id)
    served.does(path, evening=evenings[-1].id, seat=first, request="a")
    for _ in range(2):
        served.does(path, evening=evenings[-1].id, seat=second, refund="yes", request="b")

    now = served.house.booking.clerk("agent", "x").order(order.reference)
    assert now.sold == () and now.refunded == order.lines[0].price


def test_a_reference_nobody_has_says_what_to_do(served: Served) -> None:
    assert "Faites répéter les sept chiffres" in served.page(order="0000000")


def test_a_caller_waits_for_seats_and_takes_them_when_they_are_offered(
    served: Served, evenings: Any, house: House
) -> None:
    customer = house.booking.customer(CALLER)
    for _ in range(2):
        page = served.does(f"wait/{evenings[0].id}", quantity="2", customer=customer.id, request="a")
    assert page.count("Sur la liste d’attente pour 2 places") == 1
    house.booking.offer_waiting(request="housekeeping", performance_id=evenings[0].id)
    (waiting,) = house.booking.waiting(evenings[0].id)

    assert "Prendre les places proposées" in served.page(evening=evenings[0].id)
    served.does(f"waiting/{waiting.id}/accept", request="b")

    assert len(served.holds) == 1 and len(served.holds[0].seats) == 2


# -- people -------------------------------------------------------------------------------------------------------


def test_people_are_found_by_name_number_and_order(served: Served, order: Any, house: House) -> None:
    customer = house.booking.customer(CALLER)
    house.booking.change_customer(customer.id, name="Mimì Lucia")

    for text in ("mimi", "06 12 34 56 78"):
        assert f"/desk/people/{customer.id}" in served.agent.get(f"/desk/people?q={text}").headers["Location"]
    page = unescape(served.agent.text(f"/desk/people?q={order.reference}"))

    assert "Mimì Lucia" in page and order.reference in page


def test_what_an_agent_learns_of_a_caller_is_kept_dated_and_signed(served: Served, house: House) -> None:
    customer = house.booking.customer(CALLER)
    path = f"/desk/people/{customer.id}"
    served.agent.post(path, name="Mimì", language="en", email="m@example.org", section="balcony",
                      needs=["hearing", "wheelchair", "<b>"])  # fmt: skip
    for _ in range(2):
        served.agent.post(f"{path}/note", words="Préfère être rappelée le matin <b>", request="a", call=CALL)

    page = served.agent.text(served.path)

    assert page.count("rappelée le matin &lt;b&gt;") == 1 and "Pamina, <time" in page
    assert "<li>audition</li>" in page and "préfère : premier balcon" in page
    assert house.booking.known_customer(customer.id).language == "en"


def test_a_caller_who_hides_her_number_is_found_and_buys_in_her_name(
    pamina: Any, waits: Any, house: House, evenings: Any
) -> None:
    waits(caller="")
    pamina.post(f"/desk/take/{CALL}")
    hers = Served(pamina, house)
    known = house.booking.customer("+33698765432", name="Musetta")
    assert "C’est cette personne" in hers.page(find="musetta")

    hers.does("person", customer=known.id)
    hers.does(f"hold/{evenings[0].id}", quantity="1", request="a")
    page = hers.page()

    assert "Musetta" in page and f'name="customer" value="{known.id}"' in page
    for nonsense in ("abc", "12", "06 12 34 5", "06 12 34 56 78 90"):
        assert "Ce souhait ne se lit pas : le numéro" in hers.does("person", number=nonsense), nonsense


def test_operators_see_no_customers(papageno: Any, served: Served) -> None:
    customer = served.house.booking.customer(CALLER)

    for path in ("/desk/people", f"/desk/people/{customer.id}", served.path, f"{served.path}/now"):
        assert papageno.get(path).status_code == 403


def test_a_region_s_own_numbers_are_read_as_people_write_them(house: House) -> None:
    people = People(house.booking, None, None, "FR")  # type: ignore[arg-type]

    assert people.new("06 12 34 56 78", "").phone == CALLER


def test_who_wishes_to_be_forgotten_is_with_everything_noted_and_only_by_a_supervisor(
    served: Served, order: Any, signed_in: Any, house: House
) -> None:
    customer = house.booking.customer(CALLER)
    path = f"/desk/people/{customer.id}"
    served.agent.post(f"{path}/note", words="Aime les loges", request="a")
    assert served.agent.post(f"{path}/erase").status_code == 403
    assert "Effacer" not in served.agent.text(path)
    sarastro = signed_in("Sarastro")
    assert "Oui, effacer" in sarastro.text(path)

    sarastro.post(f"{path}/erase")

    assert sarastro.get(path).status_code == 404
    assert Notes(house.engine, house.clock).about(customer=customer.id) == ()
    assert house.booking.clerk("agent", "x").order(order.reference).customer is None
