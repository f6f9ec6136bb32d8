"""The official client against the local network: calls, queues, conferences, recordings, messages."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.body import FarEnd
from ivr.simulator.rest import official_client

HOUSE, AGENT, OTHER = "+33189000000", "+33155000001", "+33155000002"
WAIT = '<Enqueue waitUrl="/wait" action="/left">conseillers</Enqueue><Say>Au revoir</Say>'


@pytest.fixture
def client(network) -> Client:
    return official_client(network.carrier)


@pytest.fixture
def waiting(product, line):
    """A caller in the queue."""
    product.pages |= {"/voice/incoming": WAIT, "/wait": "<Pause length='30'/>", "/left": "<Say>Merci</Say>"}
    line.dial()
    return line


def test_a_placed_call_runs_and_can_be_fetched(network, client, product):
    network.carrier.connect(AGENT, FarEnd("answer", after=2))
    product.pages |= {"/hello": "<Say>Bonjour</Say>", "/status": ""}

    call = client.calls.create(
        to=AGENT,
        from_=HOUSE,
        url="http://opera.test/hello",
        status_callback="http://opera.test/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    network.wait(10)

    fetched = client.calls(call.sid).fetch()
    assert (call.status, fetched.status, fetched.duration, fetched.direction) == (
        "queued",
        "completed",
        "2",
        "outbound-api",
    )
    told = [(form["SequenceNumber"], form["CallStatus"]) for form in product.forms("/status")]
    assert told == [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]


def test_status_callbacks_overtake_each_other_on_request(network, client, product):
    network.carrier.out_of_order = True
    network.carrier.connect(AGENT, FarEnd("answer", after=0.1))
    product.pages |= {"/hello": "<Hangup/>", "/status": ""}

    client.calls.create(
        to=AGENT,
        from_=HOUSE,
        url="http://opera.test/hello",
        status_callback="http://opera.test/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    network.wait(10)

    sequence = [form["SequenceNumber"] for form in product.forms("/status")]
    assert sorted(sequence) == ["0", "1", "2", "3"]
    assert sequence != sorted(sequence)


@pytest.mark.parametrize("outcome", ["busy", "failed", "no-answer"])
def test_a_call_nobody_takes_ends_as_it_should(network, client, outcome):
    network.carrier.connect(AGENT, FarEnd(outcome, after=1))

    call = client.calls.create(to=AGENT, from_=HOUSE, twiml="<Response/>", timeout=20)
    network.wait(30)

    assert client.calls(call.sid).fetch().status == outcome


def test_the_queue_shows_who_waits(client, waiting):
    queue = client.queues.list()[0]
    member = client.queues(queue.sid).members.list()[0]

    assert (queue.friendly_name, queue.current_size) == ("conseillers", 1)
    assert (member.call_sid, member.position) == (waiting.call_sid, 1)


def test_an_agent_takes_the_first_in_line(network, client, product, waiting):
    network.carrier.connect(AGENT, FarEnd("answer", after=1, talk=20, from_bridge=True))

    agent = client.calls.create(
        to=AGENT, from_=HOUSE, twiml="<Response><Dial><Queue>conseillers</Queue></Dial></Response>"
    )
    network.wait(5)
    assert waiting.now().bridged
    network.wait(30)

    assert client.calls(agent.sid).fetch().status == "completed"
    assert product.forms("/left")[0]["QueueResult"] == "bridged"


def test_a_waiting_caller_is_sent_to_an_agent_who_may_decline(network, client, product, waiting):
    network.carrier.connect(AGENT, FarEnd("answer", after=1, talk=20))
    product.pages |= {"/whisper": "<Say>Un abonné</Say><Hangup/>", "/after": "<Redirect>/voice/incoming</Redirect>"}
    twiml = (
        '<Response><Dial action="http://opera.test/after"><Number url="http://opera.test/whisper">'
        f"{AGENT}</Number></Dial></Response>"
    )

    client.calls(waiting.call_sid).update(twiml=twiml)
    network.wait(10)

    assert product.forms("/left")[0]["QueueResult"] == "redirected"
    assert product.forms("/whisper")[0]["ParentCallSid"] == waiting.call_sid
    assert product.forms("/after")[0]["DialBridged"] == "false"
    assert waiting.now().queued


def test_a_member_is_taken_out_by_the_api(network, client, product, waiting):
    product.pages["/rappel"] = "<Say>Nous vous rappelons</Say>"
    queue = client.queues.list()[0]

    client.queues(queue.sid).members("Front").update(url="http://opera.test/rappel")

    assert "rappelons" in waiting.settle().said
    assert client.queues(queue.sid).fetch().current_size == 0


def test_a_call_that_is_over_cannot_be_changed(client, waiting):
    waiting.hang_up()

    with pytest.raises(TwilioRestException) as refused:
        client.calls(waiting.call_sid).update(status="completed")

    assert refused.value.code == 21220


def test_ending_a_live_call(client, network, waiting):
    client.calls(waiting.call_sid).update(status="completed")
    network.wait(1)

    assert waiting.now().ended


def test_two_meet_in_a_conference_and_one_ends_it(network, client, product):
    for number in (AGENT, OTHER):
        network.carrier.connect(number, FarEnd("answer"))
    room = '<Response><Dial><Conference endConferenceOnExit="{}">loge</Conference></Dial></Response>'
    first = client.calls.create(to=AGENT, from_=HOUSE, twiml=room.format("true"))
    second = client.calls.create(to=OTHER, from_=HOUSE, twiml=room.format("false"))
    network.wait(2)
    conference = client.conferences.list(friendly_name="loge")[0]
    client.conferences(conference.sid).participants(second.sid).update(muted=True)

    assert conference.status == "in-progress"
    assert {one.call_sid for one in client.conferences(conference.sid).participants.list()} == {first.sid, second.sid}
    assert client.conferences(conference.sid).participants(second.sid).fetch().muted

    client.calls(first.sid).update(status="completed")
    network.wait(2)
    assert client.conferences(conference.sid).fetch().status == "completed"
    assert client.calls(second.sid).fetch().status == "completed"


def test_messages_are_kept_instead_of_sent(client, network):
    client.messages.create(to="+33612345678", from_=HOUSE, body="Deux places pour Tosca")

    assert client.messages.list(to="+33612345678")[0].body == "Deux places pour Tosca"


def test_recordings_are_listed_and_deleted(client, product, line):
    product.pages |= {"/voice/incoming": '<Record action="/done"/>', "/done": "<Hangup/>"}
    line.dial()
    line.record(3.0)
    recording = client.recordings.list(call_sid=line.call_sid)[0]

    assert (recording.duration, recording.status) == ("3", "completed")
    client.recordings(recording.sid).delete()
    assert client.recordings.list() == []


def test_strangers_are_refused(network):
    client = official_client(network.carrier)
    client.auth = (network.carrier.account_sid, "wrong")

    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).fetch()

    assert refused.value.status == 401


def test_long_lists_come_in_pages(client):
    for number in range(7):
        client.messages.create(to="+33612345678", from_=HOUSE, body=str(number))

    assert len(client.messages.list(page_size=3)) == 7
