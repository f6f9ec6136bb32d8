"""`souffleur call`: place a call in the terminal, by keys and words; or play a written one."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from callflows import Heard, Reply
from ivr.embedded import surroundings
from ivr.incoming import BEGINNING, Incoming
from ivr.settings import Settings
from ivr.simulator.bodies import Body, Direct, Moment, spoken
from ivr.simulator.written import Line, read_call, written

if TYPE_CHECKING:
    from ivr.house import House
    from ivr.speech.microphone import Sound

console = Console(highlight=False)
HOW = "Type keys (2, 112#, *, 0), words, Enter for silence, or `hangup`. After a tone, what you type is recorded."


@click.command()
@click.option("--lang", "language", default="fr", show_default=True, help="How the house greets you.")
@click.option(
    "--from", "number", default="+33612345678", show_default=True, help="Your telephone number; `hidden` for none."
)
@click.option("--through", type=click.Choice(["door", "http"]), default="door", show_default=True,
              help="Straight through the switchboard's door, or over signed webhooks and TwiML.")  # fmt: skip
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Play a written call.")
@click.option("--repro", is_flag=True, help="At the end, print the call as a written call.")
@click.option("--mic", is_flag=True, help="Speak and listen with this machine's sound card.")
@click.option("--say", "answers", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Instead of a microphone: this sound file is the next answer; again and again.")  # fmt: skip
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="With --say: the whole call as WAV.")
def command(
    language: str, number: str, through: str, script: Path | None, repro: bool, mic: bool,
    answers: tuple[Path, ...], keep: Path | None,
) -> None:  # fmt: skip
    """Place a call: what you hear is printed, what you type is pressed or said.

    With --mic or --say the call is spoken, and heard by the models of this house as on a telephone line.
    """
    deeds = _script_deeds(script) if script else _typed_deeds()
    caller = "" if number == "hidden" else number
    if script:
        call = read_call(script)
        caller, language = call.caller, call.language or language
    from ivr.house import put_together

    with surroundings(Settings.read()) as settings:
        house = put_together(settings)
        if not house.booking.programme():
            sys.exit(
                "No season is loaded: `souffleur season load` loads the demo season, `souffleur demo` does everything."
            )
        incoming = Incoming("CA" + secrets.token_hex(16), caller, settings.house_number, language)
        if mic or answers:
            _aloud(house, incoming, answers, keep)
            return
        body = _body(through, settings, house, incoming)
        with closing(body):
            lines = place(body, deeds, partial(_recorded, house))
        house.journal.flush()
    if repro:
        click.echo("\n" + written("A call placed by hand", caller, language, lines))


def _aloud(house: House, incoming: Incoming, answers: tuple[Path, ...], keep: Path | None) -> None:
    """With a microphone, or sound files in its place, through the ears of the media stream."""
    from ivr.media_app import media_parts
    from ivr.speech.microphone import NoSoundCard, talk
    from ivr.speech.recogniser import SpeechError

    parts = media_parts(house)
    try:
        parts.decoders.start()
        if incoming.language not in parts.decoders.languages:
            console.print(f"[yellow]Nobody hears «{incoming.language}»: souffleur models fetch {incoming.language}[/]")
        with _callers_sound(answers, keep) as sound:
            talk(replace(parts.voices, switchboard=Captions(house)), parts.decoders, incoming, sound)
    except NoSoundCard as problem:
        sys.exit(
            f"No sound card can be used here ({problem}): call without --mic, say sound files (--say), "
            "or use `souffleur phone`."
        )
    except SpeechError as problem:
        sys.exit(f"The ears failed: {type(problem).__name__} {problem}")
    finally:
        parts.decoders.close()
        house.switchboard.hang_up(incoming.call_id)
        house.journal.flush()


@contextmanager
def _callers_sound(answers: tuple[Path, ...], keep: Path | None) -> Iterator[Sound]:
    from ivr.commands.transcribe import mulaw_of
    from ivr.speech.microphone import SoundFiles, card_opened
    from prompts import mulaw_wav

    if not answers:
        with card_opened() as card:
            yield card
        return
    files = SoundFiles([mulaw_of(path) for path in answers])
    yield files
    if keep:
        keep.write_bytes(mulaw_wav.wrapped(bytes(files.heard)))


class Captions:
    """The house's switchboard, with every turn printed as it is taken."""

    def __init__(self, house: House) -> None:
        self._house, self._voice = house, house.voice_at(None)

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        """Shows what was heard and what is said."""
        if turn != BEGINNING:
            console.print(f"[bold green]>[/] {heard.keys or heard.words or '…'}")
        reply, following = self._house.switchboard.take_turn(incoming, turn, heard)
        show(spoken(reply, self._voice))
        return reply, following

    def again(self, call_id: str) -> tuple[Reply, int] | None:
        """The house's own."""
        return self._house.switchboard.again(call_id)


def _body(through: str, settings: Settings, house: House, incoming: Incoming) -> Body:
    if through == "door":
        return Direct(house.switchboard, house.voice_at(None), incoming)
    from ivr.simulator.over_http import OverHttp

    peek = house.switchboard.again
    return OverHttp(
        settings.base_url, settings.auth_token, incoming.caller, incoming.called, language=incoming.language, peek=peek
    )


def _recorded(house: House, words: str, language: str) -> Heard:
    """Typed words as a recording: spoken by the synthetic voice, and laid where a carrier's recordings lie."""
    from prompts import mulaw_wav
    from prompts.synthetic import SyntheticVoice

    sound = SyntheticVoice(house.settings.data / "spoken").speak(words, language)
    name = "RE" + secrets.token_hex(16)
    house.messages.sounds.keep(name, mulaw_wav.wrapped(sound))
    return Heard(recording=f"{house.settings.carrier_url}/Recordings/{name}")


def place(
    body: Body, deeds: Iterator[Heard | None], recorded: Callable[[str, str], Heard] | None = None
) -> list[Line]:
    """One whole call; the lines of the written call that it makes. None among the deeds is a hang-up.

    After a tone, words become a recording by `recorded`.
    """
    lines: list[Line] = []
    moment = body.dial()
    while True:
        show(moment)
        lines += [Line(0, "hears", prompt) for prompt, _ in moment.prompts]
        if moment.is_over:
            lines.append(Line(0, "is transferred" if moment.then == "transfer" else "is hung up", moment.reason))
            body.hang_up()
            return lines
        heard = next(deeds, None)
        if heard is None:
            body.hang_up()
            return [*lines, Line(0, "hangs up")]
        lines.append(Line(0, "records", heard.words) if moment.then == "record" and heard.words else _line(heard))
        if moment.then == "record" and heard.words and recorded:
            heard = recorded(heard.words, moment.sentences[-1][0] if moment.sentences else "fr")
        moment = body.does(heard)


def show(moment: Moment) -> None:
    """What the caller hears, in a way that one can read."""
    for language, sentence in moment.sentences:
        console.print(f"[bold cyan]☎[/] {sentence}" + ("" if language == "fr" else f" [dim]({language})[/]"))
    if moment.then == "transfer":
        console.print(f"[bold magenta]♪[/] waiting for a person [dim]({moment.reason})[/]")
    elif moment.then == "hang up":
        console.print("[dim]the line is closed[/]")


def _line(heard: Heard) -> Line:
    if heard.keys:
        return Line(0, "presses", heard.keys)
    return Line(0, "says", heard.words) if heard.words else Line(0, "is silent")


def heard_from(text: str) -> Heard:
    """A typed line: keys if it could only be keys, words otherwise, silence if it is empty."""
    text = text.strip()
    is_keys = bool(text) and all(char in "0123456789*#" for char in text)
    return Heard(keys=text) if is_keys else Heard(words=text, confidence=None)


def _typed_deeds() -> Iterator[Heard | None]:
    console.print(f"[dim]{HOW}[/]")
    while True:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            yield None
            return
        if text.strip() in ("hangup", "raccroche"):
            yield None
            return
        yield heard_from(text)


def _script_deeds(script: Path) -> Iterator[Heard | None]:
    for line in read_call(script).lines:
        deeds = {"presses": Heard(keys=line.rest), "says": Heard(words=line.rest), "records": Heard(words=line.rest)}
        deed = Heard() if line.word == "is silent" else deeds.get(line.word)
        if deed is not None:
            console.print(f"[bold green]>[/] {line.rest or '…'}")
            yield deed
        elif line.word == "hangs up":
            yield None
            return
