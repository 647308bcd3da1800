"""What the evidence says of a claim: one of four words, which are compared and are no truth values."""

from collections.abc import Callable
from enum import StrEnum
from typing import NoReturn, Self

COMPARE = "claim.judge(effect) == Verdict.SUPPORTED"
"""How a verdict is asked for, for messages."""


class Verdict(StrEnum):
    """What the evidence says of a claim; a bug has no verdict."""

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    VOID = "VOID"

    def __bool__(self) -> NoReturn:
        """Refuse to be a truth value: every word is a true one, REFUTED too."""
        raise TypeError(f"A Verdict has no truth value (this one is {self}); compare it: `{COMPARE}`.")

    def __eq__(self, other: object) -> bool:
        """Whether both are the same word; of a watched verdict this tells whether anybody asks."""
        return _answer(str.__eq__(self, other), self, other, unlike=False)

    def __ne__(self, other: object) -> bool:
        """Whether they are different words."""
        return _answer(str.__ne__(self, other), self, other, unlike=True)

    def __hash__(self) -> int:
        """Hash it as the word that it is."""
        return str.__hash__(self)

    def watched(self, noted: Callable[[], None]) -> "Verdict":
        """Return the same verdict, which calls ``noted`` once the answer to a comparison with it decides something.

        It is no member of the enumeration, so that it can be told from the verdict of any other claim.
        """
        verdict = str.__new__(Verdict, self)
        vars(verdict).update(_name_=self.name, _value_=self.value, noted=noted)
        return verdict


class Answer(int):
    """Whether two verdicts are the same, and who wants to know: ``assert``, ``if`` and ``not`` ask for its truth."""

    noted: Callable[[], None]

    def watched(self, noted: Callable[[], None]) -> Self:
        """Return the answer, which calls ``noted`` when its truth is asked for."""
        self.noted = noted
        return self

    def __bool__(self) -> bool:
        """Whether they are the same; note that somebody asked."""
        self.noted()
        return int(self) != 0

    def __repr__(self) -> str:
        """Show it as the truth value that it stands for, which is not asking."""
        return "True" if int(self) else "False"


def _answer(true: bool, *compared: object, unlike: bool) -> bool:
    """Return an answer, watched where one of what is compared is; ``unlike`` is that about what is no text."""
    for verdict in compared:
        if isinstance(verdict, Verdict) and (noted := vars(verdict).get("noted")) is not None:
            return Answer(unlike if true is NotImplemented else true).watched(noted)  # type: ignore[return-value]  # bool has no subclasses
    return true
