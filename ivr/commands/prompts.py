"""`souffleur prompts check | script | coverage | say | import`: what is said, and what is recorded of it."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from ivr.database import engine_for
from ivr.records.takes import takes_in
from ivr.settings import Settings
from prompts import Catalogue, Fault, Voice, faults_of, missing_for
from prompts.recordings import NoRecordings, Recordings
from prompts.script import Coverage, counted, coverage
from prompts.script import script as to_read
from prompts.takes import Published, Takes

_PACKAGES = ("callflows", "ivr")
_LANG = click.option("--lang", default="fr", show_default=True, help="The language, as its wording file is called.")
_JSON = click.option("--json", "as_json", is_flag=True, help="For a machine to read.")


@click.group()
def command() -> None:
    """What the telephone says: check the wordings, see what is recorded, print the speaker's script, listen."""


@command.command()
@_JSON
def check(as_json: bool) -> None:
    """Every key that flows use is written in every language, with the same slots; every text can be said.

    Published recordings are listened to again. Ends with 1 when something must be mended; doubts are shown and change
    nothing.
    """
    found = (*check_prompts(), *_check_takes())
    _tell(found, lambda fault: f"{'' if fault.severe else 'doubt: '}{fault}", as_json, err=True)
    if any(fault.severe for fault in found):
        sys.exit(1)
    catalogue, _ = Catalogue.read()
    if not as_json:
        click.echo(f"{len(catalogue.keys())} prompts in {len(catalogue.languages)} languages: all can be said.")


@command.command(name="coverage")
@click.option("--state", help="Only these: recorded, partly, outdated, spoken, missing or unused.")
@_JSON
def coverage_(state: str | None, as_json: bool) -> None:
    """How every prompt is heard: recorded, spoken by the synthetic voice, missing, or said by nobody."""
    lines = coverage(Catalogue.load(), _recordings(), used_keys())
    if as_json:
        click.echo(json.dumps({"counts": counted(lines), "prompts": [asdict(line) for line in lines]}, indent=1))
        return
    if state:
        _tell([line for line in lines if line.state == state], _covered, as_json)
        return
    for language, states in counted(lines).items():
        click.echo(f"{language}: " + ", ".join(f"{many} {name}" for name, many in states.items() if many))


@command.command()
@_LANG
@click.option("--phrases", is_flag=True, help="Also the words of numbers, prices, dates, times and seats.")
@_JSON
def script(lang: str, phrases: bool, as_json: bool) -> None:
    """Print what the speaker still has to record, in the order of the dialogue."""
    lines = list(to_read(_spoken(lang), lang, _recordings(), order=used_keys(), phrases=phrases))
    _tell(lines, lambda one: f"{one.key}\n    «{one.words}»" + (f"\n    ({one.note})" if one.note else ""), as_json)
    if not as_json:
        click.echo(f"{len(lines)} to record.", err=True)


@command.command()
@click.argument("key")
@click.argument("slots", nargs=-1, metavar="[SLOT=VALUE]…")
@_LANG
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the telephone sound to a WAV file.")
@_JSON
def say(key: str, slots: tuple[str, ...], lang: str, out: Path | None, as_json: bool) -> None:
    """Say one prompt, for example: souffleur prompts say buy.how_many --lang en

    Values are JSON where they can be read as JSON, text otherwise: price=18000 date=2026-12-12 'seats=[{"row": 12,
    "number": 15}]'.
    """
    catalogue = _spoken(lang)
    if key not in catalogue:
        raise click.BadParameter(f"no prompt «{key}»; `souffleur prompts coverage --json` lists all", param_hint="KEY")
    voice = Voice(catalogue, _recordings(), report=lambda what, at, language: click.echo(f"{what}: {at}", err=True))
    values = dict(_slot(slot) for slot in slots)
    _tell(voice.pieces(key, values, lang), lambda piece: f"{piece.take or 'spoken'}  {piece.text}", as_json)
    if out:
        _write_sound(voice, key, values, lang, out)


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, help="The prompt, or one of its fragments (`buy.offer#1`).")
@_LANG
@click.option("--by", default="command line", show_default=True, help="Who spoke or brought it.")
@click.option("--publish", is_flag=True, help="Let callers hear it from the next call on.")
def import_(file: Path, key: str, lang: str, by: str, publish: bool) -> None:
    """Take a sound file as a recording of a prompt: judged, trimmed, levelled, as in the studio."""
    from prompts.recording import Refused, record  # loads numpy and pydub: only when somebody records

    takes = _house_takes()
    try:
        take = record(takes, _spoken(lang), key, lang, file.read_bytes(), by=by, source="upload", at=_now())
    except Refused as refused:
        facts = ", ".join(f"{name} {value}" for name, value in refused.facts.items())
        raise click.ClickException(
            f"{file.name} is refused: {refused.reason}" + (f" ({facts})" if facts else "")
        ) from None
    click.echo(f"take {take.id}: {take.seconds:.1f} s, {take.loudness:.1f} LUFS, {take.address}")
    if publish:
        click.echo(f"published as revision {takes.publish(take.id, by)}")


def check_prompts(used: Iterable[str] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with the wordings, crossed with the keys that flows use (by default, of all flows)."""
    catalogue, faults = Catalogue.read()
    return (*faults, *faults_of(catalogue), *missing_for(catalogue, flow_keys() if used is None else used))


def _check_takes() -> tuple[Fault, ...]:
    """What is wrong with the recordings that callers hear now."""
    recordings = _recordings()
    if not isinstance(recordings, Published) or not recordings.takes:
        return ()
    from prompts.soundness import faults_of_takes  # loads numpy: only when there is something to hear

    return faults_of_takes(recordings)


def flow_keys() -> tuple[str, ...]:
    """The prompts of all flows, in the order of the dialogue."""
    from callflows import ALL_FLOWS  # with its data it takes a moment, which `say` need not wait for
    from callflows.check import prompts_of

    steps = (step for flow in ALL_FLOWS.values() for step in flow.steps.values())
    return tuple(dict.fromkeys(key for step in steps for key in prompts_of(step)))


def used_keys() -> tuple[str, ...]:
    """The prompts of all flows, then those that the engine, the telephone and the queue name in their code."""
    catalogue, _ = Catalogue.read()
    named = set(_strings_in_code())
    heads = tuple(name for name in named if name.endswith("."))
    written = catalogue.keys()
    elsewhere = (key for key in written if key in named or key.startswith(heads))
    return tuple(dict.fromkeys((*flow_keys(), *elsewhere)))


def _strings_in_code() -> Iterator[str]:
    """Words in quotes that look like keys; «refused.» at the head of a composed key stands for all that begin so."""
    root = Path(__file__).parents[2]
    for path in (path for package in _PACKAGES for path in sorted((root / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value[1:]:
                yield node.value


def _spoken(lang: str) -> Catalogue:
    catalogue = Catalogue.load()
    if lang not in catalogue.languages:
        raise click.BadParameter(
            f"«{lang}» has no wording; there are {', '.join(catalogue.languages)}", param_hint="--lang"
        )
    return catalogue


def _house_takes() -> Takes:
    settings = Settings.read()
    return takes_in(settings.data, engine_for(settings.database), _now)


def _recordings() -> Recordings:
    """The published takes; none where no database has been made yet."""
    settings = Settings.read()
    if not settings.database_url and not (settings.data / "souffleur.sqlite").exists():
        return NoRecordings()
    try:
        return _house_takes().at()
    except SQLAlchemyError as error:
        click.echo(f"The recordings cannot be read ({type(error).__name__}); all is taken as spoken.", err=True)
        return NoRecordings()


def _now() -> datetime:
    return datetime.now(UTC)


def _slot(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals:
        raise click.BadParameter(f"«{given}» is not SLOT=VALUE", param_hint="SLOT")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _write_sound(voice: Voice, key: str, values: dict[str, Any], lang: str, out: Path) -> None:
    from prompts.mulaw_wav import wrapped
    from prompts.synthetic import SyntheticVoice

    speaking = Voice(
        voice.catalogue, voice.takes, speaker=SyntheticVoice(Settings.read().data / "voice"), report=voice.report
    )
    out.write_bytes(wrapped(speaking.sound(key, values, lang)))
    click.echo(f"{out} written", err=True)


def _covered(line: Coverage) -> str:
    return f"{line.language} {line.state:9} {line.key}  {line.text}"


def _tell(found: Iterable[Any], line: Callable[[Any], str], as_json: bool, *, err: bool = False) -> None:
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))
        return
    for one in found:
        click.echo(line(one), err=err)
