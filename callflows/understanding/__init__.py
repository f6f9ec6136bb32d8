"""Understanding: from the words of a caller to the slots of the house, in any language that has a folder here.

`understand` reads a sentence, `vocabulary` lists what may be said to a question, `Programme` is what both know of the
season, `Meaning` what comes out; `certainty` says whether to echo it, to confirm it or to ask again.
"""

from callflows.understanding.engine import understand
from callflows.understanding.language import UnknownLanguage, languages
from callflows.understanding.meaning import UNSURE, Certainty, Meaning, certainty
from callflows.understanding.programme import Programme, Show
from callflows.understanding.vocabulary import unknown_words, vocabulary

__all__ = [
    "UNSURE",
    "Certainty",
    "Meaning",
    "Programme",
    "Show",
    "UnknownLanguage",
    "certainty",
    "languages",
    "understand",
    "unknown_words",
    "vocabulary",
]
