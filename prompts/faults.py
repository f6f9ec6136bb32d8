"""Fault: what is wrong with a wording file, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend: the file, the prompt's key (or "" for the whole file), what is wrong, the remedy."""

    file: str
    key: str
    what: str
    remedy: str
    severe: bool = True
    """False for a warning: the call goes on, but somebody should look."""

    def __str__(self) -> str:
        place = f"{self.file} [{self.key}]" if self.key else self.file
        return f"{place}: {self.what} → {self.remedy}"


class BadCatalogue(Exception):
    """The wording cannot be used; `faults` says everything that is wrong at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class UnknownPrompt(KeyError):
    """No language has a prompt with this `key`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
