"""Two result files become a judgement: matched, scored, tested, decided."""

from collections.abc import Callable, Sequence

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.judging import deciding
from ctlab.judging.by_field import grouped
from ctlab.judging.compared import Compared
from ctlab.judging.flags import flags_of
from ctlab.judging.given import Given, check_different, results_of
from ctlab.judging.paired_rows import match
from ctlab.judging.paired_scores import PairedScores, effect_of
from ctlab.judging.question import Question, alike, differ, margin_in_points, parse
from ctlab.judging.results_judgement import Changed, ResultsJudgement, beginning, ending
from ctlab.judging.scoring import Scored, Scores, score
from ctlab.judging.step_down import step_down
from ctlab.records.result_row import Results
from ctlab.results.row_values import final_part
from ctlab.statistics.checks import check_alpha

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What files are called, in the order in which they are given."""
EXAMPLES = 5
"""Lost and gained problems that are shown, of each."""
LEAST_MATCHED = 0.5
"""Share of the smaller file's problems that must be left to compare: where most are gone, what is left is no sample of
them. A rule of thumb; what is missing is always said."""


def judge_results(
    a: Given,
    b: Given,
    *,
    margin: float | None = None,
    by: str | None = None,
    expect: str | None = None,
    alpha: float = 0.05,
    score: str | None = None,
    kind: str | None = None,
) -> ResultsJudgement:
    """Judge two result files, problem by problem.

    Parameters
    ----------
    a, b : path, Results, or list of mappings or booleans
        What was answered: files of any format that `ctlab.read_results` reads, its rows, or one item an answer: a
        mapping with `answer` and `gold` or with `score`, or True for a right answer. `a` is the reference.
    margin : float, optional
        Ask whether both lie within this many points of each other, instead of whether they differ.
    by : str, optional
        Field of the rows: ask the same of each of its groups.
    expect : str, optional
        What is expected, in points: "B higher than A by 2", "B not worse than A by 2", "A and B within 2".
    alpha : float
        Level of the test.
    score : {'tool', 'ours'}, optional
        Who says what is right; by default the tool, where both files have its score.
    kind : str, optional
        Answer kind of our reader; by default guessed from the reference answers.

    Returns
    -------
    ResultsJudgement
        `verdict`, `effect`, `lost`, `gained`, `n` and more; θ is b − a, a proportion.

    Raises
    ------
    InputError
        In one sentence, where nothing can be judged.

    Examples
    --------
    >>> judge_results([True] * 60 + [False] * 40, [True] * 40 + [False] * 60).verdict
    <Verdict.SUPPORTED: 'SUPPORTED'>
    """
    (judgement,) = judge_files((a, b), margin=margin, by=by, expect=expect, alpha=alpha, score=score, kind=kind)
    return judgement


def judge_files(
    given: Sequence[Given],
    *,
    reference: str = "A",
    margin: float | None = None,
    by: str | None = None,
    expect: str | None = None,
    alpha: float = 0.05,
    score: str | None = None,
    kind: str | None = None,
) -> list[ResultsJudgement]:
    """Judge files against a reference, by Holm where there are several; what is expected is of two files alone."""
    check_alpha(alpha)
    for name, value in (("by", by), ("expect", expect), ("score", score), ("kind", kind)):
        if value is not None and not isinstance(value, str):
            raise InputError(f"{name} is a text or None, not {shown(value)}")
    if margin is not None and (isinstance(margin, bool) or not isinstance(margin, int | float)):
        raise InputError(f"margin is a number of points or None, not {shown(margin)}")
    letters = list(LETTERS[: len(given)])
    _check_number(given, letters, reference)
    files = dict(zip(letters, map(results_of, given, letters), strict=True))
    check_different(given, letters)
    asked = _asked(letters, reference, margin, expect)
    sides = [_compared(question, files, score, kind) for question in asked]
    step = step_down([(question, side.scores) for question, side in zip(asked, sides, strict=True)], alpha)
    several = len(asked) > 1
    named = {letter for question in asked for letter in (question.first, question.second)}
    idle = [letter for letter in letters if letter not in named]
    notes = (f"not compared: {formatting.listed(idle)}, which nothing is expected of",) if idle else ()
    return [
        _judgement(question, side, decision, holm_p if several else None, by, notes)
        for question, side, (decision, holm_p) in zip(asked, sides, step, strict=True)
    ]


def _check_number(given: Sequence[Given], letters: Sequence[str], reference: str) -> None:
    if not 2 <= len(given) <= len(LETTERS):
        raise InputError(f"judging takes 2 to {len(LETTERS)} files, not {len(given)}; give the reference first")
    if reference not in letters:
        raise InputError(f"the reference is one of {formatting.listed(letters, 'or')}, not {reference!r}; name a file")


def _asked(letters: Sequence[str], reference: str, margin: float | None, expect: str | None) -> list[Question]:
    if expect is not None and margin is not None:
        raise InputError('a margin asks for "within", and what is expected asks for itself; give one of them')
    if expect is not None:
        return [parse(expect, letters, reference)]
    others = [letter for letter in letters if letter != reference]
    if margin is None:
        return [differ(reference, other) for other in others]
    return [alike(reference, other, margin_in_points(margin)) for other in others]


def _compared(question: Question, files: dict[str, Results], way: str | None, kind: str | None) -> Compared:
    letters = (question.first, question.second)
    results = files[letters[0]], files[letters[1]]
    matching = match(*results, letters)
    scored = score(matching.pairs, letters, way=way, kind=kind)
    if not scored.pairs:
        notes = "; ".join(scored.notes)
        raise InputError(
            f"no problem has a score in both {letters[0]} and {letters[1]} ({notes}); give files with scores"
        )
    scores = PairedScores.of(scored.before, scored.after)
    return Compared(letters=letters, results=results, matching=matching, scored=scored, scores=scores)


def _judgement(
    question: Question,
    side: Compared,
    decision: deciding.Decision,
    holm_p: float | None,
    by: str | None,
    notes: tuple[str, ...],
) -> ResultsJudgement:
    scores, scored, matching = side.scores, side.scored, side.matching
    if broken := _too_few(side):
        decision = deciding.void(question, scores, decision.alpha, broken)
    difference = decision.effect
    if question.alternative != "two-sided":
        difference = effect_of(differ(*side.letters), scores, decision.alpha)
    return ResultsJudgement(
        statement=question.statement,
        expected=question.expected,
        verdict=decision.verdict,
        effect=decision.effect,
        difference=difference,
        alpha=decision.alpha,
        lost=scores.lost,
        gained=scores.gained,
        n=len(scores),
        files=(side.file(0), side.file(1)),
        matched_by=matching.how,
        alone=matching.alone,
        scored_by=scored.way,
        kind=scored.kind,
        read_both=scored.compared,
        disagreements=scored.disagreements,
        why=decision.why,
        outlook=deciding.outlook(question, decision),
        flags=(*flags_of(side, question, several=holm_p is not None), *notes),
        examples=(*_examples(side, "lost"), *_examples(side, "gained")),
        grouped=grouped(by, question, scored.pairs, scores, decision.alpha) if by is not None else None,
        holm_p=holm_p,
    )


def _too_few(side: Compared) -> list[str]:
    """Say that too few problems are left of the smaller file; empty where enough are."""
    smaller = min(len({row.problem for row in results}) for results in side.results)
    left = len(side.scores)
    if left >= LEAST_MATCHED * smaller:
        return []
    return [f"only {formatting.share_of(left, smaller)} problems of the smaller file can be compared"]


def _examples(side: Compared, change: str) -> list[Changed]:
    sign = -1.0 if change == "lost" else 1.0
    places = [place for place, each in enumerate(side.scores.differences) if each * sign > 0.0]
    return [_example(side, place, change) for place in places[:EXAMPLES]]


def _example(side: Compared, place: int, change: str) -> Changed:
    pair = side.scored.pairs[place]
    first, second = side.letters
    golds = pair.golds
    better, worse = _telling(side.scored, place, max), _telling(side.scored, place, min)
    answers = (better[0], worse[1]) if change == "lost" else (worse[0], better[1])
    return Changed(
        problem=pair.problem,
        change=change,
        question=beginning(pair.question),
        gold=ending(final_part(golds[0])) if golds else "",
        answers={first: ending(answers[0]), second: ending(answers[1])},
        scores={first: side.scores.before[place], second: side.scores.after[place]},
    )


def _telling(scored: Scored, place: int, best: Callable[[Scores], float]) -> tuple[str, str]:
    """Return the first answer of a problem in each file that is the best of its repeats there, or the worst."""
    pair = scored.pairs[place]
    first, second = (
        rows[scores.index(best(scores))].answer
        for rows, scores in ((pair.before, scored.before[place]), (pair.after, scored.after[place]))
    )
    return first, second
