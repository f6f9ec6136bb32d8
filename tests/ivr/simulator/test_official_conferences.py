"""Conferences and payments by the official client: mute, hold, announce, end; an agent takes a card unheard."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.body import FarEnd
from ivr.simulator.rest import official_client

HOUSE, AGENT, OTHER = "+33189000000", "+33155000001", "+33155000002"
ROOM = (
    '<Conference waitUrl="" statusCallback="/loge" statusCallbackEvent="start end join leave mute hold modify '
    'announcement">loge</Conference>'
)


@pytest.fixture
def client(network) -> Client:
    return official_client(network.carrier)


@pytest.fixture
def room(client, network, product, line):
    """A caller and an agent in a room."""
    product.pages |= {"/voice/incoming": f"<Dial>{ROOM}</Dial>", "/loge": "", "/musique": "<Say>Musique</Say>"}
    product.pages["/annonce"] = "<Say>Le rideau se lève</Say>"
    network.carrier.connect(AGENT, FarEnd("answer"))
    line.dial()
    network.wait(1)
    conference = client.conferences.list(friendly_name="loge", status="init")[0]
    client.conferences(conference.sid).participants.create(
        to=AGENT, from_=HOUSE, label="conseiller", end_conference_on_exit=True, early_media=True
    )
    network.wait(2)
    return client.conferences(conference.sid)


def events(product):
    return [form["StatusCallbackEvent"] for form in product.forms("/loge")]


def test_an_added_participant_starts_the_conference(room, product):
    assert room.fetch().status == "in-progress"
    assert {one.label for one in room.participants.list()} == {None, "conseiller"}
    assert events(product) == ["participant-join", "participant-join", "conference-start"]
    assert [form["SequenceNumber"] for form in product.forms("/loge")] == ["1", "2", "3"]


def test_muting_is_told_and_shown(room, network, product, line):
    room.participants(line.call_sid).update(muted=True)
    network.wait(1)

    assert [one.call_sid for one in room.participants.list(muted=True)] == [line.call_sid]
    assert product.forms("/loge")[-1]["Muted"] == "true"
    room.participants(line.call_sid).update(muted=False)
    network.wait(1)
    assert events(product)[-2:] == ["participant-mute", "participant-unmute"]


def test_who_is_held_hears_what_hold_url_says_until_taken_back(room, network, product, line):
    room.participants(line.call_sid).update(hold=True, hold_url="http://opera.test/musique")
    network.wait(5)

    assert room.participants(line.call_sid).fetch().hold
    assert line.now().said.count("Musique") >= 2
    room.participants(line.call_sid).update(hold=False)
    network.wait(5)
    assert "Musique" not in line.now().said
    assert events(product)[-2:] == ["participant-hold", "participant-unhold"]


def test_an_announcement_is_heard_by_everybody_or_by_one(room, network, product, line):
    room.update(announce_url="http://opera.test/annonce")
    network.wait(3)
    assert "Le rideau se lève" in line.now().said

    room.participants("conseiller").update(announce_url="http://opera.test/annonce")
    network.wait(3)
    assert "Le rideau se lève" not in line.now().said
    assert events(product).count("announcement-end") == 3


def test_a_conference_is_ended_by_the_api(room, network, product, line):
    room.update(status="completed")
    network.wait(1)

    ended = room.fetch()
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert line.now().ended
    assert product.forms("/loge")[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"


def test_a_conference_ends_with_the_one_who_ends_it(room, client, network, line):
    agent = room.participants("conseiller").fetch()
    client.calls(agent.call_sid).update(status="completed")
    network.wait(1)

    ended = room.fetch()
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert ended.call_sid_ending_conference == agent.call_sid
    assert line.now().ended


def test_a_participant_is_sent_out(room, client, network, line):
    assert room.participants(line.call_sid).delete()
    network.wait(1)

    assert line.now().ended
    with pytest.raises(TwilioRestException) as refused:
        room.participants(line.call_sid).fetch()
    assert refused.value.code == 20404


def test_conferences_are_filtered(room, client):
    assert client.conferences.list(status="completed") == []
    assert len(client.conferences.list(status="in-progress", friendly_name="loge")) == 1


def test_a_participant_without_a_number_is_refused(room):
    with pytest.raises(TwilioRestException) as refused:
        room.participants.create(to="", from_=HOUSE)

    assert refused.value.code == 21201


# --- payments by an agent ---------------------------------------------------------------------------------------------


@pytest.fixture
def paying(client, network, product, line):
    """A caller talks with an agent, who begins a payment."""
    network.carrier.connect(AGENT, FarEnd("answer", talk=300))
    product.pages |= {"/voice/incoming": f"<Dial>{AGENT}</Dial>", "/paiement": ""}
    line.dial()
    network.wait(2)
    payment = client.calls(line.call_sid).payments.create(
        idempotency_key="un",
        status_callback="http://opera.test/paiement",
        charge_amount=20.45,
        currency="eur",
        postal_code=False,
    )
    return client.calls(line.call_sid).payments(payment.sid)


def key_in(paying, network, line, capture, keys):
    paying.update(idempotency_key=capture, status_callback="http://opera.test/paiement", capture=capture)
    for key in keys:
        line.call.press(key)
    network.wait(1)


def test_an_agent_takes_a_card_field_by_field(paying, network, product, line):
    key_in(paying, network, line, "payment-card-number", "4242424242424242#")
    key_in(paying, network, line, "expiration-date", "1230")
    key_in(paying, network, line, "security-code", "123")
    paying.update(idempotency_key="fin", status_callback="http://opera.test/paiement", status="complete")
    network.wait(1)

    told = product.forms("/paiement")
    assert told[-1]["Result"] == "success"
    assert told[-1]["PaymentConfirmationCode"]
    assert (told[-1]["PaymentCardNumber"], told[-1]["SecurityCode"]) == ("xxxxxxxxxxxx4242", "***")
    assert told[0]["Required"] == "payment-card-number expiration-date security-code"


def test_a_wrong_field_is_told_and_asked_again(paying, network, product, line):
    key_in(paying, network, line, "payment-card-number", "4242424242424241#")
    assert product.forms("/paiement")[-1]["ErrorType"] == "invalid-card-number"

    key_in(paying, network, line, "payment-card-number", "4242424242424242#")
    assert "ErrorType" not in product.forms("/paiement")[-1]


def test_nothing_of_a_card_is_ever_told_or_kept(paying, network, product, line):
    """Whole or in part: not in a callback, not among what the call remembers of its keys, not in a print."""
    key_in(paying, network, line, "payment-card-number", "42424242")
    key_in(paying, network, line, "payment-card-number", "4242424242424242#")
    key_in(paying, network, line, "security-code", "987")

    everything = repr([asked.params for asked in network.carrier.requests]) + repr(line.call.ignored)
    everything += repr(line.call.subresources) + repr(line.call.heard)
    assert "424242" not in everything
    assert "987" not in everything


def test_a_payment_that_is_not_whole_is_not_completed(paying, network, product):
    paying.update(idempotency_key="fin", status_callback="http://opera.test/paiement", status="complete")
    network.wait(1)

    assert "Result" not in product.forms("/paiement")[-1]


def test_a_payment_is_cancelled_once(paying, network):
    paying.update(idempotency_key="fin", status_callback="http://opera.test/paiement", status="cancel")

    with pytest.raises(TwilioRestException) as refused:
        paying.update(idempotency_key="encore", status_callback="http://opera.test/paiement", status="complete")
    assert refused.value.status == 400


def test_the_same_key_begins_no_second_payment(paying, client, line):
    again = client.calls(line.call_sid).payments.create(
        idempotency_key="un", status_callback="http://opera.test/paiement"
    )
    assert again.sid == paying._solution["sid"]

    with pytest.raises(TwilioRestException):
        client.calls(line.call_sid).payments.create(
            idempotency_key="deux", status_callback="http://opera.test/paiement"
        )
