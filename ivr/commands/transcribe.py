"""`souffleur transcribe`: write recordings down with a local model, open vocabulary."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path

import click

from ivr.settings import Settings
from ivr.speech.recogniser import Guess, ModelMissing, SpeechError


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", default="fr", show_default=True, help="The language that is spoken.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: file, words, confidence.")
@click.option("--missing", is_flag=True, help="Callers' messages instead of FILES: those without a good transcript.")
def command(files: tuple[Path, ...], lang: str, as_json: bool, missing: bool) -> None:
    """Write down what is said in FILES (WAV, MP3, …; `.ulaw` is raw telephone sound).

    For messages and other recordings, in the language's Vosk model; English without one in PocketSphinx's, poorly.
    Nothing leaves this machine. Leaves with 1 when something could not be written down.

    The worker writes callers' messages down by itself; `--missing` tries those again that failed or were written down
    poorly, such as after a model was installed.
    """
    if missing == bool(files):
        raise click.UsageError("Name FILES, or say --missing for callers' messages.")
    if missing:
        _write_messages()
        return
    from ivr.speech.decoders import Decoders
    from ivr.speech.models import choices
    from ivr.speech.transcribe import Transcriber

    chosen = choices(Settings.read().data, os.environ)
    with closing(Decoders({lang: chosen[lang]} if lang in chosen else {})) as decoders:
        transcriber = Transcriber(decoders)
        works = [(path, transcriber.write_down(mulaw_of(path), lang)) for path in files]
        try:
            for path, work in works:
                _tell(path, work.result(), as_json)
        except ModelMissing:
            sys.exit(f"No model here writes {lang} down without a list of words: souffleur models fetch {lang}")
        except SpeechError as error:
            sys.exit(f"The recogniser failed: {type(error).__name__} {error}")
        finally:
            transcriber.close()


def _write_messages() -> None:
    """Every message that has no good transcript, with the models of now."""
    from ivr.embedded import surroundings
    from ivr.house import put_together
    from ivr.messages import Writing, write_down
    from ivr.records.messages import FAILED, NO_MODEL, WRITTEN
    from ivr.speech.models import choices

    with surroundings(Settings.read()) as settings:
        house, engines = put_together(settings), choices(settings.data, os.environ)
        better = "en" in engines and engines["en"].engine != "pocketsphinx"
        house.messages.book.write_anew(*(("pocketsphinx",) if better else ()))
        while write_down(house.messages, Writing(engines), house.clock()):
            pass
        told = house.messages.book.how_written()
    click.echo(f"{sum(count for (_, how), count in told.items() if how == WRITTEN)} recordings are written down.")
    for (language, how), count in sorted(told.items()):
        if how == NO_MODEL:
            click.echo(f"{count} wait for a model of {language}: souffleur models fetch {language}", err=True)
        if how == FAILED:
            click.echo(f"{count} in {language} cannot be written down: the recogniser failed twice.", err=True)
    sys.exit(1 if {NO_MODEL, FAILED} & {how for _, how in told} else 0)


def mulaw_of(path: Path) -> bytes:
    """A file as telephone sound; leaves the program with a sentence when it is none."""
    if path.suffix == ".ulaw":
        return path.read_bytes()
    from prompts.incoming import Refused, read
    from prompts.mulaw import encoded, resampled

    try:
        sound = read(path.read_bytes())
    except Refused as refused:
        sys.exit(f"{path} is no sound that can be read: {refused.reason}")
    return encoded(resampled(sound.samples, sound.rate, 8000))


def _tell(path: Path, guess: Guess, as_json: bool) -> None:
    about = {"file": str(path), "words": guess.text, "confidence": guess.confidence}
    click.echo(json.dumps(about, ensure_ascii=False) if as_json else f"{path}: {guess.text or '—'}")
