"""What every page carries: strict headers, a careful session cookie, CSRF tokens, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect

from ivr.pages.parts import Parts
from ivr.pages.words import FIRST_LANGUAGE, Words, languages, words
from ivr.records.accounts import Account, Accounts

View = TypeVar("View", bound=Callable[..., Any])

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # Flask-WTF wants to see our own address in it
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

csrf = CSRFProtect()


def configure(app: Flask, parts: Parts) -> None:
    """Session and CSRF settings; webhooks carry signatures instead of tokens, so nothing is checked by default."""
    https = parts.public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=parts.secret_key,
        SESSION_COOKIE_NAME="__Host-souffleur" if https else "souffleur",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        SESSION_REFRESH_EACH_REQUEST=False,  # a late answer must bring nothing back: no note read, nobody signed out
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)


def guard(blueprint: Blueprint, parts: Parts) -> None:
    """Every page of this blueprint knows who is there, checks tokens on forms and carries the headers."""
    accounts = Accounts(parts.engine, parts.clock)

    @blueprint.before_request
    def know_who() -> None:
        g.account = _signed_in(accounts)
        g.words = _language()
        if request.method == "POST":
            csrf.protect()

    @blueprint.after_request
    def carry_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if parts.public_url.startswith("https:"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response



def only(*roles: str) -> Callable[[View], View]:
    """A page for these roles (and supervisors); others sign in first, or are told no."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.account is None:
                return _to_sign_in()
            if not g.account.may(*roles):
                abort(403)
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return wrap


def begin_session(account: Account) -> None:
    """A fresh session: nothing from before the sign-in is kept."""
    session.clear()
    session.permanent = True
    session["who"], session["generation"] = account.id, account.generation


def _signed_in(accounts: Accounts) -> Account | None:
    if "who" not in session:
        return None
    account = accounts.with_id(session["who"])
    if account is None or not account.active or account.generation != session.get("generation"):
        session.clear()
        return None
    return account


def _language() -> Words:
    """What was chosen here, else the account's, else what the browser asks for."""
    wanted = session.get("language") or (g.account.language if g.account else None)
    return words(wanted or request.accept_languages.best_match(languages()) or FIRST_LANGUAGE)


def _to_sign_in() -> Any:
    """Pages lead to the sign-in and back again; what a script fetches gets a plain 401."""
    by_script = request.headers.get("X-Fragment") or request.accept_mimetypes.best == "text/event-stream"
    if request.method != "GET" or by_script:
        abort(401)
    return redirect(url_for("pages.sign_in", next=request.full_path.rstrip("?")))
