"""Reads and checks a season file, and moves it in time.

`[season]` names it and says what holds for all of it; `drawn_for` is the day for which its sales windows were drawn.
`[channels.phone]` tells at what time a channel opens on its day (`opens`) and how many minutes before a performance it
stops (`closes_minutes`). `[tariffs.…]` are prices other than the full one, `[scales.…]` whole cents by category.
`[[productions]]`: `opens` gives the day for each channel, `preview_opens` those of the performances of kind
"avant_premiere_jeunes"; each of `performances` has `at` (the clock of the hall), `scale`, and where they are not the
usual ones `kind`, `percent` and `offers` (tariffs). A performance's id is made: production, day, m (afternoon) or s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from booking.halls.hall import hall_ids, read_hall
from booking.seasons.pricing import modulated
from booking.seasons.season import Performance, PriceScale, Production, SalesWindow, Season, Tariff
from booking.toml_table import Table, read_toml

DEMO_SEASON = Path(__file__).parent / "demo.toml"
KINDS = ("normal", "premiere", "reveillon", "gala", "avant_premiere_jeunes")
PREVIEW = "avant_premiere_jeunes"
EVENING = time(17)
WEEK = timedelta(days=7)
PRODUCTION_KEYS = (
    "id", "code", "title", "alt_titles", "hall", "genre", "style", "composer", "choreographer", "language", "surtitles",
    "minutes", "intervals", "contemporary", "core_repertoire", "new_production", "opens", "preview_opens",
    "performances",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the whole season while its productions are read, and how far they are moved."""

    table: Table
    channels: Mapping[str, Table]
    scales: Mapping[str, PriceScale]
    tariffs: Mapping[str, Tariff]
    weeks: timedelta
    days: timedelta

    @property
    def closed_days(self) -> tuple[date, ...]:
        """The days on which the house does not play."""
        return self.table.each("closed_days", date, [])


def read_season(path: Path = DEMO_SEASON, opening: date | None = None) -> Season:
    """The season in a file, checked; with `opening`, moved so that its first performance falls on or just after it.

    Performances move by whole weeks and keep their weekday; sales windows move by whole days, so that
    `read_season(opening=demo_opening(today))` has today every state that a sale can be in.
    BadSeason names file, place and remedy if something in it cannot be.
    """
    file = read_toml(path)
    file.only("season", "channels", "tariffs", "scales", "productions")
    rules = _rules(file, opening)
    productions = tuple(_production(rules, table) for table in file.tables("productions", named_by="id"))
    _check_once(file, productions)
    table = rules.table
    return Season(
        id=table.get("id", str), names=table.texts("name"), opening=_first_day(file) + rules.weeks,
        subscriptions_open=table.get("subscriptions_open", date) + rules.days,
        holidays=table.each("holidays", date, []), closed_days=rules.closed_days,
        scales=rules.scales, tariffs=rules.tariffs, productions=productions,
    )  # fmt: skip


def demo_opening(today: date, path: Path = DEMO_SEASON) -> date:
    """The `opening` with which a season has, today, something on sale, opening today, web only and not yet open."""
    file = read_toml(path)
    return today + (_first_day(file) - file.table("season").get("drawn_for", date))


def _first_day(file: Table) -> date:
    found = (row.get("at", datetime) for work in file.tables("productions") for row in work.tables("performances"))
    first = min(found, default=None)
    if first is None:
        file.wrong("add a production with a performance", "productions")
    return first.date()


def _rules(file: Table, opening: date | None) -> Rules:
    table = file.table("season")
    table.only(
        "id", "name", "drawn_for", "subscriptions_open", "most_per_order", "unmodulated_up_to", "holidays",
        "closed_days",
    )  # fmt: skip
    days = timedelta() if opening is None else opening - _first_day(file)
    weeks = WEEK * -(-days // WEEK)
    channels = {name: file.table("channels").table(name) for name in file.table("channels").content}
    tariffs = {name: _tariff(name, file.table("tariffs").table(name)) for name in file.table("tariffs").content}
    scales = {name: _scale(name, file.table("scales").table(name)) for name in file.table("scales").content}
    return Rules(table, channels, scales, tariffs, weeks, days)


def _tariff(name: str, table: Table) -> Tariff:
    table.only(
        "name", "percent", "flat", "who", "kinds", "offer", "channels", "most_per_order", "minutes_before"
    )
    flat = table.table("flat") if "flat" in table.content else None
    return Tariff(
        name, table.texts("name"), percent=table.get("percent", int, 100),
        flat=None if flat is None else {category: _cents(flat, category) for category in flat.content},
        who=table.each("who", str, []), kinds=table.each("kinds", str, []), offer=table.get("offer", bool, False),
        channels=table.each("channels", str, []), most_per_order=table.maybe("most_per_order", int),
        minutes_before=table.maybe("minutes_before", int),
    )  # fmt: skip


def _scale(name: str, table: Table) -> PriceScale:
    """A price for each category of the hall, falling from the best to the last."""
    table.only("hall", "prices")
    hall = read_hall(table.word("hall", hall_ids()))
    listed = table.table("prices")
    listed.only(*(category.id for category in hall.categories))
    prices = {category.id: _cents(listed, category.id) for category in hall.categories}
    if list(prices.values()) != sorted(prices.values(), reverse=True):
        table.wrong("let no category cost more than the one before it", "prices")
    return PriceScale(name, hall.id, prices)


def _cents(table: Table, key: str) -> int:
    cents = table.get(key, int)
    if cents < 0:
        table.wrong(f"give whole cents, 0 or more, not {cents}", key)
    return cents


def _production(rules: Rules, table: Table) -> Production:
    table.only(*PRODUCTION_KEYS)
    zone = ZoneInfo(read_hall(table.word("hall", hall_ids())).zone)
    code = table.get("code", str)
    if len(code) != 3 or not code.isdecimal():
        table.wrong(f"give three digits, as printed in the brochure, not {code!r}", "code")
    usual = _windows(rules, table.table("opens"), zone)
    preview = _windows(rules, table.table("preview_opens"), zone) if "preview_opens" in table.content else usual
    return Production(
        id=table.get("id", str), code=code, title=table.get("title", str), alt_titles=table.each("alt_titles", str, []),
        hall=table.get("hall", str), genre=table.get("genre", str), style=table.get("style", str),
        composer=table.get("composer", str), choreographer=table.maybe("choreographer", str),
        language=table.maybe("language", str), surtitles=table.each("surtitles", str, []),
        minutes=table.get("minutes", int), intervals=table.get("intervals", int),
        contemporary=table.get("contemporary", bool, False), core_repertoire=table.get("core_repertoire", bool, False),
        new_production=table.get("new_production", bool, False), windows=usual,
        performances=_performances(rules, table, zone, usual, preview),
    )  # fmt: skip


def _windows(rules: Rules, opens: Table, zone: ZoneInfo) -> tuple[SalesWindow, ...]:
    opens.only(*rules.channels)
    return tuple(
        SalesWindow(
            channel,
            _moment(opens.get(channel, date) + rules.days, rules.channels[channel].get("opens", time), zone),
            timedelta(minutes=rules.channels[channel].get("closes_minutes", int)),
        )
        for channel in opens.content
    )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _performances(
    rules: Rules, work: Table, zone: ZoneInfo, usual: tuple[SalesWindow, ...], preview: tuple[SalesWindow, ...]
) -> tuple[Performance, ...]:
    found = []
    for table in work.tables("performances"):
        kind = table.word("kind", KINDS, "normal")
        found.append(_performance(rules, work, table, zone, preview if kind == PREVIEW else usual))
    if [it.starts_at for it in found] != sorted({it.starts_at for it in found}):
        work.wrong("list each performance once, in order of time", "performances")
    return tuple(found)


def _performance(
    rules: Rules, work: Table, table: Table, zone: ZoneInfo, windows: tuple[SalesWindow, ...]
) -> Performance:
    table.only("at", "kind", "scale", "percent", "offers")
    planned = table.get("at", datetime)
    if planned.date() in rules.closed_days:
        table.wrong(f"choose another day: the house is closed on {planned.date()}", "at")
    local = (planned + rules.weeks).replace(tzinfo=zone)
    scale = rules.scales[table.word("scale", tuple(rules.scales))]
    if scale.hall != work.get("hall", str):
        table.wrong(f"choose a scale of {work.get('hall', str)}; {scale.id} is one of {scale.hall}", "scale")
    percent, kind = table.get("percent", int, 0), table.word("kind", KINDS, "normal")
    low = rules.table.get("unmodulated_up_to", int, 0)
    tariffs = _tariffs(rules, table, kind)
    return Performance(
        id=f"{work.get('id', str)}_{local:%Y%m%d}{'m' if local.time() < EVENING else 's'}",
        production=work.get("id", str), hall=scale.hall, starts_at=local.astimezone(UTC), local=local, kind=kind,
        scale=scale.id, percent=percent, windows=windows, tariffs=tariffs,
        prices={category: modulated(price, percent, low) for category, price in scale.prices.items()},
        most_per_order=_most(rules, tariffs),
    )  # fmt: skip


def _tariffs(rules: Rules, table: Table, kind: str) -> tuple[str, ...]:
    """The tariffs of a performance. A kind that has a tariff of its own (previews for the young) has no full price."""
    offers = table.each("offers", str, [])
    if unknown := set(offers) - set(rules.tariffs):
        table.wrong(f"name tariffs of this season, not {', '.join(sorted(unknown))}", "offers")
    has = [
        name
        for name, tariff in rules.tariffs.items()
        if (name in offers if tariff.offer else kind in (tariff.kinds or (kind,)))
    ]
    own = [name for name in has if rules.tariffs[name].kinds == (kind,)]
    return tuple(own or has)


def _most(rules: Rules, tariffs: tuple[str, ...]) -> int:
    """Seats for one holder: the season's limit, or that of the performance's usual tariff."""
    return rules.tariffs[tariffs[0]].most_per_order or rules.table.get("most_per_order", int)


def _check_once(file: Table, productions: tuple[Production, ...]) -> None:
    """No id, no brochure code and no stage on the same afternoon or evening twice."""
    seen: set[tuple[str, str]] = set()
    for production in productions:
        slots = [("stage", f"{it.hall} {it.id.rpartition('_')[2]}") for it in production.performances]
        for key in [("id", production.id), ("code", production.code), *slots]:
            if key in seen:
                file.wrong(f"change one of the two: {key[0]} {key[1]} is there twice", f"productions.{production.id}")
            seen.add(key)
