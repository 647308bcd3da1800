"""The file registry.toml: a table a version of a claim, a line an event, a table a subject.

Lines that are there stay as they are and new ones come behind them, claims in the order of their ids: a diff shows what
happened, and two branches that touch different claims merge. Comments that people left at the head of the file stay.
tomlkit, which keeps them, is imported only where the file is written: reading it is a part of every collection.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab import inputs
from ctlab.claims.declared_types import check_types, fits
from ctlab.claims.registered import ENTERED, Event, Registered, What
from ctlab.claims.subject import SHORT, Subject
from ctlab.errors import ConditionError, RegistryError, StoreError
from ctlab.files import publish
from ctlab.interventions import Condition
from ctlab.records.judgement import Verdict
from ctlab.store.locks import locked

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Array, InlineTable, Table

SCHEMA = 2
"""Form of the file; the first one held digests and verdicts, and no order of things."""
_HEAD = (
    "What is claimed, and what happened to it: registered before its answers (pytest --ctlab-register), accepted",
    "(--ctlab-accept), withdrawn (--ctlab-withdraw). History is appended to and never edited: docs/registration.md.",
)
_FIRST_HEAD = "Written by `pytest --ctlab-accept`: what was claimed,"
"""Begins the head that the first form was given; it is ours to replace."""

Claims = Mapping[str, tuple[Registered, ...]]
"""Versions of each claim by id."""
Subjects = Mapping[str, Subject]
"""Subjects by name."""
Conditions = Mapping[str, Condition]
"""What conditions do, by digest."""


def read(path: Path) -> tuple[Claims, Subjects, Conditions]:
    """Return what a registry file holds; a file that is not there holds nothing."""
    rows = read_toml(path)
    if is_of_the_first_form(rows):
        raise RegistryError(
            f"{path} has the form of an earlier ctlab, which does not say what was known when; run "
            f"`python -m ctlab registry migrate` (with --registry MODULE for another module than hypotheses.registry), "
            f"read its diff and commit it."
        )
    if rows and rows.get("schema") != SCHEMA:
        raise RegistryError(
            f"{path} is no registry: its schema is {inputs.shown(rows.get('schema'))}, not {SCHEMA}; restore it."
        )
    try:
        subjects = {name: _subject(row) for name, row in rows.get("subjects", {}).items()}
        claims = {name: tuple(map(_version, versions)) for name, versions in rows.get("claims", {}).items()}
        conditions = {digest: _condition(digest, row) for digest, row in rows.get("conditions", {}).items()}
        events = [event for versions in claims.values() for version in versions for event in version.history]
        _check(events, subjects)
    except (TypeError, ValueError, KeyError, AttributeError, ConditionError) as error:
        why = inputs.shortened(str(error))
        raise RegistryError(f"{path} is no registry: {why}; restore it from its history.") from error
    if any(event.verdict == Verdict.VOID for event in events):
        raise RegistryError(f"{path} accepts a VOID verdict; VOID is never acceptable, remove the line.")
    return claims, subjects, conditions


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file; empty where there is none."""
    return inputs.read_toml(path, error=RegistryError, advice="restore it from its history", absent="")


def is_of_the_first_form(rows: Mapping[str, Any]) -> bool:
    """Whether a file was written before claims were registered ahead of their answers."""
    return "schema" not in rows and bool({"accepted", "claims"} & rows.keys())


@contextmanager
def alone(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Keep other processes from changing a registry file: read it inside, or what they wrote meanwhile is lost."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked([path.parent], f".{path.name}.lock", "writing a registry", say))
        except StoreError as error:
            raise RegistryError(f"{path} cannot be changed: {error}.") from error
        yield


def write(path: Path, claims: Claims, subjects: Subjects, conditions: Conditions) -> None:
    """Write a registry file by rename, so that a reader sees the old file or the new one."""
    import tomlkit

    text = tomlkit.dumps(_document(path, claims, subjects, conditions))
    publish(path, text.encode(), error=RegistryError, advice="make its folder writable.")


def event_lines(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield id, place of the version, place of the event, and line (from 1) of each event, in the form we write."""
    claim, version, event = "", -1, -1
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("[[claims."):
            name = line.removeprefix("[[claims.").removesuffix("]]")
            claim, version, event = name, version + 1 if name == claim else 0, -1
        elif line.startswith("    {date = ") and claim:
            event += 1
            yield claim, version, event, number
        elif line.startswith("["):
            claim = ""


def _subject(row: Mapping[str, Any]) -> Subject:
    ids = row.get("ids", "")
    known = {f.name: row[f.name] for f in fields(Subject) if f.name in row and f.name != "ids"}
    subject = Subject(ids=frozenset(ids[k : k + SHORT] for k in range(0, len(ids), SHORT)), **known)
    check_types(subject)
    return subject


def _condition(digest: str, row: Mapping[str, Any]) -> Condition:
    condition = Condition.from_json(row)
    if condition.definition != digest:
        raise ValueError(f"the words of the condition {condition.name!r} are not those of {digest}")
    return condition


def _version(row: Mapping[str, Any]) -> Registered:
    form = {name: value for name, value in row.items() if name not in ("does", "history")}
    version = Registered(form=form, does=row.get("does", {}), history=tuple(map(_event, row["history"])))
    if not {"statement", "kind", "direction", "conditions"} <= form.keys():
        raise ValueError(f"a claim lacks its statement, kind, direction or conditions: {inputs.shown(form)}")
    check_types(version)
    if not fits(form["conditions"], list[str]) or not form["conditions"]:
        raise ValueError(f"conditions cannot be {inputs.shown(form['conditions'])}")
    return version


def _event(row: Mapping[str, Any]) -> Event:
    values = dict(row)
    if unknown := values.keys() - {"event", *(f.name for f in fields(Event))}:
        raise ValueError(f"an event has the unknown field {inputs.shown(min(unknown))}")
    values["what"] = What(values.pop("event"))
    if "verdict" in row:
        values["verdict"] = Verdict(row["verdict"])
    if "interval" in row:
        low, high = row["interval"]
        values["interval"] = (low, high)
    event = Event(**{**values, "looks": tuple(row.get("looks", ()))})
    check_types(event)
    return event


def _check(events: list[Event], subjects: Subjects) -> None:
    for event in events:
        if event.what != What.WITHDRAWN and event.subject not in subjects:
            raise ValueError(f"an event names the subject {event.subject!r}, which is not among the subjects")
        if event.what in ENTERED and event.alpha is None:
            raise ValueError(f"the event of {event.date} does not say at which level the claim was registered")
        if event.what == What.ACCEPTED and event.verdict is None:
            raise ValueError(f"the event of {event.date} accepts no verdict")
        if event.n is not None and event.n < 1:
            raise ValueError(f"the event of {event.date} is of {event.n} problems")
        if event.level is not None and not 0 < event.level < 1:
            raise ValueError(f"the event of {event.date} has an interval of level {event.level:g}")


def _document(path: Path, claims: Claims, subjects: Subjects, conditions: Conditions) -> "TOMLDocument":
    """Return the whole file as a TOML document."""
    import tomlkit

    document = tomlkit.document()
    for line in _head(path):
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("schema", tomlkit.item(SCHEMA))
    tables = tomlkit.table(is_super_table=True)
    for claim_id, versions in sorted(claims.items()):
        blocks = tomlkit.aot()
        for version in versions:
            blocks.append(_version_table(version))
        tables.add(claim_id, blocks)
    document.add("claims", tables)
    asked = tomlkit.table(is_super_table=True)
    for name, subject in sorted(subjects.items()):
        asked.add(name, _subject_table(subject))
    document.add("subjects", asked)
    if conditions:
        words = tomlkit.table()
        for digest, condition in sorted(conditions.items(), key=lambda item: (item[1].name, item[0])):
            words.add(digest, _inline(condition.to_json()))
        document.add("conditions", words)
    return document


def _version_table(version: Registered) -> "Table":
    import tomlkit

    table = tomlkit.table()
    for name, value in version.form.items():
        table.add(name, _value(value))
    table.add("does", _inline(version.does))
    history = _array()
    for event in version.history:
        history.append(_inline(_event_row(event)))
    table.add("history", history)
    return table


def _event_row(event: Event) -> dict[str, Any]:
    """Return what belongs to what happened."""
    row: dict[str, Any] = {"date": event.date, "event": str(event.what)}
    for f in fields(Event):
        value = getattr(event, f.name)
        if f.name not in ("date", "what") and value != (None if f.default is MISSING else f.default):
            row[f.name] = str(value) if isinstance(value, Verdict) else value
    return row


def _subject_table(subject: Subject) -> "Table":
    import tomlkit

    table = tomlkit.table()
    names = (
        "model_name",
        "model",
        "problems_name",
        "n",
        "problems",
        "announcement",
        "padding",
        "dtype",
        "max_new_tokens",
    )
    for name in names:
        if (value := getattr(subject, name)) != "":
            table.add(name, value)
    if subject.ids:
        table.add("ids", "".join(sorted(subject.ids)))
    for name in ("texts", "golds"):
        if value := getattr(subject, name):
            table.add(name, value)
    return table


def _value(value: Any) -> Any:
    """Return a field of a claim for the file; a list of tables, such as its controls, a line each."""
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        rows = _array()
        for item in value:
            rows.append(_inline(item))
        return rows
    return value


def _array() -> "Array":
    import tomlkit

    return tomlkit.array().multiline(True)


def _inline(values: Mapping[str, Any]) -> "InlineTable":
    """Return a mapping on one line."""
    import tomlkit

    table = tomlkit.inline_table()
    table.update({name: list(value) if isinstance(value, tuple) else value for name, value in values.items()})
    return table


def _head(path: Path) -> tuple[str, ...]:
    """Return the comment lines at the head of the file, ours when there is no file yet."""
    if not path.exists():
        return _HEAD
    import tomlkit
    from tomlkit.items import Comment, Whitespace

    lines = []
    for _, item in tomlkit.parse(inputs.read_text(path, error=RegistryError)).body:
        if isinstance(item, Comment):
            lines.append(item.as_string().strip().removeprefix("#").strip())
        elif not isinstance(item, Whitespace):
            break
    return tuple(lines) if lines and not lines[0].startswith(_FIRST_HEAD) else _HEAD
