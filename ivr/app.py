"""The web process: `create_app` gives the house its webhooks and pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

from booking import BookingError
from callflows import ALL_FLOWS, Listen
from callflows.understanding import Programme, vocabulary
from ivr.desk import keep_seats
from ivr.house import House, put_together, sections_by_name
from ivr.messages.messages import PATH
from ivr.messages.playing import heard_again
from ivr.pages import Parts
from ivr.pages.register import register
from ivr.settings import Settings
from ivr.telephony.apology import Apologies
from ivr.telephony.music import waiting_music
from ivr.telephony.signature import IsCarrier, carrier_check
from ivr.telephony.streaming import Streaming
from ivr.telephony.tickets import Tickets
from ivr.telephony.twiml import Writer, hint_list
from ivr.telephony.waiting import MUSIC, Waiting
from ivr.telephony.webhooks import VoiceParts, make_voice

MOST_QUESTIONS = 2000
"""So many questions, each with its own phrases, are remembered with their hints."""
def create_app(settings: Settings, house: House | None = None) -> Flask:
    """The web process: the carrier's webhooks, and the pages of agents and operators."""
    house = house or put_together(settings)
    app = Flask("ivr", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    is_carrier = carrier_check(settings.auth_token, settings.base_url)
    app.register_blueprint(make_voice(_voice_parts(house, is_carrier)))
    app.add_url_rule(MUSIC, "music", lambda: Response(waiting_music(), mimetype="audio/wav"))
    app.add_url_rule("/health", "health", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule(f"{PATH}<path:address>", "heard_again", partial(heard_again, house.messages))
    register(app, _page_parts(house, is_carrier))
    return app


def warm_up(house: House) -> None:
    """Read halls, programme and grammars now, so that the first caller does not wait for them."""
    sections_by_name()
    try:
        programme = house.tools.programme()
    except (SQLAlchemyError, BookingError):
        return  # without a database there is nothing to warm up for
    today = house.clock().date()
    for language in sorted(house.catalogue.languages, key=lambda code: code != house.settings.language):
        vocabulary("main_menu", language=language, programme=programme)
        house.tools.understand("2", language=language, context="main_menu", programme=programme, today=today)
    house.booking.prepare()


def _voice_parts(house: House, is_carrier: IsCarrier) -> VoiceParts:
    settings = house.settings
    apologies = Apologies(settings.person_number, settings.language)
    streaming = Streaming(Tickets(house.redis), settings.media_url, settings.speech)
    hints = _Hints(house.tools.programme)
    writer = Writer(house.catalogue, house.voice_at, settings.base_url, hints, streaming.gathers_speech)
    keep = partial(_keep_seats, house)
    return VoiceParts(
        is_carrier=is_carrier, switchboard=house.switchboard, writer=writer, apologies=apologies,
        waiting=Waiting(house.room, writer, apologies, keep, settings.keep_messages_days > 0),
        recorded=partial(_recorded, house), takes_now=lambda: house.takes.revision,
        streaming=streaming,
        recording_address=partial(recording_address, settings.carrier_url, settings.account_sid),
    )  # fmt: skip


def _page_parts(house: House, is_carrier: IsCarrier) -> Parts:
    return Parts(
        engine=house.engine, redis=house.redis, clock=house.clock, secret_key=house.settings.cookie_key(),
        public_url=house.settings.base_url, is_carrier=is_carrier, booking=house.booking, catalogue=house.catalogue,
        voice=house.voice_at(None), journal=house.journal, calls=house.calls, takes=house.takes, flows=ALL_FLOWS,
        line=house.line, tools=house.tools, messages=house.messages, consents=house.consents,
    )  # fmt: skip


def _recorded(house: House, recording: str, kind: str, call: str, language: str, seconds: int) -> None:
    """A recording beside its call: whose it is, the call knows while it lasts, and the journal afterwards."""
    caller = (house.calls.load(call) or {}).get("caller", {})
    phone, customer = caller.get("phone", ""), caller.get("customer") or ""
    if not caller:
        house.journal.flush()  # the call may have ended a moment ago
        if record := house.journal.call(call):
            phone, customer = record.caller, record.customer
    house.messages.told(recording, kind, call, language, float(seconds), phone, customer)


def recording_address(carrier_url: str, account_sid: str, recording_sid: str) -> str:
    """Where the carrier keeps a recording (Twilio docs, Recordings resource)."""
    return f"{carrier_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}/Recordings/{recording_sid}"


def _keep_seats(house: House, call_id: str) -> None:
    keep_seats(house.booking, call_id, house.clock())


class _Hints:
    """The words the carrier's recogniser should expect: the very vocabulary of our own understanding."""

    def __init__(self, programme: Callable[[], Programme]) -> None:
        self._programme = programme
        self._known: Programme | None = None
        self._joined: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def __call__(self, listen: Listen, language: str) -> str:
        programme, asked = self._programme(), (listen.context, language, listen.phrases)
        if programme is not self._known or len(self._joined) > MOST_QUESTIONS:
            self._known, self._joined = programme, {}
        hints = self._joined.get(asked)
        if hints is None:
            known = vocabulary(listen.context, language=language, programme=programme)
            hints = self._joined[asked] = ",".join(hint_list((*listen.phrases, *known)))
        return hints
