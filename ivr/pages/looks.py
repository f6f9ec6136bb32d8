"""How facts look on a page: times in the house's zone, money, telephone numbers, slots as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Flask, g

from ivr.pages.words import FIRST_LANGUAGE, Words, languages, words

HOUSE_ZONE = ZoneInfo("Europe/Paris")
HIDDEN_SLOTS = frozenset(
    ("confirm", "command", "clarify", "choice", "more_options", "language", "no_meaning", "candidates",
     "performance", "named", "any_date", "any_seats")
)
"""Understood in passing: they say nothing about what the caller wants."""


def bring_looks(app: Flask) -> None:
    """Every template of ours knows the words, who is signed in and how facts look."""
    plain_looks: dict[str, Callable[..., Any]] = {"phone": phone, "waited": waited, "language_name": language_name}
    for name, plain in plain_looks.items():
        app.add_template_filter(plain, name)
    looks = {
        "day": day, "clock": clock, "moment": moment, "money": money, "slots": slots, "places": places,
        "title_of": title_of,
    }  # fmt: skip
    for name, look in looks.items():
        app.add_template_filter(_in_language(look), name)
    app.context_processor(lambda: {"w": _words(), "account": g.get("account"), "languages": languages()})


def day(w: Words, value: datetime | date) -> str:
    """«samedi 12 décembre»."""
    value = _there(value)
    names, months = w("calendar.days").split(), w("calendar.months").split()
    return w("calendar.day", weekday=names[value.weekday()], day=value.day, month=months[value.month - 1])


def clock(w: Words, value: datetime, seconds: bool = False) -> str:
    """«19:30», in the house's zone."""
    return f"{_there(value):%H:%M:%S}" if seconds else f"{_there(value):%H:%M}"


def waited(since: datetime, until: datetime) -> str:
    """Minutes and seconds between two moments, «3:05»; never less than nothing."""
    seconds = max(0, int((until - since).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def language_name(code: str) -> str:
    """A language in its own words."""
    return words(code)("language.name") if code in languages() else code


def title_of(w: Words, performance: Any, titles: Mapping[str, str]) -> str:
    """The title of a performance's production."""
    return titles.get(performance.production) or performance.title or performance.production


def places(w: Words, seats: Any) -> list[str]:
    """«Orchestre, rang 5, places 12, 14», one line for each row."""
    rows: dict[tuple[str, str], list[int]] = {}
    for seat in seats:
        rows.setdefault((seat.section_name(w.language), str(seat.row)), []).append(seat.number)
    return [_row(w, section, row, sorted(numbers)) for (section, row), numbers in rows.items()]


def _row(w: Words, section: str, row: str, numbers: list[int]) -> str:
    seats = w("desk.seat", number=numbers[0]) if len(numbers) == 1 else w("desk.seats_numbers", numbers=_list(numbers))
    return f"{section}, {w('desk.row', row=row)}, {seats}"


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def moment(w: Words, value: datetime) -> str:
    """Day and time together."""
    return f"{day(w, value)}, {clock(w, value)}"


def money(w: Words, cents: int) -> str:
    """Whole cents as a person writes them; no cents where there are none."""
    euros, rest = divmod(abs(cents), 100)
    mark = w("money.mark")
    amount = f"{euros:,}".replace(",", w("money.thousands")) + (f"{mark}{rest:02}" if rest else "")
    return ("−" if cents < 0 else "") + w("money.shape", amount=amount)


def phone(number: str, whole: bool = True) -> str:
    """A number as people write it; not whole, only its beginning and its last two digits."""
    try:
        shaped = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        shaped = number
    if whole or len(shaped) < 8:
        return shaped
    return shaped[:5] + "".join("•" if sign.isdigit() else sign for sign in shaped[5:-2]) + shaped[-2:]


def slots(w: Words, said: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a caller wants, as label and value; slots a newer flow brings are shown under their own name."""
    return [
        (w.known(f"slots.{key}", key.replace("_", " ")), _value(w, key, value, titles))
        for key, value in said.items()
        if value not in (None, "", [], {}) and key not in HIDDEN_SLOTS
    ]


def _value(w: Words, key: str, value: Any, titles: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(w, key, one, titles) for one in value)
    if isinstance(value, bool):
        return w("general.yes" if value else "general.no")
    if key == "production":
        return titles.get(str(value), str(value))
    if key in ("min_price", "max_price", "max_total") and isinstance(value, int | float):
        return money(w, round(value * 100))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(w, name, one, titles)}" for name, one in value.items())
    read = _date(w, value)
    return read or w.known(f"values.{value}", str(value))


def _date(w: Words, value: Any) -> str:
    if not (isinstance(value, str) and len(value) >= 10 and value[4:5] == "-"):
        return ""
    try:
        return day(w, date.fromisoformat(value)) if len(value) == 10 else moment(w, datetime.fromisoformat(value))
    except ValueError:
        return ""


def _there(value: Any) -> Any:
    return value.astimezone(HOUSE_ZONE) if isinstance(value, datetime) and value.tzinfo else value


def _words() -> Words:
    known: Words | None = g.get("words")
    return known or words(FIRST_LANGUAGE)


def _in_language(look: Any) -> Any:
    """A filter that finds the page's language by itself."""
    return lambda value, *args: look(_words(), value, *args)
