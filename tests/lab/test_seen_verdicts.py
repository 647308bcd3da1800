"""Verdicts that are accepted while another run changes the registry."""

import json

import pytest

from tests.plugin.suite import run, write_suite


@pytest.fixture
def registered(pytester):
    write_suite(pytester)
    run(pytester, "--ctlab-register")
    run(pytester, "--ctlab-accept", "-k", "lowers or changes")
    return pytester


def meanwhile(suite, monkeypatch, change):
    """Let another run change the registry after this one has read it and before it accepts."""
    import ctlab.plugin.report_writer as writer

    accept, path = writer.accept, suite.path / "hypotheses" / "registry.toml"

    def after(*args):
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return accept(*args)

    monkeypatch.setattr(writer, "accept", after)


def add(text, claim_id, event):
    """Append an event to a claim's history, before the next claim's table."""
    before, mark, after = text.partition(f"[[claims.{claim_id}]]")
    history, end, rest = after.partition("\n]\n")
    return f"{before}{mark}{history}\n    {event},{end}{rest}"


def event(text, claim_id, verdict):
    subject = text.partition("[subjects.")[2].partition("]")[0]
    accepted = f'date = "2030-01-01T00:00:00Z", event = "accepted", subject = {subject}, verdict = "{verdict}"'
    return add(text, claim_id, "{" + accepted + "}")


def test_another_verdict_that_was_accepted_meanwhile_is_said_and_stands(registered, monkeypatch):
    meanwhile(registered, monkeypatch, lambda text: event(text, "ct0-raises", "SUPPORTED"))
    result = run(registered, "--ctlab-accept")
    assert result.ret == 1
    said = "not accepted, another run had it accepted as SUPPORTED meanwhile; run again: ct0-raises"
    result.stdout.fnmatch_lines(["accepted 2 verdicts into registry.toml", said])
    assert "REFUTED" not in (registered.path / "hypotheses" / "registry.toml").read_text(encoding="utf-8")


def test_the_same_verdict_that_was_accepted_meanwhile_is_written_once(registered, monkeypatch):
    meanwhile(registered, monkeypatch, lambda text: event(text, "ct0-raises", "REFUTED"))
    run(registered, "--ctlab-accept").stdout.fnmatch_lines(["accepted 3 verdicts into registry.toml"])
    assert (registered.path / "hypotheses" / "registry.toml").read_text(encoding="utf-8").count('"REFUTED"') == 1


def test_a_claim_that_was_withdrawn_meanwhile_is_not_accepted(registered, monkeypatch):
    withdrawn = '{date = "2030-01-01T00:00:00Z", event = "withdrawn", reason = "not ours"}'
    meanwhile(registered, monkeypatch, lambda text: add(text, "ct0-raises", withdrawn))
    result = run(registered, "--ctlab-accept")
    result.stdout.fnmatch_lines(["not accepted, *: ct0-raises"])
    assert "REFUTED" not in (registered.path / "hypotheses" / "registry.toml").read_text(encoding="utf-8")


def test_what_a_judged_claim_is_about_is_remembered_and_nothing_else(pytester):
    write_suite(pytester)
    run(pytester)
    (known,) = pytester.path.rglob("known.jsonl")
    whole = remembered(known)
    known.unlink()
    known.with_name("looks.jsonl").unlink()
    run(pytester, "-k", "lowers")
    assert "ct4_blocked" in whole
    assert remembered(known) == {"ct0_blocked"}


def remembered(known):
    rows = [json.loads(line) for line in known.read_text(encoding="utf-8").splitlines()]
    return {row["does"]["name"] for row in rows if "does" in row}
