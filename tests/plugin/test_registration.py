"""The story of a registration, as a hostile reader would play it: register, look, flip, delete, peek.

What terminal, report and exit code say of each step stands in docs/registration.md, which is held to it here.
"""

import shutil
import time

import pytest

from tests.plugin.suite import calls, commit, git, problems, report, rows, run, run_process, write_suite


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


@pytest.fixture
def registered(suite):
    assert run(suite, "--ctlab-register").ret == 0
    commit(suite)
    return suite


def edit(suite, old, new, name="registry.py"):
    path = suite.path / "demo_claims" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def flip(suite):
    edit(suite, "direction=Direction.INCREASE", "direction=Direction.DECREASE")
    edit(suite, "Hiding CT0 raises accuracy.", "Hiding CT0 makes a difference for the worse.")


def delete(suite):
    edit(suite, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, SAME)")
    edit(suite, "@pytest.mark.claim(RAISES)\ndef test_ct0_raises", "def ct0_raises", "test_demo.py")


def toml(suite):
    return (suite.path / "demo_claims" / "registry.toml").read_text(encoding="utf-8")


def other_problems(suite):
    text = problems(300).splitlines(keepends=True)[150:]
    (suite.path / "fresh.jsonl").write_text("".join(text), encoding="utf-8")
    return "--ctlab-problems=fresh.jsonl"


WAS = "was REFUTED as “Hiding CT0 raises accuracy.” on 20*; changed after the answers were seen"


def test_registering_generates_nothing_and_writes_names_and_values(suite):
    result = run(suite, "--ctlab-register")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["fake on problems, n = 120, into registry.toml", "registered: ct0-lowers, ct0-raises and ct4-changes"]
    )
    assert calls(suite) == []
    assert not (suite.path / "reports").exists()
    written = toml(suite)
    for line in ('direction = "increase"', "margin = 0.0", 'model_name = "fake"', 'model = "fake-model"', "n = 120"):
        assert f"\n{line}\n" in written
    assert 'family = "demo", family_size = 3, family_alpha = 0.05}' in written
    before = written
    result = run(suite, "--ctlab-register")
    result.stdout.fnmatch_lines(["registered already, on 20*: ct0-lowers, ct0-raises and ct4-changes"])
    assert toml(suite) == before


def test_a_selection_can_be_registered(suite):
    run(suite, "--ctlab-register", "-k", "raises", "-n2")
    assert "[[claims.ct0-raises]]" in toml(suite)
    assert "[[claims.ct0-lowers]]" not in toml(suite)
    run(suite)
    assert [row["deviation"] for row in rows(suite).values()] == ["not registered", "", "not registered"]


def test_registered_and_run_is_confirmatory_and_accepting_adds_the_verdict(registered):
    result = run(registered, "--ctlab-accept")
    assert result.ret == 0
    written = toml(registered)
    assert written.count('event = "registered"') == written.count('event = "accepted"') == 3
    assert 'verdict = "REFUTED", estimate = -0.' in written
    assert written.count("[[claims.") == 3
    result = run(registered, "--ctlab-confirmatory")
    assert result.ret == 0
    assert not any(row["exploratory"] for row in rows(registered).values())
    sentence = rows(registered)["ct0-raises"]["registration"]
    assert sentence.startswith("registered 20")
    assert "(in commit " in sentence
    assert "; first answers seen here 20" in sentence
    assert "before" not in sentence, "an empty store proves no order"


def test_accepting_without_registering_accepts_nothing(suite):
    result = run(suite, "--ctlab-accept")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "accepted 0 verdicts: registry.toml is left as it was",
            "not accepted, not registered as it is: ct0-lowers, ct0-raises, ct4-changes",
        ]
    )
    assert not list(suite.path.glob("*/registry.toml"))  # not even an empty one


def test_flipping_a_refuted_claim_is_seen_whatever_is_accepted(registered):
    assert run(registered, "-k", "raises").ret == 0  # REFUTED, and looked at
    flip(registered)
    result = run(registered, "--ctlab-accept", "-k", "raises")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["not accepted, not registered as it is: ct0-raises"])
    result = run(registered, "--ctlab-confirmatory", "-k", "raises")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"*'ct0-raises' is none: {WAS}: its direction was increase and is decrease*"])
    result = run(registered, "-k", "raises")
    result.stdout.fnmatch_lines([f"EXPLORATORY ({WAS}: its direction was increase and is decrease): ct0-raises"])
    row = rows(registered)["ct0-raises"]
    assert (row["verdict"], row["exploratory"]) == ("SUPPORTED", True)
    page = (registered.path / "reports/latest/index.html").read_text("utf-8")
    assert "changed after the answers were seen" in page


@pytest.mark.slow
def test_a_flipped_claim_is_exploratory_on_these_answers_for_ever_and_confirmatory_on_fresh_ones(registered):
    run(registered, "--ctlab-accept")
    flip(registered)
    result = run(registered, "--ctlab-register", "-k", "raises")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["refused: ct0-raises: its answers are known since *"])
    assert toml(registered).count("[[claims.ct0-raises]]") == 1
    result = run(registered, "--ctlab-register-late", "-k", "raises")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["changed after its answers: ct0-raises"])
    assert run(registered, "--ctlab-accept", "-k", "raises").ret == 0
    assert 'was = "REFUTED as “Hiding CT0 raises accuracy.” on 20' in toml(registered)
    assert run(registered).ret == 0, "a gate for regression"
    result = run(registered, "--ctlab-confirmatory")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"*'ct0-raises' is none: {WAS}*"])
    shutil.rmtree(registered.path / ".ctlab")
    assert run(registered, "--ctlab-register", "-k", "raises").ret == 1, "an empty store proves nothing"
    fresh = other_problems(registered)
    assert run(registered, "--ctlab-confirmatory", fresh, "-k", "raises").ret == 1, "not registered there either"
    run(registered, fresh, "-k", "raises")
    assert run(registered, "--ctlab-register", fresh, "-k", "raises").ret == 1, "looked at a moment ago"


def test_on_fresh_problems_the_flipped_claim_is_confirmatory_again(registered):
    run(registered, "--ctlab-accept")
    flip(registered)
    fresh = other_problems(registered)
    assert run(registered, "--ctlab-register", fresh, "-k", "raises").ret == 0
    commit(registered)
    assert run(registered, "--ctlab-accept", fresh, "-k", "raises").ret == 0
    result = run(registered, "--ctlab-confirmatory", fresh, "-k", "raises")
    assert result.ret == 0
    assert rows(registered)["ct0-raises"]["exploratory"] is False
    result = run(registered, "-k", "raises")
    result.stdout.fnmatch_lines([f"EXPLORATORY ({WAS}*): ct0-raises"])


@pytest.mark.parametrize(
    "option",
    [
        pytest.param((), id="run"),
        pytest.param(("--ctlab-accept",), id="accept", marks=pytest.mark.slow),
        pytest.param(("--ctlab-confirmatory",), id="confirm", marks=pytest.mark.slow),
    ],
)
def test_a_claim_that_vanished_is_red_and_named_until_it_is_withdrawn(registered, option):
    run(registered, "--ctlab-accept")
    delete(registered)
    gone = "ct0-raises: registered, and gone from the code; --ctlab-withdraw 'ct0-raises=REASON' says why"
    for _ in range(2):  # accepting erases nothing
        result = run(registered, *option)
        assert result.ret == 1
        result.stdout.fnmatch_lines([gone])
        assert gone in report(registered)["notes"]
    assert "[[claims.ct0-raises]]" in toml(registered)
    result = run(registered, "--ctlab-withdraw", "ct0-raises=it repeats ct0-lowers")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["withdrawn in registry.toml: ct0-raises (it repeats ct0-lowers)"])
    assert 'event = "withdrawn", reason = "it repeats ct0-lowers"' in toml(registered)
    assert run(registered, *option).ret == 0
    assert "[[claims.ct0-raises]]" in toml(registered)


def test_what_is_still_claimed_is_not_withdrawn(registered):
    result = run(registered, "--ctlab-withdraw", "ct0-raises=shame")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'ct0-raises' is still in the code; delete it and its test, then withdraw it"])
    result = run(registered, "--ctlab-withdraw", "stranger=x")
    result.stderr.fnmatch_lines(["*No claim 'stranger' was ever registered*"])


@pytest.mark.slow
def test_peeking_is_exploratory_and_counted(registered):
    for n in (60, 80, 100):
        result = run(registered, f"--ctlab-limit={n}", "-k", "lowers")
        result.stdout.fnmatch_lines([f"EXPLORATORY (n = {n} was not registered, n = 120 was): ct0-lowers"])
    assert run(registered, "--ctlab-limit=60", "--ctlab-confirmatory", "-k", "lowers").ret == 1
    result = run(registered, "-k", "lowers", "--ctlab-accept")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["looked at 4 times, at n = 60, 80, 100 and 120: ct0-lowers"])
    row = rows(registered)["ct0-lowers"]
    assert row["exploratory"] is False, "the registered n was fixed before any look"
    assert [look["n"] for look in row["looks"]] == [60, 80, 100]
    assert "looks = [60, 80, 100, 120]" in toml(registered)
    (registered.path / ".ctlab/store/looks.jsonl").unlink()  # as a store of before the looks has none
    result = run(registered, "-k", "lowers", "--ctlab-confirmatory")
    result.stdout.fnmatch_lines(["*the registry counts looks at n = 60, 80, 100, 120, of which this store *"])


def test_a_limit_can_be_registered_and_more_problems_of_the_same_set_cannot_afterwards(suite):
    assert run(suite, "--ctlab-register", "--ctlab-limit=60").ret == 0
    commit(suite)
    first = run(suite, "--ctlab-limit=60", "-k", "lowers", "--ctlab-confirmatory")
    assert first.ret == 1
    first.stdout.fnmatch_lines(["--ctlab-confirmatory: no accepted verdicts for this model and set; *"])
    result = run(suite, "--ctlab-register")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["refused: ct0-lowers: its answers are known since *, when ct0-lowers was * on n = 60; --ctlab-register-late *"]
    )


@pytest.mark.parametrize("option", ["dtype=bfloat16", "max-new-tokens=32", "padding=as-published"])
def test_answers_are_known_in_whatever_precision_length_or_padding(suite, option):
    run(suite, f"--ctlab-{option}", "-k", "lowers")
    (suite.path / ".ctlab/store/looks.jsonl").unlink()
    result = run(suite, "--ctlab-register")
    result.stdout.fnmatch_lines(
        [
            "registered: ct4-changes",
            "refused: ct0-lowers: the store holds answers to 120 problems under ct0_blocked; --ctlab-register-late *",
            "refused: ct0-raises: the store holds answers to 120 problems under ct0_blocked; --ctlab-register-late *",
        ]
    )
    assert result.ret == 1


def test_answers_are_known_under_another_name_of_the_condition_and_in_another_file(suite):
    run(suite, "-k", "lowers")
    (suite.path / ".ctlab/store/looks.jsonl").unlink()
    (suite.path / "bench.py").write_text(
        (suite.path / "bench.py").read_text("utf-8").replace("ct0_blocked", "hidden_first"), encoding="utf-8"
    )
    edit(suite, "ct0_blocked", "hidden_first")
    edit(suite, "ct0_blocked", "hidden_first", "test_demo.py")
    mixed = problems(150).splitlines(keepends=True)[119:]
    (suite.path / "mixed.jsonl").write_text("".join(mixed), encoding="utf-8")
    result = run(suite, "--ctlab-register", "--ctlab-problems=mixed.jsonl", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["refused: ct0-lowers: the store holds answers to 1 problem under hidden_first; 1 of 31 problems were *"]
    )


def test_late_is_for_answers_that_exist(suite):
    result = run(suite, "--ctlab-register-late", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["refused: ct0-lowers: nobody has its answers here: --ctlab-register it"])
    run(suite, "-k", "lowers")
    assert run(suite, "--ctlab-register-late", "-k", "lowers").ret == 0
    result = run(suite, "-k", "lowers")
    result.stdout.fnmatch_lines(["EXPLORATORY (registered only after its answers were seen): ct0-lowers"])


def test_two_steps_are_not_taken_at_once(suite):
    result = run(suite, "--ctlab-register", "--ctlab-accept")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--ctlab-register and --ctlab-accept are two steps*"])
    result = run(suite, "--ctlab-withdraw", "ct0-raises")
    result.stderr.fnmatch_lines(["*--ctlab-withdraw must be ID=REASON*not 'ct0-raises'"])


def test_what_is_not_committed_confirms_nothing(suite):
    run(suite, "--ctlab-register")
    result = run(suite, "--ctlab-confirmatory", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--ctlab-confirmatory: no history is at hand: *: ct0-lowers"])
    git(suite, "init", "-q")
    git(suite, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    git(suite, "add", "demo_claims")
    result = run(suite, "--ctlab-confirmatory", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["--ctlab-confirmatory: registered, not committed: order cannot be shown; commit registry.toml *"]
    )
    time.sleep(1.1)  # git and ctlab tell times to the second
    commit(suite)
    result = run(suite, "--ctlab-confirmatory", "-k", "lowers")
    assert result.ret == 1, "its answers were seen before"
    result.stdout.fnmatch_lines(["--ctlab-confirmatory: answers that tell of it were seen *, before the commit *"])


def test_a_claim_of_another_name_about_answers_that_were_seen_confirms_nothing(registered):
    run(registered, "-k", "raises")
    time.sleep(1.1)
    path = registered.path / "demo_claims" / "registry.toml"
    text = path.read_text(encoding="utf-8")
    entry = text[text.index("[[claims.ct0-lowers]]") : text.index("[[claims.ct0-raises]]")]
    forged = entry.replace("ct0-lowers", "another")  # by hand, as nobody should
    path.write_text(text.replace("[[claims.ct0-lowers]]", f"{forged}[[claims.ct0-lowers]]"), encoding="utf-8")
    edit(registered, "FAMILIES = (", "NEW = replace(LOWERS, id='another')\nFAMILIES = (")
    edit(registered, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, RAISES, SAME, NEW)")
    edit(registered, "from ctlab", "from dataclasses import replace\nfrom ctlab")
    tests = registered.path / "demo_claims" / "test_demo.py"
    tests.write_text(
        tests.read_text("utf-8").replace("LOWERS)", "NEW)").replace("import LOWERS", "import NEW"), "utf-8"
    )
    commit(registered)
    result = run(registered, "--ctlab-confirmatory", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--ctlab-confirmatory: answers that tell of it were seen *: another"])


@pytest.mark.slow
def test_the_commit_that_brought_a_registration_is_named(suite):
    registered = suite
    run(registered, "--ctlab-register")
    git(registered, "init", "-q")
    run(registered, "-k", "lowers")
    assert "registered, not committed: order cannot be shown" in rows(registered)["ct0-lowers"]["registration"]
    time.sleep(1.1)
    made = commit(registered)
    time.sleep(1.1)  # git and ctlab tell times to the second
    result = run_process(registered, "-n2")
    words = rows(registered)["ct4-changes"]["registration"]
    assert f"in commit {made[:10]} (20" in words
    assert not words.endswith("before that commit")
    result.stdout.fnmatch_lines([f"registered 20*in commit {made[:10]}*; first answers seen here 20*: *ct4-changes"])
    assert rows(registered)["ct0-lowers"]["registration"].endswith(", before that commit"), "it was looked at before"
