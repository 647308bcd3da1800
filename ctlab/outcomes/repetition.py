"""Runaway repetition: a generation that ends by saying the same thing over and over."""

from ctlab.problems.text.plain_text import plain

REPEATS = 6
"""So often must the last piece of text stand in a row. Four of 11,276 recorded answers run away, whether 2 repeats are
asked for or 8: what runs away does not stop soon."""
SHORTEST = 24
"""So many characters must the repetition cover: 1,111,111 is an answer, and so is a float's 4.583333333333333 (with 12
characters, 11 recorded answers of that kind would run away)."""
# Characters: half a sentence. A longer unit six times over does not fit into the answer tokens that a run allows.
_LONGEST_UNIT = 40


def runs_away(text: str) -> bool:
    """Whether the text ends in a unit of up to 40 characters that is repeated; looks at its end only."""
    tail = plain(text[-2 * REPEATS * _LONGEST_UNIT :]).rstrip()
    for period in range(1, _LONGEST_UNIT + 1):
        length = max(REPEATS * period, SHORTEST)
        if length > len(tail):
            return False
        end = tail[-length:]
        # A line of dots or dashes is layout, not a loop.
        if end[period:] == end[:-period] and any(map(str.isalnum, end[:period])):
            return True
    return False
