"""The last lines of the demonstration: every address, every account, how to call, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from ivr.demo.preparing import AGENT_PHONE, Login
from ivr.settings import Settings

SOUFFLEUR = ".venv/bin/souffleur"
LANGUAGES = {"fr": "French", "en": "English"}


def tell(
    settings: Settings, accounts: tuple[Login, ...], missing: Mapping[str, str], listens: bool, console: Console
) -> None:
    """Four tables: addresses, accounts, a call of one's own and speech; wrapped nowhere, so that all can be copied."""
    wide = Console(file=console.file, highlight=False, width=max(console.width, 120))
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
    table.add_row("Telephone", settings.carrier_url, "[dim]two lines in the browser: a caller's and the agent's[/]")
    table.add_row("Agents", f"{base}/desk", "[dim]who waits, why, what was said; «Prendre l’appel» rings the agent[/]")
    table.add_row("Operators", f"{base}/studio", "[dim]the prompts and their recordings[/]")
    table.add_row("Webhooks", f"{base}/voice/incoming", "[dim]signed; for the carrier[/]")
    return table


def _accounts(accounts: tuple[Login, ...]) -> Table:
    table = _table("\nAccounts")
    for login in accounts:
        rung = f", rung on {AGENT_PHONE}, the telephone's second line" if login.role == "agent" else ""
        table.add_row(
            login.name, f"[dim]password[/] {login.password}", f"[dim]by telephone[/] {login.number}{login.pin}{rung}"
        )
    return table


def _your_own_call(settings: Settings) -> Table:
    table = _table("\nYour own call")
    table.add_row("In the browser", f"{settings.carrier_url}: «Appeler», then keys, words, or the microphone")
    table.add_row("", "[dim]a person: key 0; take the call at the desk, answer on the second line, press 1[/]")
    table.add_row("In a terminal", f"{SOUFFLEUR} call [dim]· --lang en · --through http · --script FILE.call[/]")
    return table


def _speech(missing: Mapping[str, str], listens: bool) -> Table:
    table = _table("\nSpeech")
    if not listens:
        table.add_row("Media streams", "[yellow]not served here[/][dim]: words go to the carrier's recogniser[/]")
    for code, language in LANGUAGES.items():
        advice = missing.get(code, "")
        command, _, remark = advice.partition("  ")
        if not advice:
            table.add_row(language, "understood when spoken")
        elif remark:
            table.add_row(language, f"understood when spoken, roughly; better with {_to_do(command)}")
        else:
            table.add_row(language, f"not understood when spoken, only keys and typed words; {_to_do(command)}")
    if len(missing) > 1:
        both = f"{SOUFFLEUR} models fetch {' '.join(missing)}"
        table.add_row("Both", f"[bold]{both}[/] [dim]fetches 80 MB, once; then start anew[/]")
    return table


def _to_do(command: str) -> str:
    return f"[bold]{command.replace('souffleur', SOUFFLEUR, 1)}[/]"
