"""Wording files: wording/<language>.toml → languages and prompts, and what is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from prompts.catalogue import Language, Prompt
from prompts.faults import Fault
from prompts.kinds import Kind, UnknownKind
from prompts.template import BadTemplate, parts_of

_FIELDS = {"text", "slots", "note"}

Prompts = dict[tuple[str, str], Prompt]


def read_folder(folder: Path) -> tuple[dict[str, Language], Prompts, tuple[Fault, ...]]:
    """Every language and prompt that can be read in this folder, and what is wrong with the rest."""
    languages: dict[str, Language] = {}
    prompts: Prompts = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        table = _table(path, faults)
        languages[path.stem] = _language(path.stem, table)
        prompts.update({(prompt.language, prompt.key): prompt for prompt in _prompts(path, table, faults)})
    if not languages:
        faults.append(Fault(str(folder), "", "no wording file", "add a <language>.toml to this folder"))
    return languages, prompts, tuple(faults)


def _table(path: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault(path.name, "", f"cannot be read: {error}", "mend the TOML at that place"))
        return {}


def _language(code: str, table: Mapping[str, Any]) -> Language:
    return Language(
        code,
        str(table.get("name", code)),
        str(table.get("locale", code)),
        str(table.get("voice", "")),
        tuple(table.get("fallback", ())),
    )


def _prompts(path: Path, table: Mapping[str, Any], faults: list[Fault]) -> Iterator[Prompt]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _nested(path, name, value, faults)


def _nested(path: Path, key: str, table: Mapping[str, Any], faults: list[Fault]) -> Iterator[Prompt]:
    """A table is a prompt when it holds a text, and a folder of prompts when it holds tables; it may be both."""
    if isinstance(table.get("text"), str):
        prompt = _prompt(path, key, table, faults)
        if prompt:
            yield prompt
    for name, value in table.items():
        if isinstance(value, dict) and name not in _FIELDS:
            yield from _nested(path, f"{key}.{name}", value, faults)
        elif not _is_field(name, value):
            faults.append(Fault(path.name, key, f"«{name}» means nothing here", "a prompt has text, slots and note"))


def _is_field(name: str, value: Any) -> bool:
    return name in _FIELDS and isinstance(value, dict if name == "slots" else str)


def _prompt(path: Path, key: str, table: Mapping[str, Any], faults: list[Fault]) -> Prompt | None:
    slots: dict[str, Kind] = {}
    for name, declared in (table.get("slots") or {}).items():
        try:
            slots[name] = Kind.of(str(declared))
        except UnknownKind as error:
            faults.append(Fault(path.name, key, f"slot «{name}» has no known kind: {error}", "see the kinds in README"))
    try:
        parts_of(table["text"])
    except BadTemplate as error:
        faults.append(Fault(path.name, key, f"braces mean nothing: {error}", "write {slot} or {slot|one|many}"))
        return None
    return Prompt(key, path.stem, table["text"].strip(), MappingProxyType(slots), str(table.get("note", "")))
