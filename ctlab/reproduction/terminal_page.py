"""A reproduction for a terminal: one page, with the verdict, what was tried, who is accused and what to do next."""

import textwrap
from collections.abc import Iterator, Sequence

from ctlab import formatting
from ctlab.reproduction.accusation import LEAST_GAIN, LEVEL, Accusation, Tried
from ctlab.reproduction.against_published import Comparison, Result
from ctlab.reproduction.case import Cause, Looked
from ctlab.reproduction.diagnosis import Diagnosis
from ctlab.reproduction.second_look import LEAST_GAIN as LEAST_GAIN_AGAIN
from ctlab.reproduction.second_look import SecondLook
from ctlab.untrusted_text import in_line

WIDEST, NARROWEST = 120, 79
"""Columns that are used: as for other pages on a terminal, and what a terminal of 80 shows without a break."""
_MARKS = {Comparison.REPRODUCES: "✔", Comparison.SHORT: "✘", Comparison.UNKNOWN: "?", Comparison.NOTHING: "·"}
_ACCUSED, _TRIED, _NOTHING = "✘", " ", "·"
_UNREAD = 44  # characters of an unread answer


def terminal_page(result: Result, width: int) -> str:
    """Write a result in lines of so many columns."""
    width = min(max(width, NARROWEST), WIDEST)
    lines = [
        *_wrapped(
            f"{result.model} ({result.digest[:8]}) on {formatting.counted(result.n, 'problem')} of {result.problems}",
            width,
        ),
        *_wrapped(f"{result.how}; {_answers(result)}", width, "  "),
        "",
        *_wrapped(_accuracy(result), width, "  "),
        *_wrapped(f"{_MARKS[result.verdict]} {result.sentence}", width, "  "),
    ]
    if result.diagnosis is not None:
        lines += ["", *_diagnosis(result.diagnosis, width), "", *_named(result, result.diagnosis, width)]
    elif result.verdict == Comparison.UNKNOWN:
        lines += ["", "next: more problems, or --diagnose"]
    return "\n".join(in_line(line).rstrip() for line in lines)


def _problems(result: Result) -> str:
    return f"{formatting.counted(result.n, 'problem')} of {result.problems}"


def _answers(result: Result) -> str:
    form, count = result.form
    usual, ended = formatting.percent(count / result.n), formatting.percent(result.ended / result.n)
    return f"{usual} answer {_short(form)}, {ended} end"


def _accuracy(result: Result) -> str:
    here = formatting.share_of(result.right, result.n)
    if result.expected:
        return f"as expected {here}, by {result.source} ({result.source_digest[:8]})"
    interval = f"95 % interval {formatting.rate_interval(*result.interval)}"
    beside = "" if result.published is None else f"; published {formatting.percent(result.published)} ({result.source})"
    return f"accuracy {here}, {interval}{beside}"


def _diagnosis(diagnosis: Diagnosis, width: int) -> Iterator[str]:
    likely = diagnosis.given.mean_log_probability
    scored = "" if likely is None else f", log-probability of right answers {_nats(likely)}"
    yield from _wrapped(
        f"tried on {formatting.counted(diagnosis.n, 'problem')} (seed {diagnosis.seed}), "
        f"{formatting.duration(diagnosis.seconds)}: as given {diagnosis.given.count} right{scored}",
        width,
        "  ",
    )
    rows = [_row(diagnosis, cause, looked) for cause, looked in diagnosis.looked]
    longest = max(len(title) for _, title, _ in rows)
    for mark, title, text in rows:
        yield from _wrapped(f"{mark} {title:<{longest}}  {text}", width, " " * (longest + 4))
    if diagnosis.second is not None:
        yield from _again(diagnosis.second, width)
    for _, looked in diagnosis.looked:
        if unread := looked.details.get("unread"):
            yield "unread answers, the most frequent first:"
            for text, count in unread.items():
                yield f"  {count:>5}  {_short(text)}"


def _again(again: SecondLook, width: int) -> Iterator[str]:
    """Write the second look: the candidates, on problems that they were not chosen by."""
    found = [
        f"{each.variant.change}: {_gave(each)}, {formatting.p_value(each.p)}" for each in again.tried if each.trial
    ]
    text = f"looked again on {formatting.counted(again.n, 'other problem')}: as given {again.given.count} right"
    yield from _wrapped("; ".join([text, *found]), width, "  ")


def _row(diagnosis: Diagnosis, cause: Cause, looked: Looked) -> tuple[str, str, str]:
    mark = _ACCUSED if any(each.cause.name == cause.name for each in diagnosis.accused) else _TRIED
    if looked.findings:
        return _ACCUSED, cause.title, looked.findings[0].says
    tried = diagnosis.of(cause)
    if not tried:
        failed = next((each.why for each in diagnosis.tried if each.cause.name == cause.name), "")
        return _NOTHING, cause.title, looked.note or failed or "nothing to try"
    more = f" ({len(tried)} tried)" if len(tried) > 1 else ""
    note = f"; {looked.note}" if looked.note else ""
    return mark, cause.title, f"{tried[0].variant.change}: {_gave(tried[0])}{more}{note}"


def _gave(tried: Tried) -> str:
    assert tried.trial is not None
    likely = tried.trial.mean_log_probability
    scored = "" if likely is None else f", {_nats(likely)}"
    return f"{tried.trial.count} right{scored}"


def _nats(value: float) -> str:
    return formatting.decimal(value, digits=2) if abs(value) < float("inf") else "−∞"


def _named(result: Result, diagnosis: Diagnosis, width: int) -> Iterator[str]:
    rule = _rule(diagnosis)
    if not diagnosis.accused:
        short = result.verdict == Comparison.SHORT
        said = "nobody is accused: no change of any of these settings is clearly better"
        yield from _wrapped(f"{said}{'; what is wrong is something else' if short else ''}", width, "  ")
        yield from _wrapped(rule, width, "  ")
        for _, looked in diagnosis.looked:
            if short and looked.clue:
                yield from _wrapped(f"look: {looked.clue}", width, "      ")
        return
    names = [f"{each.cause.title} ({_shown(each, diagnosis)})" for each in diagnosis.accused]
    yield from _wrapped(f"{_ACCUSED} {formatting.listed(names, 'or')}", width, "  ")
    if len(names) > 1:
        yield from _wrapped("these questions cannot tell them apart", width, "  ")
    if any(each.tried is not None for each in diagnosis.accused):
        yield from _wrapped(rule, width, "  ")
    for each in diagnosis.accused:
        yield from _wrapped(f"next: {each.remedy}", width, "      ")


def _rule(diagnosis: Diagnosis) -> str:
    """Say when a change counts as better: of the second look where there was one, because it decided."""
    again = diagnosis.second
    tried, least = (diagnosis.tried, LEAST_GAIN) if again is None else (again.tried, LEAST_GAIN_AGAIN)
    variants = sum(each.trial is not None for each in tried)
    whole = ", or where it gives every expected answer" if again is None else ""
    return (
        f"a change counts as better at p ≤ {LEVEL:g} / {variants} (exact McNemar, one-sided) and by at least "
        f"{formatting.boundary(least).lstrip('+')}{whole}"
    )


def _shown(accusation: Accusation, diagnosis: Diagnosis) -> str:
    if accusation.tried is None:
        return "seen, not guessed"
    judged = diagnosis.second or diagnosis
    trial, given = accusation.tried.trial, judged.given
    assert trial is not None
    gave = f"{accusation.tried.variant.change}: {trial.count} right instead of {given.count} of {judged.n}"
    alike = [each.variant.change for each in accusation.alike]
    others = f"; as good: {formatting.listed(alike)}" if alike else ""
    return f"{gave}, {formatting.p_value(accusation.tried.p)}{others}"


def _wrapped(text: str, width: int, indent: str = "") -> Sequence[str]:
    return textwrap.wrap(
        in_line(text), width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _short(text: str) -> str:
    line = in_line(text)
    return repr(line if len(line) <= _UNREAD else f"{line[: _UNREAD - 1]}…")
