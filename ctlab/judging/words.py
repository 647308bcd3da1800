"""A judgement in the words that terminal and page share."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.judging.paired_scores import BOUNDS
from ctlab.judging.results_judgement import File, ResultsJudgement
from ctlab.records.effect import Effect

MATCHED = {"id": "matched by id", "question": "matched by question", "position": "matched by position"}
SCORED = {"tool": "scored by the tool", "ours": "scored by our reading"}


def files_words(judgements: Sequence[ResultsJudgement]) -> dict[str, tuple[File, str]]:
    """Say by letter how many are right, how many were left out, in which format, and who answered.

    Where a file was compared on other problems with one file than with another, no count is that of the file: then how
    many problems it holds is said here, and how many are right beside each difference.
    """
    apart = compared_apart(judgements)
    files = {file.letter: file for judgement in judgements for file in judgement.files}
    said = {}
    for letter, file in sorted(files.items()):
        held = formatting.counted(file.problems, "problem") if apart else right_words(file)
        # A run that ended early is right in all that it answered: how much is missing must not stand at the end alone.
        missing = f"{formatting.count(file.problems - file.n)} left out" if file.problems > file.n and not apart else ""
        said[letter] = file, ", ".join(filter(None, (held, missing, file.format, file.model)))
    return said


def compared_apart(judgements: Sequence[ResultsJudgement]) -> bool:
    """Whether the reference was compared on other problems, or with other scores, in one judgement than in another."""
    seen = {file for judgement in judgements for file in judgement.files}
    return len({file.letter for file in seen}) < len(seen)


def both_right_words(judgement: ResultsJudgement) -> str:
    """Write how many problems are right in either file: ``A 97 of 140 (69.3 %) right; C 94 of 140 (67.1 %) right``."""
    return "; ".join(f"{file.letter} {right_words(file)}" for file in judgement.files)


def right_words(file: File) -> str:
    """Write how many problems are right; means of repeats are no whole numbers, so that their rate stands alone."""
    if float(file.right).is_integer() and file.repeats < 2:
        return f"{formatting.share_of(int(file.right), file.n)} right"
    each = f", {repeats_words(file)}" if file.repeats > 1 else ""
    return f"{formatting.percent(file.rate)} of {formatting.counted(file.n, 'problem')} right{each}"


def repeats_words(file: File) -> str:
    """Write how often problems were answered."""
    if file.fewest_repeats == file.repeats:
        return f"{file.repeats} answers each"
    return f"{file.fewest_repeats} to {file.repeats} answers a problem"


def measured_words(judgement: ResultsJudgement) -> str:
    """Write the paired difference with its interval and the test of none, whatever was asked."""
    difference = judgement.difference
    return f"{size_words(difference)}, {interval_words(difference)}; {test_words(judgement)}"


def size_words(effect: Effect) -> str:
    """Write an estimate."""
    return formatting.points(effect.estimate, (effect.boundary,)) if effect.estimated else formatting.NO_ESTIMATE


def interval_words(effect: Effect) -> str:
    """Write an interval with its level."""
    ends = formatting.interval(effect.low, effect.high, formatting.POINTS, (*BOUNDS, effect.boundary), unit_shown=False)
    return f"{formatting.level(effect.level)} interval {ends}"


def test_words(judgement: ResultsJudgement) -> str:
    """Name the test of no difference and write its p."""
    test = judgement.difference.method.partition(";")[0]
    name = test if judgement.difference.lost is not None else "test of the mean difference"
    return f"{name} {formatting.p_value(judgement.difference.p_value, judgement.alpha)}"


def decided_words(judgement: ResultsJudgement) -> str:
    """Say what decided and what would settle the question; of a question of its own its interval and p too."""
    said = [judgement.why, judgement.outlook]
    if judgement.effect.alternative != "two-sided":
        effect = judgement.effect
        said = [f"{interval_words(effect)}; {formatting.p_against_alpha(effect.p_value, judgement.alpha)}.", *said]
    if judgement.holm_p is not None:
        said = [f"Adjusted by Holm over the files: {formatting.p_value(judgement.holm_p)}.", *said]
    return " ".join(filter(None, said))


def changed_words(judgement: ResultsJudgement) -> str:
    """Count lost, gained and all problems."""
    same = judgement.n - judgement.lost - judgement.gained
    return (
        f"{formatting.count(judgement.lost)} lost, {formatting.count(judgement.gained)} gained, "
        f"{formatting.count(same)} alike of {formatting.counted(judgement.n, 'problem')}"
    )


def evidence_words(judgement: ResultsJudgement) -> str:
    """Say how problems were matched, who scored, and on how many answers tool and reader differ."""
    said = [MATCHED[judgement.matched_by], SCORED[judgement.scored_by]]
    if judgement.scored_by == "ours":
        said[-1] += f" as {judgement.kind}"
    if judgement.read_both:
        other = "our reading" if judgement.scored_by == "tool" else "the tool"
        count, of = len(judgement.disagreements), judgement.read_both
        share = f" ({formatting.percent(count / of)})" if count else ""
        said.append(f"{other} disagrees on {formatting.count(count)} of {formatting.counted(of, 'answer')}{share}")
    return "; ".join(said)


def evidence_of_all(judgements: Sequence[ResultsJudgement]) -> list[str]:
    """Say it of every judgement, and of which two files where it is not the same of all."""
    said = {" and ".join(file.letter for file in each.files): evidence_words(each) for each in judgements}
    if len(set(said.values())) == 1:
        return [*set(said.values())]
    return [f"{pair}: {text}" for pair, text in said.items()]


def widest(texts: Sequence[str]) -> int:
    """Return the length of the longest text."""
    return max(map(len, texts), default=0)
