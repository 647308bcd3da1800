"""Damage to what says who answered and to what a report shows: checkpoints, the memory of their digests, pictures."""

import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.faults_identity import flip
from benchmarks.faults_outcomes import Outcome
from ctlab.errors import CtlabError
from ctlab.lab.executors import ModelEngine
from ctlab.models import model_digest
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.models.checkpoints.file_digests import FileDigests
from ctlab.reporting.figures import draw_pictures
from ctlab.reporting.report_parts import Parts
from ctlab.reporting.schema import complete
from ctlab.settings import Settings
from tests.reporting.fake_report import fake_report

MEMORY = "file-digests.json"


def make(folder: Path) -> Path:
    """Copy the embedded checkpoint into a new folder and remember its digest."""
    shutil.copytree(TINY, folder / "checkpoint")
    (folder / "store").mkdir()
    model_digest(folder / "checkpoint", cache=folder / "store")
    return folder


def _memory_flipped(folder: Path, draw: Random) -> Outcome:
    truth = model_digest(folder / "checkpoint")
    flip(folder / "store" / MEMORY, draw)
    try:
        found = model_digest(folder / "checkpoint", cache=folder / "store")
    except CtlabError:
        return Outcome.REFUSED
    except Exception:  # whatever it is, a person would see a traceback
        return Outcome.TRACEBACK
    return Outcome.RECOVERED if found == truth else Outcome.WRONG


def _weights_flipped(folder: Path, draw: Random, *, remembered: bool) -> Outcome:
    """Flip a bit of the weights and keep their time; where ``remembered``, the memory is made to vouch for them."""
    weights = folder / "checkpoint" / "model.safetensors"
    good, state = model_digest(folder / "checkpoint"), weights.stat()
    digests = {weights: FileDigests(None).digest(weights)}
    content = bytearray(weights.read_bytes())
    content[draw.randrange(len(content) // 2, len(content))] ^= 1 << draw.randrange(7)  # no sign of a zero
    weights.write_bytes(content)
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    if remembered:
        _vouch(folder / "store", digests)
    engine = ModelEngine(
        Settings(model=str(folder / "checkpoint"), recorded={}, store=folder / "store", report=folder / "reports")
    )
    try:
        announced = engine.digest
        loaded = engine.loaded_digest()
    except CtlabError:
        return Outcome.REFUSED
    return Outcome.RECOVERED if announced == loaded != good else Outcome.WRONG


def _vouch(store: Path, digests: Mapping[Path, str]) -> None:
    """Write a memory that is whole and false, as no damage could: of the same size, inode and times."""
    memory = FileDigests(store)
    for path, digest in digests.items():
        memory.remember(path, digest)
    memory.save()


def _picture_flipped(folder: Path, draw: Random) -> Outcome:
    said: list[str] = []
    report, parts = complete(fake_report(conditions=2)), Parts()
    first, *_ = draw_pictures(report, folder / "earlier", problems=(), parts=parts)
    drawn = first.path
    good = drawn.read_bytes()
    flip(drawn, draw)
    earlier = [folder / "earlier"]
    second, *_ = draw_pictures(report, folder / "now", problems=(), parts=parts, earlier=earlier, say=said.append)
    if parts.missing:  # a picture that raised costs itself alone, and is none all the same
        return Outcome.TRACEBACK
    if second.path.read_bytes() != good:
        return Outcome.WRONG
    return Outcome.RECOVERED if said else Outcome.UNNOTICED


MODEL_FAULTS: Mapping[str, Callable[[Path, Random], Outcome]] = {
    "a bit of the memory of digests": _memory_flipped,
    "a bit of the weights, their time kept": partial(_weights_flipped, remembered=False),
    "a bit of the weights, and a memory that vouches for them": partial(_weights_flipped, remembered=True),
    "a bit of an earlier report's picture": _picture_flipped,
}
"""Each takes a copy of what `make` made."""
