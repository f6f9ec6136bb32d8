"""Grammar: the rules of one language as trees of words, and the chart that finds them in a sentence.

rule   ways of saying -> a value for a <name>, or slots
tree   all ways of all rules of one kind, sharing their beginnings
chart  what every <name> may be at every word of one sentence, worked out once
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from callflows.understanding.patterns import GAP, BadPattern, ways_of

Bound = Mapping[str, Any]
Bindings = tuple[tuple[str, Any], ...]
Maker = Callable[[Bound, Any], Any]
LONGEST_GAP = 4
TAKES_ALL = "slots"
"""The kind of rules that share the sentence among them: what the gap of one swallows, no other reads."""


@dataclass(frozen=True)
class Rule:
    """Ways of saying one thing. `make` names the function that turns what was bound into a value or slots."""

    kind: str
    says: tuple[str, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    value: Any = None
    make: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    contexts: frozenset[str] = frozenset()
    not_contexts: frozenset[str] = frozenset()
    weight: float = 0.0
    alone: bool = False
    topic: str = ""
    """The file it stands in."""

    @property
    def needs(self) -> set[str]:
        """The names that every way of saying it must bind, because its slots hold them."""
        return {value[1:] for value in self.slots.values() if isinstance(value, str) and value[:1] == "$"}

    def applies(self, context: str) -> bool:
        """May this rule be used after that question?"""
        return (not self.contexts or context in self.contexts) and context not in self.not_contexts


@dataclass(slots=True)
class Tree:
    """A node: what may come next, and the rules that end here."""

    words: dict[str, Tree] = field(default_factory=dict)
    names: dict[str, Tree] = field(default_factory=dict)
    gap: Tree | None = None
    ends: list[Rule] = field(default_factory=list)

    def add(self, way: Iterable[str], rule: Rule) -> None:
        """Plant one way of saying a rule."""
        node = self
        for piece in way:
            node = node._child(piece)
        node.ends.append(rule)

    def _child(self, piece: str) -> Tree:
        if piece == GAP:
            self.gap = self.gap or Tree()
            return self.gap
        branch, piece = (self.names, piece[1:-1]) if piece[0] == "<" else (self.words, piece)
        child = branch.get(piece)
        if child is None:
            child = branch[piece] = Tree()
        return child


def literal_words(tree: Tree) -> Iterator[str]:
    """Every word that some way of saying something holds."""
    yield from tree.words
    for branch in (*tree.words.values(), *tree.names.values(), *((tree.gap,) if tree.gap else ())):
        yield from literal_words(branch)


def plant(rules: Iterable[Rule], ignored: frozenset[str] = frozenset()) -> dict[str, Tree]:
    """One tree for every kind of rule; raises BadPattern when a way has words that sentences never keep (`ignored`)."""
    trees: dict[str, Tree] = {}
    for rule in rules:
        tree, needs = trees.setdefault(rule.kind, Tree()), {f"<{name}>" for name in rule.needs}
        for say in rule.says:
            for way in ways_of(say):
                if not (ignored.isdisjoint(way) and needs.issubset(way)):
                    raise BadPattern(say)
                tree.add(way, rule)
    return trees


@dataclass(frozen=True)
class Match:
    """A rule found from word `start` up to, not including, word `end`."""

    start: int
    end: int
    rule: Rule
    value: Any


class Chart:
    """One sentence being read: every <name> is looked for once at every word."""

    def __init__(
        self,
        words: list[str],
        trees: Mapping[str, Tree],
        makers: Mapping[str, Maker],
        scene: Any,
        found: Mapping[str, Callable[[int], list[tuple[int, Any]]]],
        solid: Collection[str] = (),
    ) -> None:
        """`found` gives the <names> that code finds (numbers, titles); no gap of `slots` swallows a `solid` word."""
        self._solid = solid
        self.words = words
        self._trees = trees
        self._makers = makers
        self._scene = scene
        self._found = found
        self._known: dict[tuple[str, int], list[tuple[int, Any]]] = {}

    def matches(self, kind: str, context: str) -> list[Match]:
        """All rules of a kind, wherever in the sentence they are."""
        tree = self._trees.get(kind)
        if tree is None:
            return []
        stops = self._solid if kind == TAKES_ALL else ()
        return [match for start in range(len(self.words)) for match in self._at(tree, start, context, stops)]

    def values(self, name: str, start: int) -> list[tuple[int, Any]]:
        """What the <name> may be from this word on: ends and values, the longest first."""
        key = (name, start)
        if key not in self._known:
            self._known[key] = []  # a rule that begins with itself finds nothing, instead of never ending
            self._known[key] = self._look(name, start)
        return self._known[key]

    def _look(self, name: str, start: int) -> list[tuple[int, Any]]:
        if name in self._found:
            return self._found[name](start)
        tree = self._trees.get(name)
        if tree is None:
            return []
        matches = sorted(self._at(tree, start, "", self._solid), key=lambda match: (-match.end, -match.rule.weight))
        best: dict[int, Any] = {}
        for match in matches:
            best.setdefault(match.end, match.value)
        return list(best.items())

    def _at(self, tree: Tree, start: int, context: str, stops: Collection[str]) -> Iterator[Match]:
        for end, rule, bound in self._walk(tree, start, (), stops):
            if rule.applies(context) or not context:
                value = self._value(rule, dict(bound))
                if value is not None:
                    yield Match(start, end, rule, value)

    def _value(self, rule: Rule, bound: dict[str, Any]) -> Any:
        if rule.make:
            try:
                return self._makers[rule.make]({**rule.fixed, **bound}, self._scene)
            except KeyError:  # a rule that does not bind what its maker needs says nothing; a test names such rules
                return None
        if rule.value is not None:
            return rule.value
        return {
            slot: bound[value[1:]] if isinstance(value, str) and value[:1] == "$" else value
            for slot, value in rule.slots.items()
        }

    def _walk(
        self, node: Tree, at: int, bound: Bindings, stops: Collection[str]
    ) -> Iterator[tuple[int, Rule, Bindings]]:
        for rule in node.ends:
            yield at, rule, bound
        if node.gap is not None:
            for end in range(at, min(at + LONGEST_GAP, len(self.words)) + 1):
                yield from self._walk(node.gap, end, bound, stops)
                if end < len(self.words) and self.words[end] in stops:
                    break
        if at >= len(self.words):
            return
        following = node.words.get(self.words[at])
        if following is not None:
            yield from self._walk(following, at + 1, bound, stops)
        for name, branch in node.names.items():
            for end, value in self.values(name.rstrip("0123456789"), at):
                yield from self._walk(branch, end, (*bound, (name, value)), stops)
