"""French as the Opera speaks it."""

from __future__ import annotations

from datetime import date, datetime, time

from prompts.phrases.common import PAUSE, Phrases, Words, country_and_rest, separated, words_in

_SMALL = words_in(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
)
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
_DAYS = words_in("lundi mardi mercredi jeudi vendredi samedi dimanche")
_MONTHS = words_in("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")


def _below_hundred(n: int, *, feminine: bool = False, bare: bool = False) -> str:
    """One fragment; `bare` when «mille» follows, before which «vingt» takes no s."""
    if n == 1 and feminine:
        return "une"
    if n < 20:
        return _SMALL[n]
    tens = n // 10 * 10 if n // 10 not in (7, 9) else n // 10 * 10 - 10
    unit, word = n - tens, _TENS[tens]
    if unit == 0:
        return word + ("s" if tens == 80 and not bare else "")
    if unit in (1, 11) and tens != 80:
        return f"{word} et {_below_hundred(unit, feminine=feminine)}"
    return f"{word}-{_below_hundred(unit, feminine=feminine)}"


class French(Phrases):
    """Metropolitan French: soixante-dix, quatre-vingts; numbers before nouns, «une» for feminine ones."""

    conjunction = "et"
    seat_words = ("place", "places")
    row_word = "rang"
    box_word = "loge"
    minus = "moins"
    plus = "plus"
    country_code = "+33"

    def number(self, n: int, *, feminine: bool = False) -> Words:
        """deux cent vingt et une."""
        return (self.minus, *self._number(-n, feminine)) if n < 0 else self._number(n, feminine)

    def _number(self, n: int, feminine: bool = False, bare: bool = False) -> Words:
        if n < 100:
            return (_below_hundred(n, feminine=feminine, bare=bare),)
        if n < 1_000:
            return self._hundreds(*divmod(n, 100), feminine, bare)
        if n < 1_000_000:
            thousands, rest = divmod(n, 1_000)
            head = () if thousands == 1 else self._number(thousands, bare=True)
            return (*head, "mille", *(self._number(rest, feminine, bare) if rest else ()))
        millions, rest = divmod(n, 1_000_000)
        word = "million" if millions == 1 else "millions"
        return (*self._number(millions), word, *(self._number(rest, feminine, bare) if rest else ()))

    def _hundreds(self, hundreds: int, rest: int, feminine: bool, bare: bool) -> Words:
        word = "cent" if hundreds == 1 else f"{_SMALL[hundreds]} cent" + ("" if rest or bare else "s")
        return (word, _below_hundred(rest, feminine=feminine, bare=bare)) if rest else (word,)

    def ordinal(self, n: int, *, feminine: bool = False) -> Words:
        """premier, première, vingt et unième."""
        if n == 1:
            return ("première" if feminine else "premier",)
        *head, last = self.number(n)
        return (*head, _with_ieme(last))

    def price(self, cents: int) -> Words:
        """cent quatre-vingts euros; douze euros et cinquante centimes; un million d’euros."""
        if cents < 0:
            return (self.minus, *self.price(-cents))
        euros, rest = divmod(cents, 100)
        words = (*self.number(euros), self._euros(euros))
        if not rest:
            return words
        small = (*self.number(rest), "centime" if rest == 1 else "centimes")
        return (*words, self.conjunction, *small) if euros else small

    def _euros(self, euros: int) -> str:
        if euros >= 1_000_000 and euros % 1_000_000 == 0:
            return "d’euros"
        return "euro" if self.is_one(euros) else "euros"

    def month(self, day: date) -> str:
        """décembre."""
        return _MONTHS[day.month - 1]

    def date(self, day: date, *, year: bool = False) -> Words:
        """samedi douze décembre; dimanche premier mai."""
        number = ("premier",) if day.day == 1 else self.number(day.day)
        words = (_DAYS[day.weekday()], *number, _MONTHS[day.month - 1])
        return (*words, *self.number(day.year)) if year else words

    def time(self, at: time) -> Words:
        """dix-neuf heures trente; midi; minuit."""
        if at.hour in (0, 12):
            hours: Words = ("midi" if at.hour else "minuit",)
        else:
            hours = (*self.number(at.hour, feminine=True), "heure" if at.hour == 1 else "heures")
        return (*hours, *self.number(at.minute, feminine=True)) if at.minute else hours

    def date_time(self, at: datetime, *, year: bool = False) -> Words:
        """samedi douze décembre à dix-neuf heures trente."""
        return (*self.date(at.date(), year=year), "à", *self.time(at.time()))

    def phone(self, number: str) -> Words:
        """zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit."""
        digits = "".join(character for character in number if character.isdigit())
        if number.startswith(self.country_code):
            digits = "0" + digits[len(self.country_code) - 1 :]
        elif number.startswith("+"):
            country, digits = country_and_rest(digits)
            return (self.plus, *self.number(int(country or 0)), PAUSE, *self._by_pairs(digits))
        return self._by_pairs(digits)

    def _by_pairs(self, digits: str) -> Words:
        return separated([self._pair(pair) for pair in _pairs(digits)])

    def _pair(self, pair: str) -> Words:
        """«06» is zéro six, «00» is zéro zéro; anything else is a number."""
        return self.digits(pair) if pair.startswith("0") else self.number(int(pair))

    def is_one(self, n: int) -> bool:
        """In French nothing, too, is singular: zéro place, une place, deux places."""
        return abs(n) < 2

    def vocabulary(self) -> tuple[str, ...]:
        """Some two hundred and sixty fragments."""
        small = [_below_hundred(n) for n in range(100)]
        feminine = [_below_hundred(n, feminine=True) for n in range(1, 100) if n % 10 == 1 and n not in (11, 71, 91)]
        bare = ["quatre-vingt"]
        hundreds = ["cent"] + [f"{_SMALL[n]} cent{s}" for n in range(2, 10) for s in ("", "s")]
        nouns = words_in(
            "mille million millions euro euros d’euros centime centimes et moins plus à heure heures midi minuit"
        )
        order = ["premier", "première"] + [_with_ieme(_below_hundred(n)) for n in range(2, 32)]
        seats = [self.row_word, self.box_word, *self.seat_words]
        return tuple(dict.fromkeys((*small, *feminine, *bare, *hundreds, *nouns, *_DAYS, *_MONTHS, *seats, *order)))


def _with_ieme(word: str) -> str:
    """cinq → cinquième, neuf → neuvième, quatre → quatrième, quatre-vingts → quatre-vingtième."""
    if word.endswith("cinq"):
        return word + "uième"
    if word.endswith("neuf"):
        return word[:-1] + "vième"
    if word.endswith(("vingts", "cents", "millions")):
        word = word[:-1]
    return word.removesuffix("e") + "ième"


def _pairs(digits: str) -> list[str]:
    """Pairs from the end, so that what is left over stands at the front."""
    head = len(digits) % 2
    return ([digits[:head]] if head else []) + [digits[i : i + 2] for i in range(head, len(digits), 2)]


phrases = French()
