"""souffleur load: many callers at once, of a given mix, against a running product."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ivr.settings import Settings
    from ivr.simulator.load import Report


@click.command()
@click.option("--calls", default=200, show_default=True, help="How many calls.")
@click.option("--rate", default=5.0, show_default=True, help="Calls a second (of the network's time); 0: all at once.")
@click.option("--mix", default="ordinary_day", show_default=True, help="A mix's file, or the name of one of ours.")
@click.option(
    "--speed",
    default=10.0,
    show_default=True,
    help="Seconds of a call per second; 1 is real time; 0 a virtual clock: as fast as the product answers, one request "
    "at a time, the same bytes for the same seeds (and call sids: take another seed, or begin with new data).",
)
@click.option("--aloud", is_flag=True, help="Callers have a voice and speak into media streams (speed 1).")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same callers.")
@click.option("--clumsy", default=None, metavar="SEED", help="Repeat, delay, lose, reorder and forge deliveries.")
@click.option("--product", default="", help="Base address of the product; else PUBLIC_URL, or the local server.")
@click.option(
    "--audit/--no-audit", default=True, help="Count the seats sold and audit the inventory (needs its database)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(
    calls: int,
    rate: float,
    mix: str,
    speed: float,
    seed: int,
    clumsy: str | None,
    aloud: bool,
    product: str,
    audit: bool,
    as_json: bool,
) -> None:
    """Place calls of a mix at a running product and report how they fared.

    Callers type or say text, which Gather understands. With --aloud they have a voice for products with ears of their
    own: on a media stream they take turns by ear and say what the mix's `aloud` holds; without it such a product is
    started with SPEECH=gather.

    Exit code 1 when a call was lost, an answer was an error, TwiML was bad, or the audit found something.
    """
    from ivr.settings import Settings
    from ivr.simulator.credentials import AUTH_TOKEN
    from ivr.simulator.load import run
    from ivr.simulator.mix import BadMix, read_mix
    from ivr.simulator.rushed import Rushed
    from ivr.simulator.service import Service
    from ivr.simulator.voice import Voice

    settings = Settings.read()
    url = (product or settings.base_url).rstrip("/")
    try:
        callers = read_mix(mix)
    except BadMix as error:
        sys.exit(str(error))
    if not _answers(url):
        sys.exit(f"Nobody answers at {url}: start `souffleur demo` or `souffleur serve`, or name it with --product.")
    before = _sold(settings) if audit else None
    token = settings.auth_token or AUTH_TOKEN
    placing: dict[str, Any] = {
        "calls": calls,
        "rate": rate,
        "seed": seed,
        "voice": Voice.synthetic() if aloud else None,
    }
    if speed == 0:
        with Rushed(url, seed=str(seed), auth_token=token, clumsy=clumsy) as rushed:
            report = rushed.run(run(rushed, callers, tell=lambda progress: None, **placing))
    else:
        with Service(url, auth_token=token, speed=1.0 if aloud else speed, clumsy=clumsy) as service:
            report = _place(service, callers, placing, quiet=as_json)
    found = asdict(report) | {"containment": round(report.containment, 3), "mix": callers.title}
    if before is not None:
        found |= _audited(settings, before)
    _tell(found, as_json)
    bad = report.lost or report.faults or report.apologies or (report.errors and clumsy is None) or found.get("audit")
    raise SystemExit(1 if bad else 0)


def _place(service: Any, mix: Any, placing: dict[str, Any], *, quiet: bool) -> Report:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from ivr.simulator.load import run

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, disable=quiet, transient=True) as bar:
        task = bar.add_task("calls", total=placing["calls"])

        def tell(progress: Any) -> None:
            bar.update(task, completed=len(progress.over), description=f"{progress.live} live")

        running = run(service, mix, tell=tell, **placing)
        return asyncio.run_coroutine_threadsafe(running, service.loop).result()


def _answers(url: str) -> bool:
    import requests

    try:
        return requests.get(f"{url}/health", timeout=3).ok
    except requests.RequestException:
        return False


def _sold(settings: Settings) -> int:
    """How many seats are sold, by the inventory's own table."""
    from sqlalchemy import func, select

    from booking.tables import claims
    from ivr.database import engine_for

    with engine_for(settings.database).connect() as connection:
        counted = connection.scalar(select(func.count()).select_from(claims).where(claims.c.state == "sold"))
    return int(counted or 0)


def _inventory(settings: Settings) -> Any:
    from booking import BookingService
    from ivr.database import engine_for
    from ivr.house import utc_now

    return BookingService(engine_for(settings.database), utc_now)


def _audited(settings: Settings, before: int) -> dict[str, Any]:
    audit = _inventory(settings).audit()
    return {"seats_sold": _sold(settings) - before, "audit": [str(wrong) for wrong in audit.wrong]}


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    click.echo(f"{found['mix']}: {found['calls']} calls, {found['most_at_once']} at once, {found['lost']} lost")
    click.echo(f"answers   {found['answers']}, p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms")
    click.echo(f"met       {found['met']}, without a person {found['contained']} ({found['containment']:.0%}), "
               f"asked for a person {found['queued']}")  # fmt: skip
    for name, count in found["by_kind"].items():
        click.echo(f"  {name:<24} {count['calls']} calls, {count['met']} met, {count['queued']} to a person")
    click.echo(f"apologies {found['apologies']}")
    for what in ("errors", "faults"):
        click.echo(f"{what:<9} {len(found[what])}")
        for text, times in Counter(found[what]).most_common(8):
            click.echo(f"  {times} × {text}")
    if "audit" in found:
        click.echo(
            f"sold      {found['seats_sold']} seats; audit {'clean' if not found['audit'] else found['audit'][:5]}"
        )
