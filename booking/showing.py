"""What a clerk can show without changing anything: performances, windows, categories with what is free."""

from __future__ import annotations

from datetime import date

from booking import channels
from booking.choosing import category_bits, sellable, tariff_for
from booking.house import House, Who
from booking.model import CategoryOpen, OnSale, Performance
from booking.programme import Programme
from booking.seasons import pricing


def performances(
    house: House,
    programme: Programme,
    who: Who,
    production: str | None,
    first: date | None,
    last: date | None,
    hall: str | None,
    only_on_sale: bool,
) -> tuple[Performance, ...]:
    """Those still to come, in order of time."""
    now = house.clock()
    found = (
        each
        for each in programme.performances.values()
        if each.starts_at > now
        and production in (None, each.production)
        and hall in (None, each.hall)
        and (first is None or each.date >= first)
        and (last is None or each.date <= last)
        and (not only_on_sale or channels.on_sale(each, who.window, now).state == "open")
    )
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.id)))


def on_sale(house: House, programme: Programme, who: Who, performance_id: str) -> OnSale:
    """Whether the clerk's channel sells it now."""
    return channels.on_sale(programme.performance(performance_id), who.window, house.clock())


def categories(
    house: House, programme: Programme, who: Who, performance_id: str, tariff_id: str | None
) -> tuple[CategoryOpen, ...]:
    """Categories in the order of the hall (dearest first) that this channel may sell now."""
    performance = programme.performance(performance_id)
    tariff = tariff_for(house, performance, who.window, tariff_id)
    hall, now = house.hall(performance), house.now()
    with house.books.read() as tx:
        taken = house.availability.taken(tx, performance.id, hall, now)
        free = hall.everything & ~taken & sellable(house, who, tx, performance)
    open_now = channels.sellable_categories(hall, performance, who.window, house.clock())
    found = []
    for category in hall.categories:
        if category.id in open_now and category.id in performance.prices:
            bits = free & category_bits(hall, frozenset((category.id,)))
            sections = [section for section, chairs in hall.chairs_of(category.id) if bits & chairs]
            price = pricing.tariff_price(performance.prices[category.id], category.id, tariff)
            found.append(CategoryOpen(category.id, price, bits.bit_count(), tuple(sections)))
    return tuple(found)
