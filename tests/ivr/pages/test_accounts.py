"""Accounts: passwords and PINs, tries that are counted, roles, sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from redis import Redis
from sqlalchemy import Engine

from ivr.pages.accounts import (
    BY_CALLER,
    BY_NAME,
    BY_NUMBER,
    SigningIn,
    TooManyTries,
    WeakSecret,
    hash_password,
    hash_pin,
)
from ivr.records.accounts import Accounts, NameTaken, StaffAudit, UnknownAccount

PASSWORD, PIN = "la-reine-de-la-nuit", "482913"


@pytest.fixture(scope="module")
def hashes() -> dict[str, str]:
    """Quick ones: hashing is slow on purpose, a fifth of a second of the processor each time."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return {"password_hash": quick.hash(PASSWORD), "pin_hash": quick.hash(PIN)}


@pytest.fixture
def door(engine: Engine, redis: Redis, clock: Any, hashes: dict[str, str]) -> SigningIn:
    """A door with one operator behind it."""
    Accounts(engine, clock).add("Papageno", "operator", **hashes)
    return SigningIn(engine, redis, clock)


def test_the_right_password_opens(door: SigningIn) -> None:
    account = door.by_password(" Papageno ", PASSWORD, "198.51.100.7")

    assert account and account.name == "Papageno"


def test_what_is_stored_is_slow_to_try_and_opens(engine: Engine, redis: Redis, clock: Any) -> None:
    """Memory, rounds and lanes of RFC 9106's second recommendation, or more."""
    stored = {"password_hash": hash_password(PASSWORD), "pin_hash": hash_pin(PIN)}
    papageno = Accounts(engine, clock).add("Papageno", "operator", **stored)
    door = SigningIn(engine, redis, clock)

    assert all(each.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for each in stored.values())
    assert door.by_password("Papageno", PASSWORD, "") == door.by_pin(papageno.number + PIN, "") == papageno
    assert door.by_password("Papageno", PASSWORD[::-1], "") is door.by_pin(papageno.number + PIN[::-1], "") is None


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(door: SigningIn) -> None:
    assert door.by_password("Papageno", "Sperrt das Maul auf", "") is None
    assert door.by_password("Monostatos", PASSWORD, "") is None


def test_a_closed_account_does_not_open(door: SigningIn) -> None:
    door.accounts.change("Papageno", active=False)

    assert door.by_password("Papageno", PASSWORD, "") is None


def test_after_many_failures_even_the_right_password_waits(door: SigningIn, clock: Any) -> None:
    for _ in range(BY_NAME):
        door._passwords.failed("name:Papageno")

    with pytest.raises(TooManyTries):
        door.by_password("Papageno", PASSWORD, "")
    clock.forward(minutes=16)
    assert door.by_password("Papageno", PASSWORD, "")


def test_success_forgets_the_failures_before(door: SigningIn) -> None:
    door.by_password("Papageno", "wrong", "")
    door.by_password("Papageno", PASSWORD, "")

    assert not door._passwords.locked({"name:Papageno": 1})


def test_the_telephone_takes_the_number_and_then_the_pin(door: SigningIn) -> None:
    account = door.accounts.named("Papageno")

    assert account.number == "100"
    assert door.by_pin(account.number + PIN, "+33612345678") == account


@pytest.mark.parametrize("code", ["", "1", "100", "100482914", "999482913", "482913", "١٠٠482913", "1004829130"])
def test_anything_else_on_the_keys_is_a_no(door: SigningIn, code: str) -> None:
    assert door.by_pin(code, "+33612345678") is None


def test_an_agent_has_nothing_to_record(door: SigningIn, hashes: dict[str, str]) -> None:
    agent = door.accounts.add("Pamina", "agent", **hashes)

    assert door.by_pin(agent.number + PIN, "") is None


def test_guessing_from_many_telephones_locks_the_account(door: SigningIn) -> None:
    """Counted per account over calls: fifty callers with one try each are fifty tries."""
    for caller in range(50):
        door.by_pin("100111222", f"+336123456{caller:02}")

    assert door.by_pin("100" + PIN, "+33698765432") is None


def test_guessing_many_accounts_locks_the_caller(door: SigningIn, clock: Any) -> None:
    """Counted per caller over accounts; a day later she may try again."""
    for number in range(BY_CALLER):
        door.by_pin(f"{200 + number}111222", "+33612345678")

    assert door.by_pin("100" + PIN, "+33612345678") is None
    assert door.by_pin("100" + PIN, "+33698765432")
    clock.forward(hours=25)
    assert door.by_pin("100" + PIN, "+33612345678")


def test_somebody_who_may_can_unlock(door: SigningIn) -> None:
    for caller in range(BY_NUMBER):
        door.by_pin("100111222", f"+336123456{caller:02}")
    door.unlock(door.accounts.named("Papageno"))

    assert door.by_pin("100" + PIN, "")


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "111111", "112211", "123456789", "48a913", "٤٨٢٩١٣"])
def test_a_pin_that_is_easy_to_guess_is_refused(pin: str) -> None:
    with pytest.raises(WeakSecret):
        hash_pin(pin)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(WeakSecret):
        hash_password("too short")


def test_a_name_belongs_to_one_account(door: SigningIn) -> None:
    with pytest.raises(NameTaken):
        door.accounts.add("Papageno", "agent")
    with pytest.raises(UnknownAccount):
        door.accounts.change("Monostatos", role="agent")


def test_what_was_done_is_written_down(door: SigningIn, engine: Engine, clock: Any) -> None:
    door.by_password("Papageno", PASSWORD, "")

    (deed,) = StaffAudit(engine, clock).latest()

    assert (deed.who, deed.did, deed.at) == ("Papageno", "signed_in", clock())


def test_an_account_made_on_the_command_line_can_come_in(
    tmp_path: Any, redis: Redis, redis_url: str, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    from click.testing import CliRunner

    from ivr.commands.account import command
    from ivr.database import engine_for
    from ivr.settings import Settings

    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path / "var"))
    run: Callable[..., Any] = CliRunner().invoke

    made = run(command, ["add", "Papagena", "--role", "operator", "--json"])
    shown = json.loads(made.output)
    door = SigningIn(engine_for(Settings.read().database), redis, clock)

    assert door.by_password("Papagena", shown["password"], "")
    assert door.by_pin(shown["telephone_code"], "")
    assert "Papagena" in run(command, ["list"]).output
    monkeypatch.setenv("REDIS_URL", redis_url)
    door._passwords.failed(*["name:Papagena"] * BY_NAME)
    assert run(command, ["unlock", "Papagena"]).exit_code == 0
    assert door.by_password("Papagena", shown["password"], "")
    assert run(command, ["remove", "Papagena"]).exit_code == 0
    assert door.by_password("Papagena", shown["password"], "") is None
    assert run(command, ["add", "X", "--role", "agent", "--password", "short"]).exit_code == 2
