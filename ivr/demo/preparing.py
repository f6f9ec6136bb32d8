"""Fills the data folder at the first start: credentials for the local network, the demo season, two accounts."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from booking import BadSeason, BookingService, Production, demo_opening, read_season
from ivr.commands.serve import is_free
from ivr.pages.accounts import fresh_password, fresh_pin, hash_password, hash_pin
from ivr.records.accounts import Accounts
from ivr.settings import Settings, keep
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN

Clock = Callable[[], datetime]

ACCOUNTS = "demo-accounts.json"
AGENT_PHONE = "+33199000150"
"""Rung when the demonstration's agent takes a caller: the second line of the telephone in the browser has it."""
LOOPBACK = "127.0.0.1"
"""Where the local network and the media socket listen, wherever the house does: nobody else may dial."""
KEPT = ("settings.env", ACCOUNTS, "souffleur.sqlite", "redis", "log")
PORTS_TRIED = 20
HIGHEST_PORT = 65535
PHONE_PORT = 8010


class NotPossible(Exception):
    """The demonstration cannot start; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Login:
    """An account of the demonstration, as it is printed."""

    name: str
    role: str
    number: str
    password: str
    pin: str


def writable(data: Path) -> None:
    """The data folder, made if need be; raises NotPossible where nothing can be written, or not what is there."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
        for path in (data / name for name in KEPT):
            if path.exists() and not os.access(path, os.W_OK):  # as after a start with sudo
                raise PermissionError(errno.EACCES, f"permission denied for {path.name}")
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise NotPossible(
            f"Nothing can be written to {data.absolute()} ({reason}): name another by SOUFFLEUR_DATA=/folder."
        ) from None


def free_port(host: str, wanted: int, name: str = "PORT", but: tuple[int, ...] = ()) -> int:
    """The port that is wanted, or the next one that nobody uses and that is not among `but`."""
    last = min(wanted + PORTS_TRIED - 1, HIGHEST_PORT)
    for port in range(wanted, last + 1):
        if port not in but and is_free(host, port):
            return port
    raise NotPossible(
        f"We may listen on no port from {wanted} to {last} of {host}, or they are in use: name another with {name}=…."
    )


def local(settings: Settings) -> Settings:
    """The settings with the local network's own credentials, also for commands in another terminal.

    Real ones in the environment are left alone: the demonstration calls nobody.
    """
    port = free_port(settings.host, settings.port)
    phone = free_port(LOOPBACK, min(max(PHONE_PORT, port + 1), HIGHEST_PORT), "PORT", (port,))
    media = _media_port(settings, but=(port, phone))
    ours = replace(
        settings, account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, port=port, public_url="",
        carrier_url=f"http://{LOOPBACK}:{phone}", media_port=media or settings.media_port,
        media_url=f"ws://{LOOPBACK}:{media}/media" if media else "",
    )  # fmt: skip
    keep(settings.data, {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "PORT": str(port),
        "CARRIER_URL": ours.carrier_url, "MEDIA_PORT": str(ours.media_port), "MEDIA_URL": ours.media_url,
    })  # fmt: skip
    return ours


def _media_port(settings: Settings, but: tuple[int, ...]) -> int:
    """0 where there is none: without streams the demonstration goes on."""
    try:
        return free_port(LOOPBACK, settings.media_port, "MEDIA_PORT", but)
    except NotPossible:
        return 0


def on_sale(booking: BookingService, clock: Clock) -> Production:
    """A production on sale by telephone now; the demo season is loaded if there is none, moved if it is over."""
    found = _open(booking)
    if found is None:
        try:
            booking.load_season(read_season(opening=demo_opening(clock().date())))
        except BadSeason:
            raise NotPossible(
                "The demo season is over, and seats of it are sold: throw the data folder away to begin anew."
            ) from None
        found = _open(booking)
    if found is None:
        raise NotPossible("The demo season has nothing on sale today: please report this, with today's date.")
    return found


def logins(engine: Engine, data: Path, clock: Clock) -> tuple[Login, ...]:
    """The demonstration's agent and operator, made at the first start and the same ever after."""
    path = data / ACCOUNTS
    if path.exists():
        return tuple(Login(**each) for each in json.loads(path.read_text(encoding="utf-8")))
    made = tuple(_made(Accounts(engine, clock), role) for role in ("agent", "operator"))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([vars(login) for login in made], file)
    return made


def _made(accounts: Accounts, role: str) -> Login:
    password, pin = fresh_password(), fresh_pin()
    name = f"demo {role}"
    hashes = {"password_hash": hash_password(password), "pin_hash": hash_pin(pin)}
    known = {account.name for account in accounts.all()}
    fields = {**hashes, "phone": AGENT_PHONE if role == "agent" else ""}
    account = accounts.change(name, **fields) if name in known else accounts.add(name, role, **fields)
    return Login(name, role, account.number, password, pin)


def _open(booking: BookingService) -> Production | None:
    """The first opera on sale by telephone; there is a title everybody knows."""
    clerk = booking.clerk("phone", "demo")
    for production in booking.programme():
        evenings = production.performances if production.genre == "opera" else ()
        if any(clerk.on_sale(evening.id).state == "open" for evening in evenings):
            return production
    return None
