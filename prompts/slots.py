"""From a raw slot value to the fragments that say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from prompts.kinds import Kind
from prompts.limits import clean
from prompts.phrases import Phrases, Words, phrases_of


class BadSlot(ValueError):
    """A raw value that its kind cannot say; `name` is the kind, `value` what was handed in."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {value!r}")
        self.name = name
        self.value = value


@dataclass(frozen=True)
class House:
    """What the voice knows of the house: names by id and language, the season (no year is said in it), its zone."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`{"GAR:ORCH": {"fr": "à l'orchestre", "en": "in the stalls"}}`."""
    season: tuple[date, date] | None = None
    zone: str = "Europe/Paris"
    tongue: str = "fr"
    """The language of names that come as they are: those of the posters."""

    def named(self, value: Any, language: str) -> str:
        """A name handed in by language, by id, or as it is."""
        by_language = value if isinstance(value, Mapping) else self.names.get(str(value))
        if not by_language:
            return clean(str(value))
        return clean(str(by_language.get(language) or next(iter(by_language.values()))))

    def knows(self, value: Any) -> bool:
        """Is it a name, or the id of one? A bare id is nothing to say to a caller."""
        return isinstance(value, Mapping) or str(value) in self.names

    def tongue_of(self, kind: Kind, value: Any, language: str) -> str:
        """The voice that a slot wants: «Le Lac des cygnes» is read in French, whatever is said around it."""
        bare = kind.name == "title" and not kind.is_list and not self.knows(value)
        return self.tongue if bare else language

    def says_year(self, day: date, kind: Kind) -> bool:
        """On demand, and for a day outside the season."""
        return "year" in kind.refinements or (self.season is not None and not self.season[0] <= day <= self.season[1])


def words_of(kind: Kind, value: Any, language: str, house: House) -> Words:
    """Say this value; raises BadSlot when it is not what the kind expects."""
    try:
        if kind.is_list:
            one = Kind(kind.name, kind.refinements)
            return phrases_of(language).listed([words_of(one, item, language, house) for item in value])
        return _SAID[kind.name](phrases_of(language), kind, value, language, house)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise BadSlot(kind.name, value) from error


def count_of(value: Any) -> int:
    """The number that decides between one and many: a number itself, a list by its length."""
    return len(value) if isinstance(value, list | tuple) else int(value)


def _number(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.number(_whole(value), feminine="feminine" in kind.refinements)


def _ordinal(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.ordinal(_whole(value), feminine="feminine" in kind.refinements)


def _price(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.price(_whole(value))


def _date(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    day = date.fromisoformat(str(value)[:10])
    if "month" in kind.refinements:
        return (p.month(day),)
    return p.date(day, year=house.says_year(day, kind))


def _time(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.time(time.fromisoformat(str(value)))


def _date_time(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    at = datetime.fromisoformat(str(value))
    local = at.astimezone(ZoneInfo(house.zone)) if at.tzinfo else at
    return p.date_time(local, year=house.says_year(local.date(), kind))


def _row(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.row(value)


def _seats(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    sections = {str(seat.get("section", "")): seat.get("section", "") for seat in value}
    names = {key: house.named(section, language) for key, section in sections.items() if house.knows(section)}
    return p.seats(value, names)


def _named(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return (house.named(value, language),)


def _phone(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.phone(str(value))


def _reference(p: Phrases, kind: Kind, value: Any, language: str, house: House) -> Words:
    return p.reference(str(value))


def _whole(value: Any) -> int:
    """JSON may turn 2 into 2.0 or "2"; half a seat is nothing that can be said."""
    if isinstance(value, bool) or int(value) != float(value):
        raise ValueError(value)
    return int(value)


_SAID: dict[str, Callable[[Phrases, Kind, Any, str, House], Words]] = {
    "number": _number,
    "ordinal": _ordinal,
    "price": _price,
    "date": _date,
    "time": _time,
    "date_time": _date_time,
    "row": _row,
    "seats": _seats,
    "section": _named,
    "title": _named,
    "text": _named,
    "phone": _phone,
    "reference": _reference,
    "take": lambda p, kind, value, language, house: (),  # heard, not said
}
