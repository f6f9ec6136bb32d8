"""The network in front of the real product: whole purchases, by browser, by many, and over a clumsy line."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from booking.tables import claims
from ivr.app import create_app
from ivr.desk.bridge import Bridge
from ivr.house import put_together
from ivr.records.accounts import Accounts
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN, Line
from ivr.simulator.body import Durations, FarEnd, Silent
from ivr.simulator.browser import phone_pages
from ivr.simulator.call import Call
from ivr.simulator.clumsy import Chances, Clumsy
from ivr.simulator.edge import WsgiEdge
from ivr.simulator.load import Report, run
from ivr.simulator.mix import read_mix
from ivr.simulator.service import Service

BY_KEYS = ("1", "112#", "1#", "1", "2#", "8", "1", "1")
"""Reserve; La Bohème; the dates; the first; two seats; the best; yes; an electronic ticket."""
SWIFT = Durations(say=lambda text: 0.2, play=lambda url: 0.2)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]


@pytest.fixture
def house(settings, clock):
    house = put_together(replace(settings, auth_token=AUTH_TOKEN, public_url="http://opera.test"), clock)
    yield house
    house.journal.flush()
    house.engine.dispose()
    house.redis.close()


def seats(house, state: str) -> int:
    """How many seats are in that state."""
    with house.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(claims).where(claims.c.state == state))


def test_two_seats_are_bought_by_keys(house):
    with Line("http://opera.test", http=create_app(house.settings, house)) as line:
        line.dial()
        said = [line.press(keys).said for keys in BY_KEYS]

    assert "C’est réservé" in said[-1]
    assert seats(house, "sold") == 2
    assert seats(house, "held") == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_clumsy_line_sells_each_caller_what_was_asked(house, seed):
    """Repeated, delayed, lost, forged and late deliveries: two seats are sold, once."""
    chances = Chances(repeated=0.4, delayed=0.2, lost=0.15, answer_lost=0.15, forged=0.3, late_again=0.3)
    clumsy = Clumsy(WsgiEdge(create_app(house.settings, house)), seed, chances)

    with Line("http://opera.test", http=clumsy) as line:
        line.dial()
        said = [line.press(keys).said for keys in BY_KEYS]

    assert clumsy.mischief
    assert "C’est réservé" in said[-1]
    assert (seats(house, "sold"), seats(house, "held")) == (2, 0)


def test_the_same_seed_is_clumsy_in_the_same_way(house):
    def mischief() -> list[str]:
        clumsy = Clumsy(WsgiEdge(create_app(house.settings, house)), "again")
        with Line("http://opera.test", http=clumsy, seed="again") as line:
            line.dial()
            line.press("1")
        return clumsy.mischief

    assert mischief() == mischief()


@pytest.fixture
def serve(house) -> Iterator[Callable[..., Service]]:
    """Serve the product on a port of its own, with a network in front of it."""
    opened: list[Callable[[], object]] = []

    def begin(**options) -> Service:
        service = Service("http://127.0.0.1:1", **options).start()
        opened.append(service.close)
        server = make_server("127.0.0.1", 0, lambda *request: application(*request), threaded=True)
        service.product_url = f"http://127.0.0.1:{server.server_port}"
        settings = replace(house.settings, public_url=service.product_url, carrier_url=service.url)
        application = create_app(settings, replace(house, settings=settings))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        opened.extend([server.shutdown, server.server_close])
        return service

    yield begin
    for close in opened:
        close()


def placed(service: Service, calls: int) -> Report:
    running = run(service, read_mix("ordinary_day"), calls=calls, rate=0, seed=3, tell=lambda progress: None)
    return asyncio.run_coroutine_threadsafe(running, service.loop).result(60)


def test_many_at_once_are_all_served(house, serve):
    report = placed(serve(speed=60.0, durations=SWIFT), calls=8)

    assert (report.lost, report.errors, report.faults, report.apologies) == (0, (), (), 0)
    assert report.met > 0
    assert seats(house, "sold") > 0
    assert house.booking.audit().is_clean


@pytest.fixture
def browser() -> Iterator[object]:
    """A Chromium with a microphone that hears a tone."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.browser
def test_a_whole_purchase_in_the_browser(house, serve, browser):
    """With a microphone that hears noises: they may cut a prompt short, but keys count."""
    service = serve(pages=partial(phone_pages, called="+33199000111"), speed=1.0)
    page = browser.new_page(locale="fr-FR")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(service.url)
    page.get_by_label("Micro").check()
    page.get_by_role("button", name="Appeler").click()
    for heard, keys in (
        ("Bonjour", "1"), ("Pour quel spectacle", "112#"), ("Quel jour", "1#"), ("Quelle représentation", "1"),
        ("Combien de places", "2#"), ("Où souhaitez-vous", "8"), ("Je vous propose", "1"),
        ("Pour recevoir un billet électronique", "1"),
    ):  # fmt: skip
        page.locator(".captions .house").filter(has_text=heard).first.wait_for()
        for key in keys:
            page.get_by_role("button", name=key, exact=True).click()
    page.locator(".captions .house").filter(has_text="C’est réservé").wait_for()
    page.get_by_role("button", name="Raccrocher").click()
    page.get_by_text("raccroché").wait_for()

    assert seats(house, "sold") == 2
    assert int(page.locator(".line").get_attribute("data-sound")) > 0
    assert complaints == []


@pytest.mark.browser
def test_a_caller_and_an_agent_talk_in_two_tabs(serve, browser):
    service = serve(pages=partial(phone_pages, called="+33155000001"), speed=1.0)
    caller, agent = browser.new_page(locale="fr-FR"), browser.new_page(locale="en-GB")
    agent.goto(service.url + "/?lang=en")
    agent.get_by_label("My number").fill("+33155000001")
    agent.get_by_label("My number").blur()
    agent.get_by_text("on the hook").wait_for()

    caller.goto(service.url + "/?lang=fr")
    caller.get_by_label("Micro").check()
    caller.get_by_role("button", name="Appeler").click()
    agent.get_by_role("button", name="Answer").click()
    caller.get_by_text("avec une personne").wait_for()

    agent.locator(".line[data-sound]").wait_for()
    agent.get_by_role("button", name="Hang up").click()
    caller.get_by_text("raccroché").wait_for()


def test_a_clumsy_network_with_many_callers_leaves_the_inventory_clean(house, serve):
    """Sudden hang-ups and lost, doubled and forged deliveries: no seat stays held, none is sold twice."""
    chances = Chances(repeated=0.3, delayed=0.1, lost=0.1, answer_lost=0.1, forged=0.1, late_again=0.2, hung_up=0.5)
    service = serve(speed=60.0, durations=SWIFT, clumsy="many", chances=chances)

    report = placed(service, calls=10)

    assert any(what.startswith("hangs up") for what in service.clumsy.mischief)
    assert (report.lost, report.apologies) == (0, 0)
    assert not [fault for fault in report.faults if "Forgery" in fault]
    assert house.booking.audit().is_clean


def test_an_agent_is_rung_accepts_and_talks_with_the_caller_who_waited(house, serve):
    """REST from the desk, the whisper on the agent's leg, her key, the bridge, and the seats stay held."""
    service = serve(speed=20.0, durations=SWIFT)
    telephone = FarEnd("answer", after=1.0, talk=5.0)
    service.soon(lambda: service.carrier.connect("+33155000001", telephone))

    async def in_queue() -> Call:
        call = service.receive("+33612345678", "+33199000111", Silent(SWIFT))
        while call.queue is None:
            if call.listening and call.listening.prompted:
                call.press("0")
            await call.moved.wait()
        return call

    async def taken(call: Call) -> list[str]:
        """The agent hears who it is, presses 1, and both talk until she hangs up."""
        while not (legs := [leg for leg in service.carrier.calls.values() if leg.parent_sid == call.sid]):
            await asyncio.sleep(0.1)
        while not call.bridged_to and not legs[0].is_over:
            if legs[0].listening and legs[0].listening.prompted:
                legs[0].press("1")
            await asyncio.wait({asyncio.ensure_future(legs[0].moved.wait())}, timeout=1)
        assert call.bridged_to is legs[0]
        await asyncio.wait_for(legs[0].over.wait(), 60)
        return [piece.text for piece in legs[0].heard]

    def on_the_network(deed):
        return asyncio.run_coroutine_threadsafe(deed, service.loop).result(30)

    call = on_the_network(in_queue())
    line = replace(house.line, api_url=service.url, account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN)
    agent = Accounts(house.engine, house.clock).add("Ariane", "agent", password_hash="", phone="+33155000001")
    house.room.claim(call.sid, agent.name)
    Bridge(line, service.product_url).ring(call.sid, "+33155000001")
    whispered = on_the_network(taken(call))

    assert whispered
    assert not service.carrier.crashes
