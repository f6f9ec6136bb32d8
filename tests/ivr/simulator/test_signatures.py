"""Whatever the network sends, the official validator believes; whatever was changed on the way, it does not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator import AUTH_TOKEN, Network
from ivr.simulator.call import StatusTo, Webhook
from ivr.simulator.edge import Answer, Request
from ivr.simulator.overrides import Overrides

VALID = RequestValidator(AUTH_TOKEN).validate
HANGUP = b"<Response><Hangup/></Response>"


@dataclass
class Kept:
    """An edge that keeps every request and answers a hang-up."""

    requests: list[Request] = field(default_factory=list)

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Keep it."""
        self.requests.append(request)
        return Answer(200, HANGUP, {"content-type": "text/xml"})


def sent(url, method):
    """The one request of a call to this address."""
    edge = Kept()
    with Network("http://opera.test", http=edge) as network:
        network.carrier.receive("+33612345678", "+33189000000", Webhook(url, method), _silent(), StatusTo())
        network.wait(1)
    return edge.requests[0]


def _silent():
    from ivr.simulator.body import Silent

    return Silent()


ADDRESSES = [
    "https://opera.test/voice",
    "https://opera.test/voice?lang=fr&q=a+b%20c",
    "https://opera.test:443/voice",
    "https://opera.test:8443/voice?lang=fr",
    "http://opera.test:5000/voice",
    "https://opera.test/d%C3%A9but?ville=%C3%89vry",
    "https://opera.test/voice?empty=&again=1&again=2",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_post_is_believed_and_a_changed_key_is_not(url):
    request = sent(url, "POST")
    signature = request.headers["X-Twilio-Signature"]

    assert request.url == url
    assert VALID(url, request.form, signature)
    assert not VALID(url, request.form | {"From": "+33600000000"}, signature)
    assert not VALID(url + "x", request.form, signature)


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_get_is_believed_with_its_whole_query(url):
    request = sent(url, "GET")
    signature = request.headers["X-Twilio-Signature"]

    assert request.url.startswith(url)
    assert "CallSid=CA" in request.url
    assert VALID(request.url, {}, signature)
    assert not VALID(request.url.replace("ringing", "completed"), {}, signature)


def test_overrides_are_neither_sent_nor_signed():
    request = sent("https://opera.test/voice?x=1#rc=2&rp=5xx", "POST")

    assert request.url == "https://opera.test/voice?x=1"
    assert VALID(request.url, request.form, request.headers["X-Twilio-Signature"])


def test_a_name_and_password_are_signed_and_sent_as_a_header():
    request = sent("https://marcel:temps%20perdu@opera.test/voice", "POST")

    assert request.url == "https://opera.test/voice"
    assert request.headers["Authorization"] == "Basic bWFyY2VsOnRlbXBzIHBlcmR1"
    signature = request.headers["X-Twilio-Signature"]
    assert VALID("https://marcel:temps%20perdu@opera.test/voice", request.form, signature)
    assert not VALID("https://opera.test/voice", request.form, signature)


def test_accents_and_empty_values_are_signed_as_they_are_read():
    request = sent("https://opera.test/voice", "POST")
    form = request.form | {"SpeechResult": "deuxième balcon, côté jardin", "Digits": ""}

    signature = RequestValidator(AUTH_TOKEN).compute_signature(request.url, form)

    assert VALID(request.url, form, signature)
    assert signature != request.headers["X-Twilio-Signature"]


@pytest.mark.parametrize("url", ["https://opera.test/evenements", "https://opera.test:8443/evenements?lang=fr"])
def test_json_is_believed_by_the_hash_of_its_body(url):
    edge = Kept()
    with Network("http://opera.test", http=edge) as network:
        network.run(asyncio.wait_for(network.carrier.tell_json(url, {"titre": "Éléonore", "places": 2}), 5))
    request = edge.requests[0]

    signature = request.headers["X-Twilio-Signature"]
    assert request.headers["Content-Type"] == "application/json"
    assert request.url.startswith(url + ("&" if "?" in url else "?") + "bodySHA256=")
    assert VALID(request.url, request.body, signature)
    assert not VALID(request.url, request.body.replace("2", "3"), signature)
