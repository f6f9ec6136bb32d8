"""`souffleur account`: agents, operators and supervisors who may sign in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click

from ivr.database import engine_for, upgrade
from ivr.embedded import NoRedis, surroundings
from ivr.pages.accounts import SigningIn, WeakSecret, fresh_password, fresh_pin, hash_password, hash_pin
from ivr.pages.words import languages
from ivr.records.accounts import ROLES, Account, Accounts, NameTaken, StaffAudit, UnknownAccount
from ivr.redis_links import RedisAway, link
from ivr.settings import Settings

COMMAND_LINE = "(command line)"


@click.group()
def command() -> None:
    """Who may sign in as agent, operator or supervisor.

    An agent takes calls; an operator records and publishes prompts; a supervisor may do both and read the log.
    """


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What she may do.")
@click.option("--password", help="At least ten characters; without it, one is made and shown once.")
@click.option("--pin", help="Six to eight digits for the operators' telephone; without it, an operator gets one.")
@click.option("--phone", default="", help="An agent's telephone, which rings when she takes a call.")
@click.option("--language", type=click.Choice(languages()), default="fr", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def add(name: str, role: str, password: str | None, pin: str | None, phone: str, language: str, as_json: bool) -> None:
    """Make an account and show, once, how to get in.

    Example: souffleur account add Pamina --role operator
    """
    password = password or fresh_password()
    pin = pin or (fresh_pin() if role != "agent" else "")
    hashes = _hashes(password, pin)
    accounts, audit = _open()
    try:
        account = accounts.add(name, role, language=language, phone=_number(phone), **hashes)
    except NameTaken:
        raise click.ClickException(f"There is an account {name!r} already; see `souffleur account change`.") from None
    audit.note(COMMAND_LINE, "account_added", name, role=role)
    _show(account, password, pin, as_json)


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--password", help="A new password; `--new-password` makes one.")
@click.option("--new-password", is_flag=True, help="Make a new password and show it once.")
@click.option("--pin", help="A new PIN; `--new-pin` makes one.")
@click.option("--new-pin", is_flag=True, help="Make a new PIN and show it once.")
@click.option("--phone")
@click.option("--language", type=click.Choice(languages()))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def change(
    name: str, role: str | None, password: str | None, new_password: bool, pin: str | None, new_pin: bool,
    phone: str | None, language: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Change an account. Whoever is signed in with it must sign in again."""
    password = fresh_password() if new_password else password or ""
    pin = fresh_pin() if new_pin else pin or ""
    fields: dict[str, Any] = {"role": role, "language": language, "phone": _number(phone) if phone else None}
    changes = {**{key: value for key, value in fields.items() if value}, **_hashes(password, pin), "active": True}
    accounts, audit = _open()
    account = _known(name, lambda: accounts.change(name, **changes))
    audit.note(COMMAND_LINE, "account_changed", name, fields=sorted(changes))
    _show(account, password, pin, as_json)


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Close an account at once. What it did stays in the log."""
    accounts, audit = _open()
    _known(name, lambda: accounts.change(name, active=False, password_hash="", pin_hash=""))
    audit.note(COMMAND_LINE, "account_removed", name)
    click.echo(f"{name} can no longer sign in.")


@command.command()
@click.argument("name")
def unlock(name: str) -> None:
    """Forget the failed tries against an account, in the browser and by telephone."""
    settings = Settings.read()
    accounts, audit = _open()
    account = _known(name, lambda: accounts.named(name))
    try:
        with surroundings(settings) as standing:
            SigningIn(engine_for(standing.database), link(standing.redis_url), _now).unlock(account)
    except (NoRedis, RedisAway) as error:
        raise click.ClickException(f"Redis does not answer: {error}") from None
    audit.note(COMMAND_LINE, "account_unlocked", name)
    click.echo(f"{name} may try again.")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_accounts(as_json: bool) -> None:
    """Everybody who has an account."""
    rows = [_plain(account) for account in _open()[0].all()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo("Nobody yet. Try: souffleur account add Pamina --role operator")
    for row in rows:
        closed = "" if row["active"] else "  (closed)"
        click.echo(f"{row['number']}  {row['name']:<20} {row['role']:<11} {row['language']}  {row['phone']}{closed}")


def _open() -> tuple[Accounts, StaffAudit]:
    """The accounts of the configured database, which is brought up to date first."""
    address = Settings.read().database
    upgrade(address)
    engine = engine_for(address)
    return Accounts(engine, _now), StaffAudit(engine, _now)


def _now() -> datetime:
    return datetime.now(UTC)


def _known(name: str, deed: Any) -> Account:
    try:
        account: Account = deed()
    except UnknownAccount:
        raise click.ClickException(f"There is no account {name!r}; `souffleur account list` shows all.") from None
    return account


def _hashes(password: str, pin: str) -> dict[str, str]:
    try:
        hashes = {"password_hash": hash_password(password)} if password else {}
    except WeakSecret:
        raise click.BadParameter("at least ten characters", param_hint="--password") from None
    try:
        return {**hashes, **({"pin_hash": hash_pin(pin)} if pin else {})}
    except WeakSecret:
        raise click.BadParameter("six to eight digits, not all alike and not in a row", param_hint="--pin") from None


def _number(phone: str) -> str:
    from ivr.desk.bridge import BadNumber, dialable
    from ivr.pages.parts import REGIONS

    try:
        return dialable(phone, REGIONS) if phone else ""
    except BadNumber:
        raise click.BadParameter("a telephone number such as +33 1 99 00 01 23", param_hint="--phone") from None


def _show(account: Account, password: str, pin: str, as_json: bool) -> None:
    """The only time that a password or a PIN can be seen."""
    code = f"{account.number}{pin}" if pin else ""
    if as_json:
        click.echo(json.dumps({**_plain(account), "password": password, "telephone_code": code}, ensure_ascii=False))
        return
    click.echo(f"{account.name}, {account.role}")
    if password:
        click.echo(f"  in the browser   {account.name} / {password}")
    if code:
        click.echo(f"  by telephone     {code} (number {account.number}, then the PIN)")
    if account.phone:
        click.echo(f"  rung on          {account.phone}")


def _plain(account: Account) -> dict[str, Any]:
    return {
        "name": account.name, "role": account.role, "number": account.number, "language": account.language,
        "phone": account.phone, "active": account.active,
    }  # fmt: skip
