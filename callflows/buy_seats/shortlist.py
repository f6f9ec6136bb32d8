"""Steps: no title yet, but a kind, a house, a tariff or a day: the titles that fit, counted and read out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking import Production
from callflows.answers import Choice, Option
from callflows.buy_seats.purchase import TITLES_READ_OUT, flow
from callflows.evenings import WHEN
from callflows.language import Call
from callflows.options import words_for
from callflows.repertoire import KINDS, loosened, names_days, narrows, suited

FEW = 2 * TITLES_READ_OUT
"""Titles that one listens to rather than being asked which one it is."""


@flow.do(to={"asked": "which", "some": "shortlist", "none": "nothing_fits", "none_then": "nothing_then"})
def narrow(call: Call) -> str:
    """Whoever named no title, but a kind of show, a house or a day, hears only what fits; days alone must leave few."""
    by_kind = narrows(call.said)
    if "production" in call.said or not (by_kind or names_days(call.said)):
        return "asked"
    call.data.titles, call.data.page = _fitting(call, ()), 0
    if not call.data.titles:
        return "none" if by_kind else "none_then"
    return "some" if by_kind or len(call.data.titles) <= FEW else "asked"


def _fitting(call: Call, aside: Sequence[str]) -> list[str]:
    """Ids of the productions that fit what was said, leaving some slots aside."""
    said = {slot: value for slot, value in call.said.items() if slot not in aside}
    return [production.id for production in suited(call.booking.programme(), said, call.now)]


flow.tell("nothing_then", "buy.nothing_then", to="which")
flow.tell("nothing_fits", "buy.nothing_fits", to="loosen")


@flow.do(to={"some": "shortlist", "asked": "which"})
def loosen(call: Call) -> str:
    """Nothing fits all of it: the days are put aside first, the kind of show last."""
    for aside in loosened(call.said):
        if found := _fitting(call, aside):
            call.forget(*aside)
            call.data.titles, call.data.page = found, 0
            return "some" if narrows(call.said) else "asked"
    call.forget(*KINDS, *WHEN)
    return "asked"


def _titles(call: Call) -> list[Production]:
    by_id = {production.id: production for production in call.booking.programme()}
    return [by_id[title] for title in call.data.titles if title in by_id]


def _shown(call: Call) -> Sequence[Option]:
    """A page of the titles, the next page, and the way out to all of them; a bare yes takes a single one."""
    titles = _titles(call)
    pages = max(1, -(-len(titles) // TITLES_READ_OUT))
    first, alone = call.data.page % pages * TITLES_READ_OUT, len(titles) == 1
    this = words_for("shortlist.this", call.language) if alone else ()
    options = [
        Option(p.id, str(key), (p.title, *this), {"title": p.title}, confirm="yes" if alone else "")
        for key, p in enumerate(titles[first : first + TITLES_READ_OUT], start=1)
    ]
    more = Option("more", "9", words_for("more.more", call.language), prompt="programme.more", confirm="no")
    others = words_for("shortlist.all", call.language)
    whole = Option("all", "8", others, prompt="buy.shortlist.all", confirm="no" if pages == 1 else "")
    return (*options, *((more,) if pages > 1 else ()), whole)


def _counted(call: Call) -> dict[str, Any]:
    """«Trois ballets au Palais Garnier», in every language of the house."""
    count = len(call.data.titles)
    return {"count": count, "what": {language: _what(call, language, count) for language in call.tools.languages}}


def _what(call: Call, language: str, count: int) -> str:
    said = call.said
    kind = "_".join(said[slot] for slot in ("style", "genre") if said.get(slot)) or "show"
    names = words_for(f"kinds.{kind}", language) or words_for("kinds.show", language) or ("", "")
    parts = [names[0] if count == 1 else names[-1]]
    parts += words_for(f"halls.{said.get('hall')}", language)[:1]
    parts += words_for(f"for_whom.{said.get('tariff')}", language)[:1]
    return " ".join(parts)


@flow.ask(
    "buy.shortlist",
    Choice(offer=_shown, each="programme.option", context="ask_production", patience="long"),
    slot="production",
    tells=_counted,
    says_back=KINDS,
    to={"chosen": "on_sale", "more": "shortlist", "all": "programme.pick", "unknown": "not_in_programme"},
)
def shortlist(call: Call, production: Any) -> str:
    """The titles that fit, a few at a time; 8 for all of them."""
    if production == "more":
        call.forget("production")
        call.data.page += 1
        return "more"
    if production == "all":
        call.forget("production", *KINDS)
        return "all"
    return "chosen" if production else "unknown"
