"""Questions that say everything their answer needs: the gold answer must follow, and no other may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ctlab.problems.audit.controlled_english import Asked, Literal, read_fact, read_question, stem
from ctlab.problems.audit.entailment import consistent, follows, hops
from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.problem import Problem


@dataclass(slots=True)
class ClosedForm:
    """What came of all rows whose questions could be read."""

    checked: int = 0
    """Rows whose question is controlled English throughout."""
    hops: list[int | None] = field(default_factory=list)
    """Fewest rules from the facts to the gold answer, of each such row; None where it does not follow by them."""
    unfounded: list[Instance] = field(default_factory=list)
    """Rows whose gold answer does not follow."""
    other: list[Instance] = field(default_factory=list)
    """Options that are not the gold answer and follow."""
    unasked: list[Instance] = field(default_factory=list)
    """Rows whose gold answer is not what is asked about."""
    contrary: list[Instance] = field(default_factory=list)
    """Rows whose facts contradict one another: everything follows from those."""
    with_steps: int = 0
    """Rows whose worked solution says something of the one asked about."""
    unstated: list[Instance] = field(default_factory=list)
    """Those of which something does not follow."""
    with_graph: int = 0
    """Rows that carry a graph."""
    graph: list[Instance] = field(default_factory=list)
    """Those whose graph is not what the question says."""

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, with counts."""
        n, golds = self.checked, "gold answers"
        return (
            *finding("gold-does-not-follow", self.unfounded, n, golds, "do not follow from their question"),
            *finding("other-option-follows", self.other, n, "other options", "follow from their question"),
            *finding("gold-is-not-asked-for", self.unasked, n, golds, "are not what their question asks for"),
            *finding("facts-contradict", self.contrary, n, "questions", "have facts that contradict each other"),
            *finding(
                "steps-not-founded",
                self.unstated,
                self.with_steps,
                "worked solutions",
                "say of the one asked about what does not follow from the question",
                fails=False,
            ),
            *finding(
                "graph-differs",
                self.graph,
                self.with_graph,
                "rows",
                "have a graph that says something else than the question",
                fails=False,
            ),
        )


def check_closed_form(rows: Sequence[Located]) -> ClosedForm:
    """Check every row whose answer is words and whose question is controlled English."""
    came = ClosedForm()
    for row in rows:
        if row.problem.kind in ("entity", "choice", "boolean") and (asked := read_question(row.problem.question)):
            came.checked += 1
            _check(row, asked, came)
    return came


def _check(row: Located, asked: Asked, came: ClosedForm) -> None:
    problem = row.problem

    def note(where: list[Instance], text: str) -> None:
        where.append(Instance(places=(row.place,), text=text))

    gold = _gold(problem, asked)
    if gold is None:
        came.hops.append(None)
        note(came.unasked, f"{problem.gold_text!r}: {_query(problem)}")
        return
    came.hops.append(hops(asked, gold))
    if not consistent(asked):
        note(came.contrary, problem.question)
        return
    others = [(gold[0], not gold[1])] if len(asked.options) == 1 else [each for each in asked.options if each != gold]
    if not follows(asked, gold):
        facts = ", ".join(term if positive else f"not {term}" for term, positive in asked.facts) or "nothing"
        note(came.unfounded, f"{_query(problem)} Gold: {problem.gold_text} Said of {asked.who}: {facts}")
    for other in others:
        if follows(asked, other):
            said = f"Gold: {problem.gold_text} What follows: {_words(asked.who, other)}"
            note(came.other, f"{_query(problem)} {said}")
    _check_steps(row, asked, came)
    _check_graph(row, asked, came)


def _gold(problem: Problem, asked: Asked) -> Literal | None:
    """The gold answer as a statement; None where it is not one of those that are asked about."""
    if problem.kind == "boolean":
        (term, positive), *more = asked.options
        return None if more else (term, positive == (problem.gold_text == "true"))
    fact = read_fact(problem.gold_text)
    gold = fact[1] if fact and fact[0] == asked.who else (stem(problem.gold_text.strip(" .")), True)
    return gold if gold in asked.options else None


def _check_steps(row: Located, asked: Asked, came: ClosedForm) -> None:
    """A worked solution must not say more of the one asked about than the question does."""
    sentences = [part for line in row.problem.solution.split("\n") for part in line.replace(", so ", ". ").split(". ")]
    facts = [fact for sentence in sentences if sentence.strip() and (fact := read_fact(sentence))]
    mine = [literal for who, literal in facts if who == asked.who]
    if mine:
        came.with_steps += 1
        if wrong := [literal for literal in mine if not follows(asked, literal)]:
            text = f"{_words(asked.who, wrong[0])}: {_query(row.problem)}"
            came.unstated.append(Instance(places=(row.place,), text=text))


def _check_graph(row: Located, asked: Asked, came: ClosedForm) -> None:
    """A row's graph must have an edge for each thing that is said, and no other."""
    edges = _edges(row.problem.fields)
    if edges is None:
        return
    came.with_graph += 1
    if edges != asked.said:
        missing, extra = sorted(asked.said - edges), sorted(edges - asked.said)
        named = "; ".join(
            [f"no edge {a} → {b}" for a, b in missing[:2]] + [f"not said {a} → {b}" for a, b in extra[:2]]
        )
        came.graph.append(Instance(places=(row.place,), text=f"{named}: {_query(row.problem)}"))


def _edges(fields: Mapping[str, Any]) -> frozenset[tuple[str, str]] | None:
    """A row's edges by name; None where it has none that can be read."""
    symbols, edges = fields.get("idx_to_symbol"), fields.get("edges")
    if not isinstance(symbols, list) or not isinstance(edges, list):
        return None
    try:
        return frozenset((stem(symbols[start]), stem(symbols[end])) for start, end in edges)
    except (TypeError, ValueError, IndexError, AttributeError):
        return None


def _query(problem: Problem) -> str:
    return problem.question.strip().rpartition(". ")[2]


def _words(who: str, literal: Literal) -> str:
    return f"{who} {'is' if literal[1] else 'is not'} {literal[0]}"
