"""The agents' desk: who waits for a person, taking a caller, and every call as a conversation.

`WaitingRoom` is the queue the webhooks speak to; `keep_seats` lengthens a waiting caller's holds; `Line` says how the
carrier is reached. The pages are in `ivr.desk.views`, put into an app by `ivr.pages.register`.
"""

from __future__ import annotations

from ivr.desk.bridge import Line
from ivr.desk.queue import Waiting, WaitingRoom
from ivr.desk.seats import keep_seats

__all__ = ["Line", "Waiting", "WaitingRoom", "keep_seats"]
