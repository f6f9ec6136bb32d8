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
from ivr.speech.matching import Matched, completeness, get_ready, match
from ivr.speech.mulaw import FRAME_SAMPLES, FRAMES_A_SECOND, Upsampler, level, to_pcm
from ivr.speech.recogniser import DecoderLost, Guess, Question, Recogniser, SpeechError
from ivr.speech.voice_activity import Echo, Judged, VoiceActivity

UNCLEAR = "…"
"""Stands for words that were spoken and fitted nothing."""
PRE_ROLL = 24
"""Frames kept up to the beginning, the 240 ms that decide it included: a soft first consonant is no voice yet."""
BATCH = 4
"""Frames fed to the recogniser at once: fewer, larger pieces are cheaper and 80 ms cost nothing."""
SHORTEST_ANSWER = 9
"""Voiced frames under which an empty guess was a click, a cough or a door, and we go on listening."""
MOST_TYPED_AHEAD = 40
"""Keys kept for later questions; more is a storm."""

Listener = Callable[[Question], Recogniser]


class Ears:
    """One call's ears, from its first question to its last."""

    def __init__(self, listen: Listener | None, prepare: Callable[[Question], None] | None = None) -> None:
        self._listen, self._prepare = listen, prepare
        self._activity, self._echo = VoiceActivity(), Echo()
        self._typed: deque[str] = deque(maxlen=MOST_TYPED_AHEAD)
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL)
        self._question: Question | None = None
        self._sound: list[bytes] = []
        self.answered: Question | None = None
        """The question asked last, open or answered."""
        self.words_lost: SpeechError | None = None
        """Why words cannot be heard in this question; None when they can."""
        self.guess, self.matched = Guess(""), Matched("")
        """What the last answer sounded like, before and after matching; for keeping and for benches."""

    def ask(self, question: Question, *, playing: bool = True) -> Heard | None:
        """Begin a new question; `playing` while its prompt is still to be heard."""
        self._question, self._endpoint = question, Endpoint(waits_for(question))
        self.answered = question
        self._playing, self._keys, self._waited, self._between = playing, "", 0, 0
        self._recogniser: Recogniser | None = None
        self._sound = []
        self._pending: list[bytes] = []
        self._replayed = False
        self.words_lost = None
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
        return self._question is not None and (self._endpoint.begun or bool(self._keys))

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
        self._echo.sent(level(mulaw))

    def prompt_over(self) -> Heard | None:
        """The prompt has been played to its end or was cut: from now on silence counts."""
        self._playing = False
        return self._from_typed()

    def key(self, key: str) -> Heard | None:
        """One key. Without an open question, or while a text that may not be cut is played, it waits."""
        self._typed.append(key)
        return self._from_typed()

    def frame(self, mulaw: bytes) -> Heard | None:
        """One frame of 160 bytes; shorter or longer ones are cut into such by the caller of this method."""
        if len(mulaw) != FRAME_SAMPLES:
            return None
        judged = self._activity.is_voice(mulaw, self._echo.ceiling)
        if not judged.voice:
            self._echo.learn(judged.loudness)
        question = self._question
        if question is None or (self._playing and not question.bargein):
            self._before.append(mulaw)
            return None
        return self._hear(question, mulaw, judged)

    # -- keys --

    def _from_typed(self) -> Heard | None:
        question = self._question
        if question is None or (self._playing and not question.bargein):
            return None
        while self._typed:
            heard = self._take_key(question, self._typed.popleft())
            if heard:
                return heard
        return None

    def _take_key(self, question: Question, key: str) -> Heard | None:
        self._stop_listening()
        self._between = 0
        if key == "#" and self._keys and question.digits != 1:
            return self._answer(Heard(keys=self._keys))
        self._keys += key
        if key == "#" or len(self._keys) == question.digits:
            return self._answer(Heard(keys=self._keys))
        return None

    # -- words --

    def _hear(self, question: Question, mulaw: bytes, judged: Judged) -> Heard | None:
        if self._keys:
            return self._wait_for_keys()
        if not question.speech or self.words_lost or self._listen is None:
            self._before.append(mulaw)
            return self._wait_for_anyone(question)
        was_begun = self._endpoint.begun
        self._endpoint.hear(judged.voice, judged.strong)
        if not self._endpoint.begun:
            self._before.append(mulaw)
            return self._wait_for_anyone(question)
        if not was_begun:
            self._begin(question)
        self._keep(mulaw)
        return self._listen_on(question)

    def _wait_for_keys(self) -> Heard | None:
        self._between += 1
        return self._answer(Heard(keys=self._keys)) if self._between >= self._endpoint.waits.between_keys else None

    def _wait_for_anyone(self, question: Question) -> Heard | None:
        if self._playing:
            return None
        self._waited += 1
        return self._answer(Heard()) if self._waited >= question.seconds * FRAMES_A_SECOND else None

    def _begin(self, question: Question) -> None:
        self._playing = False
        self._open(question)
        for frame in self._before:
            self._keep(frame)
        self._before.clear()

    def _keep(self, mulaw: bytes) -> None:
        self._sound.append(mulaw)
        self._pending.append(mulaw)

    def _listen_on(self, question: Question) -> Heard | None:
        try:
            return self._feed_and_judge(question)
        except DecoderLost as lost:
            return self._listen_again(question, lost)
        except SpeechError as lost:
            return self._go_deaf(lost)

    def _feed_and_judge(self, question: Question) -> Heard | None:
        recogniser = self._recogniser
        if recogniser is None:
            raise self.words_lost or DecoderLost()
        if len(self._pending) >= BATCH:
            self._feed(recogniser)
        if not self._endpoint.may_be_over:
            if self._endpoint.is_over("open"):
                return self._finish(question, recogniser)
            return None
        self._feed(recogniser)
        so_far = completeness(recogniser.partial(), question)
        return self._finish(question, recogniser) if self._endpoint.is_over(so_far) else None

    def _feed(self, recogniser: Recogniser) -> None:
        if self._pending:
            recogniser.feed(self._upsampler.feed(to_pcm(b"".join(self._pending))))
            self._pending = []

    def _finish(self, question: Question, recogniser: Recogniser) -> Heard | None:
        self._feed(recogniser)
        recogniser.feed(self._upsampler.finish())
        self.guess = recogniser.finish()
        self.matched = match(self.guess, question, span=self._endpoint.span)
        self._stop_listening()
        if self.matched.words:
            return self._answer(Heard("", self.matched.words, self.matched.confidence, self.matched.alternatives))
        if self._endpoint.voiced < SHORTEST_ANSWER:
            return self._listen_afresh()
        return self._answer(Heard("", UNCLEAR, 0.0, self.matched.alternatives))

    def _listen_afresh(self) -> Heard | None:
        """A click is no answer: wait for one, without giving the time back."""
        self._waited += self._endpoint.length
        self._endpoint = Endpoint(self._endpoint.waits)
        self._sound = []
        return None

    def _open(self, question: Question) -> None:
        self._upsampler = Upsampler()
        try:
            self._recogniser = self._listen(question) if self._listen else None
        except SpeechError as lost:
            self.words_lost = lost

    def _listen_again(self, question: Question, lost: SpeechError) -> Heard | None:
        """The decoder died: give a new one, once, the whole answer so far; a second death is the sound's own fault."""
        if self._replayed:
            return self._go_deaf(lost)
        self._replayed = True
        self._stop_listening()
        self._open(question)
        if self._recogniser is None:
            return self._go_deaf(self.words_lost or lost)
        self._pending = list(self._sound)
        return self._listen_on(question)

    def _go_deaf(self, lost: SpeechError) -> Heard | None:
        """Only keys from here on, with the whole time to find them."""
        self.words_lost = lost
        self._waited = 0
        self._stop_listening()
        return None

    def _stop_listening(self) -> None:
        if self._recogniser is not None:
            self._recogniser.close()
        self._recogniser, self._pending = None, []
        if self._keys or self.words_lost:
            self._endpoint = Endpoint(self._endpoint.waits)

    def _answer(self, heard: Heard) -> Heard:
        self._stop_listening()
        self._question = None
        self._before.clear()
        return heard

    def close(self) -> None:
        """The call is over: let go of what still listens."""
        if self._question is not None:
            self._stop_listening()
            self._question = None
