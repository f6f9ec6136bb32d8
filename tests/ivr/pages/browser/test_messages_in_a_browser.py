"""The messages' page in a real Chromium: heard, read, taken, done, taken back; and a consent that is withdrawn."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from callflows import Heard, Listen, Reply, Say
from ivr.house import House
from ivr.incoming import Incoming
from ivr.records.messages import LEFT, NO_MODEL, WRITTEN
from prompts import mulaw_wav
from prompts.synthetic import SyntheticVoice

pytestmark = pytest.mark.browser

CALLER, NAMED = "+33612345678", "+33698765432"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def left(house: House, number: int, caller: str, spoken: str, language: str = "fr", **written: Any) -> str:
    """A message lies on the desk: recorded, fetched, and written down or not."""
    call, recording = f"CA{number:032x}", f"RE{number:032x}"
    begun = house.journal.begun(Incoming(call, caller, "+33199000111", language))
    reply = Reply((Say("general.one_moment", {}),), Listen("any"), language)
    said = {"quantity": 2, "date": "2026-12-12"}
    heard = Heard(words="deux places le douze décembre", confidence=0.9)
    turn = house.journal.answered(call=call, turn=1, step="main_menu.menu", heard=heard, reply=reply, said=said)
    house.calls.forget("nobody", after=None, told=[begun, turn])
    sound = SyntheticVoice(house.settings.data / "spoken").speak(spoken, language)
    for kind, name in (("name", f"RE{number + 0x1000:032x}"), ("message", recording)):
        house.messages.note(f"/Recordings/{name}", kind, call, caller, "", language)
        house.messages.book.fetched(name, house.messages.sounds.keep(name, mulaw_wav.wrapped(sound)))
        house.messages.book.settle(name, LEFT)
    house.messages.book.wrote(f"RE{number + 0x1000:032x}", WRITTEN, words="dupont d u p o n t", engine="vosk")
    house.messages.book.wrote(recording, **{"how": NO_MODEL, **written})
    house.journal.flush()
    return recording


@pytest.fixture
def three(house: House, clock: Any) -> tuple[str, ...]:
    """Three messages: of somebody we know, in English and badly heard, and by a hidden number."""
    house.booking.change_customer(house.booking.customer(NAMED).id, name="Claire Morel")
    first = left(
        house, 1, NAMED, "Bonjour, je voudrais changer mes billets, rappelez-moi s'il vous plaît.", how=WRITTEN,
        words="bonjour je voudrais changer mes billets rappelez-moi s'il vous plaît", confidence=0.87, engine="vosk",
    )  # fmt: skip
    clock.forward(minutes=4)
    second = left(
        house, 2, CALLER, "Hello, please call me back.", "en", how=WRITTEN,
        words="hello please call me back", engine="pocketsphinx",
    )  # fmt: skip
    clock.forward(minutes=3)
    return first, second, left(house, 3, "", "Rappelez-moi au zéro un, quarante.")


def look(page: Any, name: str) -> None:
    """A picture for whoever wants to see it: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def faults(page: Any) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [f"{page.url}: {fault['id']} at {node['target']}" for fault in found for node in fault["nodes"]]


def test_an_agent_hears_reads_takes_and_finishes_a_message(window: Any, three: tuple[str, ...]) -> None:
    desk = window()
    page = desk.sign_in("Pamina")
    expect(page.get_by_role("link", name="3 messages à traiter")).to_be_visible()
    look(page, "desk")
    page.get_by_role("link", name="3 messages à traiter").click()

    card = page.locator(f"#{three[0]}")
    expect(card).to_contain_text("Claire Morel")
    expect(card).to_contain_text("rappelez-moi")
    expect(card).to_contain_text("87")
    expect(page.locator(f"#{three[1]}")).to_contain_text("approximative")
    expect(page.locator(f"#{three[2]}")).to_contain_text("aucun modèle de cette langue")
    expect(page.locator(f"#{three[2]}")).to_contain_text("Numéro masqué")
    look(page, "messages")
    assert faults(page) == []

    card.get_by_role("button", name="M’en charger").click()
    expect(card).to_contain_text("chez Pamina")
    card.get_by_role("button", name="J’ai rappelé").click()
    expect(card).to_contain_text("Rappelé par Pamina")
    look(page, "taken")
    card.get_by_role("button", name="Traité").click()
    expect(card).to_have_count(0)
    page.get_by_role("link", name="Traités").click()
    look(page, "done")
    card.get_by_role("button", name="Remettre à traiter").click()
    expect(page.locator(f"#{three[0]}")).to_contain_text("chez Pamina")


def test_the_sound_is_really_played(window: Any, three: tuple[str, ...]) -> None:
    desk = window()
    page = desk.sign_in("Pamina")
    desk.goto("/desk/messages")

    player = page.locator(f"#{three[0]} audio").first
    seconds = player.evaluate(
        "audio => new Promise((done, fail) => { audio.muted = true; audio.onerror = () => fail(audio.error.message);"
        " audio.ontimeupdate = () => audio.currentTime > 0.1 && done(audio.duration); audio.play().catch(fail); })"
    )

    assert 2 < seconds < 10


def test_a_name_that_was_spelled_goes_into_the_profile(window: Any, house: House, three: tuple[str, ...]) -> None:
    desk = window()
    page = desk.sign_in("Pamina")
    desk.goto("/desk/messages")

    card = page.locator(f"#{three[1]}")
    expect(card.get_by_label("Nom entendu, à vérifier")).to_have_value("Dupont")
    card.get_by_label("Nom entendu, à vérifier").fill("Anne Dupont")
    card.get_by_role("button", name="Enregistrer").click()

    expect(page.locator(f"#{three[1]}")).to_contain_text("Anne Dupont")
    assert house.booking.customer(CALLER).name == "Anne Dupont"


def test_a_consent_is_shown_and_taken_back(window: Any, house: House) -> None:
    customer = house.booking.customer(CALLER)
    house.consents.answered(CALLER, "yes", "CA1", "fr")
    folder = house.settings.data / "heard" / "2026-11-21"
    desk = window()
    page = desk.sign_in("Pamina")
    desk.goto(f"/desk/people/{customer.id}")
    expect(page.get_by_text("Accepte que ses réponses soient gardées")).to_be_visible()
    look(page, "consent")
    assert faults(page) == []

    page.get_by_role("button", name="Retirer l’accord et tout effacer").click()

    expect(page.get_by_text("A retiré son accord")).to_be_visible()
    assert house.booking.customer(CALLER).consent == {"recording": False}
    assert not folder.exists()


@pytest.mark.parametrize("width", [320])
def test_the_messages_fit_a_small_telephone(window: Any, three: tuple[str, ...], width: int) -> None:
    desk = window(viewport={"width": width, "height": 640})
    page = desk.sign_in("Pamina")
    desk.goto("/desk/messages")
    look(page, "small")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
