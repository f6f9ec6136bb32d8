"""The programme as it is on sale, made from the rows of the season; kept until the season's version rises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from booking.errors import UnknownPerformance, UnknownTariff
from booking.halls.hall import read_hall
from booking.model import Performance, Production
from booking.moments import micros, moment
from booking.seasons.season import Performance as Planned
from booking.seasons.season import Production as Play
from booking.seasons.season import SalesWindow, Season, Tariff
from booking.store import Transaction
from booking.store import programme as rows

MOST_SEATS = 9


@dataclass(frozen=True)
class Programme:
    """All productions of the season and the tariffs they have."""

    version: int
    productions: tuple[Production, ...]
    tariffs: Mapping[str, Tariff]
    season: str = ""

    @cached_property
    def performances(self) -> Mapping[str, Performance]:
        """Every performance by its id."""
        return {each.id: each for production in self.productions for each in production.performances}

    def performance(self, performance_id: str) -> Performance:
        """The performance with that id, or UnknownPerformance."""
        found = self.performances.get(performance_id)
        if found is None:
            raise UnknownPerformance("performance", str(performance_id), performance=str(performance_id))
        return found

    def tariff(self, tariff_id: str) -> Tariff:
        """The tariff with that id, or UnknownTariff; every season has the full price."""
        found = self.tariffs.get(tariff_id)
        if found is None and tariff_id == "full":
            return Tariff("full", {"fr": "plein tarif", "en": "full price"})
        if found is None:
            raise UnknownTariff("tariff", str(tariff_id), tariff=str(tariff_id))
        return found


def read_programme(tx: Transaction) -> Programme:
    """The programme as the tables have it now."""
    version = rows.version(tx)
    found = rows.season(tx)
    if found is None:
        return Programme(version, (), {})
    season_id, body = found
    evenings: dict[str, list[Performance]] = {}
    titles = {production_id: facts["title"] for production_id, _, facts in rows.production_rows(tx)}
    for row in rows.performance_rows(tx):
        evenings.setdefault(row.production, []).append(_performance(row, titles[row.production]))
    productions = tuple(
        _production(production_id, hall, facts, tuple(evenings.get(production_id, ())))
        for production_id, hall, facts in rows.production_rows(tx)
    )
    tariffs = {key: _tariff(key, facts) for key, facts in body["tariffs"].items()}
    return Programme(version, productions, tariffs, season_id)


def _performance(row: rows.PerformanceRow, title: str) -> Performance:
    body = row.body
    starts_at = moment(row.starts_at)
    return Performance(
        id=row.id,
        production=row.production,
        hall=body["hall"],
        starts_at=starts_at,
        local=starts_at.astimezone(ZoneInfo(body["zone"])),
        kind=body["kind"],
        prices=body["prices"],
        opens={channel: moment(opens) for channel, (opens, _) in body["windows"].items()},
        closes={channel: moment(closes) for channel, (_, closes) in body["windows"].items()},
        limit=body["limit"],
        tariffs=tuple(body["tariffs"]),
        cancelled=row.cancelled,
        title=title,
        version=row.version,
    )


def _production(production_id: str, hall: str, facts: dict[str, Any], evenings: tuple[Performance, ...]) -> Production:
    facts = {**facts, "alt_titles": tuple(facts["alt_titles"]), "surtitles": tuple(facts["surtitles"])}
    return Production(id=production_id, hall=hall, performances=evenings, **facts)


def _tariff(tariff_id: str, facts: dict[str, Any]) -> Tariff:
    lists = {name: tuple(facts[name]) for name in ("kinds", "channels", "who")}
    return Tariff(id=tariff_id, **{**facts, **lists})


Row = dict[str, Any]


def season_rows(season: Season, loaded_at: datetime) -> tuple[Row, list[Row], list[Row]]:
    """A season from its file as rows: the season's own, its productions', its performances'."""
    tariffs = {key: _facts(tariff, ("names", "percent", "flat", "kinds", "offer", "channels", "who",
                              "most_per_order", "minutes_before"))
               for key, tariff in season.tariffs.items()}
    body = {"names": dict(season.names), "tariffs": tariffs, "opening": season.opening.isoformat()}
    plays = [_play_row(position, play) for position, play in enumerate(season.productions)]
    evenings = [_evening_row(play, planned) for play in season.productions for planned in play.performances]
    return {"id": season.id, "body": body, "loaded_at": micros(loaded_at)}, plays, evenings


def _facts(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(thing, name) for name in names}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


_PLAY = ("code", "title", "alt_titles", "genre", "style", "surtitles", "minutes", "intervals", "contemporary",
         "core_repertoire", "new_production")  # fmt: skip


def _play_row(position: int, play: Play) -> dict[str, Any]:
    empty_when_none = {name: getattr(play, name) or "" for name in ("composer", "choreographer", "language")}
    return {"id": play.id, "position": position, "hall": play.hall, "body": {**_facts(play, _PLAY), **empty_when_none}}


def _evening_row(play: Play, planned: Planned) -> dict[str, Any]:
    windows = {
        window.channel: [micros(window.opens_at), micros(window.closes_at(planned.starts_at))]
        for window in _windows(play, planned)
    }
    body = {
        "hall": planned.hall,
        "zone": read_hall(planned.hall).zone,
        "kind": planned.kind,
        "prices": dict(planned.prices),
        "windows": windows,
        "limit": planned.most_per_order or MOST_SEATS,
        "tariffs": list(planned.tariffs),
    }
    starts_at = micros(planned.starts_at)
    return {"id": planned.id, "production": play.id, "starts_at": starts_at, "body": body}


def _windows(play: Play, planned: Planned) -> tuple[SalesWindow, ...]:
    """Previews open on days of their own, over channels of their own."""
    return tuple(getattr(planned, "windows", ())) or play.windows
