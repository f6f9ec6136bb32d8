"""Real Vosk on the Korean model: its mechanics and each of its traps. Nothing here judges how well it hears."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from speech_callers import Line, frames_of, levelled, spoken

from ivr.speech.grammar import build
from ivr.speech.mulaw import SILENCE, Upsampler, to_pcm
from ivr.speech.nursery import Lessons
from ivr.speech.recogniser import Guess, ModelBroken, ModelMissing, NothingToHear, Question
from ivr.speech.teaching import AGAIN, TIMES, Teaching
from ivr.speech.vosk_engine import VoskEngine, VoskRecogniser

pytestmark = pytest.mark.sound
YES, NO, ONE, TWO = "네", "아니요", "하나", "둘"


@pytest.fixture(scope="module")
def vosk(korean: Path) -> VoskEngine:
    """The model, loaded once."""
    return VoskEngine({"ko": korean})


@pytest.fixture(scope="module")
def babble() -> bytes:
    """A second of something, as it comes from a line: µ-law at 8 kHz, brought to 16 kHz by us."""
    noise = np.random.default_rng(3).normal(size=8000) * np.hanning(8000)
    upsampler = Upsampler()
    return upsampler.feed(to_pcm(b"".join(frames_of(levelled(noise))))) + upsampler.finish()


def ask(*phrases: str) -> Question:
    return Question("ko", phrases)


def test_a_model_knows_its_words_and_only_them(vosk):
    model = vosk.models["ko"]

    assert model.knows(YES)
    assert not model.knows("walkyrie")
    assert not model.knows("")


def test_a_grammar_gives_a_phrase_of_it_or_nothing(vosk, babble):
    """Whatever comes in, no word comes out that was not asked for."""
    recogniser = vosk.listen(ask(YES, NO, ONE))
    for start in range(0, len(babble), 2560):
        recogniser.feed(babble[start : start + 2560])
        recogniser.partial()

    assert set(recogniser.finish().text.split()) <= {YES, NO, ONE}


def test_letters_travel_as_letters(vosk):
    """Vosk does not read JSON escapes: an escaped word is an unknown one, and the grammar would be empty."""
    written = vosk.models["ko"].grammar((YES, NO)).as_json()

    assert json.loads(written) == [YES, NO]
    assert "\\u" not in written


def test_a_phrase_with_an_unknown_word_is_left_out_and_reported(vosk):
    """Vosk would drop the word and keep the rest: «네 walkyrie» would be heard as «네»."""
    grammar = vosk.models["ko"].grammar((YES, f"{YES} walkyrie"))

    assert grammar.phrases == (YES,)
    assert grammar.unheard == (f"{YES} walkyrie",)
    assert vosk.unheard("ko", (NO, "walkyrie")) == ("walkyrie",)


def test_unk_is_only_asked_for_where_the_model_has_it(vosk):
    """The Korean model has none; Vosk would only warn, on a stream nobody reads."""
    assert not vosk.models["ko"].knows("[unk]")
    assert "[unk]" not in vosk.models["ko"].grammar((YES,)).as_json()
    assert build([YES], lambda word: True, "ko").as_json().endswith('"[unk]"]')


def test_a_question_without_a_hearable_word_is_refused_by_name(vosk):
    with pytest.raises(NothingToHear) as refused:
        vosk.listen(ask("walkyrie", "tosca"))
    assert refused.value.unheard == ("walkyrie", "tosca")

    with pytest.raises(NothingToHear):
        vosk.listen(ask())


def test_the_trap_that_the_guard_is_for_is_still_there(korean):
    """The control: an empty list, or text that is no list, kills a process that asks Vosk directly."""
    trap = """if True:
        import os, sys, vosk
        vosk.SetLogLevel(-1)
        model = vosk.Model(sys.argv[1])
        for grammar in ("[]", "yes", '["\\ub124"]'.encode().decode("unicode_escape")):
            child = os.fork()
            if not child:
                recogniser = vosk.KaldiRecognizer(model, 16000, grammar)
                recogniser.AcceptWaveform(bytes(3200))
                recogniser.FinalResult()
                os._exit(0)
            print(os.waitpid(child, 0)[1])
    """
    told = subprocess.run([sys.executable, "-c", trap, str(korean)], capture_output=True, timeout=60, text=True)

    empty, no_list, guarded = map(int, told.stdout.split())
    assert empty != 0
    assert no_list != 0
    assert guarded == 0


def test_a_missing_and_an_incomplete_folder_are_told_apart(korean, tmp_path):
    with pytest.raises(ModelMissing):
        VoskEngine({"ko": tmp_path / "nothing"})

    (tmp_path / "half" / "am").mkdir(parents=True)
    shutil.copy(korean / "conf" / "mfcc.conf", tmp_path / "half" / "am" / "final.mdl")
    with pytest.raises(ModelBroken) as broken:
        VoskEngine({"ko": tmp_path / "half"})
    assert broken.value.wrong == ("conf/model.conf", "conf/mfcc.conf", "graph/HCLr.fst", "graph/Gr.fst")


def test_one_model_serves_many_threads(vosk, babble):
    """Eight questions at once on one model (which answer to babble is chance: Kaldi dithers)."""
    heard: list[str] = []
    threads = [threading.Thread(target=lambda: heard.append(answer(vosk, babble))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(heard) == 8
    assert all(set(text.split()) <= {YES, NO, ONE, TWO} for text in heard)


def test_8_khz_is_brought_to_16_by_us_in_pieces_as_in_one(babble):
    """The filter runs over the edges of frames; some models refuse 8 kHz altogether."""
    pcm = to_pcm(b"".join(frames_of(levelled(np.sin(np.arange(8000) * 0.3)))))
    pieces, whole = Upsampler(), Upsampler()

    by_frames = b"".join(pieces.feed(pcm[start : start + 160]) for start in range(0, len(pcm), 160)) + pieces.finish()

    assert abs(len(by_frames) // 2 - 2 * len(pcm)) <= 2
    at_once = np.frombuffer(whole.feed(pcm) + whole.finish(), dtype="<i2").astype(int)
    assert np.abs(at_once - np.frombuffer(by_frames, dtype="<i2")).max() <= 2


def test_many_lines_hear_at_once_in_processes_of_their_own(decoders, babble):
    """Six decoders, each with its own question; every one answers, and no line is left over."""
    free = decoders.free
    lines = [decoders.line() for _ in range(6)]
    hearing = [line.listen(ask(YES, NO) if place % 2 else ask(ONE, TWO)) for place, line in enumerate(lines)]
    for start in range(0, len(babble), 6400):
        for recogniser in hearing:
            recogniser.feed(babble[start : start + 6400])
    heard = [recogniser.finish() for recogniser in hearing]

    assert len({line.pid for line in lines}) == 6
    assert all(set(guess.text.split()) <= {YES, NO, ONE, TWO} for guess in heard)
    for line in lines:
        line.close()
    assert decoders.free == free


def test_what_an_engine_refuses_is_told_through_the_wire(decoders):
    with decoders.line() as line:
        with pytest.raises(NothingToHear) as refused:
            line.listen(ask("walkyrie"))
        assert refused.value.unheard == ("walkyrie",)
        with pytest.raises(ModelMissing):
            line.listen(Question("fr", ("oui",)))
        assert line.listen(ask(YES)).finish().text == ""


def answer(engine: VoskEngine, pcm16k: bytes) -> str:
    """What one recogniser makes of a sound."""
    recogniser = engine.listen(ask(YES, NO, ONE, TWO))
    recogniser.feed(pcm16k)
    return recogniser.finish().text


def test_a_question_prepared_and_then_answered_by_a_key_does_not_disturb_the_next(decoders):
    """The decoder's late «nothing to hear» belongs to the question before."""
    with decoders.line() as line:
        line.prepare(ask("walkyrie"))
        line.prepare(ask(YES))
        assert line.listen(ask(YES)).finish().text == ""
        line.prepare(ask(YES))
        with pytest.raises(NothingToHear):
            line.listen(ask("walkyrie"))


def test_what_is_asked_again_is_learnt_by_the_nursery(decoders):
    """Twice asked, and the next decoder is born with the grammar; once asked, it is not worth the memory."""
    taught: list[str] = []
    teaching = Teaching(taught.append)
    teaching.asked(ask(YES, NO))
    teaching.asked(ask(ONE))
    for _ in range(3):
        teaching.asked(ask(YES, NO))
    teaching.forget()
    teaching.asked(ask(ONE))
    wait_for(lambda: taught)

    assert [json.loads(each) for each in taught] == [["ko", [YES, NO]]]
    lessons = Lessons(Pupil())
    assert lessons.take(taught[0][:9].encode())
    assert not lessons.waiting
    assert lessons.take(taught[0][9:].encode() + b"\nno lesson\n[1]\n")
    while lessons.waiting:
        lessons.go_on()
    assert Pupil.learnt == [("ko", (YES, NO))]
    assert not lessons.take(b"")


@pytest.fixture(scope="module")
def many(vosk: VoskEngine) -> Question:
    """A question that the nursery has learnt."""
    words = map("".join, product("가나다라마바사아자하기니리미비시이지고노", repeat=2))
    question = ask(*filter(vosk.models["ko"].knows, words))
    for _ in vosk.learn("ko", question.phrases):
        pass
    return question


@pytest.fixture(scope="module")
def callers() -> tuple[bytes, bytes]:
    """Two people on two lines; the second falls silent after her words."""
    first = Line().carry(spoken("non merci une autre date au balcon s'il vous plaît", "fr"))
    second = Line(noise=-30).carry(spoken("four seats near the stage on Tuesday please", "en"))
    return widened(first), widened(second + [SILENCE] * 100)


def widened(frames: list[bytes]) -> bytes:
    """As the ears give it to a recogniser."""
    upsampler = Upsampler()
    return upsampler.feed(to_pcm(b"".join(frames))) + upsampler.finish()


def heard_by(recogniser: VoskRecogniser, pcm16k: bytes) -> Guess:
    """Its guess, with Kaldi's dice (dithering) thrown as for every other one."""
    ctypes.CDLL(None).srand(7)
    recogniser.feed(pcm16k)
    return recogniser.finish()


def test_a_recogniser_that_is_kept_has_forgotten_whoever_spoke_before(vosk, many, callers):
    """However her answer ended: finished, dropped for a key, ended by Vosk itself, or never begun."""
    mine, hers = callers
    unused = VoskRecogniser(vosk.models["ko"]._new(vosk.models["ko"].grammar(many.phrases)), None)
    expected = heard_by(unused, mine)
    assert expected.text

    def finished(kept: VoskRecogniser) -> None:
        assert heard_by(kept, hers).text

    def dropped(kept: VoskRecogniser) -> None:
        kept.feed(hers[:50_000])
        kept.close()

    def ended_by_vosk(kept: VoskRecogniser) -> None:
        for start in range(0, len(hers), 2560):
            kept.feed(hers[start : start + 2560])
            if kept._ended:
                break
        assert kept._ended
        kept.close()

    for way in (finished, dropped, ended_by_vosk, VoskRecogniser.close):
        before = vosk.listen(many)
        way(before)
        again = vosk.listen(many)
        assert again._recogniser is before._recogniser
        assert heard_by(again, mine) == expected


def test_a_reset_alone_would_not_forget_her(vosk, many, callers):
    """The control: Vosk's own Reset keeps the voice of whoever spoke before."""
    mine, hers = callers
    model = vosk.models["ko"]
    unused, used = (model._new(model.grammar(many.phrases)) for _ in range(2))
    used.AcceptWaveform(hers)
    used.Reset()

    assert heard_by(VoskRecogniser(used, None), mine) != heard_by(VoskRecogniser(unused, None), mine)


def test_two_answers_to_one_question_at_once_have_a_recogniser_each(vosk, many, callers):
    first, second = vosk.listen(many), vosk.listen(many)
    first.feed(callers[0])

    assert second.finish().text == ""
    assert first.finish().text


def test_what_is_expected_is_learnt_before_anybody_is_asked():
    """Once only, however often it is expected or asked; anew when another nursery begins."""
    taught: list[str] = []
    teaching = Teaching(taught.append)
    for _ in range(2):
        teaching.expected(ask(YES, NO))
        teaching.asked(ask(YES, NO))
    teaching.expected(ask(ONE))
    wait_for(lambda: len(taught) == 2)
    teaching.forget()
    teaching.expected(ask(ONE))
    wait_for(lambda: len(taught) == 3)

    assert [json.loads(each)[1] for each in taught] == [[YES, NO], [ONE], [ONE]]


def test_what_is_asked_often_is_taught_again_now_and_then():
    """The nursery may have let it go for something else meanwhile."""
    taught: list[str] = []
    teaching = Teaching(taught.append)
    for _ in range(TIMES + AGAIN):
        teaching.asked(ask(YES, NO))
    wait_for(lambda: len(taught) == 2)

    assert taught[0] == taught[1]


def test_a_lesson_that_cannot_be_learnt_costs_the_nursery_nothing(caplog):
    """Vosk raises the bare class."""

    class Bored:
        def learn(self, language, phrases):
            yield
            raise Exception("Failed to create a recognizer")

    lessons = Lessons(Bored())
    lessons.take(json.dumps(["ko", [YES]]).encode() + b"\n")
    while lessons.waiting:
        lessons.go_on()

    assert "a lesson is skipped: Failed" in caplog.text


def test_no_decoder_holds_the_rope_of_its_nursery(decoders):
    """Else whoever teaches a nursery that was killed waits until the last of its decoders has gone."""
    with decoders.line() as line:
        line.listen(ask(YES))
        assert os.readlink(f"/proc/{line.pid}/fd/0") == os.devnull
        assert os.readlink(f"/proc/{decoders.nursery.pid}/fd/0").startswith("pipe:")


def test_a_nursery_goes_on_whatever_it_is_taught(decoders):
    """Lessons come along the rope on which its life hangs."""
    for lesson in ("no lesson", "[1, 2, 3]", '["xx", ["yes"]]', json.dumps(["ko", ["walkyrie"]])):
        decoders.nursery._tell(lesson)
    with decoders.line() as line:
        assert line.listen(ask(YES)).finish().text == ""
    assert decoders.restarts == 0


class Pupil:
    """An engine that remembers what it was taught, in two steps."""

    learnt: ClassVar[list[tuple[str, tuple[str, ...]]]] = []

    def learn(self, language: str, phrases: tuple[str, ...]) -> Iterator[None]:
        """Remember it."""
        yield
        self.learnt.append((language, phrases))


def wait_for(done) -> None:
    """Some seconds at most."""
    give_up = time.monotonic() + 10
    while not done():
        assert time.monotonic() < give_up
        time.sleep(0.01)
