"""Merging: the slots of a whole sentence from its pieces, with corrections, alternatives and contradictions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from callflows.understanding.choices import choose, one_read_out
from callflows.understanding.dates import WEEKDAYS, after
from callflows.understanding.grammar import Match
from callflows.understanding.naming import Production, production_meant
from callflows.understanding.pile import LISTS, Pile
from callflows.understanding.scene import Scene
from callflows.understanding.yes_no import SIGN, Answer, verdict

BESIDE_AN_INTENT = {"main_menu": ("help", "wait", "repeat")}
"""Commands that are only a manner of speaking when the sentence also says what it is about; elsewhere only «help»."""
MOST_TIERS = 5
"""Balconies, boxes and galleries are counted so far."""
A_WHOLE_PHRASE = 3
"""Rules of intents that weigh less know a single word only."""
OF_OUR_HOUSE = frozenset({"production", "section", "step_free", "wheelchair", "tariff", "category"})
"""Slots that speak of nothing but a theatre."""
GROUP = 10
"""From so many seats on a group is served by other people (domain: at most nine in one order)."""
AFTER_SALES = ("exchange", "refund", "cancel", "resale", "lost_tickets", "order_status", "complaint", "agent")
"""What is said of an order that was made; its days are told, not wished for."""
WISHES = frozenset(
    {
        "quantity",
        "date",
        "date_from",
        "date_to",
        "dates",
        "weekdays",
        "not_weekdays",
        "not_dates",
        "part_of_day",
        "time",
        "hall",
        "section",
        "not_section",
        "category",
        "categories",
        "max_price",
        "min_price",
        "max_total",
        "price_level",
        "view",
        "position",
        "not_position",
        "side",
        "row",
        "row_max",
        "together",
        "production",
        "more_options",
        "box_tier",
        "seats",
        "strapontin",
        "parity",
        "wheelchair",
        "step_free",
        "clarify",
    }
)
"""What a caller asks for instead of saying yes."""


@dataclass(frozen=True)
class Merged:
    """Slots, which of them to confirm, and between what to ask."""

    slots: dict[str, Any] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    candidates: tuple[Any, ...] = ()


def merge(
    chosen: Sequence[Match],
    scene: Scene,
    strange: float,
    intent: Match | None,
    *,
    denied: bool = False,
    pauses: Collection[int] = (),
) -> Merged:
    """The slots that the chosen readings fill together; `denied` when a «not» was left over, `pauses` in the words."""
    pile = Pile()
    named = [match for match in chosen if "_title" in match.value]
    for match in chosen:
        if match.start in pauses:
            pile.pause()
        if not _is_a_place(match.value, scene):
            _heap(pile, one_read_out(match.value, scene))
    production = production_meant(named, chosen, pile.slots, scene)
    slots = _with_production(pile.slots, production)
    if intent is not None and not _beside_the_point(intent, slots):
        slots = {**intent.value, **slots}
        if slots.get("intent") in AFTER_SALES:
            slots.pop("clarify", None)  # «hier» is when it happened; «La Bohème contre Carmen» is for a person
        if slots.get("intent") in ("info_show", "availability"):
            slots.pop("language", None)  # «is Carmen in French?» asks for no other language of ours
        if slots.get("command") in BESIDE_AN_INTENT.get(scene.context, ("help",)):
            slots.pop("command")  # «comment je fais pour venir» asks about the way
    slots = _dates_agree(_lists_alone(choose(_as_group(slots, scene), scene, pile.denied)), pile.weekday)
    answered = _answer(pile.signs, slots, scene, strange, denied=denied or bool(pile.refused))
    if answered.get("confirm") == "yes" and slots.get("command") == "goodbye":
        slots.pop("command")  # «parfait, merci, au revoir» agrees, and takes leave too early
        pile.unsure.add("confirm")
    if answered.get("confirm") == "yes" and WISHES & slots.keys():
        pile.unsure.add("confirm")
    slots |= answered
    if pile.refused and not slots.keys() - {"not_dates"}:
        asked = "choice" if scene.context == "ask_performance" else min(pile.refused)
        slots = {**slots, "clarify": asked}
    slots.pop(slots.get("clarify", ""), None)  # what is asked back is not taken as well
    unsure = pile.unsure | pile.denied & slots.keys()
    if denied and scene.context != "confirm":
        unsure |= WISHES & slots.keys()  # a «not», and nobody knows what it denies: all is read back
    unsure |= {"production"} if production.unsure and production.ids else set()
    between = production.ids if slots.get("clarify") == "production" else pile.rivals.get(slots.get("clarify", ""), ())
    return Merged(slots, tuple(sorted(unsure)), tuple(between))


def _is_a_place(value: dict[str, Any], scene: Scene) -> bool:
    """«Le premier», «the first», where seats are asked for, is a balcony or a row, no day of the month."""
    return scene.context == "ask_seats" and "_bare" in value and date.fromisoformat(value["date"]).day <= MOST_TIERS


def _beside_the_point(intent: Match, slots: dict[str, Any]) -> bool:
    """«Mon médecin m'interdit les escaliers» asks for no doctor: one strange word counts only when alone."""
    alone = intent.value.get("intent") == "out_of_scope" and intent.rule.weight < A_WHOLE_PHRASE
    return alone and bool(OF_OUR_HOUSE & slots.keys())


def _as_group(slots: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """So many seats are a group's, whatever the caller calls it."""
    many = isinstance(slots.get("quantity"), int) and slots["quantity"] >= GROUP
    if many and scene.context in ("main_menu", "any") and slots.get("intent", "book") == "book":
        return {**slots, "intent": "group"}
    return slots


def _heap(pile: Pile, value: dict[str, Any]) -> None:
    """Add what one reading gives."""
    if {"date_from", "date_to"} <= value.keys():
        pile.put_period(value["date_from"], value["date_to"])
        value = {slot: given for slot, given in value.items() if slot not in ("date_from", "date_to")}
    if "_bare" in value and "date" in pile.slots:
        earlier, later = date.fromisoformat(pile.slots["date"]), date.fromisoformat(value["date"])
        value = {**value, "date": after(earlier, later).isoformat()}
        pile.bare = False  # two bare days are alike; a bare one before a whole date was a false start
    if "_weekday" in value:
        pile.weekday[value["date"]] = value["_weekday"]
    if SIGN in value:
        pile.sign(value[SIGN])  # before its own slots: «plutôt trois que quatre» takes back nothing of what it says
    for slot, given in value.items():
        if slot == "_not":
            pile.take_back(given, value.get("_refused"))
        elif slot == "_unsure":
            pile.unsure.add(given)
        elif slot == "_corrects":
            pile.correct(given)
        elif slot == "_doubted":
            pile.doubted = True
        elif slot == "_between":
            pile.rivals[value["clarify"]] = list(given)
        elif not slot.startswith("_"):
            pile.put(slot, given)
    pile.bare = "_bare" in value


def _with_production(slots: dict[str, Any], production: Production) -> dict[str, Any]:
    if not production.named:
        return slots
    if len(production.ids) > 1:
        return {**slots, "clarify": "production"}
    return {**slots, "production": production.ids[0] if production.ids else None}


def _lists_alone(slots: dict[str, Any]) -> dict[str, Any]:
    """Where several dates were named, the single one goes."""
    return {slot: value for slot, value in slots.items() if LISTS.get(slot) not in slots}


def _dates_agree(slots: dict[str, Any], weekday: Mapping[str, str]) -> dict[str, Any]:
    """A day within a period that was also named stands for both; a day outside it is asked back.

    «Dimanche» outside it is every Sunday in it («un dimanche après-midi, en janvier»).
    """
    first, last, day = slots.get("date_from", "0"), slots.get("date_to", "9"), slots.get("date")
    if day and slots.get("weekdays") and WEEKDAYS[date.fromisoformat(day).weekday()] not in slots["weekdays"]:
        return {**{slot: slots[slot] for slot in slots if slot not in ("date", "weekdays")}, "clarify": "date"}
    if first > last:  # «avant le quinze, sinon après le vingt» is no period
        return {**{slot: slots[slot] for slot in slots if slot not in ("date_from", "date_to")}, "clarify": "date"}
    if day is None or not {"date_from", "date_to"} & slots.keys():
        return slots
    if not first <= day <= last and day in weekday:
        return {**{slot: value for slot, value in slots.items() if slot != "date"}, "weekdays": [weekday[day]]}
    others = {slot: value for slot, value in slots.items() if slot not in ("date", "date_from", "date_to")}
    return {**others, "date": day} if first <= day <= last else {**others, "clarify": "date"}


def _answer(
    signs: Sequence[str], slots: dict[str, Any], scene: Scene, strange: float, *, denied: bool
) -> dict[str, Any]:
    """Yes or no, where one was asked for; «non» to a list of dates means none of them."""
    if scene.context == "confirm":
        return _confirmed(signs, slots, strange, denied=denied)
    if slots:
        return {}
    if scene.context == "any":
        return verdict(Answer(signs, strange=strange, denied=denied)) if not strange else {}
    if scene.context == "ask_performance" and "no" in signs and "yes" not in signs and not denied:
        return {"choice": 0}
    plain = not strange and not denied
    return {"any": True} if scene.context == "ask_seats" and "no" in signs and plain else {}


def _confirmed(signs: Sequence[str], slots: dict[str, Any], strange: float, *, denied: bool) -> dict[str, Any]:
    """The answer to «est-ce que cela vous convient ?», unless the caller asked something or gave a command."""
    wishes = bool(WISHES & slots.keys()) or "choice" in slots
    if slots.get("command") == "goodbye" and "yes" in signs:
        return verdict(Answer(signs, wishes, False, strange, denied))
    if ("command" in slots or "intent" in slots) and "no" not in signs and not wishes:
        return {"clarify": "confirm"} if "yes" in signs and "intent" in slots else {}
    refuses = any(slot.startswith("not_") for slot in slots) or slots.get("strapontin") is False
    return verdict(Answer(signs, wishes, refuses, strange, denied))
