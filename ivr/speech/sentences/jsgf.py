"""A question as a JSGF grammar (W3C Note, JSpeech Grammar Format, 2000).

    (<command> | <before> (<phrase> | <sentence>)) <behind>

A row of any phrases costs a third of the right answers (measured on digits) and seconds of decoding, so only numbers
read out in groups allow one; what may follow what in a sentence is written per context in the language's file.
"""

from __future__ import annotations

from collections.abc import Iterable

from ivr.speech.likely import likely_phrases
from ivr.speech.recogniser import Question
from ivr.speech.sentences import Sentences, sentences
from ivr.speech.sounds import plain

COMMAND, ROW = 0.2, 0.001


def phrases_alone(phrases: tuple[str, ...], question: Question) -> str:
    """The grammar of these phrases, which hold only letters, hyphens and apostrophes: nothing to escape."""
    row = f" | /{ROW}/ <phrase> <phrase>+" if question.is_long_entry else ""
    return _written({"phrase": _either(phrases), "said": f"/1.0/ <phrase>{row}"})


def with_sentences(phrases: tuple[str, ...], question: Question) -> str:
    """The grammar of these phrases with what people say around them; nothing where the context has no sentences."""
    known = sentences(question.language)
    return _written(_sentences(phrases, question, known)) if question.context in known.contexts else ""


def _written(rules: dict[str, str]) -> str:
    written = "".join(f"<{name}> = {says};\n" for name, says in rules.items())
    return f"#JSGF V1.0;\ngrammar question;\n{written}public <answer> = <said>;\n"


def _sentences(phrases: tuple[str, ...], question: Question, known: Sentences) -> dict[str, str]:
    everywhere = {plain(each) for each in likely_phrases("everywhere", question.language)}
    commands = [each for each in phrases if each in everywhere]
    others = [each for each in phrases if each not in everywhere]
    return {
        **known.rules,
        "command": _either(commands or phrases),
        "phrase": _either(others or phrases),
        "sentence": known.contexts[question.context],
        "before": _perhaps(known.openings(question.context), known.before),
        "behind": _perhaps(known.closing, known.behind),
        "core": f"/{1 - known.sentence}/ <phrase> | /{known.sentence}/ <sentence>",
        "said": f"(/{COMMAND}/ <command> | /{1 - COMMAND}/ <before> <core>) <behind>",
    }


def _either(said: Iterable[str]) -> str:
    return " | ".join(said)


def _perhaps(said: tuple[str, ...], chance: float) -> str:
    return f"/{1 - chance}/ <NULL> | /{chance}/ ({_either(said)})" if said else "<NULL>"
