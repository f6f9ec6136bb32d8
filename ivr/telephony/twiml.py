"""Reply as TwiML, only through the official builder; nothing else in the project writes TwiML for a turn.

Listen     <Gather input="dtmf speech">…</Gather><Redirect>   silence comes back as a turn too
Record     …<Record><Redirect>                                nothing said: the redirect
Continue   …<Redirect>
Transfer   …<Enqueue>
HangUp     …<Hangup>
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

from twilio.twiml.voice_response import Gather, VoiceResponse

from callflows.reply import Continue, HangUp, Listen, Record, Reply, Transfer
from ivr.telephony.recent import Recent
from ivr.telephony.streaming import Streaming
from prompts import Catalogue, Piece, Voice

Hints = Callable[[Listen, str], str]
Verbs: TypeAlias = VoiceResponse | Gather

QUEUE = "agents"
MOST_HINTS, LONGEST_HINT = 500, 100
"""Twilio docs, TwiML Gather, `hints`."""
LARGEST_ANSWER = 60_000
"""Twilio docs, error 11750: an answer has 64 kB at most."""

TRIED_AGAIN = "#rc=3&rp=all"
"""An address so ended is asked up to three times more when we do not answer (Twilio docs, Connection overrides)."""

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_PATIENCE = {"short": "auto", "long": "2"}


def printable(text: str) -> str:
    """Text without the characters XML forbids: one of them would make the whole answer unreadable and end the call."""
    return _FORBIDDEN.sub("", text)


def plain_hints(listen: Listen, language: str) -> str:
    """Only the phrases the question itself brings."""
    return ",".join(hint_list(listen.phrases))


@dataclass(frozen=True)
class Writer:
    """Writes replies for one house: its voice, and its address as the carrier sees it.

    `takes` is the revision of the recordings a call began with; every address carries it, so that a call keeps its
    voice to the end, whatever is published meanwhile.
    """

    catalogue: Catalogue
    voice_at: Callable[[int | None], Voice]
    base_url: str
    hints: Hints = plain_hints
    gathers_speech: bool = True
    recent: Recent = field(default_factory=Recent, compare=False)

    def document(self, reply: Reply, turn: int, takes: int | None = None) -> str:
        """The whole answer; what the caller does next comes back as turn number `turn`."""
        if takes is None:  # the recordings of now, which may be others in a moment
            return self._fitting(reply, turn, takes)
        return self.recent((repr(reply), turn, takes), lambda: self._fitting(reply, turn, takes))

    def streamed(self, streaming: Streaming, call_id: str, language: str, takes: int | None = None) -> str:
        """Onto the media stream, where the reply is spoken and heard; /voice/again is the way back."""
        answer = VoiceResponse()
        streaming.write(answer, call_id, self.address("/voice/again", language=language, takes=takes), takes)
        return str(answer)

    def address(self, path: str, **query: str | int | None) -> str:
        """One of our own addresses, as a path below the carrier's view of us."""
        return _below(self.base_url, path, tuple(query.items()))

    def say(self, verbs: Verbs, reply: Reply, takes: int | None = None) -> None:
        """Every prompt as its recording where there is a published one, spoken in its own language elsewhere.

        Where nobody hears the caller, the wording does not invite her to speak.
        """
        voice = self.voice_at(takes) if self._hears(reply) else self.voice_at(takes).by_keys()
        for said in reply.says:
            for piece in voice.pieces(said.prompt, said.slots, said.language or reply.language):
                self._piece(verbs, piece, reply.pace)

    def speak(self, verbs: Verbs, text: str, language: str, pace: str = "normal") -> None:
        """Text by the carrier's voice for this language; the catalogue's voice cuts it to what one <Say> may hold."""
        known = self.catalogue.languages.get(language)
        locale, voice = (known.locale, known.voice) if known else (language, "")
        if pace == "slow":
            verbs.say(language=locale, voice=voice or None).prosody(printable(text), rate="80%")
        else:
            verbs.say(printable(text), language=locale, voice=voice or None)

    def _piece(self, verbs: Verbs, piece: Piece, pace: str) -> None:
        if not piece.take:
            self.speak(verbs, piece.text, piece.language, pace)
            return
        verbs.play(self.base_url + piece.take if piece.take.startswith("/") else piece.take)

    def _fitting(self, reply: Reply, turn: int, takes: int | None) -> str:
        text = self._written(reply, turn, takes, self.hints)
        return text if len(text.encode()) <= LARGEST_ANSWER else self._written(reply, turn, takes, plain_hints)

    def _written(self, reply: Reply, turn: int, takes: int | None, hints: Hints) -> str:
        answer = VoiceResponse()
        back = self.address("/voice/turn", turn=turn, language=reply.language, takes=takes)
        if isinstance(reply.then, Listen):
            self.say(answer.gather(**self._gathering(reply.then, reply.language, back, hints)), reply, takes)
        else:
            self.say(answer, reply, takes)
        self._then(answer, reply, turn, back, takes)
        return str(answer)

    def _hears(self, reply: Reply) -> bool:
        return self.gathers_speech and not (isinstance(reply.then, Listen) and not reply.then.speech)

    def _then(self, answer: VoiceResponse, reply: Reply, turn: int, back: str, takes: int | None) -> None:
        match reply.then:
            case Record() as record:
                there = f"{back}&pause={record.pause}" if record.kind else back
                answer.record(action=there, method="POST", **self._recording(record, reply.language))
                answer.redirect(back, method="POST")
            case Listen() | Continue():
                answer.redirect(back, method="POST")
            case Transfer():
                self._enqueue(answer, reply.language, turn, takes)
            case HangUp():
                answer.hangup()

    def _recording(self, record: Record, language: str) -> dict[str, object]:
        """What the house keeps is told to it beside the call too, so that nothing is lost when the caller hangs up.

        Its ends are trimmed: whoever said nothing has then a recording of no length, which the status tells. The action
        is told the length before that (Twilio docs, TwiML Record), so its address says what the pause alone would be.
        A prompt keeps its ends, which the studio trims with more care.
        """
        about: dict[str, object] = {"max_length": record.seconds, "timeout": record.pause, "finish_on_key": "#"}
        if not record.kind:
            return about | {"trim": "do-not-trim"}
        told = self.address("/voice/recorded", kind=record.kind, language=language)
        return about | {"trim": "trim-silence", "recording_status_callback": told + TRIED_AGAIN}

    def _enqueue(self, answer: VoiceResponse, language: str, turn: int, takes: int | None) -> None:
        """Into the agents' queue, with music; whatever ends the waiting is asked about at /voice/left."""
        answer.enqueue(
            QUEUE, action=self.address("/voice/left", turn=turn, language=language, takes=takes), method="POST",
            wait_url=self.address("/voice/waiting", language=language, takes=takes), wait_url_method="POST",
        )  # fmt: skip

    def _gathering(self, listen: Listen, language: str, back: str, hints: Hints) -> dict[str, object]:
        """The attributes of a question. One key: `#` is an answer; several: it ends them."""
        known, speech = self.catalogue.languages.get(language), listen.speech and self.gathers_speech
        about: dict[str, object] = {
            "input": "dtmf speech" if speech else "dtmf", "action": back, "method": "POST",
            "timeout": listen.seconds, "num_digits": listen.digits, "finish_on_key": "" if listen.digits == 1 else "#",
            "action_on_empty_result": True, "barge_in": listen.bargein,
        }  # fmt: skip
        if speech:
            spoken = hints(listen, language)
            about |= {
                "language": known.locale if known else language, "profanity_filter": False, "hints": spoken or None,
                "speech_timeout": _PATIENCE.get(listen.patience, "auto"),
            }  # fmt: skip
        return about


@lru_cache(maxsize=4096)
def _below(base_url: str, path: str, query: tuple[tuple[str, str | int | None], ...]) -> str:
    """The same few addresses stand in the documents of every call."""
    below = urlsplit(base_url).path.rstrip("/") + path
    known = [(name, value) for name, value in query if value is not None]
    return f"{below}?{urlencode(known)}" if known else below


def hint_list(phrases: Iterable[str]) -> list[str]:
    """Phrases for the carrier's recogniser: a comma would part them, and there are limits."""
    clean = (" ".join(printable(phrase).replace(",", " ").split())[:LONGEST_HINT] for phrase in phrases)
    return list(islice(dict.fromkeys(hint for hint in clean if hint), MOST_HINTS))
