import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from ctlab.claims import Family, holm_across_families
from tests.claims.making import claim

FAMILY = Family(name="demo", claims=tuple(claim(id=f"claim-{k}") for k in range(4)))
IDS = [each.id for each in FAMILY.claims]


# statsmodels collects garbage at every call, which is slow in a process that holds a report's objects.
@settings(max_examples=15)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_agrees_with_statsmodels(p_values):
    found = holm_across_families([FAMILY], dict(zip(IDS, p_values, strict=True)))
    assert [found[each] for each in IDS] == pytest.approx(list(multipletests(p_values, method="holm")[1]))


def test_only_where_the_whole_family_was_judged():
    other = Family(name="other", claims=(claim(id="alone", family="other"),))
    found = holm_across_families([FAMILY, other], {"claim-0": 0.01, "alone": 0.2})
    assert found == {"alone": 0.2}
