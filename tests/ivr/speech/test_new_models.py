"""Models that come while calls are heard, and models that hear nothing of ours: no call is lost to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from speech_callers import Line, spoken
from speech_phone import Phone, hurried, served

from callflows import Heard
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts, report_unheard
from ivr.speech.checking import check_all
from ivr.speech.decoders import Decoders
from ivr.speech.engines import Choice
from ivr.speech.models import choices
from ivr.speech.recogniser import ModelBroken, Question
from ivr.speech.vosk_engine import VoskEngine
from ivr.telephony.media import make_media

pytestmark = pytest.mark.sound


@pytest.fixture(scope="module")
def renewed(korean: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Decoders, Heard, Path]]:
    """Decoders of a house without any model, to which one is given for French, a wrong one, while somebody speaks."""
    data = tmp_path_factory.mktemp("house")
    decoders = Decoders(choices(data, {}), limit=4)
    decoders.start()
    with decoders.line() as line:
        recogniser = line.listen(Question("en", ("yes", "no")))
        recogniser.feed(bytes(3200))
        (data / "models").mkdir()
        (data / "models" / "fr").symlink_to(korean)
        decoders.renew(choices(data, {}))
        decoders.start()
        yield decoders, recogniser.finish(), data
    decoders.close()


def test_a_new_model_is_heard_without_a_restart_and_disturbs_nobody(renewed):
    """Who was speaking had her answer from the decoder she had."""
    decoders, answered, _ = renewed

    assert answered.text == ""
    assert set(decoders.languages) == {"en", "fr"}


def test_models_are_only_loaded_again_when_one_is_another(renewed, korean, tmp_path):
    """The same again: nothing. Another folder in the same place, as `souffleur models fetch` puts it there: loaded."""
    decoders, _, data = renewed
    assert not decoders.renew(choices(data, {}))

    def at(folder: Path) -> Decoders:
        return Decoders({"fr": Choice("vosk", str(folder))})

    for name in ("old", "new"):
        (tmp_path / name / "am").mkdir(parents=True)
        (tmp_path / name / "am" / "final.mdl").write_text(name)
    shutil.copytree(tmp_path / "old", tmp_path / "fr")
    waiting = at(tmp_path / "fr")
    (tmp_path / "fr").rename(tmp_path / "gone")
    (tmp_path / "new").rename(tmp_path / "fr")

    assert waiting.renew({"fr": Choice("vosk", str(tmp_path / "fr"))})
    waiting.close()


def test_a_french_question_that_the_model_cannot_hear_puts_the_call_on_keys(house, renewed):
    """She speaks to a model that knows no French word: the stream gives up at once, and the question still stands."""
    decoders, _, _ = renewed
    parts = hurried(media_parts(house, decoders))
    house.switchboard.take_turn(Incoming("CA1", "+33612345678", "+33199000111", "fr"), BEGINNING, Heard())
    before = house.calls.load("CA1")["turn"]

    with served(make_media(parts)) as url, Phone(url, "CA1", parts.tickets.issue("CA1")) as phone:
        phone.until_prompt().line(Line().carry(spoken("bonjour deux places", "fr"))).until_closed(3)

    assert phone.closed
    assert not parts.tickets.may_stream("CA1")
    assert parts.tickets.was_put_on_keys("CA1")
    assert house.calls.load("CA1")["turn"] == before
    assert decoders.restarts == 1


def test_a_language_whose_model_hears_nothing_is_no_longer_offered(house, renewed):
    """Looked up when the media process starts; PocketSphinx, which hears the likeliest only, stays."""
    decoders, _, _ = renewed
    parts = media_parts(house, decoders)
    assert set(parts.hears) == {"en", "fr"}

    report_unheard(parts)

    assert parts.hears == ("en",)


def cut_off(korean: Path, folder: Path, part: str) -> Path:
    """Links to all parts of the model but one, which stops in its middle."""
    for path in korean.rglob("*"):
        if path.is_file():
            here = folder / path.relative_to(korean)
            here.parent.mkdir(parents=True, exist_ok=True)
            here.symlink_to(path)
    (folder / part).unlink()
    with (korean / part).open("rb") as whole:
        (folder / part).write_bytes(whole.read(100_000))
    return folder


@pytest.mark.parametrize("part", ["am/final.mdl", "graph/Gr.fst", "ivector/final.ie"])
def test_a_part_that_is_cut_off_is_refused_when_the_model_is_loaded(korean, tmp_path, part):
    with pytest.raises(ModelBroken):
        VoskEngine({"fr": cut_off(korean, tmp_path / "fr", part)})


def test_a_graph_that_is_cut_off_loads_and_would_kill_is_found_out_before_anybody_calls(korean, tmp_path):
    """Vosk says nothing until the first answer, and dies then: tried in a process of its own, in both places."""
    folder = cut_off(korean, tmp_path / "models" / "ko", "graph/HCLr.fst")

    with closing(Decoders({"en": Choice("pocketsphinx"), "ko": Choice("vosk", str(folder))}, limit=1)) as decoders:
        decoders.start()
        assert decoders.languages == ("en",)
        assert decoders.broken == {"ko": "ModelBroken"}

    (report,) = check_all(tmp_path, {}, (), ("ko",))
    assert report["faults"] == ["Failed to create a recognizer"]
    assert not report["good"]
