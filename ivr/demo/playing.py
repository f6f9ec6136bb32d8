"""Plays a written call over signed webhooks and TwiML, and shows what the caller hears, presses and says."""

from __future__ import annotations

from pathlib import Path

import requests
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ivr.settings import Settings
from ivr.simulator import Line, Moment
from ivr.simulator.written import read_call

FIRST_CALL = Path(__file__).with_name("first_call.call")


def play(settings: Settings, console: Console, title: str, script: Path = FIRST_CALL) -> str:
    """The whole call, in front of the reader, about the production of that title; the call's id."""
    call = read_call(script)
    way = f"{call.caller} → {settings.house_number}, {settings.base_url}/voice/…"
    console.print(f"[bold]{call.title}[/]  [dim]{way}[/]\n")
    # A connection that stays open would keep the web process from leaving at once.
    with (
        requests.Session() as wire,
        Line(settings.base_url, settings.auth_token, call.caller, settings.house_number, wire) as line,
    ):
        moment = line.dial()
        _show(moment, console)
        for deed in call.lines:
            if moment.ended or moment.queued:
                break
            after = _done(line, deed.word, deed.rest.replace("{title}", title), console)
            if after is not None:
                moment = after
                _show(moment, console)
        if not moment.ended:
            line.hang_up()
        return line.call_sid


def _done(line: Line, word: str, rest: str, console: Console) -> Moment | None:
    """What the caller does on this line of the script; None for lines that only say what is heard."""
    match word:
        case "presses":
            console.print(f"\n   [bold green]presses {rest}[/]\n")
            return line.press(rest)
        case "says":
            console.print(f"\n   [bold green]says « {rest} »[/]\n")
            return line.say(rest)
        case "is silent":
            console.print("\n   [bold green]says nothing[/]\n")
            return line.silence()
        case "hangs up":
            return line.hang_up()
    return None


def _show(moment: Moment, console: Console) -> None:
    """Every sentence, and a line where the call ends."""
    for piece in moment.heard:
        console.print(Padding(Text(piece.text or "♪"), (0, 0, 0, 3)))
    if moment.queued:
        console.print("   [magenta]♪ waiting for a person[/]")
    elif moment.ended:
        console.print("   [dim]the line is closed[/]\n")
