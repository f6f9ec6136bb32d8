"""`souffleur season`: put a season on sale, and look at it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from booking import BookingError, BookingService, Production, demo_opening, read_season
from booking.seasons.season_file import DEMO_SEASON
from ivr.database import engine_for, upgrade
from ivr.settings import Settings

CHANNEL_ORDER = ("mail", "web", "phone", "agent", "box_office")


def open_house() -> BookingService:
    """The booking service on the database of the settings, its tables brought up to date first."""
    url = Settings.read().database
    upgrade(url)
    return BookingService(engine_for(url), lambda: datetime.now(UTC))


@click.group()
def command() -> None:
    """Put a season on sale (`load`) and look at what is on sale (`show`)."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=DEMO_SEASON)
@click.option(
    "--opening",
    metavar="DATE",
    help="Move the season so that its first performance falls on or just after this day (2026-12-02), or `demo`: "
    "so that today there is something on sale, opening today, web only and not yet open.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded as JSON.")
def load(file: Path, opening: str | None, as_json: bool) -> None:
    """Read a season FILE (the demo season, if none is named), check it, and put it in the place of the one before.

    Nothing that was sold is lost: a season without a performance that has seats held or sold is refused.
    """
    try:
        day = demo_opening(datetime.now(UTC).date()) if opening == "demo" else _day(opening)
        season = read_season(file, day)
        count = open_house().load_season(season)
    except BookingError as error:
        raise click.ClickException(_sentence(error)) from error
    facts = {"season": season.id, "productions": len(season.productions), "performances": count}
    line = "{season}: {productions} productions, {performances} performances".format(**facts)
    click.echo(json.dumps(facts) if as_json else line)


@command.command()
@click.argument("production", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(production: str | None, as_json: bool) -> None:
    """The productions on sale with their sales windows; with the id or code of a PRODUCTION, its performances."""
    found = [each for each in open_house().programme() if production in (None, each.id, each.code)]
    if not found:
        raise click.ClickException("No season is loaded: try `souffleur season load`." if production is None else
                                   f"There is no production {production}: `souffleur season show` lists them.")
    if as_json:
        click.echo(json.dumps([_facts(each) for each in found], ensure_ascii=False, indent=1))
    elif production is None:
        _list(found)
    else:
        _evenings(found[0])


def _list(found: list[Production]) -> None:
    now = datetime.now(UTC)
    for each in found:
        first, last = each.performances[0], each.performances[-1]
        sellers = (name for name in CHANNEL_ORDER if name in last.opens)
        windows = " ".join(f"{name} {_window(last.opens.get(name), now)}" for name in sellers)
        click.echo(f"{each.code}  {each.hall}  {each.title:<34.34} {len(each.performances):>3} × "
                   f"{first.date} – {last.date}   {windows}")


def _window(opens: datetime | None, now: datetime) -> str:
    if opens is None:
        return "–"
    return "open" if opens <= now else f"from {opens:%d.%m.}"


def _evenings(production: Production) -> None:
    click.echo(f"{production.code} {production.title}, {production.composer}, {production.hall}")
    for each in production.performances:
        prices = " ".join(f"{category}:{cents / 100:g}" for category, cents in each.prices.items())
        cancelled = "  CANCELLED" if each.cancelled else ""
        click.echo(f"  {each.local:%a %Y-%m-%d %H:%M}  {each.kind:<22} {prices}{cancelled}   {each.id}")


def _facts(production: Production) -> dict[str, object]:
    return {
        "id": production.id, "code": production.code, "title": production.title, "hall": production.hall,
        "performances": [
            {"id": each.id, "local": each.local.isoformat(), "kind": each.kind, "prices": dict(each.prices),
             "opens": {name: opens.isoformat() for name, opens in each.opens.items()}, "cancelled": each.cancelled}
            for each in production.performances
        ],
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise click.BadParameter(f"{text} is no date: write 2026-12-02, or `demo`.") from error


def _sentence(error: BookingError) -> str:
    facts = {name: value for name, value in vars(error).items() if value}
    return f"{type(error).__name__}: " + ", ".join(f"{name} {value}" for name, value in facts.items())
