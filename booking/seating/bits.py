"""Availability as one whole number: who is free, where a party fits side by side, whom it would leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def places_of(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(places: Iterable[int]) -> int:
    """The number in which these bits are set."""
    line = bytearray()
    for place in places:
        if place >> 3 >= len(line):
            line.extend(bytes((place >> 3) + 1 - len(line)))
        line[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(line, "little")


def union_of(masks: Iterable[int]) -> int:
    """The bits that are set in any of some masks."""
    union = 0
    for mask in masks:
        union |= mask
    return union


def starts_of(free: int, size: int) -> int:
    """The places from which so many neighbouring bits are all set."""
    done = 1
    while done < size:
        step = min(done, size - done)
        free &= free >> step
        done += step
    return free


def touching(marked: int, size: int) -> int:
    """The starts of blocks of so many bits with at least one bit of `marked` in them."""
    done = 1
    while done < size:
        step = min(done, size - done)
        marked |= marked >> step
        done += step
    return marked


def lonely(free: int, size: int) -> int:
    """The starts of blocks that would leave a single free bit between themselves and somebody taken, on either side."""
    return (free << 1 & ~(free << 2)) | (free >> size & ~(free >> size + 1))


def longest(free: int) -> int:
    """How many neighbouring bits are set at most."""
    length = 0
    while free:
        free &= free >> 1
        length += 1
    return length


def nth(mask: int, index: int) -> int:
    """The place of one of the set bits, counted from the lowest, 0 first."""
    for _ in range(index):
        mask &= mask - 1
    return (mask & -mask).bit_length() - 1
