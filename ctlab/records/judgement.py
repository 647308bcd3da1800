"""The record of a judged claim: its verdict, the effect it rests on, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from ctlab.formatting import VERDICT_MARKS
from ctlab.records.control import ControlResult
from ctlab.records.effect import Effect
from ctlab.records.verdict import Verdict as Verdict
from ctlab.showing.blocks import block, sentence, table, verdict_heading
from ctlab.showing.effect_block import effect_drawing

_SENTENCES = ("why", "outlook", "null", "counts", "noun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One problem that was lost or gained, to look at."""

    problem_id: str
    """Id of the problem."""
    change: str
    """`lost` or `gained`."""
    question: str
    """The question."""
    gold: str
    """The reference number."""
    answers: Mapping[str, str]
    """What the model said, by condition."""

    def to_json(self) -> dict[str, Any]:
        """Return the example as JSON builtins."""
        return {
            "problem_id": self.problem_id,
            "change": self.change,
            "question": self.question,
            "gold": self.gold,
            "answers": dict(self.answers),
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judgement:
    """A claim, what was measured, and the verdict."""

    claim_id: str
    """Id of the claim."""
    verdict: Verdict
    """The verdict."""
    effect: Effect
    """What was measured."""
    alpha: float
    """Level that the claim was judged at."""
    reason: str
    """What was measured, why this verdict, and what the sample could have found: `why` and `outlook` with numbers."""
    why: str = ""
    """What decided, in one or two sentences."""
    outlook: str = ""
    """What this sample could have found, and how many problems would settle the claim; empty where it is not open, or
    where more problems alone would not settle it."""
    null: str = ""
    """The null hypothesis in words, with the conditions and the outcome that are compared."""
    compared: tuple[str, str] | None = None
    """The two conditions that lost and gained problems compare; None where the effect is no difference of two."""
    counts: str = ""
    """The lost and gained problems in words; empty where the effect has none."""
    noun: str = ""
    """What the estimate is, such as “difference in the rate of …”."""
    flags: tuple[str, ...] = ()
    """What a reader must know beside the verdict: recorded answers, controls that cannot tell."""
    controls: tuple[ControlResult, ...] = ()
    """What each control did show."""
    examples: tuple[Example, ...] = ()
    """Two problems that were lost or gained."""

    def __bool__(self) -> NoReturn:
        """Refuse to be a truth value: a claim that was refuted was judged too."""
        raise TypeError(
            f"A Judgement has no truth value (this one is {self.verdict}); compare its verdict: "
            "`judgement.verdict == Verdict.SUPPORTED`."
        )

    def __repr__(self) -> str:
        said = "".join(f" [{flag.partition(':')[0]}]" for flag in self.flags)
        return f"<{VERDICT_MARKS[self.verdict]} {self.verdict} {self.claim_id}: {self.reason}{said}>"

    def _repr_html_(self) -> str:
        """Show the judgement in a notebook: verdict, sentence, flags, counts, a small forest plot, controls."""
        controls = [(r.control.condition, str(r.control.shows), str(r.state), r.detail) for r in self.controls]
        return block(
            verdict_heading(self.verdict, self.claim_id),
            sentence(self.reason),
            "" if self.verdict is Verdict.VOID else effect_drawing(self.effect),
            sentence(
                " ".join(f"{part}." for part in (self.counts, self.null and f"Null hypothesis: {self.null}") if part)
            ),
            *(sentence(f"{flag[:1].upper()}{flag[1:]}.", aside=True) for flag in self.flags),
            table(("control", "must show", "did", "seen"), controls) if controls else "",
        )

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as JSON builtins."""
        return {
            "claim_id": self.claim_id,
            "verdict": str(self.verdict),
            "effect": self.effect.to_json(),
            "alpha": float(self.alpha),
            "reason": self.reason,
            "why": self.why,
            "outlook": self.outlook,
            "null": self.null,
            "compared": None if self.compared is None else list(self.compared),
            "counts": self.counts,
            "noun": self.noun,
            "flags": list(self.flags),
            "controls": [result.to_json() for result in self.controls],
            "examples": [example.to_json() for example in self.examples],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Judgement":
        """Return the judgement that `to_json` wrote; of an older one the sentences that it did not have are empty."""
        compared = row.get("compared")
        return cls(
            claim_id=row["claim_id"],
            verdict=Verdict(row["verdict"]),
            effect=Effect.from_json(row["effect"]),
            alpha=row["alpha"],
            reason=row["reason"],
            compared=None if compared is None else (compared[0], compared[1]),
            **{name: row.get(name, "") for name in _SENTENCES},
            flags=tuple(row["flags"]),
            controls=tuple(ControlResult.from_json(result) for result in row["controls"]),
            examples=tuple(Example(**example) for example in row["examples"]),
        )
