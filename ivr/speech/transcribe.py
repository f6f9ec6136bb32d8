"""Recorded answers (names, messages to the house) written down afterwards: open vocabulary, a small pool, no hurry."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from ivr.speech.decoder_line import ANSWER_SECONDS
from ivr.speech.decoders import Decoders
from ivr.speech.mulaw import FRAMES_A_SECOND, SILENCE, Upsampler, to_pcm
from ivr.speech.recogniser import Guess, Question

AT_ONCE = 1
"""Open vocabulary needs as much machine as twenty callers with grammars."""
LONGEST = 180 * FRAMES_A_SECOND * 160
"""Bytes of µ-law; three minutes."""
PIECE = FRAMES_A_SECOND * 160
"""A second at a time, so that one slow piece is no dead decoder."""
PATIENCE = 4
"""A decoder may take so many times as long as the recording lasts, and the usual moment: nobody waits for it."""
AROUND = SILENCE * (FRAMES_A_SECOND // 2)
"""Half a second of quiet at both ends: a recording that begins or ends with a word loses it otherwise."""


class Transcriber:
    """Writes recordings down, one after the other; for any thread."""

    def __init__(self, decoders: Decoders, at_once: int = AT_ONCE) -> None:
        self._decoders = decoders
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="transcriber")

    def write_down(self, mulaw: bytes, language: str) -> Future[Guess]:
        """Begin; the future gives the words, "" when nothing was understood, or raises what `transcript` raises."""
        return self._pool.submit(transcript, self._decoders, mulaw[:LONGEST], language)

    def close(self) -> None:
        """Let the recording in work be finished; the others are dropped."""
        self._pool.shutdown(cancel_futures=True)


def transcript(decoders: Decoders, mulaw: bytes, language: str) -> Guess:
    """The words of a recording (µ-law at 8 kHz); raises ModelMissing, LinesFull or DecoderLost.

    The decoder may take PATIENCE times as long as the recording lasts.
    """
    decoders.start()
    sound = AROUND + mulaw + AROUND
    patience = PATIENCE * len(sound) / 8000 + ANSWER_SECONDS
    with decoders.line() as line:
        recogniser = line.listen(Question(language, open=True))
        line.patient_for(patience)
        upsampler = Upsampler()
        for start in range(0, len(sound), PIECE):
            recogniser.feed(upsampler.feed(to_pcm(sound[start : start + PIECE])))
        recogniser.feed(upsampler.finish())
        return recogniser.finish(seconds=patience)
