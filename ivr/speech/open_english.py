"""English messages in any words, by PocketSphinx: its wheel brings a language model beside the sounds.

As fast as it was spoken, and poorly: half of the words are wrong, for the model is of dictated news. Its own opinion of
that is worth nothing, so none is given; whoever shows the words says that they are rough. For messages only: a live
question always has a grammar.
"""

from __future__ import annotations

import re
from typing import Any

from ivr.speech.pocketsphinx_engine import RATE, PocketSphinxEngine
from ivr.speech.recogniser import Guess, Question


class EnglishWithMessages(PocketSphinxEngine):
    """PocketSphinx for questions and for messages."""

    def listen(self, question: Question) -> Any:
        """A recogniser for this question; raises NothingToHear or ModelMissing."""
        return OpenRecogniser() if question.open and question.language[:2] == "en" else super().listen(question)


class OpenRecogniser:
    """One message, decoded as a whole at its end."""

    def __init__(self) -> None:
        self._sound = bytearray()

    def feed(self, pcm16k: bytes) -> None:
        """Wait for the rest."""
        self._sound += pcm16k

    def partial(self) -> str:
        """Nothing before the end."""
        return ""

    def finish(self) -> Guess:
        """The words."""
        decoder = _decoder()
        decoder.start_utt()
        decoder.process_raw(bytes(self._sound), full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        return Guess(" ".join(re.sub(r"\(\d+\)", "", best.hypstr).split()) if best else "")

    def close(self) -> None:
        """Nothing was begun."""


def _decoder() -> Any:
    """With the wheel's own language model: 0.5 s and 90 MB, given back with the process."""
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE, loglevel="FATAL")
