import pytest

from ctlab.errors import InputError
from ctlab.sbatch_options import sbatch_options


def test_options_are_read_by_their_long_names():
    given = ["partition=gpu", "time=02:00:00", "gpus_per_node=2", "--mem=64G", "exclusive=true", "tasks=8", "nice=100"]
    assert sbatch_options("--ctlab-slurm", given) == {
        "partition": "gpu",
        "time": "02:00:00",
        "gpus-per-node": "2",
        "mem": "64G",
        "exclusive": "true",
        "tasks": "8",
        "nice": "100",
    }
    assert sbatch_options("--ctlab-slurm", None) == {}
    assert sbatch_options("slurm", "partition=gpu") == sbatch_options("slurm", {"partition": "gpu"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("partition", "must be KEY=VALUE, such as partition=gpu, not 'partition'"),
        ("p 1=gpu", "'p 1' is no long option of sbatch; write it as partition=gpu"),
        ("array=0-3", "array: how many tasks there are follows from what is missing; .*leave it out"),
        ("output=log", "output: logs lie beside the record"),
        ("comment=", "comment: '' is no value of one line"),
        ('comment="a\\nb"', "is no value of one line"),
        ("tasks=0", "tasks must be a whole number from 1 to 1000, not 0"),
        ("tasks=many", "tasks must be a whole number from 1 to 1000, not 'many'"),
    ],
)
def test_what_is_no_option_of_a_task_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        sbatch_options("--ctlab-slurm", [given])


def test_an_option_is_said_once():
    with pytest.raises(InputError, match="says gpus-per-node twice"):
        sbatch_options("--ctlab-slurm", ["gpus_per_node=1", "gpus-per-node=2"])
