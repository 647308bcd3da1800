"""Answers that the token limit cuts off before they say their number."""

from ctlab import formatting
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant

_TIMES = 4
_MOST = 256  # the official CODI evaluation's own limit
_SHORTEST = 16  # four times a limit of 1 or 2 is still too short for "The answer is: 18"


def _look(case: Case) -> Looked:
    given, n = case.bench.max_new_tokens, len(case.asked)
    if case.given.ended == n:
        return Looked(note=f"all answers end within {given} tokens")
    longer = {max(given + 1, min(_MOST, max(_SHORTEST, given * _TIMES)))}
    if (expected := max(len(asked.tokens or ()) for asked in case.asked)) > given:
        longer.add(expected)  # where the reference itself was cut, more tokens are as wrong as fewer
    own = case.model.settings.max_new_tokens
    written = f', as "max_new_tokens": {own} in the settings says' if own == given else ""
    said = f"{formatting.share_of(case.given.ended, n)} end within {given}{written}"
    return Looked(variants=tuple(_variant(tokens, in_settings=own == given) for tokens in sorted(longer)), note=said)


def _variant(tokens: int, *, in_settings: bool) -> Variant:
    option = f"--max-new-tokens {tokens} (--ctlab-max-new-tokens {tokens})"
    return Variant(
        change=f"up to {tokens} tokens",
        remedy=f'"max_new_tokens": {tokens} in the settings, or {option}' if in_settings else option,
        max_new_tokens=tokens,
    )


TOKEN_LIMIT = Cause(name="token-limit", title="cut by the token limit", look=_look)
