"""A reproduction from end to end: answers, verdict, diagnosis where it is due, and its record beside the answers."""

from dataclasses import replace

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.files import sha256
from ctlab.interventions import BASELINE
from ctlab.lab.log import Log
from ctlab.lab.thought_obstacles import program_of
from ctlab.outcomes.forms import form_of
from ctlab.records.generation import answers_digest
from ctlab.reproduction.against_published import Comparison, Result
from ctlab.reproduction.asked_for import AskedFor
from ctlab.reproduction.baseline_run import Baseline, answered
from ctlab.reproduction.certificate_form import VERSION, certificate_form
from ctlab.reproduction.diagnosis import diagnose
from ctlab.reproduction.known_accuracy import known_accuracy


def reproduce(asked_for: AskedFor, log: Log) -> Result:
    """Hold a model against what was published of it, or against expected answers, and say why it falls short."""
    published, source = _reference(asked_for)
    baseline = answered(asked_for, log)
    result = _measured(baseline, published, source)
    wanted = asked_for.diagnose or result.verdict == Comparison.SHORT or bool(result.uncertified)
    if wanted and _has_stop_head(baseline):
        log.say(
            "nothing else is tried: variants are told apart by a pass over the same thoughts, and with a stop head a "
            "question has a number of its own"
        )
    elif wanted:
        settings = baseline.maker.settings
        found = diagnose(
            baseline.load(),
            baseline.asked,
            load=baseline.load,
            padding=settings.padding,  # type: ignore[arg-type]  # the names in Settings
            max_new_tokens=baseline.maker.decoding.max_new_tokens,
            log=log,
            gap=result.gap,
            short=result.verdict == Comparison.SHORT,
            seed=asked_for.seed,
        )
        result = replace(result, diagnosis=found)
    if not result.uncertified:
        _keep(baseline, result)
    return result


def _has_stop_head(baseline: Baseline) -> bool:
    from ctlab.models.thought_program import StopHead

    program = program_of(baseline.maker.engine.card())
    return program is not None and isinstance(program.stop, StopHead)


def _reference(asked_for: AskedFor) -> tuple[float | None, str]:
    if asked_for.expected is not None:
        if asked_for.published is not None:
            raise InputError("--published and --expected are two references; give one of them")
        return None, asked_for.expected.name
    if asked_for.published is not None:
        return asked_for.published, "--published"
    known = known_accuracy(asked_for.model, asked_for.problems)
    if known is None and not asked_for.diagnose:
        raise InputError(
            f"no accuracy of {asked_for.model} on {asked_for.problems} is known here; say it (--published 0.556), give "
            f"answers that must come out (--expected FILE), or ask for a diagnosis without either (--diagnose)"
        )
    return known if known is not None else (None, "")


def _measured(baseline: Baseline, published: float | None, source: str) -> Result:
    maker, answers = baseline.maker, baseline.answers
    settings = maker.settings
    forms: dict[str, int] = {}
    for answer in answers:
        form = form_of(answer.text)
        forms[form] = forms.get(form, 0) + 1
    most = maker.decoding.max_new_tokens
    cut = sum(len(answer.token_ids) >= most for answer in answers)
    return Result(
        model=maker.subject.model_name,
        digest=maker.engine.digest,
        problems=maker.problems.name,
        how=f"{settings.dtype}, padding {settings.padding}, at most {formatting.counted(most, 'token')}",
        n=len(baseline.right),
        right=sum(baseline.right),
        published=published,
        source=source,
        source_digest=sha256(expected.read_bytes()) if (expected := baseline.asked_for.expected) else "",
        expected=expected is not None,
        form=max(forms.items(), key=lambda item: item[1]),
        ended=len(answers) - cut,
        uncertified=baseline.uncertified,
    )


def _keep(baseline: Baseline, result: Result) -> None:
    """Keep the certificate beside the answers that it is of."""
    maker = baseline.maker
    reference = result.source_digest if result.expected else f"{result.published} of {result.source}"
    key = maker.derived_key("reproduction", BASELINE.name, str(VERSION), reference=reference)
    maker.store.derived.write_json(key, answers_digest(baseline.answers), certificate_form(result))
