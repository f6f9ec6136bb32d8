"""A real Chromium before a real server on a port of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server

from ivr.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
PASSWORD = "la-reine-de-la-nuit"
expect.set_options(timeout=20_000)  # a busy machine is no failure


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The Chromium on the PATH, with an empty profile.

    Not for the whole run: Playwright keeps an event loop running in this thread, where the tests of the local network
    want to run their own.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium on the PATH ({', '.join(NAMES)}): pages were not looked at in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Without https: a cookie marked `Secure` would not come back."""
    return replace(settings, public_url="http://127.0.0.1")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the app is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Window:
    """A browser's page and where the house is."""

    page: Page
    address: str

    def goto(self, path: str) -> Page:
        """Open one of our pages."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, name: str) -> Page:
        """Come in by the door, as anybody does."""
        self.goto("/sign-in")
        self.page.get_by_label("Nom", exact=True).fill(name)
        self.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        return self.page


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Callable[..., Window]]:
    """Windows, as many as asked; anything a page complains about fails the test (a refused script, a missing file)."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def opens(**how: Any) -> Window:
        context = chromium.new_context(**{"locale": "fr-FR", "permissions": ["microphone"], **how})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Window(page, address)

    yield opens
    for context in contexts:
        context.close()
    assert complaints == []
