import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from ctlab.errors import InputError
from ctlab.interventions import Patch
from ctlab.interventions.direction_files import read_directions
from ctlab.probes import read_states, write_direction
from ctlab.probes.raw_states import StateShards
from ctlab.records.probe_fit import ProbeFit

STATES = torch.arange(2 * 5 * 3 * 4 * 6, dtype=torch.float32).reshape(2, 5, 3, 4, 6)  # CT0, CT1 and end; 3 layers
IDS = ["a", "b", "c", "d", "e"]
FIT = ProbeFit(
    label="operation of step 1",
    thought="CT1",
    level=3,
    problem_ids=("a",),
    right=(True,),
    control=(0.5,),
    draws=(0.5,),
    trained=4,
    classes=2,
    most_common=0.5,
    kept=0.0,
    penalty=1.0,
)


@pytest.fixture
def folder(tmp_path):
    shards = StateShards(tmp_path, ["baseline", "no_op"])
    shards.write(IDS[3:], STATES[:, 3:])
    shards.write(IDS[:3], STATES[:, :3].to(torch.bfloat16).to(torch.float32))
    return tmp_path


def test_a_position_and_level_in_the_order_asked_for(folder):
    found = read_states(folder, "no_op", ["e", "a"], "end", 2)
    np.testing.assert_array_equal(found, torch.stack([STATES[1, 4, 2, 2], STATES[1, 0, 2, 2].bfloat16().float()]))
    assert found.dtype == np.float64
    assert read_states(folder, "baseline", ["d"], "CT1").shape == (1, 4, 6)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("ct0_blocked", IDS, "CT0", 0), "not 'ct0_blocked'"),
        (("baseline", ["z"], "CT0", 0), "no hidden state of problem 'z'"),
        (("baseline", IDS, "CT2", 0), "of CT0, CT1, end, not of 'CT2'"),
        (("baseline", IDS, "CT0", 4), "to 3, not of 4"),
    ],
)
def test_what_was_not_kept_is_said(folder, asked, message):
    with pytest.raises(InputError, match=message):
        read_states(folder, *asked)


def test_a_folder_without_states_and_a_file_that_holds_none(tmp_path):
    with pytest.raises(InputError, match="no hidden states in"):
        read_states(tmp_path, "baseline", IDS, "CT0", 0)
    (tmp_path / "states-00000.safetensors").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read as safetensors"):
        read_states(tmp_path, "baseline", IDS, "CT0", 0)


def test_a_file_that_does_not_say_whose_states_it_holds(tmp_path):
    save_file({"baseline": STATES[0]}, tmp_path / "states-00000.safetensors", metadata={"problem_ids": '["a"]'})
    with pytest.raises(InputError, match="does not say of which 5 problems"):
        read_states(tmp_path, "baseline", IDS, "CT0", 0)


def test_a_direction_is_a_file_that_an_edit_reads_and_says_where_it_is_from(tmp_path):
    path = tmp_path / "new" / "plus.json"
    write_direction(path, np.array([3.0, -4.0]), FIT, model="71c552f5", toward="+", away="-")
    patch = Patch.from_json({"thoughts": ["CT1"], "by": "add-given", "file": str(path), "factor": 2.0})
    assert read_directions(str(path), patch.edit.digest).directions == ((0.6, -0.8),)
    assert json.loads(path.read_text())["made"] == {
        "model": "71c552f5",
        "thought": "CT1",
        "level": 3,
        "label": "operation of step 1",
        "toward": "+",
        "away": "-",
    }
    for wrong in ([np.nan], [0.0, 0.0], [[1.0]]):
        with pytest.raises(InputError, match="one row of finite numbers"):
            write_direction(path, np.array(wrong), FIT, model="", toward="", away="")
    with pytest.raises(InputError, match="name a file in a folder that can be written to"):
        write_direction(tmp_path, np.array([1.0]), FIT, model="", toward="", away="")


def test_a_fit_is_read_as_it_was_written():
    assert ProbeFit.from_json(json.loads(json.dumps(FIT.to_json()))) == FIT
    with pytest.raises(InputError, match="one answer and one control"):
        ProbeFit(**{**FIT.to_json(), "right": ()})
