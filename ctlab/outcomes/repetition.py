"""Runaway repetition: a generation that ends by saying the same thing over and over."""

from ctlab.problems.text.plain_text import plain

REPEATS = 6
"""So often must the last piece of text stand in a row."""
SHORTEST = 24
"""So many characters must the repetition cover: short answers such as 1,111,111 are none."""
_LONGEST_UNIT = 40


def runs_away(text: str) -> bool:
    """Whether the text ends in a unit of up to 40 characters that is repeated; looks at its end only."""
    tail = plain(text[-2 * REPEATS * _LONGEST_UNIT :]).rstrip()
    for period in range(1, _LONGEST_UNIT + 1):
        length = max(REPEATS * period, SHORTEST)
        if length > len(tail):
            return False
        end = tail[-length:]
        if end[period:] == end[:-period] and any(map(str.isalnum, end[:period])):
            return True
    return False
