"""The claims of `hypotheses_published/`: what becomes of each, and that their p values are the published ones."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from ctlab import formatting
from ctlab.claims import Registry, Shows, Verdict
from ctlab.claims.registered import What
from ctlab.errors import RecordedError
from ctlab.problems.drawings import EMBEDDED_SETS
from ctlab.statistics.paired.difference import equivalence
from fixtures.other_models import MODELS as EMBEDDED_MODELS
from hypotheses.registry import FAMILIES as EMBEDDED_FAMILIES
from hypotheses_published.records import MODELS, RECORDS
from hypotheses_published.registry import FAMILIES as PUBLISHED_FAMILIES
from tests.hypotheses_published.published import CLAIMS, asked, folder, lab, lab_of
from tests.shared_data import ROOT, shared
from tests.test_architecture import ROOT as CHECKOUT

PUBLISHED = {
    "pause-differs-from-coconut": "mcnemar_m3_m5/prosqa_test/p_exact",
    "pause-differs-from-coconut-on-seven-hops": "mcnemar_m3_m5/ood_7hop/p_exact",
    "pause-differs-from-coconut-on-graphs": "mcnemar_m3_m5/ood_dag/p_exact",
    "recycled-content-changes-seven-hops": "factorial/M4_vs_M2/ood_7hop/p_exact",
    "recycled-content-changes-graphs": "factorial/M4_vs_M2/ood_dag/p_exact",
    "recycled-content-changes-prosqa": "factorial/M4_vs_M2/prosqa_test/p_exact",
    "sequential-passes-change-graphs": "factorial/M4_vs_M3/ood_dag/p_exact",
    "sequential-passes-change-seven-hops": "factorial/M4_vs_M3/ood_7hop/p_exact",
    "sequential-passes-change-prosqa": "factorial/M4_vs_M3/prosqa_test/p_exact",
}
"""Where the study published the p value of a claim that two models differ."""
OPEN = {
    "pause-within-2-points-of-coconut",
    "pause-differs-from-coconut",
    "recycled-content-changes-graphs",
    "recycled-content-changes-prosqa",
    "sequential-passes-change-seven-hops",
    "sequential-passes-change-prosqa",
}
"""What these records leave undecided; everything else they support."""


@pytest.fixture(scope="module")
def judgements(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    return {claim.id: lab(claim.problems, store).judge(claim) for claim in CLAIMS}


@pytest.fixture(scope="module")
def numbers():
    rows = json.loads(shared("data/field/predictions/published.json").read_text(encoding="utf-8"))["numbers"]
    return {row["id"]: row for row in rows}


def test_verdicts_and_those_that_were_accepted(judgements):
    registry = Registry.load(CHECKOUT / "hypotheses_published" / "registry.toml")
    accepted = {claim.id: registry.events(claim.id)[-1][1].verdict for claim in CLAIMS}
    found = {name: judgement.verdict for name, judgement in judgements.items()}
    assert found == accepted
    assert {name for name, verdict in found.items() if verdict == Verdict.INCONCLUSIVE} == OPEN
    assert {verdict for name, verdict in found.items() if name not in OPEN} == {Verdict.SUPPORTED}


def test_every_control_holds_and_every_claim_explores(judgements):
    for judgement in judgements.values():
        assert {str(result.state) for result in judgement.controls} == {"holds"}
        assert any(flag.startswith("exploratory: registered only after") for flag in judgement.flags)
        assert any(flag.startswith("recorded: that these are the answers of") for flag in judgement.flags)


@pytest.mark.parametrize(("claim", "number"), PUBLISHED.items())
def test_p_is_the_published_one(judgements, numbers, claim, number):
    published, p = numbers[number], judgements[claim].effect.p_value
    assert abs(p - published["published"]) <= published["tolerance"]
    if published["published"] > 1e-3:
        assert f"{p:.3g}" == f"{published['published']:.3g}"


def test_the_numbers_of_the_first_claim(judgements):
    within = judgements["pause-within-3-points-of-coconut"].effect
    assert (within.lost, within.gained, within.n) == (14, 12, 500)
    at_5 = equivalence(14, 12, 500, margin=0.03, alpha=0.05)
    assert (round(100 * at_5.low, 1), round(100 * at_5.high, 1)) == (-2.2, 1.3)
    assert judgements["pause-within-3-points-of-coconut"].verdict == Verdict.SUPPORTED
    assert judgements["pause-within-2-points-of-coconut"].verdict == Verdict.INCONCLUSIVE
    # By the study's own correction, five tests, its margin would be missed by a hair.
    assert 0.05 / 5 < within.p_value < 0.05 / 4


def test_effects_in_points(judgements):
    assert judgements["recycled-content-changes-seven-hops"].effect.estimate == pytest.approx(-0.109)
    assert judgements["sequential-passes-change-graphs"].effect.estimate == pytest.approx(0.079)


def test_answers_in_another_order_make_a_claim_void(tmp_path):
    """Sabotage: what one model answered, each to the problem after it; its own marks contradict that."""
    name = "ood_dag"
    form = json.loads(RECORDS.found(RECORDS.sets[name].answers["coconut"], folder()).read_text(encoding="utf-8"))
    rows = form["predictions"]
    for row, following in zip(rows, [*rows[1:], rows[0]], strict=True):
        row["predicted"] = following["predicted"]
    (tmp_path / "shifted.json").write_text(json.dumps(form), encoding="utf-8")
    files = {condition: asked(file) for condition, file in RECORDS.sets[name].answers.items()}
    files["coconut"] = str(tmp_path / "shifted.json")
    claim = next(each for each in CLAIMS if each.id == "pause-differs-from-coconut-on-graphs")
    judgement = lab_of(name, files, tmp_path / "store").judge(claim)
    assert judgement.verdict == Verdict.VOID
    assert "control coconut_marks contradicts what it must show" in judgement.reason


def test_every_file_is_the_published_one_and_another_is_refused(tmp_path):
    for each in RECORDS.sets.values():
        for file in (each.problems, *each.answers.values()):
            assert RECORDS.found(file, folder()).is_relative_to(ROOT)
    file = RECORDS.sets["ood_7hop"].answers["pause"]
    (tmp_path / "predictions").mkdir()
    changed = tmp_path / file.paths[1]
    shutil.copy(folder() / file.paths[1], changed)
    assert RECORDS.found(file, tmp_path) == changed
    changed.chmod(0o644)
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("Davis is a boompus.", "Davis is a lempus.", 1), encoding="utf-8")
    with pytest.raises(RecordedError, match=r"is not what was published: its sha256 begins with .* fetch papers/"):
        RECORDS.found(file, tmp_path)


def test_a_list_is_known_whatever_its_file_holds_beside_it(tmp_path):
    """The public file holds lists of more sets than the shared one, and writes them over many lines."""
    file = RECORDS.sets["ood_7hop"].answers["pause_multipass"]
    lists = json.loads((folder() / file.paths[1]).read_text(encoding="utf-8"))
    public = tmp_path / file.paths[0]
    public.parent.mkdir(parents=True)
    public.write_text(json.dumps({**lists, "ood_8hop": [1, 0]}, indent=2), encoding="utf-8")
    assert RECORDS.found(file, tmp_path) == public
    lists["ood_7hop"][0] = 1 - lists["ood_7hop"][0]
    public.write_text(json.dumps(lists), encoding="utf-8")
    with pytest.raises(RecordedError, match=r"the list ood_7hop of .* is not what was published"):
        RECORDS.found(file, tmp_path)
    with pytest.raises(RecordedError, match="holds no list 'ood_9hop'"):
        RECORDS.found(replace(file, scores="ood_9hop"), tmp_path)


def test_each_comparison_has_a_control_and_names_its_set():
    for claim in CLAIMS:
        assert claim.problems in RECORDS.sets
        assert {control.shows for control in claim.controls} == {Shows.NEGLIGIBLE}
        assert {control.reference for control in claim.controls} <= {*claim.conditions}
        assert {*claim.all_conditions} <= {*MODELS}
        assert claim.source


PAGE = CHECKOUT / "docs" / "field.md"


def page_lines(judgements):
    """The table of docs/field.md: what the records say of each claim."""
    lines = []
    for claim in CLAIMS:
        judgement = judgements[claim.id]
        effect = judgement.effect
        ends = formatting.interval(effect.low, effect.high, formatting.POINTS, unit_shown=False)
        found = f"{formatting.points(effect.estimate)} [{ends}], {formatting.level(effect.level)}"
        p = formatting.p_value(effect.p_value)
        lines.append(f"| `{claim.id}` | {effect.lost}, {effect.gained} | {found} | {p} | {judgement.verdict} |")
    return lines


def test_the_page_shows_what_was_found(judgements):
    page = PAGE.read_text(encoding="utf-8")
    assert [line for line in page_lines(judgements) if line not in page] == []


def test_the_page_has_the_twenty_claims_and_names_what_judges_them():
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", page, flags=re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 21))
    known = {claim.id for family in (*PUBLISHED_FAMILIES, *EMBEDDED_FAMILIES) for claim in family.claims}
    known |= {*EMBEDDED_SETS, *EMBEDDED_MODELS.values()}
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", "\n".join(cells for _, cells in rows)))
    assert named
    assert named <= known
    for number, cells in rows:
        judged = cells.split("|")[3].strip()
        assert judged.startswith("not judged: ") == (not re.search("SUPPORTED|REFUTED|INCONCLUSIVE", cells)), number


def test_numbers_of_verdicts_on_models_are_those_that_were_accepted():
    """Of rows without records: every difference with its sign is an estimate, or an end, of a claim that it names."""
    registry = Registry.load(CHECKOUT / "hypotheses" / "registry.toml")
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    checked = 0
    for number, cells in rows[3:]:
        accepted = set()
        for name in registry.claims.keys() & set(re.findall(r"`([a-z0-9-]+)`", cells)):
            for event in (event for version in registry.versions(name) for event in version.history):
                if event.what == What.ACCEPTED and event.estimate is not None:
                    accepted |= {round(abs(value) * 100, 1) for value in (event.estimate, *event.interval)}
        told = [float(value) for value in re.findall(r"[+−](\d+\.\d)(?!\d)", cells.split("|")[4])]
        assert set(told) <= accepted, number
        checked += len(told)
    assert checked > 20, "the page has differences to check"
