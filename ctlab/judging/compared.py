"""Two files side by side: what they hold, which problems they share, and how good both are there."""

from dataclasses import dataclass

from ctlab.judging.paired_rows import Matching
from ctlab.judging.paired_scores import PairedScores
from ctlab.judging.results_judgement import File
from ctlab.judging.scoring import Scored
from ctlab.records.result_row import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two files, ready to be asked."""

    letters: tuple[str, str]
    """Their letters, the reference first."""
    results: tuple[Results, Results]
    """Their rows."""
    matching: Matching
    """Which rows belong together."""
    scored: Scored
    """How good they are."""
    scores: PairedScores
    """One number a problem."""

    @property
    def pair(self) -> str:
        """What both are called together."""
        return " and ".join(self.letters)

    def file(self, place: int) -> File:
        """Say what one of them holds, and how good it is where it was compared."""
        results = self.results[place]
        values = (self.scores.before, self.scores.after)[place]
        answers = [len((pair.before, pair.after)[place]) for pair in self.scored.pairs]
        return File(
            letter=self.letters[place],
            path=results.path,
            format=results.format,
            model=results.model,
            rows=len(results),
            problems=len({row.problem for row in results}),
            right=round(sum(values), 9),
            n=len(values),
            repeats=max(answers, default=0),
            fewest_repeats=min(answers, default=0),
        )
