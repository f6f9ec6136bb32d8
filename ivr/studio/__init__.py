"""The operators' studio: prompts, their recordings, and the flows as charts.

`Studio` is what the telephone and the pages share: signing in by PIN, prompt numbers, keeping and publishing takes.
The pages are in `ivr.studio.views`, put into an app by `ivr.pages.register`.
"""

from __future__ import annotations

from ivr.studio.service import RecordingRefused, Studio

__all__ = ["RecordingRefused", "Studio"]
