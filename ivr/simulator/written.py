"""Written calls: a call as operators can read and write it, and as tests play it.

    # Two seats in French, by keys only
    house   today 2026-11-21
    call    from +33612345678

    hears   main.menu
    presses 1
    hears   buy.which
    says    la bohème
    hears   buy.offer      total=36000
    is silent
    is transferred  group
    is hung up
    hangs up

    sold    2 seats
    held    0 seats
    left    1 message

Lines before the first `hears` set the house; lines after the end say what must be true then. A line `sound` has the
call spoken as well: what it `says` is heard by a recogniser, from a media stream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

DEEDS = ("presses", "says", "is silent", "hangs up", "records")
ENDS = ("is hung up", "is transferred")
_LINE = re.compile(
    r"(?P<word>hears|presses|says|records|is silent|hangs up|is hung up|is transferred|house|call|sound|meanwhile|sold"
    r"|held|left)"
    r"(?:\s+(?P<rest>.*))?\Z"
)


class BadWrittenCall(ValueError):
    """A line of a written call that nobody can play; names file, line and what may stand there."""


@dataclass(frozen=True)
class Line:
    """One line: its word, the rest of it, and where it stands."""

    number: int
    word: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.word:<7} {self.rest}".rstrip()


@dataclass(frozen=True)
class WrittenCall:
    """A whole written call: its title, its house and caller, and its lines."""

    name: str
    title: str
    lines: tuple[Line, ...]
    house: dict[str, str] = field(default_factory=dict)
    caller: str = "+33612345678"
    language: str = ""
    sound: bool = False
    """Is it spoken as well, on a media stream?"""


def read_call(path: Path) -> WrittenCall:
    """Read a written call; raises BadWrittenCall with file, line and remedy."""
    return parse_call(path.read_text(encoding="utf-8"), path.stem)


def parse_call(text: str, name: str = "call") -> WrittenCall:
    """The same from its text."""
    title, lines, house, caller, language, sound = "", [], {}, "+33612345678", "", False
    for number, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if stripped.startswith("#"):
            title = title or stripped.lstrip("# ")
        elif stripped:
            line = _line(stripped, name, number)
            if line.word == "house":
                key, _, value = line.rest.partition(" ")
                house[key] = value.strip()
            elif line.word == "sound":
                sound = True
            elif line.word == "call":
                caller, language = _caller(line.rest, caller)
            else:
                lines.append(line)
    return WrittenCall(name, title, tuple(lines), house, caller, language, sound)


def _line(text: str, name: str, number: int) -> Line:
    match = _LINE.match(text)
    if match is None:
        known = ", ".join((*DEEDS, *ENDS, "hears", "house", "call", "sound", "meanwhile", "sold", "held", "left"))
        raise BadWrittenCall(f"{name}.call line {number}: «{text}» is no line of a written call; write one of: {known}")
    return Line(number, match["word"], (match["rest"] or "").strip())


def _caller(rest: str, default: str) -> tuple[str, str]:
    words = rest.split()
    number = words[words.index("from") + 1] if "from" in words else default
    language = words[words.index("in") + 1] if "in" in words else ""
    return ("" if number == "hidden" else number), language


def written(title: str, caller: str, language: str, lines: list[Line]) -> str:
    """A call that was really placed, as a written call: a bug report becomes a test by copy and paste."""
    head = [f"# {title}", f"call    from {caller or 'hidden'}" + (f" in {language}" if language else ""), ""]
    return "\n".join([*head, *(str(line) for line in lines)]) + "\n"
