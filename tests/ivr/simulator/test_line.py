"""A caller on a line: hears, presses, says, is silent, hangs up; and bad TwiML is never ignored."""

from __future__ import annotations

import pytest

from ivr.simulator import BadTwiml, Line
from ivr.simulator.clumsy import CutSocket
from ivr.simulator.sockets import ScriptedSocket

ASK = '<Gather input="dtmf speech" numDigits="1" action="/voice/turn"><Say language="fr-FR">Combien ?</Say></Gather>'
AGAIN = ASK + "<Redirect>/voice/silent</Redirect>"


def test_a_caller_hears_the_first_question_and_is_listened_to(product, line):
    product.pages["/voice/incoming"] = ASK

    moment = line.dial()

    assert [(piece.text, piece.language) for piece in moment.heard] == [("Combien ?", "fr-FR")]
    assert moment.listens.keys
    assert moment.listens.speech
    assert moment.listens.digits == 1
    assert not moment.ended


def test_keys_and_words_reach_the_product(product, line):
    product.pages |= {"/voice/incoming": ASK, "/voice/turn": ASK}

    line.dial()
    line.press("2")
    line.say("deux places", confidence=0.83)

    keyed, spoken = product.forms("/voice/turn")
    assert keyed["Digits"] == "2"
    assert (spoken["SpeechResult"], spoken["Confidence"]) == ("deux places", "0.83")


def test_silence_goes_on_after_the_question(product, line):
    product.pages |= {"/voice/incoming": AGAIN, "/voice/silent": "<Say>Pardon ?</Say>" + ASK}

    line.dial()

    assert line.silence().heard[0].text == "Pardon ?"


def test_hanging_up_tells_the_product_once(product, line):
    product.pages["/voice/incoming"] = ASK

    line.dial()
    assert line.hang_up().ended

    assert [form["CallStatus"] for form in product.forms("/voice/ended")] == ["completed"]


def test_a_key_during_the_prompt_cuts_it(product, line):
    product.pages |= {"/voice/incoming": ASK, "/voice/turn": "<Say>Merci</Say>"}

    line.dial(settle=False)
    line.wait(1.0)
    moment = line.press("1")

    question = line.call.heard[0]
    assert question.cut
    assert question.until == pytest.approx(1.0)
    assert moment.ended


def test_every_delivery_made_twice_comes_twice(product):
    product.pages |= {"/voice/incoming": ASK, "/voice/turn": ASK}

    with Line("http://opera.test", http=product.app, twice=True) as line:
        line.dial()
        line.press("2")

    assert [where for where, _ in product.asked].count("/voice/turn") == 2


def test_the_same_seed_makes_the_same_call(product):
    product.pages["/voice/incoming"] = ASK

    with (
        Line("http://opera.test", http=product.app, seed="a") as one,
        Line("http://opera.test", http=product.app, seed="a") as two,
    ):
        one.dial()
        two.dial()
        assert one.call_sid == two.call_sid


def test_everything_the_network_sends_is_rightly_signed(product, line):
    product.pages |= {
        "/voice/incoming": '<Gather method="GET" action="/voice/turn?langue=fr&amp;x=a+b" numDigits="1"/>',
        "/voice/turn": "<Say>côté jardin</Say>",
    }

    line.dial()
    line.press("1")

    assert product.forms("/voice/turn")
    assert product.forged == []


@pytest.mark.parametrize(
    ("twiml", "verb", "reason"),
    [
        ("<Chante/>", "Chante", "may not stand"),
        ('<Say langue="fr-FR">x</Say>', "Say", "langue"),
        ("<Dial><Gather/></Dial>", "Gather", "may not stand"),
        ('<Gather timeout="abc"/>', "Gather", "timeout"),
        ('<Gather><Play digits="1"/></Gather>', "Play", "digits"),
        ("<Say>a & b</Say>", "", "not well formed"),
        ("<Play>/nothing.wav</Play>", "Play", "404"),
    ],
)
def test_bad_twiml_fails_the_run_with_place_and_reason(product, line, twiml, verb, reason):
    product.pages["/voice/incoming"] = twiml

    with pytest.raises(BadTwiml, match=reason) as complaint:
        line.dial()

    assert complaint.value.fault.verb == verb


def test_an_address_that_fails_without_fallback_fails_the_run(product, line):
    with pytest.raises(BadTwiml, match="404"):
        line.dial()


def test_a_fallback_saves_the_call_and_is_told_why(product, line):
    product.pages |= {"/voice/incoming": "<Redirect>/voice/broken</Redirect>", "/voice/again": ASK}

    moment = line.dial()

    assert moment.heard[-1].text == "Combien ?"
    assert product.forms("/voice/again")[0]["ErrorCode"] == "11200"
    assert [fault.code for fault in moment.faults] == [11200]


def test_an_operator_records_a_sound_and_it_can_be_fetched(product, network, line):
    product.pages |= {"/voice/incoming": '<Record action="/voice/recorded" finishOnKey="#"/>', "/voice/recorded": ASK}

    line.dial()
    line.record(2.0, mulaw=b"\x80" * 16_000)

    form = product.forms("/voice/recorded")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("2", "#")
    recording = network.carrier.recordings[form["RecordingSid"]]
    assert len(recording.wav()) == 44 + 2 * 16_000


def test_three_minutes_pass_without_anybody_waiting(product, line):
    product.pages["/voice/incoming"] = '<Pause length="180"/>'

    assert line.dial().ended
    assert line.call.ended_at == pytest.approx(180)


def test_a_socket_that_is_cut_leads_to_the_next_verb(product):
    product.pages["/voice/incoming"] = '<Connect><Stream url="wss://opera.test/flux"/></Connect>' + ASK

    async def socket(stream):
        return CutSocket(ScriptedSocket(None), 3.0)

    with Line("http://opera.test", http=product.app, open_socket=socket) as line:
        moment = line.dial()

    assert moment.heard[0].text == "Combien ?"
    assert moment.heard[0].at == pytest.approx(3.0)


def test_without_a_socket_the_document_goes_on(product, line):
    product.pages["/voice/incoming"] = '<Connect><Stream url="wss://opera.test/flux"/></Connect>' + ASK

    moment = line.dial()

    assert moment.listens
    assert [fault.verb for fault in moment.faults] == ["Stream"]
