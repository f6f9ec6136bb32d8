"""The foyer of a conference: what somebody hears until it begins, and while they are held."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ivr.simulator import asking, performance
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, Piece
from ivr.simulator.conferences import Conference
from ivr.simulator.document import Page
from ivr.simulator.errors import CONFERENCE_VERB, DocumentFailed, Fault
from ivr.simulator.verbs.outcome import Ended, NotAllowedHere

ALLOWED = frozenset({"Play", "Say", "Pause", "Redirect"})
DEFAULT_MUSIC = "platform:classical"


@dataclass
class Foyer:
    """The wait document, performed once, then silence. `url` None is the platform's music, empty is silence."""

    url: str | None
    method: str
    failed: DocumentFailed | None = None

    @classmethod
    def read(cls, attributes: Attributes, page: Page) -> Foyer:
        """From the Conference noun."""
        written = attributes.element.attributes.get("waitUrl")
        method = attributes.method("waitMethod")
        return cls(page.resolve(written) if written and written.strip() else written, method)

    async def wait(self, call: Call, room: Conference) -> None:
        """Until the conference begins."""
        heard = asyncio.ensure_future(self._heard(call))
        try:
            while room.status == "init" and call.sid in room.participants and self.failed is None:
                await call.moved.wait()
        finally:
            heard.cancel()
            await asyncio.gather(heard, return_exceptions=True)

    async def _heard(self, call: Call) -> None:
        if self.url is None:
            await call.body.play(call, Piece(call.now(), url=DEFAULT_MUSIC))
        if not self.url:
            return
        try:
            found = await asking.page(call, self.url, self.method, {})
            await performance.perform(call, performance.noted(call, found), allowed=ALLOWED)
        except NotAllowedHere as error:
            reason = f"<{error.verb}> may not stand in a waitUrl"
            call.faults.append(Fault(CONFERENCE_VERB, reason, self.url, error.verb, call.now()))
        except Ended:
            return
        except DocumentFailed as failed:
            call.faults.append(Fault(failed.code, failed.reason, self.url, "Conference", call.now()))
            self.failed = failed
            call.change()
