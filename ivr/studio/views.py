"""The operators' pages: prompts with their takes, recording, publishing; flows as charts; and the takes themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems
from ivr.records.questions import questions_since
from ivr.speech.unheard import reported
from ivr.studio.fetching import LARGEST_SOUND
from ivr.studio.flows import drawing_of, summaries, table_of
from ivr.studio.rows import STATES, entries_of, rows_of
from ivr.studio.service import RecordingRefused, Studio
from prompts.recordable import Recordable, recordable
from prompts.takes import UnknownTake, same_words

Answer = str | Response | tuple[str, int]
A_YEAR = 31_536_000
A_MONTH = timedelta(days=30)


def make_studio(parts: Parts) -> Blueprint:
    """The studio's pages, and the public folder of takes."""
    blueprint = Blueprint("studio", __name__)
    guard(blueprint, parts)
    show_problems(blueprint)
    blueprint.before_app_request(_allow_sound)
    pages = _Pages(parts)
    reading = {"": "prompts", "/prompt": "prompt", "/flows": "flows", "/flows/<name>": "flow"}
    for path, name in reading.items():
        blueprint.add_url_rule(f"/studio{path}", name, only("operator", "agent")(getattr(pages, name)))
    for name in ("record", "publish", "roll_back", "withdraw"):
        view = only("operator")(getattr(pages, name))
        blueprint.add_url_rule(f"/studio/{name.replace('_', '-')}", name, view, methods=["POST"])
    blueprint.add_url_rule("/takes/<address>", "take", pages.take)
    return blueprint


def _allow_sound() -> None:
    """Only where sound is sent may a request be big."""
    if request.endpoint == "studio.record":
        request.max_content_length = LARGEST_SOUND
        request.max_form_memory_size = 100_000


class _Pages:
    """One method per page or button."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        ready = parts.catalogue is not None and parts.takes is not None
        self._studio = (
            Studio(parts.engine, parts.catalogue, parts.takes, parts.redis, parts.clock, parts.line) if ready else None
        )

    def prompts(self) -> Answer:
        """Every prompt with its state; filtered by words, language and state."""
        studio, language = self._ready(), self._language()
        rows = rows_of(studio, language)
        counts = {state: sum(row.state == state for row in rows) for state in STATES}
        wanted, asked = request.args.get("state", ""), request.args.get("q", "").strip().casefold()
        shown = [row for row in rows if wanted in ("", row.state) and asked in row.searched]
        return render_template(
            "studio/prompts.html", entries=entries_of(shown), phrases=[row for row in shown if not row.one.prompt],
            found=len(shown), counts=counts, total=len(rows), language=language, wanted=wanted,
            q=request.args.get("q", ""), spoken=studio.catalogue.languages, states=STATES,
        )  # fmt: skip

    def prompt(self) -> Answer:
        """One prompt: its words, its takes, and how to record another."""
        studio, one = self._asked(request.args)
        takes = studio.takes.book.takes_of(one.key, one.language)
        return render_template(
            "studio/prompt.html", one=one, number=studio.numbers()[one.key], language=one.language,
            takes=[(take, studio.takes.state(take), same_words(take.words, one.words)) for take in takes],
            log=studio.takes.book.publications(one.key, one.language), spoken=studio.catalogue.languages,
        )  # fmt: skip

    def record(self) -> Answer:
        """A file or a recording from the browser becomes a draft."""
        studio, one = self._asked(request.form)
        sound = request.files.get("sound")
        if sound is None or not sound.filename:
            flash("studio.no_file", "problem")
            return self._back(one)
        source = "browser" if request.form.get("source") == "browser" else "upload"
        try:
            studio.keep_recording(one.key, one.language, sound.read(), g.account.name, source)
        except RecordingRefused as refused:
            flash(f"audio.{refused.reason}", "problem")
        else:
            flash("studio.kept", "done")
        return self._back(one)

    def publish(self) -> Answer:
        """Callers hear this take from the next call on."""
        studio, one = self._asked(request.form)
        try:
            studio.publish_take(int(request.form.get("take", "")), g.account.name)
        except (ValueError, UnknownTake):
            abort(404)
        flash("studio.published", "done")
        return self._back(one)

    def roll_back(self) -> Answer:
        """Back to what was heard before."""
        studio, one = self._asked(request.form)
        studio.roll_back(one.key, one.language, g.account.name)
        flash("studio.rolled_back", "done")
        return self._back(one)

    def withdraw(self) -> Answer:
        """The synthetic voice again."""
        studio, one = self._asked(request.form)
        studio.withdraw(one.key, one.language, g.account.name)
        flash("studio.withdrawn", "done")
        return self._back(one)

    def flows(self) -> Answer:
        """The dialogues, by name."""
        return render_template(
            "studio/flows.html", flows=summaries(self._parts.flows or {}), unheard=reported(self._parts.redis)
        )

    def flow(self, name: str) -> Answer:
        """One dialogue as a table and as a picture."""
        flow = (self._parts.flows or {}).get(name)
        if flow is None:
            abort(404)
        studio, language = self._ready(), self._language()
        fared = questions_since(self._parts.engine, self._parts.clock() - A_MONTH)
        return render_template(
            "studio/flow.html", name=name, rows=table_of(flow, studio.catalogue, language), picture=drawing_of(flow),
            fared=fared, language=language, spoken=studio.catalogue.languages,
        )  # fmt: skip

    def take(self, address: str) -> Response:
        """The sound of a take: its name is the hash of what is in it, so it never changes and cannot be guessed."""
        if self._parts.takes is None:
            abort(404)
        try:
            path = self._parts.takes.folder.file(address)
        except UnknownTake:
            abort(404)
        sound = path.read_bytes()
        response = Response(sound, mimetype="audio/wav")
        response.set_etag(address)
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response.make_conditional(request, accept_ranges=True, complete_length=len(sound))

    def _asked(self, fields: Any) -> tuple[Studio, Recordable]:
        studio = self._ready()
        one = recordable(studio.catalogue, fields.get("key", ""), fields.get("language", ""))
        if one is None:
            abort(404)
        return studio, one

    def _ready(self) -> Studio:
        if self._studio is None:
            abort(404)
        return self._studio

    def _language(self) -> str:
        wanted = request.args.get("language", "")
        spoken: tuple[str, ...] = tuple(self._parts.catalogue.languages)
        return str(next(code for code in (wanted, g.words.language, *spoken) if code in spoken))

    def _back(self, one: Recordable) -> Response:
        return redirect(url_for("studio.prompt", key=one.key, language=one.language), 303)
