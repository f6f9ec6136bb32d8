"""A plan of a hall one can look at: drawn as SVG, or in letters for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from booking.halls.hall import Hall
from booking.halls.seat import Seat, Section

States = Mapping[str, str]
"""Seat id -> "held", "sold" or "blocked"; every other seat is free."""

METRE = 15
SEAT = 7
MARGIN = 34
PANELS_ABREAST = 2
BOXES_IN_A_LINE = 7
COLOURS = (
    "#7b1e3b", "#b5433c", "#d9772b", "#c9a227", "#7f9c3a", "#3f8f5b", "#2f8f8f", "#3a6ea5", "#5b57a6", "#8a5aa0",
    "#8c7b75",
)  # fmt: skip
TAKEN = {"held": "#f2d675", "sold": "#d0d0d0", "blocked": "#6b6b6b"}
LEFT_OUT = {"held": "h", "sold": "·", "blocked": "x"}
WORDS = {
    "fr": {
        "stage": "scène", "row": "rang", "box": "loge", "seat": "place", "held": "retenue", "sold": "vendue",
        "blocked": "réservée", "wheelchair": "fauteuil roulant", "companion": "accompagnateur",
        "strapontin": "strapontin", "full": "vue complète", "good": "bonne vue", "partial": "vue partielle",
        "poor": "vue très réduite", "level": "niveau",
    },
    "en": {
        "stage": "stage", "row": "row", "box": "box", "seat": "seat", "held": "held", "sold": "sold",
        "blocked": "blocked", "wheelchair": "wheelchair place", "companion": "companion's seat",
        "strapontin": "folding seat", "full": "full view", "good": "good view", "partial": "partial view",
        "poor": "very limited view", "level": "level",
    },
}  # fmt: skip


def svg(hall: Hall, states: States | None = None, language: str = "fr") -> str:
    """The hall as one SVG picture, level by level; seats are coloured by category, or by what has become of them."""
    states, words = states or {}, WORDS[language]
    width, height = _panel_size(hall)
    levels = sorted({section.level for section in hall.sections})
    parts = [
        f'<g transform="translate({at % PANELS_ABREAST * width:.0f} {at // PANELS_ABREAST * height + MARGIN:.0f})">'
        + "".join(_panel(hall, level, states, words, language, width))
        + "</g>"
        for at, level in enumerate(levels)
    ]
    rows = -(-len(levels) // PANELS_ABREAST)
    size = (PANELS_ABREAST * width, rows * height + MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>{escape(hall.name(language))}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{_legend(hall, words, language)}{"".join(parts)}</svg>\n'
    )


def _panel_size(hall: Hall) -> tuple[float, float]:
    across = max(abs(seat.x) for seat in hall.seats)
    deep = max(seat.y for seat in hall.seats)
    return 2 * across * METRE + 2 * MARGIN, deep * METRE + 3 * MARGIN


def _legend(hall: Hall, words: Mapping[str, str], language: str) -> str:
    entries = [(colour, category.name(language)) for colour, category in zip(COLOURS, hall.categories, strict=False)]
    entries += [(colour, words[state]) for state, colour in TAKEN.items()]
    return "".join(
        f'<rect x="{12 + at * 92}" y="10" width="11" height="11" rx="3" fill="{colour}"/>'
        f'<text x="{27 + at * 92}" y="20">{escape(name)}</text>'
        for at, (colour, name) in enumerate(entries)
    )


def _panel(
    hall: Hall, level: int, states: States, words: Mapping[str, str], language: str, width: float
) -> Iterator[str]:
    """One level of the hall, with the stage at its head."""
    sections = [section for section in hall.sections if section.level == level]
    names = " · ".join(section.name(language) for section in sections)
    middle = width / 2
    yield f'<text x="{middle:.0f}" y="14" text-anchor="middle" font-size="14">{escape(names)}</text>'
    yield f'<path d="M{middle - 130:.0f} 24h260l-24 20h-212z" fill="#efe6da"/>'
    yield f'<text x="{middle:.0f}" y="38" text-anchor="middle">{words["stage"]}</text>'
    orders = {category.id: order for order, category in enumerate(hall.categories)}
    ids = {section.id for section in sections}
    for seat in hall.seats:
        if seat.section in ids:
            yield _seat(seat, orders[seat.category], states.get(seat.id), words, language, middle)


def _seat(
    seat: Seat, order: int, state: str | None, words: Mapping[str, str], language: str, middle: float
) -> str:
    fill = TAKEN[state] if state else COLOURS[order % len(COLOURS)]
    round_corner = SEAT / 2 if seat.kind == "wheelchair" else 1 if seat.strapontin else 2.5
    outline = "" if seat.ordinary else ' stroke="#000" stroke-width="1.2"'
    x, y = middle + seat.x * METRE - SEAT / 2, seat.y * METRE + MARGIN / 2
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{SEAT}" height="{SEAT}" rx="{round_corner}" fill="{fill}"{outline}>'
        f"<title>{escape(_told(seat, state, words, language))}</title></rect>"
    )


def _told(seat: Seat, state: str | None, words: Mapping[str, str], language: str) -> str:
    """A seat in words, for who points at it and for who cannot see it."""
    line = f"{words['box'] if seat.in_box else words['row']} {seat.row}, {words['seat']} {seat.number}"
    extra = [words[state]] if state else []
    extra += [words["strapontin"]] if seat.strapontin else []
    extra += [words[seat.kind]] if seat.kind != "seat" else []
    return ", ".join((seat.section_name(language), line, seat.category, words[seat.view], *extra))


def text(hall: Hall, states: States | None = None, language: str = "fr") -> str:
    """The hall in letters: each free seat is the sign of its category, h held, · sold, x blocked, small s folding."""
    lines = [f"{hall.name(language)}: {len(hall.seats)} {WORDS[language]['seat']}s"]
    signs = {category.id: _sign(category.id) for category in hall.categories}
    lines += ["  " + "  ".join(f"{signs[it.id]} {it.name(language)}" for it in hall.categories)]
    for section in hall.sections:
        lines += ["", f"{section.name(language)} ({section.id})"]
        draw = _boxes if section.layout == "boxes" else _rows
        lines += draw(hall, section, states or {}, signs)
    return "\n".join(lines) + "\n"


def _sign(category: str) -> str:
    """One letter or digit for a category: O for Optima, X for ten."""
    return "X" if category == "10" else category[0]


def _mark(seat: Seat, states: States, signs: Mapping[str, str]) -> str:
    if state := states.get(seat.id):
        return LEFT_OUT[state]
    if seat.kind != "seat":
        return "w" if seat.kind == "wheelchair" else "c"
    return "s" if seat.strapontin else signs[seat.category]


def _rows(hall: Hall, section: Section, states: States, signs: Mapping[str, str]) -> list[str]:
    """Rows as they stand: seats one behind the other, gaps where the aisles are."""
    seats = [seat for seat in hall.seats if seat.section == section.id]
    columns = {seat.id: hall.positions[seat.id] - seat.row_order * hall.stride for seat in seats}
    first = min(columns.values())
    lines = []
    for _, group in groupby(seats, key=lambda seat: seat.row_order):
        row = list(group)
        line = [" "] * hall.stride
        for seat in row:
            line[columns[seat.id] - first] = _mark(seat, states, signs)
        lines.append(f"{row[0].row!s:>4} {''.join(line)}".rstrip())
    return lines


def _boxes(hall: Hall, section: Section, states: States, signs: Mapping[str, str]) -> list[str]:
    """Boxes one after the other, those of each side by themselves, their ranks from the front."""
    lines = []
    seats = [seat for seat in hall.seats if seat.section == section.id]
    for side in ("left", "right"):
        boxes = groupby((seat for seat in seats if seat.side == side), key=lambda seat: seat.row)
        drawn = [f"{box!s:>4} {_ranks(list(group), states, signs)}" for box, group in boxes]
        lines += ["".join(drawn[at : at + BOXES_IN_A_LINE]) for at in range(0, len(drawn), BOXES_IN_A_LINE)]
    return lines


def _ranks(box: list[Seat], states: States, signs: Mapping[str, str]) -> str:
    ranks = groupby(box, key=lambda seat: seat.rank)
    return "/".join("".join(_mark(seat, states, signs) for seat in rank) for _, rank in ranks)
