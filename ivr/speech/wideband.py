"""What a good microphone would have heard of a voice that came by telephone.

The English model was trained on wide-band, quiet speech. A telephone takes everything above 3.5 kHz away and adds
noise: on our recordings that cost every fifth digit on a good line and every second one at 10 dB. The model's own
Gaussians say what speech looks like; so each frame is compared with what each kind of speech sound would be on this
line (its noise added in the power domain), and replaced by the mean of the sounds it may have been: minimum mean
square error by a vector Taylor series of order 0 (Moreno, Raj & Stern 1996), and the lost band by the same posterior
(missing features; Raj & Stern 2005). Nothing is trained, so no recording's licence is concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.speech.cepstra import CEPSTRA, Floats, cepstra, channels_of, spread_of

SEEN = slice(1, 19)
"""Channels that a telephone carries: 240 to 3450 Hz."""
KINDS = 128
"""Kinds of speech sound told apart; 512 and 2048 did not hear better."""
QUIETEST_SHARE = 0.15
"""Share of the frames that are the line's noise and nothing else; a pause belongs to every answer."""
LOUDEST_FRAMES, BELOW_LOUDEST, FAR_BELOW_LOUDEST = 5, 2.5, 3.0
"""Voice is what is not further under the loudest frames (logarithms of power: 11 and 13 dB)."""
LOUDNESS = 12.1
"""Power of the model's own speech in the seen channels, as a logarithm."""
LEFT_OVER, NOISE_SPREAD = 0.5, 0.4
"""Variances of a channel: of what the 13 cepstra cannot say, and of noise."""
USUAL = np.array([41.0, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17])
"""The mean cepstrum of the model's training speech: its Gaussians are relative to it."""
QUIETEST = 4.0
"""No channel is quieter: the pauses of a very good line are like nothing that the model has ever heard."""
PIECE = 64
"""Frames restored at once: larger products are spread over threads, which costs a decoder more than it gives."""
_STEEP, _NOTHING = 30.0, 1e-3


def gaussians(path: Path) -> Floats:
    """A `means` or `variances` file of Sphinx: (codebooks, streams, densities, 13)."""
    body = path.read_bytes()
    body = body[body.index(b"endhdr\n") + 7 :]
    books, streams, densities = (int(each) for each in np.frombuffer(body[4:16], "<i4"))
    start = 20 + 4 * streams
    count = books * streams * densities * CEPSTRA
    flat = np.frombuffer(body, "<f4", count, start)
    return np.asarray(flat.reshape(books, streams, densities, CEPSTRA), dtype=np.float64)


@dataclass(frozen=True)
class Line:
    """What the sound so far says of the line: its noise in each seen channel, and how much louder it should be."""

    noise: Floats
    gain: float


def line_of(channels: Floats) -> Line:
    """Judge the line by (frames, 25) channels: its quietest frames are noise, those near its loudest are voice."""
    noise = _noise(channels)
    power = _power(channels, noise)
    return Line(noise, float(LOUDNESS - power[power > _loudest(power) - BELOW_LOUDEST].mean()))


def voiced_frames(channels: Floats) -> NDArray[np.intp]:
    """The numbers of the frames that are surely voice."""
    power = _power(channels, _noise(channels))
    return np.asarray(np.flatnonzero(power > _loudest(power) - FAR_BELOW_LOUDEST), dtype=np.intp)


def _noise(channels: Floats) -> Floats:
    seen = channels[:, SEEN]
    quiet = np.argsort(seen.mean(1))[: max(3, int(len(seen) * QUIETEST_SHARE))]
    return np.asarray(seen[quiet].mean(0), dtype=np.float64)


def _power(channels: Floats, noise: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.exp(channels[:, SEEN]).mean(1) - np.exp(noise).mean(), _NOTHING)))


def _loudest(power: Floats) -> float:
    return float(np.sort(power)[-LOUDEST_FRAMES:].mean())


class Wideband:
    """Restores wide-band, quiet speech; one for all lines, safe for threads."""

    def __init__(self, model: Path) -> None:
        means, variances = gaussians(model / "means")[:, 0], gaussians(model / "variances")[:, 0]
        centres, spreads, self._share = _kinds(means.reshape(-1, CEPSTRA), variances.reshape(-1, CEPSTRA))
        self._kinds = channels_of(centres + USUAL)
        self._spread = spread_of(spreads)[:, SEEN] + LEFT_OVER

    def cepstra(self, channels: Floats, line: Line) -> Floats:
        """(frames, 13) cepstra as the model expects them, its usual mean taken off."""
        pieces = [channels[start : start + PIECE] for start in range(0, len(channels), PIECE)]
        restored = [self.restored(piece, line) for piece in pieces] or [channels]
        return np.asarray(cepstra(np.concatenate(restored)) - USUAL, dtype=np.float64)

    def restored(self, channels: Floats, line: Line) -> Floats:
        """(frames, 25) channels as a good microphone in a quiet room would have given them."""
        seen = np.logaddexp(channels[:, SEEN] + line.gain, QUIETEST)
        noise = np.logaddexp(line.noise + line.gain, QUIETEST)
        above = np.clip(noise - self._kinds[:, SEEN], -_STEEP, _STEEP)
        raised, share_of_voice = np.log1p(np.exp(above)), 1 / (1 + np.exp(above))
        spread = share_of_voice**2 * self._spread + (1 - share_of_voice) ** 2 * NOISE_SPREAD
        posterior = self._posterior(seen, self._kinds[:, SEEN] + raised, 1 / spread)
        restored = posterior @ self._kinds
        restored[:, SEEN] = seen - posterior @ raised
        return np.asarray(restored)

    def _posterior(self, seen: Floats, expected: Floats, precision: Floats) -> Floats:
        fit = (seen**2) @ precision.T - 2 * seen @ (expected * precision).T
        fit += (expected**2 * precision).sum(1) - np.log(precision).sum(1)
        score = np.log(self._share) - fit / 2
        chance = np.exp(score - score.max(1, keepdims=True))
        return np.asarray(chance / chance.sum(1, keepdims=True))


def _kinds(means: Floats, variances: Floats) -> tuple[Floats, Floats, Floats]:
    """The Gaussians gathered into few: centres, variances, shares (k-means; the same every time)."""
    centres = means[np.random.default_rng(0).choice(len(means), KINDS, replace=False)]
    for _ in range(8):
        belongs = ((centres**2).sum(1) - 2 * means @ centres.T).argmin(1)
        members = [belongs == kind for kind in range(KINDS)]
        centres = np.array([means[each].mean(0) if each.any() else centres[kind] for kind, each in enumerate(members)])
    members = [each if each.any() else np.ones(len(means), bool) for each in members]
    spreads = np.array([(variances[e] + (means[e] - centres[k]) ** 2).mean(0) for k, e in enumerate(members)])
    return centres, spreads, np.array([each.mean() for each in members])
