"""Frames and keys in, one Heard out, exactly once per question; no I/O, frames of 20 ms are the clock.

    ears.ask(question)   -> Heard at once when keys typed ahead answer it
    ears.frame(mulaw)    -> Heard | None     every 20 ms
    ears.key("5")        -> Heard | None
    ears.prompt_over()                       our own prompt has been played
    ears.begun                               stop playing: the caller has begun

The first input wins; a key puts an end to speech (it is the surer of the two). Keys that come before they are asked for
wait for the next question. Words that were spoken but fit nothing are `Heard(words=UNCLEAR, confidence=0.0)`, so that a
flow can tell «not understood» from «nobody there».
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from callflows.heard import Heard
from ivr.speech.endpoint import Endpoint, waits_for
from ivr.speech.listening import Listener, Listening
from ivr.speech.matching import Matched, completeness, get_ready, match
from ivr.speech.mulaw import FRAME_SAMPLES, FRAMES_A_SECOND
from ivr.speech.recogniser import Guess, Question, SpeechError
from ivr.speech.typed import Typed
from ivr.speech.voice_activity import Judged, VoiceActivity

UNCLEAR = "…"
"""Stands for words that were spoken and fitted nothing."""
PRE_ROLL = 24
"""Frames kept up to the beginning, the 240 ms that decide it included: a soft first consonant is no voice yet."""
SHORTEST_ANSWER = 9
"""Voiced frames under which an empty guess was a click, a cough or a door, and we go on listening."""


class Ears:
    """One call's ears, from its first question to its last."""

    def __init__(self, listen: Listener | None, prepare: Callable[[Question], None] | None = None) -> None:
        self._listen, self._prepare = listen, prepare
        self._activity, self._typed = VoiceActivity(), Typed()
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL)
        self._question: Question | None = None
        self._listening: Listening | None = None
        self._sound: list[bytes] = []
        self.answered: Question | None = None
        """The question asked last, open or answered."""
        self.words_lost: SpeechError | None = None
        """Why words cannot be heard in this question; None when they can."""
        self.guess, self.matched = Guess(""), Matched("")
        """What the last answer sounded like, before and after matching; for keeping and for benches."""

    def ask(self, question: Question, *, playing: bool = True) -> Heard | None:
        """Begin a new question; `playing` while its prompt is still to be heard."""
        self._question = self.answered = question
        self._playing, self._waited = playing, 0
        self._sound, self.words_lost = [], None
        self._typed.begin()
        self._wait(Endpoint(waits_for(question)))
        heard = self._from_typed()
        if heard is None and question.speech and self._listen:
            self._get_ready(question)
        return heard

    def _get_ready(self, question: Question) -> None:
        """What takes time is done while the prompt is still being played."""
        if self._prepare:
            self._prepare(question)
        get_ready(question)

    @property
    def asking(self) -> bool:
        """Is a question open?"""
        return self._question is not None

    @property
    def begun(self) -> bool:
        """Has the caller begun to answer the open question, by voice or by key?"""
        return self._question is not None and (self._endpoint.begun or bool(self._typed.entry))

    @property
    def paused(self) -> int:
        """Frames since the caller's last voice: what an answer just given waited for its end."""
        return self._endpoint.pause

    @property
    def waiting_for_prompt(self) -> bool:
        """Has nobody told the open question yet that its prompt is over?"""
        return self._question is not None and self._playing

    @property
    def answer_sound(self) -> bytes:
        """The µ-law of the last answer (empty for a secret one); for keeping with consent."""
        return b"" if self.answered is not None and self.answered.secret else b"".join(self._sound)

    def sent(self, mulaw: bytes) -> None:
        """One frame of our own prompt is going out now (b"" when none): its echo must not be taken for the caller."""
        self._activity.sent(mulaw)

    def prompt_over(self) -> Heard | None:
        """The prompt has been played to its end or was cut: from now on silence counts."""
        self._playing = False
        return self._from_typed()

    def key(self, key: str) -> Heard | None:
        """One key. Without an open question, or while a text that may not be cut is played, it waits."""
        self._typed.press(key)
        return self._from_typed()

    def frame(self, mulaw: bytes) -> Heard | None:
        """One frame of 160 bytes; shorter or longer ones are cut into such by the caller of this method."""
        if len(mulaw) != FRAME_SAMPLES:
            return None
        question = self._question
        judged = self._activity.hear(mulaw, begun=question is not None and self._endpoint.begun)
        if question is None or (self._playing and not question.bargein):
            self._before.append(mulaw)
            return None
        if self._typed.entry:
            return self._answer_by_keys(self._typed.waited(self._endpoint.waits.between_keys))
        return self._hear(question, mulaw, judged)

    def close(self) -> None:
        """The call is over: let go of what still listens."""
        if self._question is not None:
            self._stop_listening()
            self._question = None

    # -- keys --

    def _from_typed(self) -> Heard | None:
        question = self._question
        if question is None or (self._playing and not question.bargein):
            return None
        keys = self._typed.answer(question)
        if self._typed.entry:
            self._wait(Endpoint(self._endpoint.waits))
        return self._answer_by_keys(keys)

    def _answer_by_keys(self, keys: str) -> Heard | None:
        return self._answer(Heard(keys=keys)) if keys else None

    # -- words --

    def _hear(self, question: Question, mulaw: bytes, judged: Judged) -> Heard | None:
        deaf = not question.speech or self.words_lost is not None or self._listen is None
        if not deaf:
            self._endpoint.hear(judged.voice, judged.begins)
        if not self._endpoint.begun:
            self._before.append(mulaw)
            return self._wait_for_anyone(question)
        try:
            return self._listen_on(question, mulaw)
        except SpeechError as lost:
            return self._go_deaf(lost)

    def _wait_for_anyone(self, question: Question) -> Heard | None:
        if self._playing:
            return None
        self._waited += 1
        return self._answer(Heard()) if self._waited >= question.seconds * FRAMES_A_SECOND else None

    def _listen_on(self, question: Question, mulaw: bytes) -> Heard | None:
        listening = self._listening or self._begin(question)
        listening.hear(mulaw)
        so_far = completeness(listening.so_far(), question) if self._endpoint.may_be_over else "open"
        return self._finish(question, listening) if self._endpoint.is_over(so_far) else None

    def _begin(self, question: Question) -> Listening:
        self._playing = False
        assert self._listen is not None
        self._listening = Listening(self._listen, question, self._before)
        self._sound = self._listening.sound
        self._before.clear()
        return self._listening

    def _finish(self, question: Question, listening: Listening) -> Heard | None:
        self.guess = listening.finish()
        self.matched = match(self.guess, question, span=self._endpoint.span)
        if self.matched.words:
            return self._answer(Heard("", self.matched.words, self.matched.confidence, self.matched.alternatives))
        if self._endpoint.voiced < SHORTEST_ANSWER:
            return self._listen_afresh()
        return self._answer(Heard("", UNCLEAR, 0.0, self.matched.alternatives))

    def _listen_afresh(self) -> Heard | None:
        """A click is no answer: wait for one, without giving the time back."""
        self._waited += self._endpoint.length
        self._sound = []
        self._wait(Endpoint(self._endpoint.waits))
        return None

    def _go_deaf(self, lost: SpeechError) -> Heard | None:
        """Only keys from here on, with the whole time to find them."""
        self.words_lost, self._waited = lost, 0
        self._wait(Endpoint(self._endpoint.waits))
        return None

    def _wait(self, endpoint: Endpoint) -> None:
        """For a beginning."""
        self._stop_listening()
        self._endpoint = endpoint
        self._activity.afresh()

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()
        self._listening = None

    def _answer(self, heard: Heard) -> Heard:
        self._stop_listening()
        self._question = None
        self._before.clear()
        return heard
