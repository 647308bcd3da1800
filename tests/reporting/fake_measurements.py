"""Made-up measurements with a plot: hidden CT0 sends its readers back to the question, and paths part from CT1."""

from collections.abc import Mapping

import numpy as np

from ctlab.interventions import Condition, Intervention
from ctlab.records.measurement import Measurement, reader_names, segment_names

THOUGHTS, LAYERS, HEADS, ANSWERS = 6, 3, 4, 3
CONDITIONS = {
    "ct0_blocked": Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),)),
    "ct4_blocked": Condition(name="ct4_blocked", interventions=(Intervention(keys=("CT4",), readers="later"),)),
    "ct0_from_ct2": Condition(name="ct0_from_ct2", interventions=(Intervention(keys=("CT0",), readers=("CT2",)),)),
}


def fake_measurements(ids: tuple[str, ...], names: tuple[str, ...] = tuple(CONDITIONS)) -> Mapping[str, Measurement]:
    """Measure baseline and some conditions on made-up problems."""
    draw = np.random.default_rng(0)
    n, readers, segments = len(ids), reader_names(THOUGHTS, ANSWERS), segment_names(THOUGHTS)
    base = draw.gamma(2.0, 1.0, (n, len(readers), LAYERS, len(segments)))
    base *= readable(readers, segments)[None, :, None, :] * np.linspace(3.0, 0.8, len(segments))
    base /= base.sum(-1, keepdims=True)
    reached = np.ones((n, len(readers)), dtype=bool)
    reached[::4, -1] = False
    found = {"baseline": _measurement("baseline", ids, base, reached, draw)}
    for name in names:
        keep = np.ones((len(readers), len(segments)))
        (only,) = CONDITIONS[name].interventions
        column = segments.index(only.keys[0])
        key = readers.index(only.keys[0])
        rows = [r for r in range(key + 1, len(readers)) if only.readers == "later" or readers[r] in only.readers]
        keep[rows, column] = 0.0
        expected = base * keep[None, :, None, :]
        expected /= expected.sum(-1, keepdims=True)
        mass = expected.copy()
        mass[..., 0] *= 1.0 + 0.25 * (keep.min(axis=1) == 0.0)[None, :, None]
        mass /= mass.sum(-1, keepdims=True)
        found[name] = _measurement(name, ids, mass, reached, draw, expected, _path(name, n, draw))
    return found


def readable(readers: tuple[str, ...], segments: tuple[str, ...]) -> np.ndarray:
    """Which reader can read which segment at all."""
    table = np.zeros((len(readers), len(segments)))
    for row, reader in enumerate(readers):
        place = THOUGHTS + 1 if reader.startswith("answer") else row
        for column, segment in enumerate(segments):
            own = {"question": -2, "begin": -1, "end": THOUGHTS, "answer": THOUGHTS + 1}
            at = own.get(segment, column - 2)
            table[row, column] = segment == "itself" or at < place or (segment == "answer" and row > THOUGHTS + 1)
    return table


def _path(name: str, n: int, draw: np.random.Generator) -> np.ndarray:
    """Distances from baseline: none before the first reader, growing behind it."""
    start = {"ct0_blocked": 1, "ct4_blocked": 5, "ct0_from_ct2": 2}[name]
    distance = np.zeros((n, THOUGHTS + 1, LAYERS + 1))
    for place in range(start, THOUGHTS + 1):
        for level in range(LAYERS + 1):
            if place == start and level == 0:
                continue
            size = 0.12 * (place - start + 1) + 0.05 * level
            distance[:, place, level] = size * draw.gamma(9.0, 1 / 9, n)
    return distance


def _measurement(
    name: str,
    ids: tuple[str, ...],
    mass: np.ndarray,
    reached: np.ndarray,
    draw: np.random.Generator,
    expected: np.ndarray | None = None,
    distance: np.ndarray | None = None,
) -> Measurement:
    seen = mass.astype(np.float32)
    seen[~reached] = np.nan
    if expected is not None:
        expected = expected.astype(np.float32)
        expected[:, THOUGHTS + 1 :] = np.nan
    heads = np.repeat(np.nanmean(seen, axis=0)[:, :, None], HEADS, axis=2)
    odds = -np.sort(-draw.dirichlet(np.ones(6) * 0.5, (len(ids), THOUGHTS)))[..., :5]
    return Measurement(
        condition=name,
        problem_ids=ids,
        readers=reader_names(THOUGHTS, ANSWERS),
        segments=segment_names(THOUGHTS),
        mass=seen,
        head_mass=heads.astype(np.float32),
        expected=expected,
        cosine=None if distance is None else (1.0 - distance**2 / 2).astype(np.float32),
        distance=None if distance is None else distance.astype(np.float32),
        decoded_ids=draw.integers(0, 60, (len(ids), THOUGHTS, 5)).astype(np.int32),
        decoded_probabilities=odds.astype(np.float32),
        vocabulary={number: str(number) for number in range(60)},
        question_tokens=np.full(len(ids), 20, dtype=np.int32),
        begin_tokens=1,
        end_tokens=1,
    )
