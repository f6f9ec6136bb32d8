"""The frame of all pages: the door, roles, tokens, headers, languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from ivr.pages.words import FOLDER, languages, words
from ivr.records.accounts import Accounts

EVERY_PAGE = ("/desk", "/desk/now", "/calls", "/studio", "/studio/flows", "/staff/log")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_stranger_is_led_to_the_door_and_back(visitor: Callable[[], Any], path: str) -> None:
    stranger = visitor()

    answer = stranger.get(path)

    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/sign-in"
    come_in = stranger.sign_in("Sarastro", at=answer.location)
    assert urlsplit(come_in.location).path == path


def test_every_page_and_button_is_closed_to_strangers(app: Flask, visitor: Callable[[], Any]) -> None:
    """The list is taken from the app itself, so that a new page cannot be forgotten."""
    stranger = visitor()
    open_to_all = {f"pages.{name}" for name in ("home", "sign_in", "sign_in_now", "sign_out", "language")}
    token = stranger.token()
    ours = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in ("pages", "desk", "studio")]

    for rule in ours:
        if rule.endpoint in open_to_all | {"pages.static", "studio.take"}:
            continue
        path = re.sub(r"<(\w+)>", r"\1", rule.rule)
        answer = stranger.post(path, token) if "POST" in rule.methods else stranger.get(path)
        assert answer.status_code in (302, 401), rule


CLOSED = [("Papageno", "/desk"), ("Pamina", "/staff/log"), ("Papageno", "/staff/log")]


@pytest.mark.parametrize(("name", "path"), CLOSED)
def test_a_role_opens_its_own_doors_only(signed_in: Callable[[str], Any], name: str, path: str) -> None:
    assert signed_in(name).get(path).status_code == 403


def test_an_agent_may_listen_in_the_studio_but_not_publish(pamina: Any) -> None:
    assert pamina.get("/studio").status_code == 200
    assert pamina.post("/studio/publish", key="x", language="fr", take="1").status_code == 403


def test_a_form_without_its_token_does_nothing(pamina: Any) -> None:
    assert pamina.post("/desk/pause", token="", paused="yes").status_code == 400
    assert pamina.post("/desk/pause", token="forged", paused="yes").status_code == 400


def test_the_door_does_not_lead_out_of_the_house(visitor: Callable[[], Any]) -> None:
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/\t/evil.example"):
        answer = visitor().sign_in("Pamina", at=f"/sign-in?next={elsewhere}")
        assert answer.location == "/desk", elsewhere


def test_a_wrong_password_says_so_and_keeps_the_name(visitor: Callable[[], Any]) -> None:
    answer = visitor().sign_in("Pamina", "wrong")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'value="Pamina"' in page and 'role="alert"' in page and "wrong" not in page


def test_too_many_failures_close_the_door_for_a_while(visitor: Callable[[], Any]) -> None:
    somebody = visitor()
    token = somebody.token()

    statuses = [somebody.post("/sign-in", token, name="Nobody", password="x").status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]


def test_signing_out_ends_it(pamina: Any) -> None:
    pamina.post("/sign-out")

    assert pamina.get("/desk").status_code == 302


def test_a_changed_account_must_sign_in_again(pamina: Any, accounts: Accounts) -> None:
    accounts.change("Pamina", role="operator")

    assert pamina.get("/desk").status_code == 302


def test_every_page_carries_strict_headers_and_nothing_inline(signed_in: Callable[[str], Any]) -> None:
    sarastro = signed_in("Sarastro")
    for path in (*EVERY_PAGE, "/sign-in"):
        answer = sarastro.get(path, follow_redirects=True)
        policy, page = answer.headers["Content-Security-Policy"], answer.get_data(as_text=True)
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "style=" not in page and "onclick" not in page and "<script>" not in page


def test_a_page_that_is_only_looked_at_leaves_the_session_alone(visitor: Callable[[], Any]) -> None:
    """A late answer to a page that renews itself would else bring back who has signed out meanwhile."""
    agent = visitor()
    agent.sign_in("Pamina")
    agent.get("/desk")

    assert "Set-Cookie" not in agent.get("/desk").headers


def test_the_session_cookie_is_careful(visitor: Callable[[], Any]) -> None:
    cookie = visitor().sign_in("Pamina").headers["Set-Cookie"]

    assert cookie.startswith("__Host-souffleur=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_pages_speak_the_account_s_language_until_another_is_chosen(papageno: Any) -> None:
    assert '<html lang="en">' in papageno.text("/studio")

    papageno.post("/language", language="fr", next="/studio")

    assert '<html lang="fr">' in papageno.text("/studio")
    assert papageno.post("/language", language="xx").status_code == 400


def test_a_stranger_is_greeted_in_her_browser_s_language(visitor: Callable[[], Any]) -> None:
    english = visitor().get("/sign-in", headers={"Accept-Language": "de, en;q=0.8"}).get_data(as_text=True)
    other = visitor().get("/sign-in", headers={"Accept-Language": "ja"}).get_data(as_text=True)

    assert "Stage door" in english and "Entrée des artistes" in other


def test_every_language_has_every_sentence_with_the_same_slots() -> None:
    for language in languages():
        mine, french = words(language).sentences, words("fr").sentences
        assert mine.keys() == french.keys()
        own = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
        assert own.count("\n") > 300, "nothing borrowed from French unnoticed"
        for key, sentence in mine.items():
            assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", french[key])), key


def test_the_log_shows_supervisors_who_did_what(pamina: Any, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("Sarastro").text("/staff/log")

    assert "Pamina" in page and "s’est connecté" in page


def test_redis_away_is_a_sentence(visitor: Callable[[], Any], app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from ivr.redis_links import link

    view = app.view_functions["pages.sign_in_now"]
    away = link("redis://127.0.0.1:1")
    door = view.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr(door._signing_in._passwords, "_redis", away)

    answer = visitor().sign_in("Pamina")

    assert answer.status_code == 503
    assert "Réessayez" in answer.get_data(as_text=True)


def test_our_own_mistake_is_a_sentence_too(pamina: Any, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's table is gone: nothing of it reaches the reader."""
    house: Any = app.view_functions["desk.calls"].__wrapped__.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr(house._desk.conversations, "_journal", object())

    answer = pamina.get("/calls")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "C’est noté" in page and "AttributeError" not in page
