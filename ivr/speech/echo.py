"""Our own prompt coming back: how loud it may be in each band of the frame that has just come.

An echo can never be louder than what came in. So for each time it may have travelled, and each band, we keep how much
quieter than our own sound the line has been in its quietest moments. For a wrong time there soon is a moment at which
we were loud and nothing came back, and it counts no more; what is left is the echo's own way through handset and room.
A caller who speaks over it only adds to what comes, and unteaches nothing.
"""

from __future__ import annotations

from math import log10

import numpy as np

from ivr.speech.spectrum import BANDS, NOTHING, Bands, Spectrum, padded

TRAVELS = 32
"""Frames that an echo may be on its way: 640 ms, through networks, a mobile and a room."""
SPREAD = 9.0
"""dB from the quietest tenth of an echo's frames to nearly all of them, measured in rooms made by hand."""
FEARED = -5.0
"""dB from what we send to its loudest echo, a speakerphone's: believed until the line has shown otherwise."""
STEP, QUICKEST = 0.1, 3.0
"""dB by which a frame teaches (nine times as much downwards: the quietest tenth), and the sum of the first lessons."""
RELEARNS = 4
"""Lessons that count as learnt when a new prompt begins: half a dB for the first of them."""
IN_NOISE = 4.0
"""dB above the line's noise at which an echo would have been heard."""


class Echo:
    """One line's echo, learnt while our prompts are played."""

    def __init__(self) -> None:
        self._spectrum = Spectrum()
        self._sent = np.full((TRAVELS + 1, BANDS), NOTHING, dtype=np.float32)
        self._coupling = np.full((TRAVELS, BANDS), FEARED - SPREAD, dtype=np.float32)
        self._quietest = self._sent[1:]
        self._lessons = 0
        self._silent = TRAVELS + 1
        self.expected: Bands | None = None
        """How loud our own voice may stand in each band of what comes in now; None when nothing of it is on its way."""

    def sent(self, mulaw: bytes) -> None:
        """One frame of ours goes out now; b"" when none does."""
        if mulaw and self._silent:
            self._begin()
        self._silent = 0 if mulaw else self._silent + 1
        if self._silent > TRAVELS:
            self.expected = None
            return
        self._sent[1:] = self._sent[:-1]
        self._sent[0] = self._spectrum.bands(padded(mulaw))
        # Our frames and hers do not begin at the same moment: her frame may hold parts of two of ours.
        self._quietest = np.maximum(self._sent[1:], self._sent[:-1]) + self._coupling
        self.expected = self._quietest.max(axis=0) + np.float32(SPREAD)

    def _begin(self) -> None:
        """A new prompt may set out a little sooner or later: how loud its echo is we know, its time is learnt anew."""
        self._coupling[:] = self._coupling.max(axis=0)
        self._lessons = min(self._lessons, RELEARNS)

    @property
    def loudness(self) -> float:
        """All bands together, in dBFS."""
        return NOTHING if self.expected is None else 10 * log10(float((10 ** (self.expected / 10)).sum()))

    def learn(self, came: Bands, noise: Bands) -> None:
        """What came in while nobody was known to speak, over the line's noise; a frame that was lost proves nothing."""
        telling = self._quietest > noise - SPREAD
        if self.expected is None or came.max() <= NOTHING or not telling.any():
            return
        self._lessons += 1
        step = max(STEP, QUICKEST / (self._lessons + 2))
        quieter = (came < self._quietest) | ((self._quietest > noise - IN_NOISE) & (came <= noise))
        self._coupling += telling * np.where(quieter, -9 * step, step).astype(np.float32)
        np.clip(self._coupling, -60, FEARED - SPREAD, out=self._coupling)
