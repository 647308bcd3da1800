"""A made-up measurement of the right form, for tests of whatever reads measurements."""

import numpy as np

from ctlab.records.measurement import Measurement, reader_names, segment_names


def make(
    seed: int = 0,
    *,
    condition: str = "ct0_blocked",
    n: int = 3,
    thoughts: int = 6,
    answers: int = 2,
    layers: int = 3,
    heads: int = 4,
    top: int = 5,
    baseline: bool = False,
    lens: bool = False,
) -> Measurement:
    """Random attention that sums to 1, random paths and tokens; the last answer token is reached by every other one."""
    draw = np.random.default_rng(seed)
    readers, segments = reader_names(thoughts, answers), segment_names(thoughts)

    def mass(*shape: int) -> np.ndarray:
        return draw.dirichlet(np.ones(len(segments)), shape).astype(np.float32)

    def tokens(*shape: int) -> dict[str, np.ndarray]:
        odds = -np.sort(-draw.dirichlet(np.ones(top + 1), shape))[..., :top]
        return {"ids": draw.integers(0, 50, (*shape, top)).astype(np.int32), "odds": odds.astype(np.float32)}

    seen, expected = mass(n, len(readers), layers), mass(n, len(readers), layers)
    expected[:, thoughts + 1 :] = np.nan
    if answers:
        seen[::2, -1] = np.nan
    path = (n, thoughts + 1, layers + 1)
    decoded, deep = tokens(n, thoughts), tokens(n, thoughts, layers + 1)
    return Measurement(
        condition="baseline" if baseline else condition,
        problem_ids=tuple(f"p{index}" for index in range(n)),
        readers=readers,
        segments=segments,
        mass=seen,
        head_mass=mass(len(readers), layers, heads),
        expected=None if baseline else expected,
        cosine=None if baseline else draw.uniform(-1, 1, path).astype(np.float32),
        distance=None if baseline else draw.uniform(0, 2, path).astype(np.float32),
        decoded_ids=decoded["ids"],
        decoded_probabilities=decoded["odds"],
        lens_ids=deep["ids"] if lens else None,
        lens_probabilities=deep["odds"] if lens else None,
        vocabulary={number: f"t{number}" for number in range(50)},
        question_tokens=draw.integers(1, 40, n).astype(np.int32),
        begin_tokens=1,
        end_tokens=1,
    )
