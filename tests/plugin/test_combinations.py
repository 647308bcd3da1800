"""Other people's plugins beside ctlab, each combination with what pytest must count (the table is in benchmarks)."""

import pytest

from benchmarks.faults_plugins import COMBINATIONS, ENVIRONMENTS, differences, make_environment
from benchmarks.faults_suite import run, write_suite

pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def pythons(tmp_path_factory):
    """Python of each environment, made when it is first asked for; what cannot be installed here is skipped."""
    made = {}

    def python(name):
        if name not in made:
            try:
                made[name] = make_environment(tmp_path_factory.mktemp("env") / name, ENVIRONMENTS[name])
            except OSError as error:
                made[name] = error
        if isinstance(made[name], OSError):
            pytest.skip(str(made[name]))
        return made[name]

    return python


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """A suite whose answers are in its store."""
    suite = write_suite(tmp_path_factory.mktemp("combinations") / "suite")
    run(suite)
    return suite


@pytest.mark.parametrize("given", COMBINATIONS, ids=lambda given: given.name)
def test_a_combination_counts_what_the_table_says(given, warm, pythons):
    assert not differences(warm, pythons(given.environment), given)


def test_the_table_has_each_combination_once():
    assert len({(given.environment, given.args, given.ini) for given in COMBINATIONS}) == len(COMBINATIONS)
    assert len({given.name for given in COMBINATIONS}) == len(COMBINATIONS) >= 43
