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
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", default="fr", show_default=True, help="The language that is spoken.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: file, words, confidence.")
def command(files: tuple[Path, ...], lang: str, as_json: bool) -> None:
    """Write down what is said in FILES (WAV, MP3, …; `.ulaw` is raw telephone sound).

    For messages and other recordings, in the language's Vosk model; nothing leaves this machine. Leaves with 1 when a
    file could not be written down.
    """
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
