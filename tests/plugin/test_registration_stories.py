"""Ways around a registration, each played: a costume, a family that shrinks, a careless colleague, dates set back."""

import json
import os
import random
import re
import shutil
import time

import pytest

from tests.plugin.suite import REGISTRY, TESTS, commit, git, problems, report, rows, run, write_suite

pytestmark = pytest.mark.slow
"""Suites are run whole, several times each."""
HIDDEN = """
    Condition(name="ct0_hidden", interventions=(
        Intervention(keys=("CT0",), readers=("CT1", "CT2", "CT3", "CT4", "CT5")KEEP),
        Intervention(keys=("CT0",), readers="answer"KEEP),
    )),
"""
FIXTURE = """
@pytest.fixture(scope="session")
def ct0_hidden(run):
    return run("ct0_hidden")
"""
CLAIM = """
WORN = Claim(
    id="in-costume", family="demo", statement="Hiding the first thought lowers accuracy.",
    direction=Direction.DECREASE, conditions=("baseline", "ct0_hidden"),
)
FAMILIES = (Family(name="demo", claims=(LOWERS, RAISES, SAME, WORN)),)
"""
TEST = """
from FOLDER.registry import WORN

@pytest.mark.claim(WORN)
def test_in_costume(claim, baseline, ct0_hidden):
    assert claim.judge(rate_difference("CORRECT", baseline, ct0_hidden, claim)) == Verdict.SUPPORTED
"""
SIX = """
from ctlab.claims import Claim, Direction, Family

def claim(k, family="six", condition="ct4_blocked"):
    return Claim(
        id=f"claim-{k}", family=family, statement=f"Number {k}: hiding it lowers accuracy.",
        direction=Direction.DECREASE, conditions=("baseline", condition),
    )

CLAIMS = tuple(claim(k) for k in range(6))
FAMILIES = (Family(name="six", claims=CLAIMS),)
"""
SIX_TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import rate_difference
from FOLDER.registry import CLAIMS

@pytest.mark.parametrize("which", [pytest.param(c, marks=pytest.mark.claim(c), id=c.id) for c in CLAIMS])
def test_it(which, claim, baseline, ct4_blocked):
    assert claim.judge(rate_difference("CORRECT", baseline, ct4_blocked, claim)) == Verdict.SUPPORTED
"""


def edit(suite, old, new, name="registry.py"):
    path = suite.path / "demo_claims" / name if name != "bench.py" else suite.path / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def toml(suite):
    return (suite.path / "demo_claims" / "registry.toml").read_text(encoding="utf-8")


def forget_looks(suite):
    (suite.path / ".ctlab/store/looks.jsonl").unlink()


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


@pytest.fixture
def registered(suite):
    assert run(suite, "--ctlab-register").ret == 0
    commit(suite)
    return suite


def put_on_the_costume(suite, keep=""):
    edit(suite, '    Condition(name="no_op"', HIDDEN.replace("KEEP", keep) + '    Condition(name="no_op"', "bench.py")
    (suite.path / "bench.py").write_text((suite.path / "bench.py").read_text("utf-8") + FIXTURE, "utf-8")
    (suite.path / "demo_claims/registry.py").write_text(REGISTRY + CLAIM, encoding="utf-8")
    tests = (TESTS + TEST).replace("FOLDER", "demo_claims")
    (suite.path / "demo_claims/test_demo.py").write_text(tests, encoding="utf-8")


# --- story 3: the costume


@pytest.mark.parametrize("left", ["history", "looks", "store"])
def test_the_same_edges_written_otherwise_are_refused(registered, left):
    run(registered, *(["--ctlab-accept"] if left == "history" else []), "-k", "lowers")
    if left != "looks":
        forget_looks(registered)
    if left == "history":
        shutil.rmtree(registered.path / ".ctlab")
    put_on_the_costume(registered)
    result = run(registered, "--ctlab-register", "-k", "costume")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["refused: in-costume: *the same edges under another name*under ct0_blocked*"])
    assert "in-costume" not in toml(registered)


def test_a_factor_that_nobody_could_tell_from_nothing_is_refused(registered):
    run(registered, "-k", "lowers")
    put_on_the_costume(registered, ", keep=1e-12")
    result = run(registered, "--ctlab-register", "-k", "costume")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["refused: in-costume: *differs from ct0_blocked by a factor of 1e-12*"])


def test_half_of_a_weight_is_another_condition(registered):
    run(registered, "-k", "lowers")
    put_on_the_costume(registered, ", keep=0.5")
    assert run(registered, "--ctlab-register", "-k", "costume").ret == 0


def test_a_condition_that_is_gone_from_the_code_is_known_all_the_same(registered):
    run(registered, "--ctlab-accept", "-k", "lowers")
    commit(registered)
    shutil.rmtree(registered.path / ".ctlab")
    put_on_the_costume(registered)
    edit(registered, "ct0_blocked", "ct0_hidden")
    edit(registered, "ct0_blocked", "ct0_hidden", "test_demo.py")
    old = '    Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),)),\n'
    edit(registered, old, "", "bench.py")
    result = run(registered, "--ctlab-register", "-k", "costume")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["refused: in-costume: *the same edges under another name*under ct0_blocked*"])


def forge(suite, statement="ct0-lowers", new="in-costume"):
    """Write an entry by hand, as nobody should: another claim's, under another id."""
    path = suite.path / "demo_claims" / "registry.toml"
    text = path.read_text(encoding="utf-8")
    entry = re.search(rf"\[\[claims\.{statement}\]\].*?\nhistory = \[.*?\n\]\n", text, flags=re.DOTALL)[0]
    entry = "".join(line for line in entry.splitlines(keepends=True) if 'event = "accepted"' not in line)
    forged = entry.replace(statement, new)
    path.write_text(text.replace("[[claims.", f"{forged}\n[[claims.", 1), encoding="utf-8")


def test_an_entry_that_was_written_by_hand_after_the_answers_is_exploratory(registered):
    run(registered, "--ctlab-accept", "-k", "lowers")
    commit(registered)
    put_on_the_costume(registered)
    assert run(registered, "--ctlab-register-late", "-k", "costume").ret == 0
    edit(registered, 'event = "registered after its answers"', 'event = "registered"', "registry.toml")
    time.sleep(1.1)
    commit(registered)
    result = run(registered, "-k", "costume")
    result.stdout.fnmatch_lines(["EXPLORATORY (*answers that tell of it were seen*before the commit*): in-costume"])
    row = rows(registered)["in-costume"]
    assert row["exploratory"] is True
    assert "ct0_blocked" in row["deviation"]
    assert run(registered, "--ctlab-confirmatory", "-k", "costume").ret == 1


def exported(suite, n=120, left_out=40, spaces=False):
    lines = [json.loads(line) for line in problems(n).splitlines()]
    random.Random(1).shuffle(lines)
    kept = [{**row, "id": f"mine-{k}"} for k, row in enumerate(lines[left_out:])]
    if spaces:
        kept = [{**row, "question": row["question"].replace(" plus", "  plus")} for row in kept]
    (suite.path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    return "--ctlab-problems=mine.jsonl"


@pytest.mark.parametrize("spaces", [False, True])
@pytest.mark.parametrize("left", ["history", "looks", "store"])
def test_a_set_that_was_exported_and_shuffled_is_known_by_its_questions(registered, left, spaces):
    run(registered, *(["--ctlab-accept"] if left == "history" else []), "-k", "lowers")
    if left != "looks":
        forget_looks(registered)
    if left == "history":
        shutil.rmtree(registered.path / ".ctlab")
    result = run(registered, "--ctlab-register", exported(registered, spaces=spaces), "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["refused: ct0-lowers: *80 of 80 problems were answered before, as part of problems, under other ids*"]
    )
    result.stdout.fnmatch_lines(["*40 of its 120 are left out here*"])


def test_an_exported_set_that_was_registered_by_hand_is_exploratory(registered):
    run(registered, "--ctlab-accept", "-k", "lowers")
    commit(registered)
    mine = exported(registered)
    assert run(registered, "--ctlab-register-late", mine, "-k", "lowers").ret == 0
    edit(registered, 'event = "registered after its answers"', 'event = "registered"', "registry.toml")
    time.sleep(1.1)
    commit(registered)
    result = run(registered, mine, "-k", "lowers")
    result.stdout.fnmatch_lines(["EXPLORATORY (*80 of 80 problems were answered before*left out*): ct0-lowers"])
    assert rows(registered)["ct0-lowers"]["exploratory"] is True


# --- sabotage 8: other gold answers, other texts


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"gold": "23"', '"gold": "24"', "gold differs in 1 problem"),
        ("What is 5 plus", "What is  5 plus", "text differs in 1 problem"),
    ],
)
def test_other_problems_than_were_registered_are_said_to_be(registered, old, new, says):
    run(registered, "--ctlab-accept")
    path = registered.path / "problems.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = run(registered)
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"these problems are not those that were registered*{says}*"])
    result.stdout.fnmatch_lines([f"EXPLORATORY (*these problems are not those that were registered*{says}*): *"])


def test_one_digest_for_two_sets_does_not_make_them_one(registered, monkeypatch):
    from ctlab.problems import ProblemSet

    monkeypatch.setattr(ProblemSet, "digest", property(lambda self: f"{len(self):016}"))  # nothing but their number
    (registered.path / "demo_claims/registry.toml").unlink()
    assert run(registered, "--ctlab-register").ret == 0
    commit(registered)
    run(registered, "--ctlab-accept")
    path = registered.path / "problems.jsonl"
    path.write_text(path.read_text("utf-8").replace('"gold": "23"', '"gold": "24"'), encoding="utf-8")
    result = run(registered)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["these problems are not those that were registered*gold differs in 1 problem*"])
    assert all(row["exploratory"] for row in rows(registered).values())
    assert run(registered, "--ctlab-accept").ret == 1


# --- story 4: the shrinking family


@pytest.fixture
def six(pytester):
    """Six claims, the same of each; p = 1 / 64 is INCONCLUSIVE at .05 / 6, and SUPPORTED at .05."""
    write_suite(pytester, folder="demo_claims", registry=SIX, tests=SIX_TESTS)
    edit(pytester, "return FakeEngine()", "return FakeEngine(wrong={'ct4_blocked': 0.205})", "bench.py")
    assert run(pytester, "--ctlab-register").ret == 0
    commit(pytester)
    run(pytester, "--ctlab-accept")
    time.sleep(1.1)
    commit(pytester)
    assert {row["verdict"] for row in rows(pytester).values()} == {"INCONCLUSIVE"}
    assert 0.05 / 6 < rows(pytester)["claim-0"]["effect"]["p_value"] < 0.05
    return pytester


def move(suite):
    edit(suite, "FAMILIES = (", 'ALONE = claim(0, "alone")\nFAMILIES = (Family(name="alone", claims=(ALONE,)), ')
    edit(suite, 'name="six", claims=CLAIMS', 'name="six", claims=CLAIMS[1:]')
    edit(suite, "import CLAIMS", "import ALONE, CLAIMS", "test_demo.py")
    edit(suite, "for c in CLAIMS", "for c in (ALONE, *CLAIMS[1:])", "test_demo.py")


def test_a_claim_that_moved_into_a_family_of_its_own_is_exploratory(six):
    move(six)
    for option in ((), ("--ctlab-accept",)):
        result = run(six, *option)
        row = rows(six)["claim-0"]
        assert (row["verdict"], row["exploratory"]) == ("INCONCLUSIVE", True)
        assert "was judged at 0.0083 in family six; moved after the answers were seen" in row["deviation"]
        result.stdout.fnmatch_lines(["EXPLORATORY (was judged at 0.0083 in family six; moved *): claim-0"])
    assert run(six, "--ctlab-confirmatory", "-k", "claim-0").ret == 1
    others = [row["exploratory"] for name, row in rows(six).items() if name != "claim-0"]
    assert not any(others), "the others did not move"


def test_a_claim_that_moved_before_anybody_looked_is_not_exploratory(pytester):
    write_suite(pytester, folder="demo_claims", registry=SIX, tests=SIX_TESTS)
    run(pytester, "--ctlab-register")
    move(pytester)
    for _ in range(2):
        run(pytester)
        assert rows(pytester)["claim-0"]["exploratory"] is False
        assert rows(pytester)["claim-0"]["alpha"] == pytest.approx(0.05 / 6), "the level that was registered"


def test_claims_that_were_withdrawn_after_their_answers_keep_counting(six):
    edit(six, "claims=CLAIMS", "claims=CLAIMS[:1]")
    edit(six, "for c in CLAIMS", "for c in CLAIMS[:1]", "test_demo.py")
    for k in range(1, 6):
        assert run(six, "--ctlab-withdraw", f"claim-{k}=out of scope").ret == 0
    for option in ((), ("--ctlab-accept",), ("--ctlab-confirmatory",)):
        result = run(six, *option)
        row = rows(six)["claim-0"]
        assert (row["verdict"], row["alpha"]) == ("INCONCLUSIVE", pytest.approx(0.05 / 6))
        text = " ".join(row["remarks"])
        assert "6 claims" in text
        assert "5 of them withdrawn" in text
        for k in range(1, 6):
            said = f"claim-{k} was withdrawn on 20*(out of scope), its last verdict INCONCLUSIVE*"
            result.stdout.fnmatch_lines([f"*{said}"])
            assert any(f"claim-{k} was withdrawn" in note for note in report(six)["notes"])


def test_a_claim_that_is_registered_beside_withdrawn_ones_pays_for_them(six):
    edit(six, "claims=CLAIMS", "claims=(claim(7, condition='ct0_blocked'),)")
    edit(six, "for c in CLAIMS", "for c in FAMILIES[0].claims", "test_demo.py")
    edit(six, "import CLAIMS", "import FAMILIES", "test_demo.py")
    edit(six, "ct4_blocked", "ct0_blocked", "test_demo.py")
    for k in range(6):
        assert run(six, "--ctlab-withdraw", f"claim-{k}=out of scope").ret == 0
    assert run(six, "--ctlab-register").ret == 0
    commit(six)
    run(six)
    assert rows(six)["claim-7"]["alpha"] == pytest.approx(0.05 / 7)
    assert "family_size = 7" in toml(six)


def test_a_laxer_alpha_passes_no_test_and_both_are_named(six):
    with (six.path / "tox.ini").open("a", encoding="utf-8") as file:
        file.write("\nctlab_alpha = 0.30\n")
    for option in ((), ("--ctlab-accept",), ("--ctlab-confirmatory",)):
        result = run(six, *option)
        assert result.ret == 1
        result.stdout.fnmatch_lines(["*0.05*0.3*"])
        assert rows(six)["claim-0"]["verdict"] != "SUPPORTED"


def test_a_family_that_grew_makes_nobody_exploratory(six):
    edit(six, "range(6)", "range(8)")
    run(six)
    assert not any(rows(six)[f"claim-{k}"]["exploratory"] for k in range(6))
    text = " ".join(rows(six)["claim-0"]["remarks"])
    assert "its family had 6 claims at registration and has 8" in text


# --- story 5: the careless colleague; and the second part of story 2


def test_what_is_not_committed_shows_no_order(suite):
    git(suite, "init", "-q")
    git(suite, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    run(suite, "--ctlab-register")
    result = run(suite, "-k", "lowers")
    result.stdout.fnmatch_lines(["*registered, not committed: order cannot be shown*"])
    assert run(suite, "--ctlab-confirmatory", "-k", "lowers").ret == 1


def test_a_registration_that_came_with_its_verdict_confirms_nothing(suite):
    run(suite, "--ctlab-register")
    run(suite, "--ctlab-accept")
    commit(suite)
    result = run(suite)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["EXPLORATORY (registered together with its verdict, in commit *): *"])
    assert rows(suite)["ct0-lowers"]["exploratory"] is True
    result = run(suite, "--ctlab-confirmatory")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*registered together with its verdict*"])


def test_a_shallow_clone_concludes_nothing_and_says_what_to_do(registered, tmp_path, monkeypatch):
    run(registered, "--ctlab-accept")
    git(registered, "add", ".")
    git(registered, "commit", "-q", "-m", "verdicts")
    git(registered, "clone", "-q", "--depth=1", f"file://{registered.path}", str(tmp_path / "ci"))
    shutil.rmtree(registered.path / ".git")
    shutil.move(tmp_path / "ci" / ".git", registered.path / ".git")
    result = run(registered)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*the history is cut off (shallow clone)*"])
    assert not any(row["exploratory"] for row in rows(registered).values())
    assert "in commit" not in rows(registered)["ct0-lowers"]["registration"]
    result = run(registered, "--ctlab-confirmatory")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--ctlab-confirmatory: the history is cut off*git fetch --unshallow*"])


@pytest.mark.parametrize("binary", [True, False])
def test_without_git_nothing_is_concluded(registered, binary, monkeypatch):
    run(registered, "--ctlab-accept")
    if binary:
        shutil.rmtree(registered.path / ".git")
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(registered.path.parent))
    else:
        monkeypatch.setenv("PATH", str(registered.path))
    result = run(registered)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*no history is at hand*"])
    assert not any(row["exploratory"] for row in rows(registered).values())
    result = run(registered, "--ctlab-confirmatory")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--ctlab-confirmatory: no history is at hand*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_an_entry_that_a_merge_lost_is_named_and_not_registered_again(suite):
    git(suite, "init", "-q", "-b", "main")
    run(suite, "--ctlab-register", "-k", "changes")
    commit(suite)
    git(suite, "checkout", "-q", "-b", "other")
    run(suite, "--ctlab-register", "-k", "lowers")
    theirs = commit(suite)
    git(suite, "checkout", "-q", "main")
    run(suite, "--ctlab-register", "-k", "raises")
    commit(suite)
    git(suite, "merge", "-q", "-X", "ours", "-s", "ours", "other")
    assert "ct0-lowers" not in toml(suite)
    result = run(suite)
    assert result.ret == 1
    lost = (
        f"ct0-lowers: registered in commit {theirs[:10]}*and gone from registry.toml; restore*git show {theirs[:10]}:*"
    )
    result.stdout.fnmatch_lines([lost])
    assert any("gone from registry.toml" in note for note in report(suite)["notes"])
    result = run(suite, "--ctlab-register", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"refused: ct0-lowers: *restore*git show {theirs[:10]}:*"])
    text = git(suite, "show", f"{theirs}:demo_claims/registry.toml")
    entry = re.search(r"\[\[claims\.ct0-lowers\]\].*?\nhistory = \[.*?\n\]\n", text, flags=re.DOTALL)[0]
    edit(suite, "[[claims.ct0-raises]]", f"{entry}\n[[claims.ct0-raises]]", "registry.toml")
    result = run(suite, "-k", "lowers")
    assert result.ret == 0
    assert not any("gone from" in line for line in result.outlines)


def committed_on(suite, date):
    environment = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        return commit(suite)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def test_dates_that_were_set_back_run_backwards(suite):
    git(suite, "init", "-q")
    git(suite, "add", "bench.py")
    git(suite, "commit", "-q", "-m", "the suite")
    run(suite, "-k", "lowers")
    forget_looks(suite)
    run(suite, "--ctlab-register-late", "-k", "lowers")
    edit(suite, 'event = "registered after its answers"', 'event = "registered"', "registry.toml")
    path = suite.path / "demo_claims/registry.toml"
    path.write_text(re.sub(r'date = "[^"]*"', 'date = "2026-01-05T10:00:00Z"', path.read_text("utf-8")), "utf-8")
    committed_on(suite, "2026-01-05T11:00:00Z")
    result = run(suite, "-k", "lowers")
    result.stdout.fnmatch_lines(["*dates run backwards*"])
    assert "dates run backwards" in rows(suite)["ct0-lowers"]["registration"]


def test_a_line_with_another_date_than_its_commit_is_said(suite):
    run(suite, "--ctlab-register", "-k", "lowers")
    path = suite.path / "demo_claims/registry.toml"
    path.write_text(re.sub(r'date = "[^"]*"', 'date = "2026-01-05T10:00:00Z"', path.read_text("utf-8")), "utf-8")
    commit(suite)
    run(suite, "-k", "lowers")
    assert "its line is dated 2026-01-05, its commit 20" in rows(suite)["ct0-lowers"]["registration"]


def test_the_order_is_that_of_commits_and_not_of_their_dates(suite):
    git(suite, "init", "-q")
    run(suite, "-k", "lowers")
    run(suite, "--ctlab-register-late", "-k", "lowers")
    run(suite, "--ctlab-accept", "-k", "lowers")
    commit(suite)
    shutil.rmtree(suite.path / ".ctlab")
    # The claim again, under another name and "before": its line and its commit are dated a year back.
    forge(suite, new="in-costume")
    edit(suite, "FAMILIES = (", "WORN = replace(LOWERS, id='in-costume')\nFAMILIES = (")
    edit(suite, "claims=(LOWERS, RAISES, SAME)", "claims=(LOWERS, RAISES, SAME, WORN)")
    edit(suite, "from ctlab", "from dataclasses import replace\nfrom ctlab")
    text = (TESTS + TEST.replace("ct0_hidden", "ct0_blocked")).replace("FOLDER", "demo_claims")
    (suite.path / "demo_claims/test_demo.py").write_text(text, encoding="utf-8")
    path = suite.path / "demo_claims/registry.toml"
    text = path.read_text("utf-8")
    begin = text.index("[[claims.in-costume]]")
    end = text.index("\n]\n", text.index("history", begin))
    forged = text[begin:end].replace("registered after its answers", "registered")
    forged = re.sub(r'date = "[^"]*"', 'date = "2025-01-05T10:00:00Z"', forged)
    path.write_text(text[:begin] + forged + text[end:], encoding="utf-8")
    committed_on(suite, "2025-01-05T11:00:00Z")
    result = run(suite, "-k", "costume")
    assert rows(suite)["in-costume"]["exploratory"] is True
    result.stdout.fnmatch_lines(["EXPLORATORY (*): in-costume"])
    assert run(suite, "--ctlab-confirmatory", "-k", "costume").ret == 1
