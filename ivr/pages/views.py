"""The pages everybody shares: the door, the language, and for supervisors who did what."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from ivr.pages.accounts import SigningIn, TooManyTries
from ivr.pages.parts import Parts
from ivr.pages.security import begin_session, guard, only
from ivr.pages.words import languages
from ivr.records.accounts import Account, StaffAudit
from ivr.redis_links import RedisAway

Answer = str | AnyResponse | tuple[str, int]


def make_pages(parts: Parts) -> Blueprint:
    """Sign-in, sign-out, language, the log, and the folder of styles and scripts."""
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/pages/static"
    )
    guard(pages, parts)
    door = _Door(parts)
    pages.add_url_rule("/", "home", door.home)
    pages.add_url_rule("/sign-in", "sign_in", door.show, methods=["GET"])
    pages.add_url_rule("/sign-in", "sign_in_now", door.sign_in, methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", door.sign_out, methods=["POST"])
    pages.add_url_rule("/language", "language", choose_language, methods=["POST"])
    pages.add_url_rule("/staff/log", "log", only("supervisor")(door.log))
    show_problems(pages)
    return pages


def show_problems(blueprint: Blueprint) -> None:
    """What cannot be shown says so in the page's own words, also when Redis is away."""
    for status in (400, 401, 403, 404, 413, 500):
        blueprint.register_error_handler(
            status, lambda error: (render_template("problem.html", status=error.code), error.code)
        )
    blueprint.register_error_handler(RedisAway, lambda error: (render_template("problem.html", status=503), 503))


class _Door:
    """Coming in and going out."""

    def __init__(self, parts: Parts) -> None:
        self._signing_in = SigningIn(parts.engine, parts.redis, parts.clock)
        self._audit = StaffAudit(parts.engine, parts.clock)

    def home(self) -> Answer:
        """Whoever calls by the bare address is shown to the door, or to where she works."""
        return redirect(home_of(g.account) if g.account else url_for("pages.sign_in"))

    def show(self) -> Answer:
        """The sign-in page, or straight on for somebody who is in."""
        return redirect(home_of(g.account)) if g.account else render_template("sign_in.html", problem="")

    def sign_in(self) -> Answer:
        """A wrong name and a wrong password look the same."""
        name, password = request.form.get("name", ""), request.form.get("password", "")
        try:
            account = self._signing_in.by_password(name, password, request.remote_addr or "")
        except TooManyTries:
            return render_template("sign_in.html", problem="door.too_many", name=name), 429
        except RedisAway:
            return render_template("sign_in.html", problem="door.not_now", name=name), 503
        if account is None:
            return render_template("sign_in.html", problem="door.wrong", name=name), 401
        begin_session(account)
        return redirect(_own_address(request.args.get("next", "")) or home_of(account), 303)

    def sign_out(self) -> Answer:
        """Out, with nothing left in the browser."""
        if g.account:
            self._audit.note(g.account.name, "signed_out")
        session.clear()
        response = redirect(url_for("pages.sign_in"), 303)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def log(self) -> Answer:
        """Who did what."""
        return render_template("log.html", deeds=self._audit.latest())


def choose_language() -> Answer:
    """Another language for this browser."""
    wanted = request.form.get("language", "")
    if wanted not in languages():
        abort(400)
    session["language"] = wanted
    return redirect(_own_address(request.form.get("next", "")) or url_for("pages.sign_in"), 303)


def home_of(account: Account) -> str:
    """Where somebody with this role works."""
    return url_for("studio.prompts") if account.role == "operator" else url_for("desk.desk")


def _own_address(wanted: str) -> str:
    """Only a path of ours: `//elsewhere` and `\\` would lead out of the house."""
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if inside and not parts.netloc and not parts.scheme and wanted.isprintable() else ""


