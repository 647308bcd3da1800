"""In which order things are said to have happened; whole stories are in tests/plugin/test_registration_stories.py."""

from ctlab.claims.registered import Event, What
from ctlab.lab.answers_seen import Seen
from ctlab.lab.commits import Commit
from ctlab.lab.registration import Registrations

COMMIT = Commit(digest="7ea6ba6d37", date="2026-11-27T18:15:09Z")
ACCEPTED = ("ct0-lowers", Event(date="2026-11-27T18:15:08Z", what=What.ACCEPTED, subject="s"))


def test_a_registration_that_came_with_its_verdict_is_said_to_whatever_the_clock_says():
    """A look is noted within the second in which its verdict is accepted, or in the one before it."""
    known = object.__new__(Registrations)
    known._commits = {ACCEPTED: COMMIT}
    look = Seen(date="2026-11-27T18:15:07Z", words="ct0-lowers was SUPPORTED", how="")
    accepted = Seen(date="2026-11-27T18:15:08Z", words="", how="", event=ACCEPTED, own=True)
    said = "registered together with its verdict, in commit 7ea6ba6d37 (2026-11-27)"
    assert known._late(COMMIT, [look, accepted]) == known._late(COMMIT, [accepted, look]) == said
    assert known._late(COMMIT, [look]).startswith("answers that tell of it were seen 2026-11-27 18:15 UTC, before the")
