"""Vosk: one shared model per language, one recogniser per question, always with a guarded grammar.

A recogniser composes its graph while it listens: half of the work where phrases are thousands. What the nursery has
learnt is therefore composed ahead (`VoskModel.learn`), and kept for a line's next answer to the same question.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ivr.speech.aliases import spoken_aliases
from ivr.speech.gibberish import gibberish
from ivr.speech.grammar import UNKNOWN, Grammar, build, lost
from ivr.speech.recogniser import Guess, ModelBroken, ModelMissing, NothingToHear, Question

RATE = 16000
PARTS = ("am/final.mdl", "conf/model.conf", "conf/mfcc.conf")
"""Without these a folder is no model, whatever else lies in it."""
GRAPHS = (("graph/HCLr.fst", "graph/Gr.fst"), ("graph/HCLG.fst",))
"""And one of these pairs: a small model composes its graph while it listens, a large one has it whole."""
MOST_LEARNT = 96
"""Questions for which a recogniser is kept ready: those of two languages."""
LESSON_SECONDS = 6
"""Of gibberish, heard ahead. White noise, or half as much, leaves a sixth more of the graph's work to the callers."""
SILENCE = bytes(640)


class VoskModel:
    """One language's model, loaded once; safe for many threads."""

    def __init__(self, language: str, folder: Path) -> None:
        self.language, self.folder = language, folder
        self._model = _loaded(language, folder)
        self._grammars = lru_cache(maxsize=128)(self._grammar)
        self._learnt: OrderedDict[frozenset[str], Any] = OrderedDict()

    def knows(self, word: str) -> bool:
        """Is the word in the model's vocabulary?"""
        return bool(word) and self._model.vosk_model_find_word(word) >= 0

    def grammar(self, phrases: tuple[str, ...]) -> Grammar:
        """The guarded grammar of these phrases; raises NothingToHear."""
        return self._grammars(phrases)

    def recogniser(self, phrases: tuple[str, ...], *, open_words: bool = False) -> VoskRecogniser:
        """A recogniser for one answer; only recorded messages are heard with `open_words`."""
        import vosk

        if open_words:
            return VoskRecogniser(vosk.KaldiRecognizer(self._model, RATE), None)
        grammar = self.grammar(phrases)
        asked = frozenset(grammar.phrases)  # in whatever order, in capitals or not: the graph is the same
        if (kept := self._learnt.get(asked)) is None:
            return VoskRecogniser(self._new(grammar), grammar)
        self._learnt[asked] = None  # two at once cannot have the same
        return VoskRecogniser(kept, grammar, self._keeping(asked))

    def learn(self, phrases: tuple[str, ...]) -> Iterator[None]:
        """Make a recogniser ahead and let it hear gibberish, in steps of less than 0.1 s; raises NothingToHear."""
        grammar = self.grammar(phrases)
        asked = frozenset(grammar.phrases)
        if asked in self._learnt:
            self._learnt.move_to_end(asked)  # it is asked more than what was not taught again
            return
        yield
        recogniser = VoskRecogniser(self._new(grammar), grammar, self._keeping(asked))
        for second in range(LESSON_SECONDS):
            yield
            recogniser.feed(gibberish(second))
        recogniser.close()
        if len(self._learnt) > MOST_LEARNT:
            self._learnt.popitem(last=False)

    def _new(self, grammar: Grammar) -> Any:
        import vosk

        return vosk.KaldiRecognizer(self._model, RATE, grammar.as_json())

    def _keeping(self, asked: frozenset[str]) -> Callable[[Any], None]:
        return lambda spent: self._learnt.update({asked: spent})

    def _grammar(self, phrases: tuple[str, ...]) -> Grammar:
        return build(phrases, self.knows, self.language, spoken_aliases(self.language))


def missing_parts(folder: Path) -> tuple[str, ...]:
    """What a model's folder lacks."""
    lacking = [tuple(part for part in graph if not (folder / part).is_file()) for graph in GRAPHS]
    return (*(part for part in PARTS if not (folder / part).is_file()), *(() if () in lacking else lacking[0]))


def _loaded(language: str, folder: Path) -> Any:
    import vosk

    if not folder.is_dir():
        raise ModelMissing(language, str(folder))
    if missing := missing_parts(folder):
        raise ModelBroken(str(folder), missing)
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(folder))
    except Exception as error:  # Vosk raises the bare class
        raise ModelBroken(str(folder), (str(error),)) from error


class VoskRecogniser:
    """One answer; Vosk may end a stretch by itself, so the stretches are put together.

    What is given to `keep` at the end has forgotten the answer. Vosk begins with new features, a new speaker and a new
    search only after the final result of a stretch under way (0.3.45, recognizer.cc, `CleanUp`); after `Reset`, or a
    stretch that it ended itself, it would go on with the voice of whoever spoke before.
    """

    def __init__(self, recogniser: Any, grammar: Grammar | None, keep: Callable[[Any], None] | None = None) -> None:
        self._recogniser, self._grammar, self._keep = recogniser, grammar, keep
        self._recogniser.SetWords(True)
        self._words: list[tuple[str, float]] = []
        self._ended = False
        self._lock = threading.Lock()

    def feed(self, pcm16k: bytes) -> None:
        """Decode the next stretch."""
        if not pcm16k:
            return
        with self._lock:
            self._ended = bool(self._recogniser.AcceptWaveform(pcm16k))
            if self._ended:
                self._note(self._recogniser.Result())

    def partial(self) -> str:
        """The words so far."""
        with self._lock:
            rest = json.loads(self._recogniser.PartialResult()).get("partial", "")
            return self._restored(" ".join([*(word for word, _ in self._words), rest]))

    def finish(self) -> Guess:
        """All words, and the mean of the confidences Vosk gave them."""
        with self._lock:
            self._note(self._recogniser.FinalResult())
            sure = [confidence for word, confidence in self._words if word != UNKNOWN]
            text = self._restored(" ".join(word for word, _ in self._words))
        self.close()
        return Guess(text, sum(sure) / len(sure) if sure else None)

    def close(self) -> None:
        """Let it be kept for another answer, or die with this object; harmless when repeated."""
        keep, self._keep = self._keep, None
        if keep is None:
            return
        with self._lock:
            if self._ended:
                self._recogniser.AcceptWaveform(SILENCE)
            self._recogniser.FinalResult()
        keep(self._recogniser)

    def _note(self, result: str) -> None:
        self._words += [(each["word"], float(each.get("conf", 0))) for each in json.loads(result).get("result", ())]

    def _restored(self, text: str) -> str:
        return self._grammar.restore(text) if self._grammar else " ".join(text.split())


class VoskEngine:
    """The models of a house."""

    name = "vosk"

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.models = {language: VoskModel(language, folder) for language, folder in folders.items()}
        self.languages = tuple(self.models)

    def listen(self, question: Question) -> VoskRecogniser:
        """A recogniser for this question; raises NothingToHear or ModelMissing."""
        return self._model(question.language).recogniser(question.phrases, open_words=question.open)

    def learn(self, language: str, phrases: tuple[str, ...]) -> Iterator[None]:
        """Get ready for a question that will be asked again, step by step; raises NothingToHear or ModelMissing."""
        return self._model(language).learn(phrases)

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Phrases with a word that is neither known nor has a stand-in, unless they sound like one that is heard."""
        try:
            unheard = self._model(language).grammar(phrases).unheard
        except NothingToHear as nothing:
            unheard = nothing.unheard
        return lost(phrases, unheard, language)

    def _model(self, language: str) -> VoskModel:
        model = self.models.get(language[:2])
        if model is None:
            raise ModelMissing(language)
        return model
