"""The models a house may use: which there are, what they weigh, under which licence, where they lie.

A model lies in `<data>/models/<language>`, fetched or put there by hand, or wherever VOSK_MODEL_FR, VOSK_MODEL_EN …
point (a container image that carries it). English without a Vosk model falls back to PocketSphinx, whose model is
in its wheel.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.speech.engines import Choice

VARIABLE = "VOSK_MODEL_"


@dataclass(frozen=True)
class Part:
    """One file of a model, and how to know that it is whole: its size, and a SHA-256 or a git blob id."""

    name: str
    size: int = 0
    sha256: str = ""
    git_blob: str = ""


@dataclass(frozen=True)
class KnownModel:
    """A model that can be fetched."""

    language: str
    name: str
    megabytes: int
    licence: str
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def archive(self) -> str:
        """Its file at the source."""
        return f"{self.name}.zip"


_FRENCH = (
    Part("am/final.mdl", 15978979, "580d99752e3f6f31fb4a03403b0b2a3a78b9665937e2823668b46d9c9ce1a1a1"),
    Part("conf/mfcc.conf", 153, "6c326fea5741c2d78be12f76eb1b36ea2ace040da9e355e4cfe6bb80e5f7d5ab"),
    Part("conf/model.conf", 289, "d8d91d310a9659fed2d89f8ea4996af6163a43c3ab008cd278e4264120551712"),
    Part("graph/Gr.fst", 24029163, "4d5aefc6af664d1c47979ae3b9eb7e972c196e843ff4eee65e4c7b0c064723cf"),
    Part("graph/HCLr.fst", 18331442, "6562aee2cffac5ad2e569584bc8ca22b1bae0ce9e6e03f0f9898d9d7c267eaa5"),
    Part("graph/disambig_tid.int", 380, "fd844580478d2c0dbb01e408f77fce92a343a9fe05c304fea57a0d8e3122d7b1"),
    Part("graph/phones/word_boundary.int", 1626, "262452069835201f18fd4de64c4816a2333a54c80b4114084d75e1c4eb273836"),
    Part("ivector/final.dubm", 168048, "15c6736f097e9a1fbc3811a75a666da39cb9aa4526acea29d25f2a3003357acc"),
    Part("ivector/final.ie", 9927287, "bd52bc5aeef1f35349c7a6fd3fb671a4a877ba04181da30d99f2cf01d4b75dd5"),
    Part("ivector/final.mat", 44975, "61818a44ae3519708e9a31701da4ab351f3e19d7bd3e4ddfd820fd7f121cfad0"),
)
_ENGLISH = (
    Part("am/final.mdl", git_blob="5596b31d4fb9735918975e48abfc04582a561393"),
    Part("graph/HCLr.fst", git_blob="9797b2628cba6119d8b9a7dbd9a2cd78126e4075"),
    Part("graph/Gr.fst", git_blob="1f292e6398e94f0c99707d9b205f26056ffb6ac8"),
    Part("ivector/final.ie", git_blob="93737bf720d6e9e3eed4d0e87431614e33f533b8"),
)
KNOWN: Mapping[str, KnownModel] = {
    "fr": KnownModel("fr", "vosk-model-small-fr-0.22", 41, "Apache-2.0", _FRENCH),
    "en": KnownModel("en", "vosk-model-small-en-us-0.15", 40, "Apache-2.0", _ENGLISH),
}


def home(data: Path, language: str) -> Path:
    """Where this house keeps its model of a language."""
    return data / "models" / language


def looks_like(known: KnownModel, folder: Path) -> bool:
    """Is it that model, as far as sizes tell?"""
    sizes = {part.name: part.size for part in known.parts if part.size}
    return all((folder / name).is_file() and (folder / name).stat().st_size == size for name, size in sizes.items())


def installed(data: Path, environment: Mapping[str, str]) -> dict[str, Path]:
    """Language -> folder, for every model that is there; a variable wins over the data folder."""
    folders = {path.name: path for path in sorted((data / "models").glob("??")) if path.is_dir()}
    return folders | dict(_named(environment))


def _named(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for name, folder in environment.items():
        if name.startswith(VARIABLE) and len(name) == len(VARIABLE) + 2 and folder:
            yield name[-2:].lower(), Path(folder)


def choices(data: Path, environment: Mapping[str, str]) -> dict[str, Choice]:
    """The engine for every language that can be heard here."""
    found = {language: Choice("vosk", str(folder)) for language, folder in installed(data, environment).items()}
    if "en" not in found and importlib.util.find_spec("pocketsphinx"):
        found["en"] = Choice("pocketsphinx")
    return found


def missing(languages: tuple[str, ...], data: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Language -> what to do about it, for every language that is not heard, or could be heard better."""
    heard = choices(data, environment)
    advice: dict[str, str] = {}
    for language in languages:
        if language not in heard:
            advice[language] = (
                f"souffleur models fetch {language}" if language in KNOWN else "souffleur models use FOLDER"
            )
        elif heard[language].engine == "pocketsphinx":
            advice[language] = f"souffleur models fetch {language}  (heard by PocketSphinx until then, less well)"
    return advice
