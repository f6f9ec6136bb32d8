"""What is wrong with the installed models, and what they cannot hear: for the command line and the studio."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from booking import read_season
from callflows.understanding import Programme, UnknownLanguage, vocabulary
from ivr.speech import models
from ivr.speech.engines import Choice, load
from ivr.speech.likely import likely_phrases
from ivr.speech.numerals import in_words
from ivr.speech.probe import probe
from ivr.speech.unpacking import faults

OF_THIS_LANGUAGE = 0.8
"""Share of our phrases that a model of the right language hears: the poorest word list that was tried, 98 %."""


def check_all(
    data: Path, environment: Mapping[str, str], contexts: tuple[str, ...], languages: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """One report for each language that is heard here, or for these; plain data."""
    chosen = models.choices(data, environment)
    wanted = {language: choice for language, choice in chosen.items() if not languages or language in languages}
    return [_told(language, choice, contexts) for language, choice in wanted.items()]


def _told(language: str, choice: Choice, contexts: tuple[str, ...]) -> dict[str, Any]:
    """The report of a process of its own: a damaged model may kill the one that tries it."""
    about = json.dumps([language, choice.engine, choice.folder, *contexts])
    tried = subprocess.run([sys.executable, "-m", "ivr.speech.checking", about], capture_output=True, text=True)
    if tried.returncode == 0:
        report: dict[str, Any] = json.loads(tried.stdout)
        return report
    dies = "a file is cut off or damaged: listening with it kills the process"
    return _blank(language, choice) | {"faults": [*_file_faults(language, choice), dies]}


def vocabularies(language: str, contexts: tuple[str, ...], programme: Programme) -> dict[str, tuple[str, ...]]:
    """What may be said to each question; nothing in a language that the understanding does not know."""
    try:
        known = {context: vocabulary(context, language=language, programme=programme) for context in contexts}
    except UnknownLanguage:
        return {}
    return {
        context: tuple(in_words(each, language) for each in (*likely_phrases(context, language), *phrases))
        for context, phrases in known.items()
    }


def _report(language: str, choice: Choice, contexts: tuple[str, ...], programme: Programme) -> dict[str, Any]:
    about = _blank(language, choice) | {"faults": _file_faults(language, choice)}
    engines = load({language: choice})
    if language in engines.broken:
        error = engines.broken[language]
        about["faults"] = [*about["faults"], f"{type(error).__name__}: {error}"]
        return about
    found = probe(engines, language, vocabularies(language, contexts, programme))
    about |= {"contexts": [asdict(each) for each in found.contexts], "decodes": found.decodes}
    about |= {"milliseconds": found.milliseconds, "good": found.is_good and not about["faults"]}
    if found.error:
        about["faults"] = [*about["faults"], found.error]
    if choice.engine == "vosk" and found.share < OF_THIS_LANGUAGE:
        told = f"it hears {found.share:.0%} of our phrases: is this a model for «{language}»?"
        about |= {"faults": [*about["faults"], told], "good": False}
    return about


def _blank(language: str, choice: Choice) -> dict[str, Any]:
    return {
        "language": language, "engine": choice.engine, "folder": choice.folder, "faults": [], "contexts": [],
        "decodes": False, "milliseconds": 0.0, "good": False,
    }  # fmt: skip


def _file_faults(language: str, choice: Choice) -> list[str]:
    """Checksums count only for the model that we know under its own name: another one may be as good."""
    if choice.engine != "vosk":
        return []
    folder, known = Path(choice.folder), models.KNOWN.get(language)
    is_ours = known is not None and models.looks_like(known, folder)
    return list(faults(folder, known.parts if known and is_ours else ()))


if __name__ == "__main__":
    _language, _engine, _folder, *_contexts = json.loads(sys.argv[1])
    _season = Programme.of(read_season().productions)
    print(json.dumps(_report(_language, Choice(_engine, _folder), tuple(_contexts), _season)))
