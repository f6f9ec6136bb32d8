"""The last lines of the demonstration: every address, every account, how to call, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from ivr.demo.preparing import AGENT_PHONE, Login
from ivr.settings import Settings

_NAME = "souffleur"
SOUFFLEUR = f".venv/bin/{_NAME}"
LANGUAGES = {"fr": "French", "en": "English"}


def tell(
    settings: Settings, accounts: tuple[Login, ...], missing: Mapping[str, str], listens: bool, console: Console
) -> None:
    """Four tables: addresses, accounts, a call of one's own and speech; wrapped nowhere, so that all can be copied."""
    wide = Console(file=console.file, highlight=False, width=max(console.width, 100))
    wide.print(_addresses(settings))
    wide.print(_accounts(accounts))
    wide.print(_your_own_call(settings))
    wide.print(_speech(missing, listens))


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", show_header=False, box=None, padding=(0, 2, 0, 2)
    )


def _addresses(settings: Settings) -> Table:
    base, table = settings.base_url, _table("Addresses")
    table.add_row("Telephone", settings.carrier_url, "[dim]two lines: a caller's and the agent's[/]")
    table.add_row("Agents", f"{base}/desk", "[dim]who waits; «take» rings the agent[/]")
    table.add_row("Operators", f"{base}/studio", "[dim]prompts and recordings[/]")
    table.add_row("Webhooks", f"{base}/voice/incoming", "[dim]for the carrier; signed[/]")
    return table


def _accounts(accounts: tuple[Login, ...]) -> Table:
    table = _table("\nAccounts")
    for login in accounts:
        by_telephone = f"[dim]by telephone[/] {login.number}{login.pin}"
        table.add_row(login.name, f"[dim]password[/] {login.password}", by_telephone)
        if login.role == "agent":
            table.add_row("", f"[dim]rung on[/] {AGENT_PHONE}", "[dim]the telephone's second line[/]")
    return table


def _your_own_call(settings: Settings) -> Table:
    table = _table("\nYour own call")
    table.add_row("In the browser", f"{settings.carrier_url} [dim]«Appeler», then keys, words, or the microphone[/]")
    table.add_row("To an agent", "[dim]key 0; take the call at the desk, answer on the second line, press 1[/]")
    table.add_row("In a terminal", f"{SOUFFLEUR} call [dim]--lang en, --through http, --script FILE[/]")
    return table


def _speech(missing: Mapping[str, str], listens: bool) -> Table:
    """What is understood when it is spoken, and what to fetch for the rest; keys and typed words always are."""
    table = _table("\nSpeech")
    if not listens:
        table.add_row("Media streams", "[yellow]not served here[/]", "[dim]words go to the carrier's recogniser[/]")
    for code, language in LANGUAGES.items():
        command, _, remark = missing.get(code, "").partition("  ")
        partly = "roughly understood, titles rarely" if remark else "keys and typed words only"
        heard = partly if command else "understood"
        table.add_row(language, heard, command and f"[dim]{_better(remark)}[/] {SOUFFLEUR}{command[len(_NAME):]}")
    if len(missing) > 1:
        fetch = f"{SOUFFLEUR} models fetch {' '.join(missing)}"
        table.add_row("Both", "[dim]80 MB, once; heard a few seconds later[/]", fetch)
    return table


def _better(remark: str) -> str:
    return "better with" if remark else "speech with"
