"""Mix: which callers telephone, how often, and by which rules they answer; read from a file."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any


class BadMix(ValueError):
    """A mix that cannot be played; names file, caller and what is wrong."""


@dataclass(frozen=True)
class Rule:
    """What is answered when these words were just heard."""

    hears: re.Pattern[str]
    presses: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    hangs_up: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of caller."""

    name: str
    weight: float
    rules: tuple[Rule, ...]
    language: str = ""
    thinks: tuple[float, float] = (0.3, 2.0)
    hesitates: float = 0.0
    hangs_up_after: tuple[float, float] | None = None
    patience: float = 60.0
    aloud: tuple[Rule, ...] = ()
    """What is done turn by turn on a media stream, where only sound is heard and no words; the last is repeated."""
    met: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Mix:
    """All kinds, with their shares."""

    title: str
    kinds: tuple[Kind, ...]
    apology: re.Pattern[str] | None = None
    """What the product says when it could not do what it should; a call that hears it counts as an error."""

    def choose(self, chance: random.Random) -> Kind:
        """One of them, by weight."""
        return chance.choices(self.kinds, [kind.weight for kind in self.kinds])[0]


def read_mix(name: str) -> Mix:
    """A mix by its file, or by the name of one that comes with the program."""
    path = Path(name)
    shipped = files("ivr.simulator").joinpath("mixes", f"{name}.toml")
    if not path.is_file() and not shipped.is_file():
        raise BadMix(f"{name}: no such file, and none of the mixes {', '.join(shipped_mixes())}")
    text = path.read_text("utf-8") if path.is_file() else shipped.read_text("utf-8")
    try:
        data = tomllib.loads(text)
        apology = _pattern(data["apology"]) if "apology" in data else None
        return Mix(data.get("title", name), tuple(_kind(entry) for entry in data["caller"]), apology)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise BadMix(f"{name}: {type(error).__name__}: {error}") from None


def shipped_mixes() -> tuple[str, ...]:
    """The names of the mixes that come with the program."""
    folder = files("ivr.simulator").joinpath("mixes")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _kind(entry: dict[str, Any]) -> Kind:
    after = entry.get("hangs_up_after")
    return Kind(
        entry["name"],
        float(entry.get("weight", 1)),
        tuple(_rule(rule) for rule in entry.get("answers", ())),
        entry.get("language", ""),
        tuple(entry.get("thinks", (0.3, 2.0))),
        float(entry.get("hesitates", 0)),
        tuple(after) if after else None,
        float(entry.get("patience", 60)),
        tuple(_turn(turn) for turn in entry.get("aloud", ())),
        _pattern(entry["met"]) if "met" in entry else None,
    )


def _turn(entry: dict[str, Any]) -> Rule:
    """A rule for whatever is heard."""
    return _rule({"hears": ""} | entry)


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        _pattern(entry["hears"]),
        _several(entry.get("presses")),
        _several(entry.get("says")),
        bool(entry.get("hangs_up")),
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _several(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
