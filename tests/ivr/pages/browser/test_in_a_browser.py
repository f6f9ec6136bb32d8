"""The pages in a real Chromium: live, by keyboard, for a screen reader, on a small telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from booking import Wish
from callflows import Heard, Listen, Reply, Say
from ivr.house import House
from ivr.incoming import Incoming

pytestmark = pytest.mark.browser

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/desk", "/calls", f"/calls/{CALL}", f"/calls/{CALL}/caller", "/studio?language=fr&q=general",
    "/studio/prompt?key=general.silence&language=fr", "/studio/flows", "/studio/flows/to_agent", "/staff/log",
)  # fmt: skip


@pytest.fixture
def waits(house: House) -> Callable[..., None]:
    """Somebody waits for a person, with seats held."""

    def wait(call: str = CALL, caller: str = "+33612345678") -> None:
        journal = house.journal
        begun = journal.begun(Incoming(call, caller, "+33199000111", "fr"))
        reply = Reply((Say("general.one_moment", {}),), Listen("any"), "fr")
        said = {"quantity": 2, "date": "2026-12-12"}
        heard = Heard(words="un conseiller s’il vous plaît", confidence=0.9)
        turns = (("a", Heard(), {}), ("b", heard, said), ("c", Heard(keys="0"), said))
        told = (
            journal.answered(call=call, turn=turn, step=step, heard=heard, reply=reply, said=said)
            for turn, (step, heard, said) in enumerate(turns)
        )
        house.calls.forget("nobody", after=None, told=[begun, *told])
        journal.flush()
        clerk = house.booking.clerk("phone", call)
        evenings = (evening for production in clerk.programme() for evening in production.performances)
        evening = next(each for each in evenings if each.kind == "normal" and clerk.on_sale(each.id).state == "open")
        clerk.hold_best(evening.id, Wish(quantity=2), request=f"{call}:1")
        house.room.enter(call, caller, "agent", {"said": said}, "fr")

    return wait


def faults(page: Any, rules: dict[str, Any]) -> list[str]:
    """What axe-core finds wrong by these rules."""
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{page.url}: {fault['id']} at {node['target']}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [("light", {"type": "tag", "values": WCAG}), ("dark", {"type": "rule", "values": ["color-contrast"]})],
    ids=["every rule by day", "contrast by night"],
)
def test_every_page_keeps_the_rules_of_accessibility(
    window: Any, waits: Any, scheme: str, rules: dict[str, Any]
) -> None:
    """WCAG up to 2.2 AA, as far as a machine can tell."""
    waits()
    desk = window(color_scheme=scheme)
    found = faults(desk.goto("/sign-in"), rules)
    page = desk.sign_in("Sarastro")

    for path in PAGES:
        found += faults(desk.goto(path), rules)
    desk.goto("/desk")
    page.get_by_role("button", name="Prendre l’appel").click()
    page.get_by_text("Vendre : ").click()
    found += faults(page, rules)

    assert found == []


def test_nothing_is_wider_than_a_small_telephone(window: Any, waits: Any) -> None:
    """WCAG 2.2, 1.4.10 Reflow: 320 points wide, without scrolling sideways."""
    waits()
    small = window(viewport={"width": 320, "height": 640})
    page = small.sign_in("Sarastro")

    for path in (*PAGES, "/studio/flows/buy_seats"):
        small.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_caller_comes_and_goes_without_a_reload(window: Any, waits: Any, house: House) -> None:
    page = window().sign_in("Pamina")
    page.evaluate("window.sameAsEver = true")
    expect(page.get_by_text("Personne n’attend.")).to_be_visible()

    waits()
    expect(page.get_by_role("heading", name="1 personne attend")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Nouvel appel en attente. 1 en tout.")
    expect(page).to_have_title("(1) Pupitre des conseillers · Souffleur")

    house.room.leave(CALL, "hangup")
    expect(page.get_by_text("Personne n’attend.")).to_be_visible()
    assert page.evaluate("window.sameAsEver")


def test_an_agent_takes_a_caller_by_keyboard_alone_and_keeps_her_place(
    window: Any, waits: Any, house: House, ear: Any
) -> None:
    waits()
    page = window().sign_in("Pamina")
    take = page.get_by_role("button", name="Prendre l’appel de +33 6 12 34 56 78")
    for _ in range(20):
        page.keyboard.press("Tab")
        if take.evaluate("button => button === document.activeElement"):
            break

    waits(OTHER, "+33698765432")
    expect(page.get_by_role("heading", name="2 personnes attendent")).to_be_visible()
    expect(take).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Votre appel : +33 6 12 34 56 78")).to_be_attached()
    expect(page.locator(".note.done")).to_have_text("L’appel est à vous : votre téléphone sonne.")
    assert [asked.path.rpartition("/")[2] for asked in ear.heard] == [f"{CALL}.json"]


def test_two_agents_look_at_the_same_caller_and_one_gets_her(window: Any, waits: Any, ear: Any) -> None:
    waits()
    first, second = window().sign_in("Pamina"), window().sign_in("Sarastro")
    expect(second.get_by_role("button", name="Prendre l’appel")).to_be_visible()

    first.get_by_role("button", name="Prendre l’appel").click()

    expect(second.get_by_text("Personne n’attend.")).to_be_visible()
    expect(second.get_by_text("chez Pamina")).to_be_visible()
    assert len(ear.heard) == 1


def test_a_page_that_is_about_to_sell_is_not_renewed_under_the_agent_s_fingers(
    window: Any, waits: Any, house: House
) -> None:
    waits()
    page = window().sign_in("Pamina")
    page.get_by_role("button", name="Prendre l’appel").click()
    page.get_by_text("Vendre : ").click()
    page.get_by_label("par la poste").check()

    with page.expect_response("**/now"):
        house.room.tell("seats")
    expect(page.get_by_label("par la poste")).to_be_checked()
    page.get_by_role("button", name="Oui, vendre").click()

    expect(page.get_by_text("Les places sont vendues.")).to_be_visible()
    expect(page.locator(".note.reference")).to_be_visible()


def test_an_operator_records_a_prompt_in_the_browser(window: Any, house: House) -> None:
    studio = window()
    page = studio.sign_in("Sarastro")
    # The countdown is for people: here it passes thirty times as fast.
    page.add_init_script("const later = setTimeout; setTimeout = (what, when) => later(what, when / 30);")
    studio.goto("/studio/prompt?key=general.silence&language=fr")

    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistrement en cours")).to_be_visible()
    expect(page.get_by_label("Niveau du microphone")).not_to_have_js_property("value", 0)
    page.get_by_role("button", name="Arrêter").click()
    page.get_by_role("button", name="Garder cette prise").click()

    # Chromium's make-believe microphone only beeps: it is judged like any other recording.
    expect(page.locator(".note")).to_be_visible()
    kept = house.takes.book.takes_of("general.silence", "fr")
    assert [take.source for take in kept] == ["browser"] or page.locator(".note.problem").is_visible()


def test_the_desk_works_without_scripts(window: Any, waits: Any, ear: Any) -> None:
    waits()
    page = window(java_script_enabled=False).sign_in("Pamina")

    page.get_by_role("button", name="Prendre l’appel").click()

    assert "Votre appel" in page.content()
    assert len(ear.heard) == 1
