"""`souffleur hall`: look at a hall and at what is sold of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from booking import BookingError, BookingService, Hall, hall_ids, read_hall
from booking.halls.plan import svg, text
from booking.seating.occupancy import seat_states
from ivr.database import engine_for, upgrade
from ivr.settings import Settings


@click.group()
def command() -> None:
    """Look at the halls of the house (`show`)."""


@command.command()
@click.argument("hall_id", metavar="HALL")
@click.option("--svg", "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Draw it as SVG.")
@click.option("--performance", metavar="ID", help="Show what is held and sold of this performance.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
def show(hall_id: str, file: Path | None, performance: str | None, language: str) -> None:
    """Draw the plan of HALL (GAR, BAS) in the terminal, or into a file.

    Every seat bears the sign of its category; w is a wheelchair place, c its companion's seat, s a folding seat.
    """
    try:
        hall = read_hall(hall_id.upper())
        states = _states(hall, performance) if performance else {}
    except BookingError as error:
        raise click.ClickException(_sentence(hall_id, error)) from error
    if file is None:
        click.echo(text(hall, states, language), nl=False)
        return
    try:
        file.write_text(svg(hall, states, language), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{file}: {hall.name(language)}, {len(hall.seats)} seats, {len(states)} of them taken")


def _states(hall: Hall, performance: str) -> Mapping[str, str]:
    """What is taken of a performance of this hall; a clear sentence if it is another hall's, or nobody's."""
    url = Settings.read().database
    upgrade(url)
    engine = engine_for(url)
    programme = BookingService(engine, lambda: datetime.now(UTC)).programme()
    played_in = {it.id: it.hall for production in programme for it in production.performances}
    if performance not in played_in:
        raise click.ClickException(f"There is no performance {performance}; `souffleur season show` lists them.")
    if played_in[performance] != hall.id:
        raise click.ClickException(f"{performance} is played in {played_in[performance]}, not in {hall.id}.")
    return seat_states(engine, performance, datetime.now(UTC))


def _sentence(hall_id: str, error: BookingError) -> str:
    if hall_id.upper() in hall_ids():
        return f"{hall_id.upper()} cannot be shown: {error}"
    return f"There is no hall {hall_id}; there are {', '.join(hall_ids())}."
