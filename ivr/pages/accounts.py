"""Signing in: passwords and PINs by argon2, failures counted per account and per caller, one answer to every no."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine

from ivr.pages.tries import Tries
from ivr.records.accounts import Account, Accounts, StaffAudit, UnknownAccount

SHORTEST_PASSWORD = 10
PIN_DIGITS = range(6, 9)
NUMBER_DIGITS = 3
BY_NAME, BY_ADDRESS, BY_NUMBER, BY_CALLER = 10, 30, 10, 10
"""NIST SP 800-63B allows a hundred tries at most; a six-digit PIN deserves fewer."""

_hasher = PasswordHasher()


class TooManyTries(Exception):
    """Locked for a while, whatever the password."""


class WeakSecret(Exception):
    """A password too short, or a PIN that is not six to eight digits or too easy to guess."""


class SigningIn:
    """Who may come in, by browser or by telephone."""

    def __init__(self, engine: Engine, redis: Any, clock: Callable[[], datetime]) -> None:
        self.accounts = Accounts(engine, clock)
        self._audit = StaffAudit(engine, clock)
        self._passwords = Tries(redis, clock, "password", timedelta(minutes=15))
        self._pins = Tries(redis, clock, "pin", timedelta(hours=24))

    def by_password(self, name: str, password: str, address: str) -> Account | None:
        """The account, or None for a wrong name or password alike; raises TooManyTries."""
        name = name.strip()[:60]
        if self._passwords.locked({f"name:{name}": BY_NAME, f"address:{address}": BY_ADDRESS}):
            raise TooManyTries
        account = self._find(name)
        if not _fits(account.password_hash if account else "", password) or not (account and account.active):
            self._passwords.failed(f"name:{name}", f"address:{address}")
            return None
        self._passwords.forget(f"name:{name}")
        self._audit.note(account.name, "signed_in")
        return account

    def by_pin(self, code: str, caller: str) -> Account | None:
        """The operator whose number and PIN were keyed in; None for a wrong number, a wrong PIN and a lock alike."""
        number, pin = code[:NUMBER_DIGITS], code[NUMBER_DIGITS:]
        things = {f"number:{number}": BY_NUMBER, f"caller:{caller or 'withheld'}": BY_CALLER}
        if self._pins.locked(things):
            return None
        account = self.accounts.numbered(number) if code.isascii() and code.isdigit() else None
        if not _fits(account.pin_hash if account else "", pin) or not (account and account.may("operator")):
            self._pins.failed(*things)
            return None
        self._pins.forget(f"number:{number}")
        self._audit.note(account.name, "signed_in_by_telephone")
        return account

    def unlock(self, account: Account) -> None:
        """Somebody who may has looked: the counts against this account begin again."""
        self._passwords.forget(f"name:{account.name}")
        self._pins.forget(f"number:{account.number}")

    def _find(self, name: str) -> Account | None:
        try:
            return self.accounts.named(name)
        except UnknownAccount:
            return None


def hash_password(password: str) -> str:
    """What is stored instead of a password; raises WeakSecret."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakSecret
    return _hasher.hash(password)


def hash_pin(pin: str) -> str:
    """What is stored instead of a PIN; raises WeakSecret."""
    straight = pin in "01234567890123456789" or pin in "98765432109876543210"
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS) or len(set(pin)) < 3 or straight:
        raise WeakSecret
    return _hasher.hash(pin)


def fresh_pin() -> str:
    """Six digits nobody has thought of."""
    while True:
        pin = f"{secrets.randbelow(10**6):06}"
        if len(set(pin)) >= 4:
            return pin


def fresh_password() -> str:
    """Something long that can be typed from a piece of paper."""
    return "-".join(secrets.token_hex(2) for _ in range(5))


def _fits(stored: str, offered: str) -> bool:
    """Unknown accounts cost the same time as wrong passwords, so that names cannot be found out by the clock."""
    try:
        return _hasher.verify(stored or _nobody(), offered) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))
