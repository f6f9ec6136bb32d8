"""Ears: keys, words or silence, exactly once per question; frames are the clock."""

from __future__ import annotations

import numpy as np
import pytest
from speech_callers import Line, frames_of, spoken

from callflows.heard import Heard
from ivr.bench.speech_disturbances import DISTURBANCES, babble
from ivr.speech.ears import UNCLEAR
from ivr.speech.mulaw import SILENCE, from_pcm, to_pcm
from ivr.speech.recogniser import Question

YES_NO = Question("fr", ("oui", "non"), patience="short", seconds=4)
SEATS = Question("fr", ("deux", "deux places", "au parterre"), patience="long", seconds=6, digits=None)


def test_a_yes_is_heard_within_half_a_second_of_its_end(scripted, play):
    """The short pause, not the long one: «oui» can have no more to come."""
    ears, _ = scripted("oui")
    line = Line()
    ears.ask(YES_NO, playing=False)

    before = line.quiet(0.6)
    word = line.carry(spoken("oui", "fr"))
    heard, frames = play(ears, before + word + line.quiet(2))

    assert heard == Heard("", "oui", pytest.approx(0.95), ())
    assert frames - len(before) - len(word) <= 25


@pytest.mark.parametrize(("so_far", "pause"), [("deux", 0.6), ("au", 1.0)])
def test_a_patient_question_survives_a_pause_inside_the_answer(scripted, play, so_far, pause):
    """«deux … au parterre»: she thinks, and is not cut; longer when what she said is no answer yet."""
    ears, prompter = scripted(so_far)
    line = Line()
    ears.ask(SEATS, playing=False)

    said = [*line.carry(spoken("deux", "fr")), *line.quiet(pause), *line.carry(spoken("au parterre", "fr"))]
    heard, _ = play(ears, line.quiet(0.5) + said)

    assert heard is None
    assert len(prompter.asked) == 1
    assert play(ears, line.quiet(2))[0] is not None


def test_nobody_speaks_is_silence_after_the_seconds_of_the_question(scripted, play):
    ears, prompter = scripted("oui")
    ears.ask(YES_NO, playing=False)

    heard, frames = play(ears, Line().quiet(6))

    assert heard == Heard()
    assert heard.is_silence
    assert frames == 200
    assert not prompter.asked


def test_silence_counts_from_the_end_of_the_prompt(scripted, play):
    ears, _ = scripted()
    ears.ask(YES_NO, playing=True)

    assert play(ears, Line().quiet(30)) == (None, 1500)
    ears.prompt_over()
    assert play(ears, Line().quiet(6)) == (Heard(), 200)


def test_one_key_answers_a_menu_at_once(scripted):
    ears, _ = scripted()
    ears.ask(YES_NO)

    assert ears.key("2") == Heard(keys="2")
    assert not ears.asking


def test_keys_typed_ahead_answer_the_next_questions_and_none_is_lost(scripted):
    """Ten keys at once over four questions: 1, 2, then 0612#, then 34 when the fourth is put."""
    ears, _ = scripted()
    ears.ask(YES_NO)
    heard = [ears.key(key) for key in "120612#34"]

    assert heard == [Heard(keys="1"), *[None] * 8]
    assert ears.ask(YES_NO) == Heard(keys="2")
    assert ears.ask(SEATS) == Heard(keys="0612")
    assert ears.ask(Question("fr", digits=2)) == Heard(keys="34")


def test_the_number_of_keys_and_the_hash_both_end_an_entry(scripted):
    ears, _ = scripted()
    question = Question("fr", digits=4)

    ears.ask(question)
    assert [ears.key(key) for key in "1234"] == [None, None, None, Heard(keys="1234")]
    ears.ask(question)
    assert [ears.key(key) for key in "12#"] == [None, None, Heard(keys="12")]


def test_a_lone_hash_is_a_key_like_any_other(scripted):
    ears, _ = scripted()
    ears.ask(SEATS)

    assert ears.key("#") == Heard(keys="#")


def test_a_pause_ends_an_entry_without_hash(scripted, play):
    ears, _ = scripted()
    ears.ask(SEATS, playing=False)
    ears.key("7")

    heard, frames = play(ears, Line().quiet(6))

    assert (heard, frames) == (Heard(keys="7"), 200)


def test_a_key_ends_speech_and_what_was_said_is_dropped(scripted, play):
    """The first key is the surer answer; the recogniser is closed and never asked."""
    ears, prompter = scripted("oui")
    ears.ask(SEATS, playing=False)
    play(ears, Line().quiet(0.5) + Line().carry(spoken("deux places", "fr")))

    assert ears.key("4") is None
    assert prompter.script[0].closed
    assert play(ears, Line().carry(spoken("non", "fr")) + Line().quiet(5))[0] == Heard(keys="4")


def test_a_voice_over_the_prompt_begins_within_160_ms(scripted, play):
    """Barge-in: what the telephone still has to play is thrown away at `begun`."""
    ears, _ = scripted("oui")
    line = Line()
    ears.ask(YES_NO, playing=True)
    play(ears, line.quiet(1))

    for frame in line.carry(spoken("oui", "fr"))[:8]:
        ears.frame(frame)

    assert ears.begun


def test_a_legal_text_is_not_cut_by_a_voice_and_keys_wait_for_its_end(scripted, play):
    ears, prompter = scripted("oui")
    ears.ask(Question("fr", ("oui", "non"), bargein=False), playing=True)

    play(ears, Line().quiet(0.5) + Line().carry(spoken("oui", "fr")) + Line().quiet(1))

    assert not ears.begun
    assert ears.key("1") is None
    assert not ears.begun
    assert ears.prompt_over() == Heard(keys="1")
    assert not prompter.asked


@pytest.mark.parametrize("decibels", [22, 14, 10, 6])
def test_the_echo_of_our_own_prompt_is_not_the_caller(scripted, decibels):
    """Seven seconds of prompt come back 120 ms later, as loud as from a speakerphone: nobody has begun."""
    ears, prompter = scripted("oui")
    ears.ask(YES_NO, playing=True)
    echo = [*[SILENCE] * 6, *quieter(the_prompt(), decibels)]

    for ours, theirs in zip(the_prompt(), Line().carry(echo), strict=False):
        ears.sent(ours)
        assert ears.frame(theirs) is None

    assert not ears.begun
    assert not prompter.asked


def test_an_echo_of_what_we_did_not_send_is_a_caller(scripted):
    """The control: the same sound, when we say nothing."""
    ears, prompter = scripted("oui")
    ears.ask(YES_NO, playing=True)

    for theirs in Line().carry(quieter(the_prompt(), 10)[:100]):
        ears.sent(b"")
        ears.frame(theirs)

    assert prompter.asked


@pytest.mark.parametrize(("decibels", "within"), [(22, 10), (6, 12)])
def test_a_caller_is_heard_over_the_echo_of_our_prompt(scripted, decibels, within):
    """Within 200 ms at a usual echo, 240 over a speakerphone's."""
    ears, _ = scripted("oui")
    ears.ask(YES_NO, playing=True)
    prompt = the_prompt()
    echo = [*[SILENCE] * 6, *quieter(prompt, decibels)][: len(prompt)]
    word = spoken("deux places", "fr")
    said = [*[SILENCE] * 100, *word, *[SILENCE] * (len(prompt) - 100 - len(word))]

    for ours, theirs in list(zip(prompt, Line().carry(mixed(echo, said)), strict=True))[: 100 + within]:
        ears.sent(ours)
        ears.frame(theirs)

    assert ears.begun


@pytest.mark.parametrize("name", ["crackle", "tram", "clicks", "steady 10 dB"])
def test_what_is_on_a_line_is_not_the_caller(scripted, name):
    """Twelve seconds of it while a prompt is played; by loudness alone crackle and the tram were."""
    ears, _ = scripted("")
    ears.ask(YES_NO, playing=True)
    sound = DISTURBANCES[name](12, np.random.default_rng(3))

    for theirs in Line().carry(frames_of(np.clip(sound, -32767, 32767).astype(np.int16))):
        ears.frame(theirs)
        assert not ears.begun


def test_other_people_talking_behind_her_are_not_the_caller_who_is(scripted, play):
    """Babble 10 dB below a voice, which the ears know after two seconds; then she speaks."""
    ears, _ = scripted("", "", "", "oui")
    sound = babble(10, np.random.default_rng(3))
    around = Line().carry(frames_of(sound.astype(np.int16)))
    ears.ask(YES_NO, playing=True)
    play(ears, around[:200])
    ears.ask(YES_NO, playing=True)

    play(ears, around[200:400])
    assert not ears.begun
    play(ears, mixed(around[400:], [*spoken("deux places", "fr")][:15]))
    assert ears.begun


def test_words_that_fit_nothing_are_not_silence(scripted, play):
    """So that the flow can say «I did not understand» instead of «are you there?»."""
    ears, _ = scripted("choucroute")
    ears.ask(YES_NO, playing=False)

    heard, _ = play(ears, Line().quiet(0.5) + Line().carry(spoken("je ne sais pas du tout", "fr")) + Line().quiet(2))

    assert heard == Heard("", UNCLEAR, 0.0, ())
    assert not heard.is_silence


def test_a_click_is_no_answer_and_listening_goes_on(scripted, play):
    ears, prompter = scripted("", "oui")
    ears.ask(YES_NO, playing=False)
    line = Line()

    heard, _ = play(ears, line.quiet(0.5) + line.carry(spoken("oui", "fr")[:6]) + line.quiet(1))

    assert heard is None
    assert play(ears, line.carry(spoken("oui", "fr")) + line.quiet(2))[0].words == "oui"
    assert len(prompter.asked) == 2


@pytest.mark.parametrize("hertz", [50, 440])
def test_a_hum_that_sets_in_is_no_caller(scripted, hertz):
    """Louder than a voice, but not the shape of one."""
    ears, prompter = scripted("oui")
    ears.ask(YES_NO, playing=True)
    tone = (4000 * np.sin(np.arange(24000) * 2 * np.pi * hertz / 8000)).astype(np.int16)

    for frame in Line().quiet(1) + Line().carry(frames_of(tone)):
        ears.frame(frame)

    assert not ears.begun
    assert not prompter.asked


def test_a_decoder_that_dies_is_replaced_and_given_the_whole_answer_again(scripted, play):
    """The caller notices nothing; the second decoder gets every sample the first one got."""
    ears, prompter = scripted(3, "oui")
    ears.ask(YES_NO, playing=False)

    heard, _ = play(ears, Line().quiet(0.5) + Line().carry(spoken("oui", "fr")) + Line().quiet(2))

    assert heard.words == "oui"
    assert len(prompter.asked) == 2
    assert len(prompter.script[1].fed) > len(prompter.script[0].fed)


def test_a_second_dead_decoder_leaves_the_question_to_keys(scripted, play):
    ears, _ = scripted(1, 1)
    ears.ask(YES_NO, playing=False)

    heard, _ = play(ears, Line().quiet(0.5) + Line().carry(spoken("oui", "fr")) + Line().quiet(1))

    assert heard is None
    assert ears.words_lost is not None
    assert ears.key("1") == Heard(keys="1")


def test_secret_answers_leave_no_sound(scripted, play):
    ears, _ = scripted("oui")
    ears.ask(Question("fr", ("oui",), secret=True), playing=False)

    play(ears, Line().quiet(0.5) + Line().carry(spoken("oui", "fr")))

    assert ears.answer_sound == b""


def test_loss_hesitation_and_noise_still_end_in_one_answer(scripted, play):
    """10 dB of noise, one frame in twenty lost, a third of a second of thinking."""
    ears, _ = scripted("deux places au parterre")
    ears.ask(SEATS, playing=False)
    line = Line(noise=-30, loss=0.05)
    said = line.carry(spoken("deux places", "fr")) + line.quiet(0.3) + line.carry(spoken("au parterre", "fr"))

    heard, frames = play(ears, line.quiet(1) + said + line.quiet(3))

    assert heard.words == "deux places au parterre"
    assert frames >= 50 + len(said)


def the_prompt() -> list[bytes]:
    """What the house says."""
    text = "Bienvenue. Pour quel spectacle souhaitez-vous des places ? Dites un titre, ou tapez son numéro."
    return spoken(text, "fr")


def mixed(one: list[bytes], other: list[bytes]) -> list[bytes]:
    """Both at once, as long as the shorter."""
    both = [to_pcm(a).astype(np.int32) + to_pcm(b) for a, b in zip(one, other, strict=False)]
    return [from_pcm(np.clip(each, -32767, 32767).astype(np.int16)) for each in both]


def quieter(frames: list[bytes], decibels: float) -> list[bytes]:
    """The same, so many dB weaker."""
    return [from_pcm((to_pcm(frame) * 10 ** (-decibels / 20)).astype("int16")) for frame in frames]
