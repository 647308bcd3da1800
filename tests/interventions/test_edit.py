"""What a way to edit a thought asks for: read, refused in one sentence, and part of what a condition is."""

import json
import shutil

import numpy as np
import pytest

from ctlab.errors import ConditionError
from ctlab.files import sha256
from ctlab.interventions import Condition, Edit, Patch
from ctlab.interventions.contrast import Contrast
from ctlab.interventions.contrast_groups import contrasts_of, reads_solutions, with_groups
from ctlab.interventions.direction_files import read_directions
from ctlab.interventions.edits import EDIT_KINDS
from ctlab.interventions.halves import halves
from ctlab.problems import Problem
from tests.interventions.ways import directions_file, way_form

WAYS = [kind.by for kind in EDIT_KINDS]


def condition(*forms, **fields):
    return Condition.from_json({"name": "c", "interventions": list(forms), **fields})


@pytest.mark.parametrize("by", WAYS)
def test_round_trip(by):
    patch = Patch.from_json(way_form(by))
    assert Patch.from_json(json.loads(json.dumps(patch.to_json()))) == patch
    assert {name: value for name, value in patch.to_json().items() if name != "digest"} == way_form(by)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"by": "scale"}, "a patch by 'scale' needs 'factor': how many times what is scaled or added"),
        ({"by": "scale", "factor": "2"}, "'factor' of a patch must be a finite number, not '2'"),
        ({"by": "scale", "factor": True}, "'factor' of a patch must be a finite number, not True"),
        ({"by": "scale", "factor": float("inf")}, "must be a finite number, not inf"),
        ({"by": "scale", "factor": None}, "'factor' of a patch is null; give a value, or leave it out"),
        ({"by": "zero", "factor": 2}, "'factor' belongs to patches by scale, add-difference, .* 'zero' has no use for"),
        ({"by": "project-components"}, "needs 'dimensions': how many dimensions are kept or removed"),
        ({"by": "remove-random", "dimensions": 0}, "'dimensions' of a patch must be a whole number from 1, not 0"),
        ({"by": "remove-random", "dimensions": 1.0}, "whole number from 1, not 1.0"),
        ({"by": "scale", "factor": 2, "dimensions": 3}, "'dimensions' belongs to patches by project-components"),
        ({"by": "add-difference", "factor": 1}, "needs 'contrast': which problems' mean minus which others'"),
        ({"by": "add-difference", "factor": 1, "contrast": "n_operations > 3"}, "its least value, such as"),
        ({"by": "add-difference", "factor": 1, "contrast": ["n_operations", 3]}, "must be a feature of problems"),
        (
            {"by": "add-difference", "factor": 1, "contrast": "n_operation >= 3"},
            "names the feature 'n_operation', which problems do not have; .*did you mean 'n_operations'",
        ),
        ({"by": "add-given", "factor": 1}, "needs 'file': the JSON file that holds the directions"),
        ({"by": "project-given", "file": ""}, "'file' of a patch must be the path of a JSON file, not ''"),
        ({"by": "project-given", "file": "x", "digest": "12"}, "'digest' of a patch must be the first 16 hex digits"),
        ({"by": "zero", "digest": "0123456789abcdef"}, "'digest' is that of a 'file', and a patch by 'zero' has none"),
        ({"by": "project-given", "file": "no/such.json"}, "no/such.json"),
        (
            {"by": "project-components", "dimensions": 2, "first_pass": True},
            "'first_pass' does not go with a patch by 'project-components': .* nothing can be fitted",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(form, said):
    with pytest.raises(ConditionError, match=said) as caught:
        condition({"thoughts": ["CT0"], **form})
    assert str(caught.value).startswith("condition 'c': ")
    assert "\n" not in str(caught.value)


def test_edit_is_an_edit():
    with pytest.raises(ConditionError, match=r"'edit' of a patch is an Edit, such as Edit\(factor=2.0\), not 2"):
        Patch(thoughts=("CT0",), by="scale", edit=2)
    assert Patch(thoughts=("CT0",), by="scale", edit=Edit(factor=2)).to_json()["factor"] == 2.0


def test_every_field_counts_and_where_a_file_lies_does_not(tmp_path):
    def digest(by, **fields):
        return condition(way_form(by, **fields)).digest

    forms = [("scale", {"factor": factor}) for factor in (2, 3, -2)]
    forms += [("project-components", {"dimensions": 2}), ("project-components", {"dimensions": 3})]
    forms += [("remove-random", {"dimensions": 2, "seed": seed}) for seed in (0, 1)]
    forms += [("add-difference", {"contrast": "n_tokens >= 12"}), ("add-difference", {"contrast": "n_tokens >= 13"})]
    forms += [("project-given", {"file": directions_file(width, 3)}) for width in (32, 16)]
    assert len({digest(by, **fields) for by, fields in forms}) == len(forms)
    assert digest("scale", factor=2) == digest("scale", factor=2.0)
    assert digest("add-difference", contrast="n_tokens>=12.0") == digest("add-difference", contrast="n_tokens >= 12")
    moved = shutil.copy(directions_file(32, 3), tmp_path / "moved.json")
    assert digest("project-given", file=str(moved)) == digest("project-given")
    assert condition(way_form("project-given", file=str(moved))) == condition(way_form("project-given"))


def test_a_condition_with_a_digest_is_read_where_its_file_is_not():
    patch = Patch.from_json(way_form("remove-given", file="gone.json", digest="0123456789abcdef"))
    assert patch.to_json()["digest"] == "0123456789abcdef"


def vector(*numbers):
    return [float(number) for number in numbers]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([1, 2], 'must be an object with "dim" and "directions"'),
        ({"dim": 2, "directions": [[1, 0]], "norm": 1}, 'must be an object with "dim" and "directions"'),
        ({"dim": "2", "directions": [[1, 0]]}, "\"dim\" is the width of a thought, a whole number from 1, not '2'"),
        ({"dim": 2, "directions": []}, '"directions" is a list of 1 to 2 lists of 2 numbers'),
        ({"dim": 2, "directions": [[1, 0], [0, 1], [1, 0]]}, "a list of 1 to 2 lists of 2 numbers"),
        ({"dim": 3, "directions": [[1, 0]]}, r'direction 0 must be a list of 3 numbers \("dim"\), not \[1, 0\]'),
        ({"dim": 2, "directions": [[1, "0"]]}, "direction 0 must be a list of 2 numbers"),
        ({"dim": 2, "directions": [[1, True]]}, "direction 0 must be a list of 2 numbers"),
        ({"dim": 2, "directions": [[3, 4]]}, "direction 0 must have norm 1, and has 5; divide it by its norm"),
        ({"dim": 2, "directions": [[0, 0]]}, "direction 0 must have norm 1, and has 0"),
        ({"dim": 2, "directions": [[1, 0], [0.6, 0.8]]}, "directions 0 and 1 must be at right angles, .* is 0.6"),
        ({"dim": 2, "directions": [[1, 0]], "centre": [1]}, '"centre" must be a list of 2 numbers'),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path, content, said):
    path = tmp_path / "directions.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ConditionError, match=said) as caught:
        Patch.from_json(way_form("remove-given", file=str(path)))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_has_changed_is_refused(tmp_path):
    path = tmp_path / "directions.json"
    path.write_text(json.dumps({"dim": 2, "directions": [[0.6, 0.8]]}))
    patch = Patch.from_json(way_form("remove-given", file=str(path)))
    assert patch.edit.digest == sha256(path.read_bytes())[:16]
    found = read_directions(str(path), patch.edit.digest)
    assert (found.dim, found.directions, found.centre) == (2, ((0.6, 0.8),), (0.0, 0.0))
    path.write_text(json.dumps({"dim": 2, "directions": [[0.8, 0.6]]}))
    read_directions.cache_clear()
    with pytest.raises(ConditionError, match="is not the file of directions that the condition names: its digest is"):
        read_directions(str(path), patch.edit.digest)


def test_float32_is_near_enough(tmp_path):
    path = tmp_path / "directions.json"
    axes = np.linalg.qr(np.random.default_rng(0).standard_normal((768, 8)))[0].T.astype(np.float32)
    path.write_text(json.dumps({"dim": 768, "directions": axes.tolist()}))
    assert Patch.from_json(way_form("project-given", file=str(path))).edit.digest


def test_halves_are_half_and_depend_on_no_order():
    ids = [f"p{n}" for n in range(101)]
    found = halves(ids, 0)
    assert sorted(found.values()).count(0) == 51
    assert found == halves(ids[::-1], 0)
    assert found != halves(ids, 1)


PROBLEMS = [
    Problem(question=f"How many of {len(solution)}?", solution=solution, gold=1)
    for solution in ("<<1+2=3>>", "<<1+2=3>> <<3+1=4>>", "<<1+1=2>> <<2*2=4>> <<4+1=5>>", "")
]


def test_a_contrast_tells_problems_apart_and_leaves_out_those_without_the_feature():
    contrast = Contrast.read("n_operations >= 2")
    assert [contrast.holds(problem.features) for problem in PROBLEMS] == [False, True, True, None]
    multiplied = Contrast.read("has_multiplication >= 1")
    assert [multiplied.holds(problem.features) for problem in PROBLEMS] == [False, False, True, None]


def test_groups_are_part_of_the_run_and_nothing_else_s():
    moved = condition(way_form("add-difference", contrast="n_operations >= 2"))
    plain = condition(way_form("project-components"))
    assert (reads_solutions(moved), reads_solutions(plain)) == (True, False)
    told = with_groups({}, PROBLEMS, contrasts_of(moved))
    others = with_groups({}, PROBLEMS, [Contrast.read("n_operations >= 3")])
    ids = [f"p{n}" for n in range(4)]
    assert moved.digest_among(ids, told) != moved.digest_among(ids, others)
    assert with_groups({"a": "b"}, PROBLEMS, ()) == {"a": "b"}
    assert plain.digest_among(ids) != plain.digest_among(ids[:3])
    for by in ("scale", "add-noise", "remove-given"):
        assert condition(way_form(by)).digest_among(ids) == condition(way_form(by)).digest


def test_the_fewest_problems_are_those_of_its_halves():
    fewest = {by: Patch.from_json(way_form(by)).fewest_problems for by in WAYS}
    assert {by: number for by, number in fewest.items() if number} == {
        "add-difference": 4,
        "project-components": 6,
        "remove-components": 6,
        "project-random": 2,
        "remove-random": 2,
    }
