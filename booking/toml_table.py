"""A TOML file read with care: every complaint names the file, the place in it, and what would mend it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from booking.errors import BadSeason

Value = TypeVar("Value")
_KINDS = {
    int: "a whole number", str: "a text in quotes", bool: "true or false", list: "a list", dict: "a table",
    float: "a number", date: "a day such as 2026-12-31", datetime: "a moment such as 2026-12-31T19:30:00",
    time: "a time such as 09:00:00",
}  # fmt: skip


def read_toml(path: Path) -> Table:
    """The whole file as a table; BadSeason if it is not there or is not TOML."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSeason(str(path), "the file", f"name a file that can be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSeason(str(path), "the file", f"write it as TOML in UTF-8: {error}") from error
    return Table(path.name, "", content)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file, and where it stands (`sections.ORCH.rows[3]`)."""

    file: str
    place: str
    content: Mapping[str, Any]

    def wrong(self, remedy: str, key: str = "") -> NoReturn:
        """Refuse the file: something at this place (or at a key of it) must be mended."""
        raise BadSeason(self.file, self._at(key) or "the file", remedy)

    def get(self, key: str, kind: type[Value], default: Value | None = None) -> Value:
        """The value of a key, of the kind asked for; without a default the key must be there."""
        value = self.content.get(key, default)
        if value is None:
            self.wrong(f"add `{key}`: {_KINDS[kind]}", key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(f"make it {_KINDS[kind]}, not {value!r}", key)
        return value

    def maybe(self, key: str, kind: type[Value]) -> Value | None:
        """The value of a key, or None where it is absent."""
        return self.get(key, kind) if key in self.content else None

    def each(self, key: str, kind: type[Value], default: list[Value] | None = None) -> tuple[Value, ...]:
        """A list whose members are all of one kind."""
        members = self.get(key, list, default)
        for index, member in enumerate(members):
            if not isinstance(member, kind) or (kind is int and isinstance(member, bool)):
                self.wrong(f"make it {_KINDS[kind]}, not {member!r}", f"{key}[{index}]")
        return tuple(members)

    def word(self, key: str, words: tuple[str, ...], default: str | None = None) -> Any:
        """A text that must be one of a few words."""
        value = self.get(key, str, default)
        if value not in words:
            self.wrong(f"use one of {', '.join(words)}, not {value!r}", key)
        return value

    def table(self, key: str, default: dict[str, Any] | None = None) -> Table:
        """The table under a key."""
        return Table(self.file, self._at(key), self.get(key, dict, default))

    def tables(self, key: str, named_by: str = "") -> Iterator[Table]:
        """The tables of a list, each at the place of its name or number."""
        for index, member in enumerate(self.each(key, dict)):
            name = f"{key}.{member[named_by]}" if named_by in member else f"{key}[{index}]"
            yield Table(self.file, self._at(name), member)

    def texts(self, key: str) -> Mapping[str, str]:
        """A text in several languages, French at least."""
        table = self.table(key)
        if "fr" not in table.content:
            table.wrong("add the French text: fr = \"…\"")
        return {language: table.get(language, str) for language in table.content}

    def only(self, *keys: str) -> None:
        """Refuse keys that mean nothing here: a misspelt key is a rule that silently does not hold."""
        for key in self.content:
            if key not in keys:
                self.wrong(f"remove or correct it; known here: {', '.join(keys)}", key)

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}".strip(".")
