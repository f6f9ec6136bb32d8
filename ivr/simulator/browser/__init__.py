"""A telephone in the browser: keypad, microphone, loudspeaker, captions; several lines side by side."""

from ivr.simulator.browser.pages import phone_pages

__all__ = ["phone_pages"]
