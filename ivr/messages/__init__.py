"""Messages to the house: recorded by callers, fetched, written down, listened to by agents, erased in time.

`Messages` is what the dialogue may do; `Sounds` the folder; `care` and `write_down` are for housekeeping. The table is
in `ivr.records.messages`, the desk's page in `ivr.desk.messages`.
"""

from __future__ import annotations

from ivr.messages.caring import care
from ivr.messages.messages import Messages
from ivr.messages.sounds import Sounds
from ivr.messages.writing import Writing, write_down

__all__ = ["Messages", "Sounds", "Writing", "care", "write_down"]
