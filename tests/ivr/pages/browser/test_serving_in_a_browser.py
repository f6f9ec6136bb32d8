"""The caller's page in a real Chromium: the plan under the mouse, the sale by keyboard, a page that has aged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from booking import Wish
from ivr.house import House

pytestmark = pytest.mark.browser

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def evening(house: House) -> Any:
    """A performance of La Bohème that the desk sells."""
    clerk = house.booking.clerk("agent", "nobody")
    return next(each for each in clerk.performances("la-boheme", on_sale=True) if each.kind == "normal")


@pytest.fixture
def served(window: Any, waits: Any, house: House, evening: Any) -> Callable[..., Any]:
    """Pamina talks to a caller, and has an evening open."""
    waits(quantity=2, production="la-boheme")
    house.room.claim(CALL, "Pamina")
    house.room.answered(CALL)

    def serve(**how: Any) -> Any:
        desk = window(**how)
        desk.sign_in("Pamina")
        desk.goto(f"/desk/caller/{CALL}?evening={evening.id}")
        return desk

    return serve


def holds(house: House) -> tuple[Any, ...]:
    """What the desk holds for the caller."""
    return tuple(house.booking.clerk("agent", f"desk:{CALL}").holds())


def faults(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe-core finds wrong by these rules."""
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{page.url}: {fault['id']} at {node['target']}" for fault in found for node in fault["nodes"]]


def test_seats_are_clicked_on_the_plan_held_and_changed(served: Any, house: House) -> None:
    page = served().page
    button = page.get_by_role("button", name="Retenir ces places")
    expect(button).to_be_disabled()

    for seat in ("BAS:PART:20:1", "BAS:PART:20:3"):
        page.locator(f'[data-seat="{seat}"]').click()
    expect(page.get_by_text("2 places choisies")).to_be_visible()
    button.click()
    expect(page.get_by_text("Les places sont retenues")).to_be_visible()
    page.locator('[data-seat="BAS:PART:20:1"]').click()
    page.locator('[data-seat="BAS:PART:20:5"]').click()
    page.get_by_role("button", name="Retenir ces places").click()

    expect(page.get_by_text("Parterre, rang 20, places 3, 5")).to_be_visible()
    (hold,) = holds(house)
    assert {seat.id for seat in hold.seats} == {"BAS:PART:20:3", "BAS:PART:20:5"}


def test_a_caller_is_served_from_the_words_to_the_reference_by_keyboard_alone(served: Any, house: House) -> None:
    page = served().page
    page.get_by_role("textbox", name="En quelques mots").focus()  # Alt+R, which only a browser with a head obeys
    page.keyboard.type("deux places pour La Bohème le 12 décembre, rang vingt, places 1 et 3 au parterre")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Places n°")).to_have_value("1 3")
    page.get_by_role("button", name="Retenir les meilleures places").press("Enter")
    expect(page.get_by_text("Parterre, rang 20, places 1, 3")).to_be_visible()

    page.get_by_text("Vendre : ").press("Enter")
    page.get_by_label("au guichet").press("Space")
    page.get_by_role("button", name="Oui, vendre").press("Enter")

    expect(page.locator(".note.reference")).to_be_visible()
    customer = house.booking.customer("+33612345678")
    (order,) = house.booking.orders_of(customer.id)
    assert order.collection == "box_office" and len(order.sold) == 2


def test_a_button_clicked_twice_in_a_breath_sells_once(served: Any, house: House, evening: Any) -> None:
    house.booking.clerk("agent", f"desk:{CALL}").hold_best(evening.id, Wish(2), request="a")
    page = served().page
    page.get_by_text("Vendre : ").click()

    page.get_by_role("button", name="Oui, vendre").dblclick()

    expect(page.get_by_text("Les places sont vendues").first).to_be_visible()
    customer = house.booking.customer("+33612345678")
    assert len(house.booking.orders_of(customer.id)) == 1


def test_whoever_writes_is_told_that_the_caller_has_hung_up_and_loses_nothing(served: Any, house: House) -> None:
    page = served().page
    page.get_by_text("Terminer…").click()
    page.get_by_label("Note", exact=True).first.fill("Rappeler lundi, loge de face")

    house.room.leave(CALL, "ended")

    expect(page.get_by_text("Quelque chose a changé")).to_be_visible()
    expect(page.get_by_label("Note", exact=True).first).to_have_value("Rappeler lundi, loge de face")
    page.get_by_role("button", name="Mettre à jour").click()
    expect(page.locator(".state")).to_have_text("L’appelant a raccroché. Finissez tranquillement.")
    expect(page.locator("#spoken")).to_have_text("L’appelant a raccroché. Finissez tranquillement.")
    expect(page.get_by_text("Quelque chose a changé")).to_be_hidden()


def test_a_page_whose_call_went_to_somebody_else_says_so_by_itself(served: Any, house: House) -> None:
    page = served().page

    house.room.release(CALL)
    house.room.claim(CALL, "Sarastro")

    expect(page.get_by_role("heading", name="Cet appel n’est plus chez vous")).to_be_visible()
    page.get_by_role("button", name="Retenir les meilleures places").click()
    expect(page.get_by_text("chez quelqu’un d’autre")).to_be_visible()
    assert holds(house) == ()


def test_seats_whose_time_runs_out_turn_red_and_say_so_by_themselves(
    served: Any, house: House, evening: Any, clock: Any
) -> None:
    house.booking.clerk("agent", f"desk:{CALL}").hold_best(evening.id, Wish(2), request="a")
    page = served().page
    page.clock.install()
    page.reload()
    left = page.locator("time.until")
    expect(left).not_to_have_class("until soon")

    page.clock.fast_forward("08:30")
    expect(left).to_have_class("until soon")
    clock.forward(minutes=11)
    page.clock.fast_forward("01:40")

    expect(page.get_by_text("Délai dépassé")).to_be_visible()


def test_a_list_that_renews_itself_does_not_move_what_is_read(window: Any, waits: Any, house: House) -> None:
    for number in range(8):
        waits(f"CA{number:032d}", f"+3361234500{number}")
    page = window(viewport={"width": 1000, "height": 500}).sign_in("Pamina")
    card = page.locator(f'[data-key="CA{5:032d}"]')
    card.locator("summary").click()
    card.evaluate("card => scrollTo(0, card.getBoundingClientRect().top + scrollY - 40)")
    before = card.bounding_box()

    with page.expect_response("**/desk/now"):
        waits(OTHER, "+33698765432")
    with page.expect_response("**/desk/now"):
        house.room.enter("CA9", "+33698765430", "distress", {"said": {}}, "fr")
    expect(page.get_by_role("heading", name="10 personnes attendent")).to_be_attached()

    after = card.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 3
    expect(card.locator("details")).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [("light", {"type": "tag", "values": WCAG}), ("dark", {"type": "rule", "values": ["color-contrast"]})],
    ids=["every rule by day", "contrast by night"],
)
def test_the_pages_of_a_call_keep_the_rules_of_accessibility(
    served: Any, house: House, evening: Any, scheme: str, rules: dict[str, Any]
) -> None:
    """WCAG up to 2.2 AA, as far as a machine can tell: everything unfolded, an order open, somebody in distress."""
    clerk = house.booking.clerk("agent", f"desk:{CALL}")
    sold = clerk.hold_best(evening.id, Wish(2), request="a")
    customer = house.booking.customer("+33612345678", name="Mimì")
    order = clerk.confirm(sold.id, customer=customer.id, request="b")
    clerk.hold_best(evening.id, Wish(2), request="c")
    house.room.enter("CA9", "+33698765430", "distress", {"said": {}}, "fr")
    desk = served(color_scheme=scheme)

    found = []
    for path in (
        "/desk", f"/desk/caller/{CALL}?evening={evening.id}&order={order.reference}&find=mimi",
        f"/desk/caller/{CALL}?words=Onéguine", "/desk/people?q=zzz", f"/desk/people/{customer.id}",
    ):  # fmt: skip
        page = desk.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found += faults(page, rules)

    assert found == []


def test_the_page_of_a_call_fits_a_small_telephone_and_works_without_scripts(
    served: Any, house: House, evening: Any
) -> None:
    """WCAG 2.2, 1.4.10 Reflow: 320 points wide, without scrolling sideways."""
    small = served(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = small.page

    page.get_by_role("button", name="Retenir les meilleures places").click()

    expect(page.get_by_text("Les places sont retenues")).to_be_visible()
    assert len(holds(house)) == 1
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
