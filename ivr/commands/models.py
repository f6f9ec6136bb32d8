"""`souffleur models`: which recogniser models there are, fetch them, check them, put one there by hand."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ivr.settings import Settings
from ivr.speech import models
from ivr.speech.recogniser import ModelBroken


@click.group()
def command() -> None:
    """Models for hearing callers speak. Without any, calls go on by keys, and English is heard by PocketSphinx."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(as_json: bool) -> None:
    """What can be fetched, what is installed, where it lies."""
    data = Settings.read().data
    found, used = models.installed(data, os.environ), models.choices(data, os.environ)
    languages = sorted({*models.KNOWN, *found, *used})
    rows = [_row(language, found.get(language), used, data) for language in languages]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table("language", "model", "size", "licence", "heard by", "folder", title="Recogniser models")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    for language, advice in models.missing(("fr", "en"), data, os.environ).items():
        click.echo(f"{language}: {advice}")


def _row(language: str, folder: Path | None, used: dict[str, Any], data: Path) -> dict[str, str]:
    known = models.KNOWN.get(language)
    if known and folder and not models.looks_like(known, folder):
        known = None
    return {
        "language": language,
        "model": known.name if known else "(your own)",
        "size": f"{known.megabytes} MB" if known else "",
        "licence": known.licence if known else "",
        "heard by": used[language].engine if language in used else "nobody yet",
        "folder": str(folder or models.home(data, language)),
    }


CHECKSUMS = click.option(
    "--checksums", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own list, as `sha256sum` writes it, in place of the checksums we know.",
)  # fmt: skip


@command.command()
@click.argument("languages", nargs=-1, required=True)
@click.option("--from", "source", help="The Vosk models page or a mirror of it; else MODELS_URL.")
@click.option("--again", is_flag=True, help="Fetch even what is here and whole.")
@CHECKSUMS
def fetch(languages: tuple[str, ...], source: str | None, again: bool, checksums: Path | None) -> None:
    """Fetch models (`souffleur models fetch fr en`), check every file, install them, and probe them.

    What is here and whole is not fetched again. An interrupted download goes on where it stopped.
    """
    settings = Settings.read()
    unknown = [language for language in languages if language not in models.KNOWN]
    if unknown:
        sys.exit(f"No model is known for: {', '.join(unknown)}. Bring one yourself: souffleur models use FOLDER")
    failed = [
        language
        for language in languages
        if not _fetched(models.KNOWN[language], settings, source or settings.models_url, again, checksums)
    ]
    if len(failed) < len(languages):
        _check(tuple(language for language in languages if language not in failed), as_json=False, leave=not failed)
    sys.exit(1)


def _fetched(known: models.KnownModel, settings: Settings, source: str, again: bool, checksums: Path | None) -> bool:
    """Is the model here now? What went wrong is said, with the way out."""
    from ivr.speech.downloading import NotFetched
    from ivr.speech.fetching import NotAsPublished, NotInstalled, is_whole
    from ivr.speech.fetching import fetch as get
    from ivr.speech.unpacking import checksums as read

    try:
        published = read(checksums) if checksums else None
        if not again and is_whole(known, settings.data, published):
            click.echo(f"{known.name} is here, and whole: {models.home(settings.data, known.language)}")
            return True
        with _bar(known.name) as told:
            folder = get(known, settings.data, source, told, published)
    except NotFetched as error:
        return _told(
            f"{known.name} was not fetched: {error.reason} ({error.address}).\nFrom a mirror: --from ADDRESS. "
            f"Without a network: fetch {known.archive} elsewhere, copy it here, and\n"
            f"  souffleur models use {known.archive} --language {known.language}"
        )
    except NotAsPublished as error:
        return _told(
            f"{known.name} came, but is not what was published; nothing was installed: {'; '.join(error.wrong)}.\n"
            f"If you know better: --checksums FILE. If you trust this source as it is:\n"
            f"  souffleur models use {error.archive} --language {known.language}"
        )
    except ModelBroken as error:
        return _told(f"{error.folder} is no model; nothing was installed: {'; '.join(error.wrong)}.")
    except NotInstalled as error:
        return _told(f"Nothing was installed in {error.folder}: {error.reason}.")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; the same command goes on where it stopped.")
    click.echo(f"{known.name} is installed in {folder}.")
    return True


def _told(sentence: str) -> bool:
    click.echo(sentence, err=True)
    return False


@command.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--language", "-l", help="Two letters; else read from the name (vosk-model-small-fr-0.22).")
@CHECKSUMS
def use(folder: Path, language: str | None, checksums: Path | None) -> None:
    """Install a model folder or zip archive that you brought, and probe it."""
    from ivr.speech.fetching import NotInstalled
    from ivr.speech.fetching import use as put
    from ivr.speech.unpacking import checksums as read

    language = language or _language_in(folder.resolve().name)
    if not re.fullmatch("[a-z]{2}", language):
        sys.exit("Which language is it? Say so with --language fr")
    try:
        there = put(folder, language, Settings.read().data, read(checksums) if checksums else ())
    except ModelBroken as error:
        sys.exit(f"{error.folder} is no whole Vosk model; nothing was changed: {'; '.join(error.wrong)}")
    except NotInstalled as error:
        sys.exit(f"Nothing was installed in {error.folder}: {error.reason}.")
    click.echo(f"{folder} is installed in {there}.")
    _check((language,), as_json=False)


def _language_in(name: str) -> str:
    """`vosk-model-small-fr-0.22` is French."""
    found = re.match(r"vosk-model-(?:small-)?([a-z]{2})(?:-|$)", name)
    return found[1] if found else ""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(as_json: bool) -> None:
    """Check the files of every model, the words it lacks, and whether telephone sound goes through it."""
    _check((), as_json)


def _check(languages: tuple[str, ...], as_json: bool, leave: bool = True) -> None:
    from ivr.speech.checking import check_all
    from ivr.speech.unheard import CONTEXTS

    reports = check_all(Settings.read().data, os.environ, CONTEXTS, languages)
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=1))
    for report in () if as_json else reports:
        _tell(report)
    if not reports and not as_json:
        click.echo("No model is installed. souffleur models fetch fr en")
    if leave:
        sys.exit(0 if all(report["good"] for report in reports) else 1)


def _tell(report: dict[str, Any]) -> None:
    click.secho(f"{report['language']}: {report['engine']} {report['folder']}", bold=True)
    for fault in report["faults"]:
        click.secho(f"  ✗ {fault}", fg="red")
    for each in report["contexts"]:
        unheard = each["unheard"]
        sample = f", not: {', '.join(unheard[:8])}{' …' if len(unheard) > 8 else ''}" if unheard else ""
        click.echo(
            f"  {each['context']:<15} {each['phrases'] - len(unheard)} of {each['phrases']} phrases heard{sample}"
        )
    if report["decodes"]:
        click.echo(f"  telephone sound goes through: a second in {report['milliseconds']} ms")


def _bar(name: str) -> Any:
    """A progress bar as a context that gives the function to be told."""
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(name, total=None)
            yield lambda here, of: progress.update(task, completed=here, total=of or None)

    return shown()
