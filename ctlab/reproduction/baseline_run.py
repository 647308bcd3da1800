"""The baseline's answers, through the same store and engine as pytest's: what is there is not generated again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.errors import CertificateError, InputError
from ctlab.generation import generate
from ctlab.interventions import BASELINE
from ctlab.lab.given_model import engine_of, named_model
from ctlab.lab.log import Log
from ctlab.lab.notebook_run import NotebookDeclarations, NotebookRun
from ctlab.lab.notebook_settings import notebook_settings
from ctlab.lab.run_maker import RunMaker
from ctlab.problems import ProblemSet, load_problems
from ctlab.records import Generation
from ctlab.reproduction.asked import Asked, asked_by_gold
from ctlab.reproduction.asked_for import AskedFor
from ctlab.reproduction.expected_answers import read_expected

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A model's undisturbed answers to all problems, and what they had to be."""

    maker: RunMaker
    """The lab's part that made them, with its store."""
    answers: Sequence[Generation]
    """Answers in problem order."""
    asked: tuple[Asked, ...]
    """What each had to be, in the same order."""
    right: tuple[bool, ...]
    """Whether each is."""
    asked_for: AskedFor
    """What was asked for."""
    uncertified: str = ""
    """Why the answers are not certified, and are therefore not in the store; empty where they are."""

    def load(self, dtype: str | None = None, **settings: Any) -> LatentReasoner:
        """Load the model: as it answered, or with other settings and in another type."""
        chosen = self.maker.settings
        return _load(self.asked_for, settings, device=chosen.device, dtype=dtype or chosen.dtype)


def answered(asked_for: AskedFor, log: Log) -> Baseline:
    """Answer the problems, or read the answers from the store."""
    expected = None if asked_for.expected is None else read_expected(asked_for.expected)
    options = dict(asked_for.options)
    if expected is not None and options.get("max_new_tokens") is None:
        options["max_new_tokens"] = max((len(each.tokens) for each in expected if each.tokens), default=None)
    given: Any = asked_for.model
    if asked_for.settings is not None:
        # Handed over loaded: its digest covers the settings, so that its answers are kept apart.
        given = _load(asked_for, {}, device=options.get("device") or "cpu", dtype=options.get("dtype") or "float32")
    name, own = named_model(given, device=options.pop("device"), dtype=options.pop("dtype"))
    problems = None if expected is not None else asked_for.problems
    settings = notebook_settings(model=name, problems=problems, limit=asked_for.limit, **options, **own)
    settings = replace(settings, registry="")  # no claim is judged
    run = NotebookRun(settings, Path.cwd(), NotebookDeclarations((), partial(engine_of, given), {}, {}), log)
    maker = run.lab
    asked = _asked(expected, asked_for)
    if expected is not None:
        asked = asked[: asked_for.limit]
        maker.problems = ProblemSet(str(getattr(asked_for.expected, "name", "")), [each.problem for each in asked])
    run.check()
    maker.plan([BASELINE.name])
    made, uncertified = _made(maker, asked_for)
    eos = -1  # of gold answers the text decides
    if expected is None:
        asked = tuple(map(asked_by_gold, maker.problems))
    else:
        eos = _eos(asked_for, given)
    right = tuple(each.right(answer, eos) for each, answer in zip(asked, made, strict=True))
    return Baseline(maker=maker, answers=made, asked=asked, right=right, asked_for=asked_for, uncertified=uncertified)


def _made(maker: RunMaker, asked_for: AskedFor) -> tuple[Sequence[Generation], str]:
    """Return the answers, certified and from the store; where the certificate fails, answers alone and why it does.

    Elsewhere such answers are worth nothing. Here what made the certificate fail, such as an overflow, is what a
    diagnosis looks for.
    """
    try:
        return maker.run(BASELINE.name).generations, ""
    except CertificateError as error:
        chosen = maker.settings
        model = _load(asked_for, {}, device=chosen.device, dtype=chosen.dtype)
        runs = generate(
            model,
            maker.problems.problems,
            BASELINE,
            max_new_tokens=chosen.max_new_tokens,
            padding=chosen.padding,  # type: ignore[arg-type]  # the names in Settings
            certificates=False,
        )
        return runs[BASELINE.name], str(error)


def _asked(expected: tuple[Asked, ...] | None, asked_for: AskedFor) -> tuple[Asked, ...]:
    if expected is not None:
        return expected
    load_problems(asked_for.problems)  # what is wrong with it is said before a weight is read
    return ()


def _eos(asked_for: AskedFor, given: Any) -> int:
    """Return the id that ends an answer: of a loaded model, or of the one that the name means."""
    if not isinstance(given, str):
        return int(given.eos_token_id)
    options = asked_for.options
    return int(_load(asked_for, {}, device="cpu", dtype=options.get("dtype") or "float32").eos_token_id)


def _load(asked_for: AskedFor, settings: dict[str, Any], *, device: str, dtype: str) -> LatentReasoner:
    from ctlab.models import load_model

    if "," in device:
        raise InputError(f"a diagnosis runs on one device; give one of {device!r}")
    said = asked_for.settings or {}
    merged = {**said, **settings} or None
    if merged is not None and "despite_files" in said and "despite_files" in settings:
        merged["despite_files"] = [*said["despite_files"], *settings["despite_files"]]
    options = asked_for.options
    return load_model(
        asked_for.model,
        options.get("base"),
        settings=merged,
        device=device,
        dtype=dtype,
        allow_pickle=bool(options.get("allow_pickle")),
    )
