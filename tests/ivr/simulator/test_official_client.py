"""Every resource of the REST side, by the official client: what it takes, shows, filters, pages and refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from ivr.simulator import Line, Network
from ivr.simulator.body import FarEnd
from ivr.simulator.rest import official_client

HOUSE, AGENT, OTHER = "+33189000000", "+33155000001", "+33155000002"
NOBODY = "CA" + "0" * 32


@pytest.fixture
def client(network) -> Client:
    return official_client(network.carrier)


def placed(client, network, to=AGENT, twiml="<Response><Pause length='60'/></Response>", **more):
    """A call that somebody answered at once."""
    network.carrier.numbers.setdefault(to, FarEnd("answer"))
    call = client.calls.create(to=to, from_=HOUSE, twiml=twiml, **more)
    network.wait(1)
    return call


def refused(deed):
    """The refusal as the official client shows it."""
    with pytest.raises(TwilioRestException) as caught:
        deed()
    return caught.value


# --- errors -----------------------------------------------------------------------------------------------------------


def test_what_is_not_there_is_said_as_the_carrier_says_it(client, network):
    error = refused(lambda: client.calls(NOBODY).fetch())

    account = network.carrier.account_sid
    assert (error.status, error.code, error.method) == (404, 20404, "GET")
    assert f"/2010-04-01/Accounts/{account}/Calls/{NOBODY}.json was not found" in error.msg


def test_an_error_body_has_the_four_fields(client, network):
    path = f"https://api.twilio.com/2010-04-01/Accounts/{network.carrier.account_sid}/Calls/{NOBODY}.json"

    body = json.loads(client.request("GET", path).text)

    assert set(body) == {"code", "message", "more_info", "status"}
    assert (body["code"], body["status"]) == (20404, 404)
    assert body["more_info"] == "https://www.twilio.com/docs/errors/20404"


def test_a_method_that_nothing_takes_is_405(client, network):
    path = f"https://api.twilio.com/2010-04-01/Accounts/{network.carrier.account_sid}/Calls.json"

    assert client.request("DELETE", path).status_code == 405


@pytest.mark.parametrize(
    "thing", ["conferences", "queues", "recordings", "messages"], ids=lambda name: f"{name} that are not there"
)
def test_every_resource_refuses_what_is_not_there(client, thing):
    assert refused(lambda: getattr(client, thing)("XX" + "0" * 32).fetch()).code == 20404


def test_a_wrong_password_is_401(network):
    client = official_client(network.carrier)
    client.auth = (network.carrier.account_sid, "wrong")

    error = refused(client.calls(NOBODY).fetch)

    assert (error.status, error.code) == (401, 20003)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": "", "from_": HOUSE, "url": "http://opera.test/a"}, 21201),
        ({"to": AGENT, "from_": "", "url": "http://opera.test/a"}, 21213),
        ({"to": "pamina", "from_": HOUSE, "url": "http://opera.test/a"}, 21211),
        ({"to": AGENT, "from_": "opera garnier", "url": "http://opera.test/a"}, 21212),
        ({"to": AGENT, "from_": HOUSE}, 21205),
        ({"to": AGENT, "from_": HOUSE, "url": "/a"}, 21205),
        ({"to": AGENT, "from_": HOUSE, "url": "http://opera.test/a", "method": "PUT"}, 21209),
        ({"to": AGENT, "from_": HOUSE, "url": "http://opera.test/a", "status_callback": "etat"}, 21609),
        ({"to": AGENT, "from_": HOUSE, "url": "http://opera.test/a", "timeout": 601}, 20001),
        ({"to": AGENT, "from_": HOUSE, "twiml": "<Response>" + " " * 4000 + "</Response>"}, 32018),
    ],
)
def test_a_call_that_cannot_be_placed_is_400(client, form, code):
    error = refused(lambda: client.calls.create(**form))

    assert (error.status, error.code) == (400, code)
    assert client.calls.list() == []


def test_too_many_requests_are_429(product):
    with Network("http://opera.test", http=product.app, asks_per_second=2) as network:
        client = official_client(network.carrier)
        client.calls.list()
        client.calls.list()

        error = refused(client.calls(NOBODY).fetch)
        network.wait(1)

        assert (error.status, error.code) == (429, 20429)
        assert client.calls.list() == []


def test_a_page_size_that_is_none_is_400(client):
    with pytest.raises(TwilioException, match="HTTP 400"):
        client.calls.page(page_size="many")


# --- calls ------------------------------------------------------------------------------------------------------------


def test_a_call_shows_its_moments_as_dates(client, network):
    call = placed(client, network, twiml="<Response><Say>Bonsoir</Say></Response>")
    network.wait(5)

    shown = client.calls(call.sid).fetch()

    assert (shown.status, shown.duration, shown.direction) == ("completed", "2", "outbound-api")
    assert shown.start_time.tzinfo is not None
    assert shown.end_time - shown.start_time == timedelta(seconds=2)
    assert call.start_time is None
    assert shown.subresource_uris["recordings"].endswith(f"/Calls/{call.sid}/Recordings.json")


def test_calls_are_filtered_by_everything_the_client_offers(client, network):
    first, second = placed(client, network), placed(client, network, OTHER)
    client.calls(second.sid).update(status="completed")
    network.wait(1)
    now = datetime.fromtimestamp(network.carrier.wall_time(), UTC)

    def sids(**filters):
        return [call.sid for call in client.calls.list(**filters)]

    assert sids() == [second.sid, first.sid]
    assert sids(to=AGENT) == [first.sid]
    assert sids(from_=HOUSE, status="completed") == [second.sid]
    assert sids(parent_call_sid=first.sid) == []
    assert sids(start_time_after=now - timedelta(hours=1)) == [second.sid, first.sid]
    assert sids(start_time_before=now - timedelta(hours=1)) == []
    assert sids(start_time=now) == [second.sid, first.sid]
    assert sids(end_time_before=now) == [second.sid]


def test_a_dialled_leg_is_found_by_its_parent(client, network, product, line):
    network.carrier.connect(AGENT, FarEnd("answer", after=1, talk=5))
    product.pages["/voice/incoming"] = f"<Dial>{AGENT}</Dial>"
    line.dial()
    network.wait(3)

    leg = client.calls.list(parent_call_sid=line.call_sid)[0]

    assert (leg.to, leg.direction, leg.parent_call_sid) == (AGENT, "outbound-dial", line.call_sid)


def test_pages_keep_their_filters_and_know_their_neighbours(client, network):
    for _ in range(5):
        placed(client, network)
    placed(client, network, OTHER)

    page = client.calls.page(to=AGENT, page_size=2)
    following = page.next_page()

    assert [len(list(page)), len(list(following)), len(list(following.next_page()))] == [2, 2, 1]
    assert following.next_page().next_page() is None
    assert following.previous_page() is not None
    assert len(client.calls.list(to=AGENT, page_size=2)) == 5
    assert len(client.calls.list(to=AGENT, limit=3, page_size=2)) == 3


def test_a_live_call_is_sent_elsewhere_with_get(client, network, product, line):
    product.pages |= {"/voice/incoming": "<Gather timeout='60'/>", "/nouveau": "<Say>Ailleurs</Say>"}
    line.dial()

    client.calls(line.call_sid).update(url="http://opera.test/nouveau", method="GET")

    network.wait(3)
    assert "Ailleurs" in line.now().said


def test_a_call_over_is_deleted_and_a_live_one_is_not(client, network):
    call = placed(client, network)

    assert refused(lambda: client.calls(call.sid).delete()).code == 21220
    client.calls(call.sid).update(status="completed")
    network.wait(1)
    assert client.calls(call.sid).delete()
    assert refused(lambda: client.calls(call.sid).fetch()).status == 404


def test_a_call_in_progress_is_not_cancelled(client, network):
    call = placed(client, network)

    assert refused(lambda: client.calls(call.sid).update(status="canceled")).code == 21220


def test_a_call_ends_at_its_time_limit(client, network):
    call = placed(client, network, time_limit=7)
    network.wait(10)

    assert client.calls(call.sid).fetch().duration == "7"


def test_who_answered_is_told_when_it_was_asked(client, network, product):
    product.pages["/bonjour"] = "<Hangup/>"
    network.carrier.connect(AGENT, FarEnd("answer"))

    call = client.calls.create(to=AGENT, from_=HOUSE, url="http://opera.test/bonjour", machine_detection="Enable")
    network.wait(1)

    assert product.forms("/bonjour")[0]["AnsweredBy"] == "human"
    assert client.calls(call.sid).fetch().answered_by == "human"


# --- recordings -------------------------------------------------------------------------------------------------------


def test_a_recorded_call_gives_its_sound_as_wav_and_mp3(client, network, product):
    product.pages["/enregistre"] = ""
    call = placed(
        client,
        network,
        twiml="<Response><Say>Bonsoir</Say></Response>",
        record=True,
        recording_status_callback="http://opera.test/enregistre",
    )
    network.wait(5)
    recording = client.recordings.list(call_sid=call.sid)[0]

    assert (recording.source, recording.status, recording.duration) == ("OutboundAPI", "completed", "2")
    assert product.forms("/enregistre")[0]["RecordingSid"] == recording.sid
    http = client.http_client
    wav, mp3 = (http.sound(recording.media_url + ending, client.auth) for ending in ("", ".mp3"))
    assert wav[:4] == b"RIFF"
    assert len(wav) == 44 + 2 * 2 * 8000
    assert mp3[:3] == b"ID3" or mp3[:1] == b"\xff"


def test_a_recording_of_a_live_call_is_paused_and_stopped(client, network):
    call = placed(client, network)
    recording = client.calls(call.sid).recordings.create()
    network.wait(4)
    client.calls(call.sid).recordings("Twilio.CURRENT").update(status="paused")
    network.wait(10)
    client.calls(call.sid).recordings(recording.sid).update(status="in-progress")
    network.wait(3)
    client.calls(call.sid).recordings(recording.sid).update(status="stopped")

    assert client.recordings(recording.sid).fetch().duration == "7"
    error = refused(lambda: client.calls(call.sid).recordings(recording.sid).update(status="paused"))
    assert error.code == 21220


def test_recordings_are_filtered_and_deleted(client, network):
    first, second = placed(client, network), placed(client, network, OTHER)
    for call in (first, second):
        client.calls(call.sid).recordings.create()
    today = datetime.fromtimestamp(network.carrier.wall_time(), UTC)

    assert [one.call_sid for one in client.calls(first.sid).recordings.list()] == [first.sid]
    assert [one.call_sid for one in client.recordings.list(call_sid=second.sid)] == [second.sid]
    assert len(client.recordings.list(date_created=today)) == 2
    assert client.recordings.list(date_created_before=today - timedelta(days=2)) == []
    one = client.recordings.list(call_sid=first.sid)[0]
    assert client.recordings(one.sid).delete()
    assert refused(lambda: client.recordings(one.sid).fetch()).status == 404


def test_a_call_that_is_over_cannot_be_recorded(client, network):
    call = placed(client, network, twiml="<Response/>")

    assert refused(lambda: client.calls(call.sid).recordings.create()).code == 21220


# --- queues -----------------------------------------------------------------------------------------------------------


def test_queues_are_made_renamed_and_deleted(client):
    queue = client.queues.create(friendly_name="loges", max_size=5)

    assert (queue.max_size, queue.current_size, queue.average_wait_time) == (5, 0, 0)
    assert client.queues(queue.sid).update(friendly_name="baignoires", max_size=6).friendly_name == "baignoires"
    assert [one.friendly_name for one in client.queues.list()] == ["baignoires"]
    assert client.queues(queue.sid).delete()
    assert client.queues.list() == []


def test_a_name_that_is_taken_is_refused(client):
    client.queues.create(friendly_name="loges")
    other = client.queues.create(friendly_name="baignoires")

    assert refused(lambda: client.queues.create(friendly_name="loges")).code == 22003
    assert refused(lambda: client.queues(other.sid).update(friendly_name="loges")).code == 22003
    assert refused(lambda: client.queues.create(friendly_name="b" * 65)).status == 400
    assert refused(lambda: client.queues.create(friendly_name="trop", max_size=5001)).status == 400


@pytest.fixture
def waiting(product, network):
    """Two callers in the queue, ten seconds apart."""
    wait = '<Enqueue waitUrl="/wait" action="/left">conseillers</Enqueue>'
    product.pages |= {"/voice/incoming": wait, "/wait": "<Pause length='30'/>", "/left": ""}
    product.pages["/rappel"] = "<Say>Un instant</Say>"
    lines = [Line("http://opera.test", caller=number, network=network) for number in ("+33611111111", "+33622222222")]
    for line in lines:
        line.dial()
        network.wait(10)
    return lines


def test_members_have_a_place_and_a_time(client, waiting):
    queue = client.queues.list()[0]
    first, second = client.queues(queue.sid).members.list()

    assert (first.call_sid, first.position) == (waiting[0].call_sid, 1)
    assert (second.call_sid, second.position) == (waiting[1].call_sid, 2)
    assert first.wait_time - second.wait_time >= 10
    assert client.queues(queue.sid).members("Front").fetch().call_sid == first.call_sid
    assert first.date_enqueued < second.date_enqueued


def test_any_member_is_taken_out_of_the_line(client, waiting, product):
    queue = client.queues.list()[0]

    client.queues(queue.sid).members(waiting[1].call_sid).update(url="http://opera.test/rappel", method="POST")

    assert "Un instant" in waiting[1].settle().said
    assert product.forms("/left")[0]["QueueResult"] == "redirected"
    assert client.queues(queue.sid).fetch().current_size == 1
    error = refused(lambda: client.queues(queue.sid).members(waiting[1].call_sid).fetch())
    assert error.code == 20404


def test_a_queue_with_somebody_in_it_is_not_deleted(client, waiting):
    queue = client.queues.list()[0]

    assert refused(lambda: client.queues(queue.sid).delete()).status == 400


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_queued_then_told_as_delivered(client, network, product):
    product.pages["/sms"] = ""

    message = client.messages.create(
        to="+33612345678", from_=HOUSE, body="Deux places", status_callback="http://opera.test/sms"
    )
    network.wait(1)

    assert (message.status, message.num_segments, message.date_sent) == ("queued", "1", None)
    assert client.messages(message.sid).fetch().status == "delivered"
    assert [form["MessageStatus"] for form in product.forms("/sms")] == ["sent", "delivered"]
    assert product.forms("/sms")[0]["MessageSid"] == message.sid


def test_messages_are_filtered_redacted_and_deleted(client, network):
    first = client.messages.create(to="+33612345678", from_=HOUSE, body="un")
    second = client.messages.create(to="+33687654321", from_=AGENT, body="deux")
    today = datetime.fromtimestamp(network.carrier.wall_time(), UTC)

    assert [one.sid for one in client.messages.list()] == [second.sid, first.sid]
    assert [one.sid for one in client.messages.list(to="+33612345678")] == [first.sid]
    assert [one.sid for one in client.messages.list(from_=AGENT)] == [second.sid]
    assert len(client.messages.list(date_sent=today)) == 2
    assert client.messages(first.sid).update(body="").body == ""
    assert client.messages(first.sid).delete()
    assert refused(lambda: client.messages(first.sid).fetch()).status == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": "", "from_": HOUSE, "body": "a"}, 21604),
        ({"to": "loge", "from_": HOUSE, "body": "a"}, 21211),
        ({"to": AGENT, "body": "a"}, 21603),
        ({"to": AGENT, "from_": HOUSE}, 21602),
        ({"to": AGENT, "from_": HOUSE, "body": "a" * 1601}, 21617),
    ],
)
def test_a_message_that_cannot_be_sent_is_400(client, form, code):
    assert refused(lambda: client.messages.create(**form)).code == code


@pytest.mark.parametrize(
    ("body", "segments"), [("a" * 160, "1"), ("a" * 161, "2"), ("ê" * 70, "1"), ("ê" * 71, "2"), ("é" * 160, "1")]
)
def test_long_messages_are_cut_as_the_alphabet_allows(client, body, segments):
    assert client.messages.create(to=AGENT, from_=HOUSE, body=body).num_segments == segments
