"""Ways to disturb a thought as a condition's JSON says them, with what a way asks for."""

import json
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from ctlab.interventions.patch_kind import Source
from ctlab.interventions.patches import PATCH_KINDS

WIDTH = 32  # of the networks that tests make
CONTRAST = "n_tokens >= 12"  # of making_checkpoints.QUESTIONS both halves have some, at the first seeds
DIMENSIONS = 2
FACTOR = 1.5


def way_form(by, thoughts=("CT0",), *, width=WIDTH, contrast=CONTRAST, dimensions=DIMENSIONS, **fields):
    """The JSON form of a patch; a way of donors is given a step, one that edits the thought what it asks for."""
    sources = {*PATCH_KINDS[by].sources}
    asked = {"step": 1} if PATCH_KINDS[by].matched else {}
    if Source.FACTOR in sources:
        asked["factor"] = FACTOR
    if Source.DIFFERENCE in sources:
        asked["contrast"] = contrast
    if sources & {Source.WITHIN_COMPONENTS, Source.WITHIN_RANDOM}:
        asked["dimensions"] = dimensions
    if sources & {Source.GIVEN, Source.WITHIN_GIVEN}:
        asked["file"] = directions_file(width, 1 if Source.GIVEN in sources else 3)
    return {"thoughts": thoughts if isinstance(thoughts, str) else list(thoughts), "by": by, **asked, **fields}


@cache
def directions_file(width, count):
    """A file of so many directions, with a centre; it is there as long as the tests run."""
    rng = np.random.default_rng(width + count)
    axes = np.linalg.qr(rng.standard_normal((width, count)))[0].T
    path = Path(_folder().name) / f"{width}-{count}.json"
    content = {"dim": width, "directions": axes.tolist(), "centre": (rng.standard_normal(width) / 4).tolist()}
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


@cache
def _folder():
    return tempfile.TemporaryDirectory(prefix="directions-")
