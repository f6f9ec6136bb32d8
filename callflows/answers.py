"""Answers: what a question expects; from keys to a value, and to what we listen for.

Words become slots in `understanding`; an answer only says which slot counts. Keys are read here, against the question
*as it was put*: `asked` holds the options that the caller really heard.

    Number  YesNo  Choice  Title  DayMonth  Digits  Recording
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from callflows.errors import NotUnderstood
from callflows.keypad import spellings
from callflows.options import words_for

if TYPE_CHECKING:
    from callflows.language import Call

Asked = dict[str, Any]
"""A question as it was put, as JSON: its step, prompt, context and options."""


@dataclass(frozen=True)
class Option:
    """One thing to choose: its value, its key, the words that name it, and the slots of the sentence that offers it.

    That sentence is the question's `each`, unless the option brings a `prompt` of its own; a hidden one is not offered.
    """

    value: Any
    key: str
    words: tuple[str, ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    prompt: str = ""
    hidden: bool = False
    confirm: str = ""
    """«yes» or «no», when a bare yes or no means this option."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the question."""
        return {"value": self.value, "key": self.key, "words": list(self.words), "confirm": self.confirm, **self.slots}


@dataclass(frozen=True)
class Answer:
    """What every kind of answer has: how many keys, how patient, and which context the understanding is told."""

    digits: int | None = 1
    patience: str = "short"
    seconds: int = 10
    speech: bool = True
    secret: bool = False
    each: str = ""
    context: str = "any"

    def options(self, call: Call) -> Sequence[Option]:
        """What may be chosen now; only a Choice offers something."""
        return ()

    def by_keys(self, keys: str, asked: Asked, call: Call) -> Any:
        """The value of the keys pressed, or NotUnderstood."""
        raise NotUnderstood(keys)

    def by_slots(self, slots: dict[str, Any], asked: Asked) -> Any:
        """A value hidden in slots other than the question's own, or NotUnderstood."""
        raise NotUnderstood


@dataclass(frozen=True)
class Number(Answer):
    """A whole number from `low` to `high`."""

    low: int = 1
    high: int = 99
    digits: int | None = 2
    context: str = "ask_quantity"

    def by_keys(self, keys: str, asked: Asked, call: Call) -> int:
        """«12» is twelve."""
        if not keys.isdecimal() or not self.low <= int(keys) <= self.high:
            raise NotUnderstood(keys)
        return int(keys)


@dataclass(frozen=True)
class YesNo(Answer):
    """Key 1 or yes, key 2 or no; `asides` are further things one may say here, without a key."""

    context: str = "confirm"
    asides: Callable[[Call], Sequence[Option]] = lambda call: ()

    def options(self, call: Call) -> Sequence[Option]:
        """What may be said beside yes and no."""
        return self.asides(call)

    def by_keys(self, keys: str, asked: Asked, call: Call) -> str:
        """«yes» or «no»."""
        if keys not in ("1", "2"):
            raise NotUnderstood(keys)
        return "yes" if keys == "1" else "no"

    def by_slots(self, slots: dict[str, Any], asked: Asked) -> str:
        """The understanding calls it `confirm`."""
        if slots.get("confirm") not in ("yes", "no"):
            raise NotUnderstood
        return str(slots["confirm"])


@dataclass(frozen=True)
class Choice(Answer):
    """One of a few options; the meaning of each key is kept with the question."""

    offer: Callable[[Call], Sequence[Option]] = lambda call: ()

    def options(self, call: Call) -> Sequence[Option]:
        """What the flow offers at this moment."""
        return self.offer(call)

    def by_keys(self, keys: str, asked: Asked, call: Call) -> Any:
        """The option that had this key when the question was put."""
        for option in asked["options"]:
            if option["key"] == keys:
                return option["value"]
        raise NotUnderstood(keys)

    def by_slots(self, slots: dict[str, Any], asked: Asked) -> Any:
        """«la deuxième» chooses by place, «aucune» and a bare yes or no the option that they mean here."""
        place, said = slots.get("choice"), "no" if slots.get("choice") == 0 else slots.get("confirm", "")
        for option in asked["options"]:
            if said and option.get("confirm") == said:
                return option["value"]
        if not isinstance(place, int) or not 1 <= place <= len(asked["options"]):
            raise NotUnderstood
        return asked["options"][place - 1]["value"]


@dataclass(frozen=True)
class Title(Answer):
    """A production: by its brochure code, by the first letters of its title, or 1 for the list."""

    digits: int | None = None
    patience: str = "long"
    context: str = "ask_production"

    def options(self, call: Call) -> Sequence[Option]:
        """The list, for whoever does not know what is on."""
        return (Option("list", "", words_for("which.list", call.language), hidden=True),)

    def by_keys(self, keys: str, asked: Asked, call: Call) -> Any:
        """A production's id; «list» for 1; a list of ids when several titles begin with these letters."""
        if keys == "1":
            return "list"
        productions = call.booking.programme()
        for production in productions:
            if production.code == keys:
                return production.id
        if len(keys) < 2:
            raise NotUnderstood(keys)
        begun = [
            p.id for p in productions if any(s.startswith(keys) for t in (p.title, *p.alt_titles) for s in spellings(t))
        ]
        if not begun:
            raise NotUnderstood(keys)
        return begun[0] if len(begun) == 1 else begun


@dataclass(frozen=True)
class DayMonth(Answer):
    """A date: day and month as four keys, the year being the next to come; 1 for the next dates."""

    digits: int | None = 4
    patience: str = "long"
    context: str = "ask_date"

    def options(self, call: Call) -> Sequence[Option]:
        """The next dates, for whoever has none in mind."""
        return (Option("next", "", words_for("when.next", call.language), hidden=True),)

    def by_keys(self, keys: str, asked: Asked, call: Call) -> Any:
        """An ISO date, or «next»."""
        if keys == "1":
            return "next"
        if len(keys) != 4 or not keys.isdecimal():
            raise NotUnderstood(keys)
        day, month = int(keys[:2]), int(keys[2:])
        for year in (call.today.year, call.today.year + 1):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found >= call.today:
                return found.isoformat()
        raise NotUnderstood(keys)


@dataclass(frozen=True)
class Digits(Answer):
    """A string of digits that is no number: a PIN, a prompt's number, a reference."""

    digits: int | None = None
    patience: str = "long"

    def by_keys(self, keys: str, asked: Asked, call: Call) -> str:
        """The digits themselves; 0 alone is the call for a person."""
        if not keys.isdecimal() or keys == "0":
            raise NotUnderstood(keys)
        return keys


@dataclass(frozen=True)
class Recording(Answer):
    """A recording, at most `seconds` long, ended by so much `pause`; `kind` names what the house keeps."""

    seconds: int = 60
    pause: int = 5
    kind: str = ""
    speech: bool = False
