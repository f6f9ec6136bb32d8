"""Has somebody begun to speak to us? Not by loudness alone: a beginning has a pitch, and stands out of the line.

Each frame is held, band by band, against the line's own noise and the echo of our prompt. What stands out counts when
it is also louder than anybody has been who did not speak to us: other people at a distance, a television. Voiced frames
make a beginning; hissing ones (the «s» of «sept») only bring it forward, so that coughs, crackle and trams make none.
"""

from __future__ import annotations

import numpy as np

from ivr.speech.echo import Echo
from ivr.speech.spectrum import BANDS, Bands, Spectrum

QUIET = -62.0
"""dBFS in a band under which a telephone carries no voice."""
VOICED = 0.28
"""Pitch (see Spectrum.voicing) above every noise's: 99 of 100 noisy frames stay under 0.2, most voiced ones do not."""
STANDS_OUT, STRONG = 1.0, 2.0
"""dB above the rest, as a mean of all bands: a vowel in noise 10 dB under it has 2, though only in three bands."""
FEWEST, CLEARLY = 2, 1.5
"""Bands that must stand out by so many dB: a tone has one."""
LOUDER, MUCH_LOUDER = 3.0, 8.0
"""dB above the loudest who did not speak to us; a strong frame must be much louder."""
NEEDED = 3.0
"""Voiced frames that make a beginning: 60 ms, or 40 of strong ones, which count half as much again."""
HISS, MOST_HISS, ONLY_HISS = 0.4, 2.0, 5.6
"""What a frame without pitch counts, all of them at most, and how many make a beginning by themselves: a whisper."""
FADES = 0.5
"""Counted less for each frame between: a beginning may have gaps, noises may not add up."""
TONE = 0.985
"""Purity (see Spectrum.purity) of a tone 20 dB above the line; people stay below 0.96, synthetic voices mostly."""


class Background:
    """What each band of the line sounds like when nobody speaks to us: all but its loudest twentieth, in dBFS."""

    RISES, FALLS, DROPS = 0.5, 0.03, 0.004
    """dB a frame: 25 dB a second for a tram; 17 times slower back, but faster the farther above the line it stands."""

    def __init__(self) -> None:
        self.noise = np.full(BANDS, QUIET, dtype=np.float32)
        self._frames = 0

    def learn(self, came: Bands, echo: Bands | None) -> None:
        """One frame; what may be our own echo is no noise."""
        self._frames += 1
        if self._frames <= 8:
            self.noise = np.maximum(self.noise, came) if self._frames > 1 else came.copy()
            return
        above = came - self.noise
        moves = np.where(above > 0, self.RISES, -np.maximum(self.FALLS, self.DROPS * (-above - 10)))
        if echo is not None:
            moves[(above > 0) & (echo > self.noise)] = 0
        self.noise += moves.astype(np.float32)


class Others:
    """How loud, in dBFS, others are who speak near the telephone and not to us."""

    RISES, MOST, FALLS = 0.1, 1.0, 0.02
    """The share of the way up that a frame goes (in dB at most), and dB down: a second of babble is enough."""

    def __init__(self) -> None:
        self.loudest = -45.0

    def learn(self, loudness: float) -> None:
        """One frame's loudness, as far as it stood out."""
        above = loudness - self.loudest
        moved = self.loudest + (min(self.MOST, self.RISES * above) if above > 0 else -self.FALLS)
        self.loudest = max(-50.0, min(-15.0, moved))


class Onset:
    """Listens to one line for beginnings, and learns it meanwhile."""

    def __init__(self) -> None:
        self.echo = Echo()
        self._spectrum, self._background, self._others = Spectrum(), Background(), Others()
        self.afresh()

    def afresh(self) -> None:
        """A new question: what was counted is forgotten, what was learnt is not."""
        self._voiced = self._hissed = 0.0

    def pass_over(self, mulaw: bytes) -> None:
        """A frame of somebody who has begun already: nothing is learnt from her."""
        self._spectrum.pass_over(mulaw)

    def hear(self, mulaw: bytes) -> bool:
        """One frame: is this a beginning?"""
        came = self._spectrum.bands(mulaw)
        known, echo = np.maximum(self._background.noise, QUIET), self.echo.expected
        self._count(came, np.clip(came - (known if echo is None else np.maximum(known, echo)), 0, 25))
        self.echo.learn(came, self._background.noise)
        self._background.learn(came, echo)
        return self._is_beginning()

    def _count(self, came: Bands, out: Bands) -> None:
        excess = float(out.mean())
        loudness = 10 * np.log10(float((10 ** (came / 10))[out > 0].sum()) + 1e-8)
        louder = loudness - self._others.loudest
        self._others.learn(loudness)
        if excess <= STANDS_OUT or louder <= LOUDER or np.count_nonzero(out > CLEARLY) < FEWEST:
            self._voiced, self._hissed = max(0.0, self._voiced - FADES), max(0.0, self._hissed - FADES)
            return
        if self._spectrum.purity() > TONE:
            return
        counts = 1.5 if excess > STRONG and louder > MUCH_LOUDER else 1.0
        if self._spectrum.voicing() > VOICED:
            self._voiced = min(2 * NEEDED, self._voiced + counts)
        else:
            self._hissed = min(ONLY_HISS, self._hissed + counts * HISS)

    def _is_beginning(self) -> bool:
        enough = self._voiced >= 1 and self._voiced + min(self._hissed, MOST_HISS) >= NEEDED
        return enough or self._hissed >= ONLY_HISS
