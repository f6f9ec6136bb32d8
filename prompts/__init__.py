"""How it is said: words, phrases and recordings.

`Catalogue.load()` reads every wording; `Voice(catalogue, takes)` turns a prompt's key and raw slots into text, into
pieces for the carrier, or into telephone sound. Audio libraries are loaded by `prompts.audio` and
`prompts.synthetic` only.
"""

from prompts.catalogue import Catalogue, Language, Prompt
from prompts.faults import BadCatalogue, Fault, UnknownPrompt
from prompts.lint import faults_of, missing_for
from prompts.recordings import Piece
from prompts.slots import House
from prompts.voice import Voice

__all__ = [
    "BadCatalogue",
    "Catalogue",
    "Fault",
    "House",
    "Language",
    "Piece",
    "Prompt",
    "UnknownPrompt",
    "Voice",
    "faults_of",
    "missing_for",
]
