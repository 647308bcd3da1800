"""What a store holds, by name: rows of rows wanted, days, filters that refuse a name that nothing has."""

import pytest

from ctlab.errors import StoreError
from ctlab.store.holdings import Filter, holdings
from ctlab.store.names import Known, KnownProblems
from tests.store.answers import Engine
from tests.store.tended import CONDITIONS, IDS, KNOWN, PROBLEMS, TODAY, filled, keys


def test_a_line_for_each_condition_of_a_model_over_a_problem_set(tmp_path):
    filled(tmp_path)
    filled(tmp_path, model="another")
    found = holdings(tmp_path, KNOWN)
    assert [(h.model_name, h.problems_name, h.condition_name, h.held, h.wanted, h.used) for h in found] == [
        (model, "seven", name, 7, 7, TODAY) for model in ("Another", "tiny") for name in CONDITIONS
    ]
    shards = sum(path.stat().st_size for path in tmp_path.rglob("*.parquet"))
    assert sum(h.size for h in found) == pytest.approx(shards, abs=len(found))


def test_a_run_that_broke_off_holds_some_of_what_is_wanted(tmp_path):
    store = filled(tmp_path)
    store.collect(keys(["ct5_blocked"]), IDS[:3], Engine())
    (found,) = [h for h in holdings(tmp_path, KNOWN) if h.condition == "ct5_blocked"]
    assert (found.held, found.wanted, found.used, found.problems, found.condition_name) == (3, None, "", "", "")


def test_a_registry_names_what_no_note_names(tmp_path):
    store = filled(tmp_path)
    for path in (store.folder(keys()["baseline"]) / "uses").iterdir():
        path.unlink()
    ids = frozenset(each[:8] for each in IDS)
    known = Known(
        models={"model": "tiny"},
        problems=[KnownProblems(digest=PROBLEMS, name="seven", ids=ids)],
        decodings={"float32": {"padding": "exact", "dtype": "float32", "max_new_tokens": 64}},
    )
    found = holdings(tmp_path, known)
    assert {(h.model_name, h.problems_name, h.held, h.wanted, h.used) for h in found} == {("tiny", "seven", 7, 7, "")}
    assert {h.condition_name for h in found} == set(CONDITIONS), "derived values say what their condition is called"
    assert found[0].decoding["dtype"] == "float32"


@pytest.mark.parametrize(
    ("which", "count"),
    [
        (Filter(), 6),
        (Filter(models=("tiny",)), 3),
        (Filter(models=("tiny", "Another")), 6),
        (Filter(conditions=("baseline",)), 2),
        (Filter(models=("tiny",), conditions=("baseline", "ct0_blocked")), 2),
        (Filter(problems=(PROBLEMS[:6],)), 6),
    ],
)
def test_a_filter_takes_names_and_beginnings_of_digests(tmp_path, which, count):
    filled(tmp_path)
    filled(tmp_path, model="another")
    assert len(which.chosen(holdings(tmp_path, KNOWN))) == count


@pytest.mark.parametrize("which", [Filter(models=("tini",)), Filter(conditions=("012",)), Filter(runs=("",))])
def test_a_name_that_nothing_has_is_refused(tmp_path, which):
    filled(tmp_path)
    with pytest.raises(StoreError, match=r"nothing here is of .* `ctlab store ls` lists what is"):
        which.chosen(holdings(tmp_path, KNOWN))


def test_an_empty_store_holds_nothing(tmp_path):
    assert holdings(tmp_path, KNOWN) == []
