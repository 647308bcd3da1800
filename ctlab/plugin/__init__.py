"""The pytest plugin: hooks only; each calls one function of a sibling module."""

import os
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from ctlab.errors import AnswerKindError, ClaimError, CtlabError
from ctlab.interventions import BASELINE
from ctlab.lab.interrupts import leave_with_parent
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.published_answers import bound
from ctlab.plugin import hookspec
from ctlab.plugin.claim_fixture import asserted, begin_anew, explain, handed_over, judgement_of
from ctlab.plugin.collection import claim_key, one_test_a_claim
from ctlab.plugin.declarations import HookDeclarations, hooks_told
from ctlab.plugin.github import GithubWriter, on_github
from ctlab.plugin.options import add_options, refuse_misread_values
from ctlab.plugin.pytest_outcome import ROW, record_properties, sentence, set_outcome
from ctlab.plugin.registry_run import write_registry
from ctlab.plugin.session import ClaimSession, session_key
from ctlab.plugin.sweep_fixture import swept as swept
from ctlab.plugin.terminal import header_lines, status_word, write_plan
from ctlab.records import Verdict
from ctlab.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctlab.interventions import Condition
    from ctlab.outcomes import Run
    from ctlab.records.measurement import Measurement
    from ctlab.records.probe_fit import ProbeFit
    from ctlab.records.scores import Scores

_OLD_NAMES = "ignore::ctlab.errors.CtlabDeprecationWarning"
"""The header says which were used: in the summary of warnings they would be said again, once a place."""
_WRITER = "ctlab-report-writer"
_GITHUB = "ctlab-github"


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare what a suite can tell ctlab."""
    pluginmanager.add_hookspecs(hookspec)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add_options(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Spare old names of ours a suite's ``filterwarnings = error``, before its first file is read."""
    _spare_old_names(early_config)
    with hooks_told():
        return (yield)


def _spare_old_names(config: pytest.Config) -> None:
    # The last filter that fits decides, and one on the command line stands after ours: ``-W error`` finds old names.
    if _OLD_NAMES not in config.getini("filterwarnings"):
        config.addinivalue_line("filterwarnings", _OLD_NAMES)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads whether it distributes
def pytest_configure(config: pytest.Config) -> None:
    """Read the settings once; on the controller, register what writes the report."""
    _spare_old_names(config)  # a plugin that a conftest loads was not there when the first files were read
    config.addinivalue_line(
        "markers", "claim(claim): this test judges the given ctlab.claims.Claim, or each of several or of a Family"
    )
    try:
        refuse_misread_values(config)
        settings = Settings.from_config(config)
        settings, absent = bound(settings, HookDeclarations(config).records(settings))
    except CtlabError as error:
        raise pytest.UsageError(f"ctlab: {error}") from None
    session = config.stash[session_key] = ClaimSession(config, settings, absent)
    if settings.plan or settings.writes_registry_only:
        config.option.dist = "no"  # both are made of the collected tests, which under pytest-xdist only workers have
    if not session.is_worker:
        from ctlab.plugin.report_writer import ReportWriter

        writer = ReportWriter(session, config.pluginmanager)
        config.pluginmanager.register(writer, _WRITER)
        if on_github(os.environ):
            config.pluginmanager.register(GithubWriter(writer), _GITHUB)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    for name in (_GITHUB, _WRITER):
        if (writer := config.pluginmanager.get_plugin(name)) is not None:
            config.pluginmanager.unregister(writer)
    if session_key in config.stash:
        config.stash[session_key].still.close()
        del config.stash[session_key]


@pytest.hookimpl(tryfirst=True)  # before the header, which reads the same things
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say what was asked for wrongly, once, before any test runs; a worker watches its controller from here on."""
    ours = session.config.stash[session_key]
    if ours.is_worker and ours.in_use:
        leave_with_parent()
    if ours.is_worker or session.config.option.collectonly:
        return
    if why := ours.wrong_use:
        raise pytest.UsageError(f"ctlab: {why}")
    if not ours.in_use:
        return
    try:
        ours.claims.check()
    except CtlabError as error:
        raise pytest.UsageError(f"ctlab: {error}") from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say whom the claims are about, nothing where no claims are; and which old names were used so far."""
    ours = config.stash[session_key]
    shown = ours.in_use and not config.option.collectonly
    lines = header_lines(ours.claims, config.invocation_params.dir) if shown else []
    return [*lines, *ours.old_names()]


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say which old names the files of tests use."""
    return config.stash[session_key].old_names()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each claim of a family that a marker names."""
    one_test_a_claim(metafunc)


@pytest.hookimpl(tryfirst=True)  # before -k and others deselect: two tests of one claim are wrong whichever is run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Find each test's claim, or what is wrong with it."""
    config.stash[session_key].collect(items)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note what was deselected: a report says when it was a selection, and a claim left out still has its test."""
    if items:
        gone = {item.nodeid: item.stash[claim_key].id for item in items if claim_key in item.stash}
        items[0].config.stash[session_key].deselected |= gone


@pytest.hookimpl(tryfirst=True)  # before a worker tells its controller what it collected
def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which conditions the selected claims and their controls need."""
    session.config.stash[session_key].select(session.items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --ctlab-plan, print the plan instead of running anything; with --ctlab-register and the like, register."""
    ours = session.config.stash[session_key]
    if ours.settings.plan:
        if not ours.in_use:
            raise pytest.UsageError(
                "ctlab: no test here judges a claim; name the folder of a suite, or begin one with ctlab new"
            )
        write_plan(session.config, ours.claims)
    elif ours.settings.writes_registry_only:
        write_registry(session, ours.claims)
    else:
        return None
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Say of a claim's test that takes long what it is at."""
    if claim_key not in item.stash:
        return (yield)
    with item.config.stash[session_key].still.at(item.stash[claim_key].id):
        return (yield)


@pytest.hookimpl(tryfirst=True)  # before fixtures: nothing is generated for a test that cannot judge
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse a claim test that cannot judge its claim."""
    item.config.stash[session_key].prepare(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Let a claim be judged anew: a plugin that runs a test again does not always set it up again."""
    begin_anew(item)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Skip a claim about numbers on problems whose answers are none, where its test finds out."""
    try:
        return (yield)
    except AnswerKindError as error:
        if claim_key in pyfuncitem.stash:
            pytest.skip(str(error))
        raise


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """Explain a verdict that was not the asserted one."""
    judgement = config.stash[session_key].judgement
    if op != "==" or not isinstance(left, Verdict) or not isinstance(right, Verdict) or judgement is None:
        return None
    return [f"{left} == {right}", *explain(judgement)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's outcome and its claim's verdict agree, and send the claim's row along."""
    report = yield
    ours = item.config.stash[session_key]
    if claim_key in item.stash:
        claim = item.stash[claim_key]
        row, rules = ours.claims.row(claim), ours.rules(claim)
        set_outcome(report, call.excinfo, row, judgement_of(item), rules, compared=asserted(item))
        if not ours.settings.plain_junit:
            record_properties(item, report, claim)
    elif report.failed and call.excinfo is not None and isinstance(call.excinfo.value, ClaimError):
        report.longrepr = sentence(call.excinfo.value)
    return report


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> Any:
    """Say verdicts in place of pytest's words, in pytest's own categories."""
    row = getattr(report, ROW, None)
    if report.outcome not in ("passed", "failed", "skipped"):  # another plugin's: pytest-rerunfailures says `rerun`
        return None
    expected = hasattr(report, "wasxfail")
    if row is None or (report.skipped and not expected):
        return None
    return status_word(row, report.outcome, expected=expected)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker tell the controller which claims it collected."""
    ours = session.config.stash[session_key]
    if ours.is_worker:
        session.config.workeroutput["ctlab"] = ours.to_json()  # type: ignore[attr-defined]


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Iterator[PendingClaim]:
    """The claim that this test judges."""
    session = request.config.stash[session_key]
    yield from handed_over(session.pending_claim(request.node), session.claims.lab.values)


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> "Callable[[str | Condition], Run]":
    """Return the run of a condition, by its name or its data; the first one generates all that the claims need."""
    return request.config.stash[session_key].run


@pytest.fixture(scope="session")
def baseline(run: "Callable[[str | Condition], Run]") -> "Run":
    """Return the run of the undisturbed model, which every suite compares with."""
    return run(BASELINE)


@pytest.fixture(scope="session")
def accuracy(request: pytest.FixtureRequest) -> "Callable[..., tuple[float, str]]":
    """Return how often who answers a condition is right undisturbed, with the name of the set: whether it is able.

    On these problems; of a set that a table ``instead`` holds, on the one that stands there.
    """
    return request.config.stash[session_key].accuracy


@pytest.fixture(scope="session")
def measured(request: pytest.FixtureRequest) -> "Callable[[str | Condition], Measurement]":
    """Return a condition's attention and hidden states as measured; the first one measures all that the claims need."""
    return request.config.stash[session_key].measure


@pytest.fixture(scope="session")
def learned(request: pytest.FixtureRequest) -> "Callable[..., ProbeFit]":
    """Fit a linear probe of hidden states and hold it to problems it was not fitted on; docs/probes.md."""
    return request.config.stash[session_key].learn


@pytest.fixture(scope="session")
def scored(request: pytest.FixtureRequest) -> "Callable[..., Scores]":
    """Return how probable given answers are under a condition; the first one scores them for all that claims need."""
    session = request.config.stash[session_key]

    def score(which: Any, answers: Any = "gold", *, form: str = "{}", at: Any = "answer") -> "Scores":
        return session.score(which, answers, form=form, at=at)

    return score
