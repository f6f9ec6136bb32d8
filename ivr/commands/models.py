"""`souffleur models`: which recogniser models there are, fetch them, check them, put one there by hand."""

from __future__ import annotations

import json
import os
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
    return {
        "language": language,
        "model": known.name if known else "(your own)",
        "size": f"{known.megabytes} MB" if known else "",
        "licence": known.licence if known else "",
        "heard by": used[language].engine if language in used else "nobody yet",
        "folder": str(folder or models.home(data, language)),
    }


@command.command()
@click.argument("languages", nargs=-1, required=True)
@click.option("--from", "source", default=models.SOURCE, show_default=True, help="The Vosk models page or a mirror.")
def fetch(languages: tuple[str, ...], source: str) -> None:
    """Fetch models (`souffleur models fetch fr en`), check every file, install them, and probe them."""
    from ivr.speech.fetching import NotFetched
    from ivr.speech.fetching import fetch as get

    data = Settings.read().data
    unknown = [language for language in languages if language not in models.KNOWN]
    if unknown:
        sys.exit(f"No model is known for: {', '.join(unknown)}. Bring one yourself: souffleur models use FOLDER")
    for language in languages:
        known = models.KNOWN[language]
        try:
            with _bar(known.name) as told:
                folder = get(known, data, source, told)
        except NotFetched as error:
            sys.exit(
                f"{known.name} was not fetched: {error.reason} ({error.address}).\nFetch {known.archive} on a machine "
                f"with a network, copy it here, and: souffleur models use {known.archive} --language {language}"
            )
        except ModelBroken as error:
            sys.exit(
                f"{known.name} came, but is not what was published; nothing was installed: {'; '.join(error.wrong)}"
            )
        click.echo(f"{known.name} is installed in {folder}.")
    _check(languages, as_json=False)


@command.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--language", "-l", help="Two letters; else read from the name (vosk-model-small-fr-0.22).")
def use(folder: Path, language: str | None) -> None:
    """Install a model folder or zip archive that you brought, and probe it."""
    from ivr.speech.fetching import use as put

    language = language or next((part for part in folder.resolve().name.split("-") if len(part) == 2), None)
    if not language or len(language) != 2:
        sys.exit("Which language is it? Say so with --language fr")
    try:
        there = put(folder, language, Settings.read().data)
    except ModelBroken as error:
        sys.exit(f"{folder} is no whole Vosk model; nothing was changed: {'; '.join(error.wrong)}")
    click.echo(f"{folder} is installed in {there}.")
    _check((language,), as_json=False)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(as_json: bool) -> None:
    """Check the files of every model, the words it lacks, and whether telephone sound goes through it."""
    _check((), as_json)


def _check(languages: tuple[str, ...], as_json: bool) -> None:
    from ivr.speech.checking import check_all
    from ivr.speech.unheard import CONTEXTS

    reports = check_all(Settings.read().data, os.environ, CONTEXTS, languages)
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=1))
    for report in () if as_json else reports:
        _tell(report)
    if not reports and not as_json:
        click.echo("No model is installed. souffleur models fetch fr en")
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
