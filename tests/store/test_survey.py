"""Every file of a store has a place that says what it is; any other is unknown, and links are never followed."""

import pytest

from ctlab.errors import StoreError
from ctlab.store.survey import Part, part_of, survey
from tests.store.tended import filled, rubbish

GROUP = "v1/0123456789abcdef"


@pytest.mark.parametrize(
    ("place", "part"),
    [
        (f"{GROUP}/{'a' * 32}.parquet", Part.ANSWERS),
        (f"{GROUP}/{'a' * 32}.json", Part.ANSWERS),
        (f"{GROUP}/derived/outcomes-{'a' * 16}-{'b' * 16}", Part.DERIVED),
        (f"{GROUP}/derived/probe-certificate-{'a' * 16}-{'b' * 16}", Part.DERIVED),
        (f"{GROUP}/records/{'a' * 16}-outcomes-1", Part.FIRST_FORM),
        (f"{GROUP}/set-aside/x", Part.SET_ASIDE),
        (f"{GROUP}/uses/{'a' * 16}", Part.NOTES),
        (f"{GROUP}/lock", Part.NOTES),
        (f"{GROUP}/measuring.lock", Part.NOTES),
        (f"{GROUP}/derived/x.0011.part", Part.TEMPORARY),
        ("looks.jsonl", Part.NOTES),
        ("known.jsonl", Part.NOTES),
        ("file-digests.json", Part.NOTES),
        ("file-digests.json.0011.part", Part.TEMPORARY),
        (f"states/{'a' * 16}/states.json", Part.STATES),
        (f"v2/{'a' * 16}/x", Part.OTHER),
        ("v0/x", Part.OTHER),
        ("thesis.txt", Part.UNKNOWN),
        (f"{GROUP}/notes.txt", Part.UNKNOWN),
        (f"{GROUP}/derived/a/b", Part.UNKNOWN),
        ("v1/../x", Part.UNKNOWN),
        (f"v1/{'A' * 16}/{'a' * 32}.json", Part.UNKNOWN),
        (f"{GROUP}/{'a' * 32}.json\n", Part.UNKNOWN),
    ],
)
def test_a_place_says_what_a_file_is(place, part):
    assert part_of(place) is part


def test_everything_that_a_run_writes_is_known(tmp_path):
    rubbish(filled(tmp_path))
    parts = {file.part for file in survey(tmp_path)}
    assert parts == {Part.ANSWERS, Part.DERIVED, Part.FIRST_FORM, Part.SET_ASIDE, Part.TEMPORARY, Part.NOTES}


def test_a_link_is_unknown_and_what_it_leads_to_is_not_listed(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "looks.jsonl").write_text("")
    store = tmp_path / "store"
    store.mkdir()
    (store / "looks.jsonl").symlink_to(tmp_path / "outside" / "looks.jsonl")
    (store / "v1").symlink_to(tmp_path / "outside")
    assert [(file.place, file.part) for file in survey(store)] == [("looks.jsonl", Part.UNKNOWN), ("v1", Part.UNKNOWN)]


def test_no_store_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match=r"there is no store at .*absent; name its folder with --ctlab-store"):
        list(survey(tmp_path / "absent"))
