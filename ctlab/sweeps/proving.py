"""How the cells of a sweep are certified: every one by its edges before anything is answered, a sample by recompute."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ctlab import formatting
from ctlab.errors import CertificateError
from ctlab.interventions import BASELINE
from ctlab.lab.answer_sources import certificate_of, certifier, sources_of
from ctlab.records import Certificate
from ctlab.records.row_audit import check_of
from ctlab.store.manifest import Entry
from ctlab.sweeps.sweep_certificate import SweepCertificate
from ctlab.sweeps.sweep_job import SweepJob


def prove(job: SweepJob, seed: int) -> SweepCertificate:
    """Certify the cells, before anything is answered.

    Raises
    ------
    CertificateError
        Naming the first cell that is not what its condition says.
    """
    shape = job.shape
    job.maker.log.say(f"counting the edges of {formatting.counted(len(job.grid), 'cell')}")
    edges, faults = _counted(job)
    proofs = {} if faults else _recomputed(job)
    found = SweepCertificate(
        cells=len(job.grid),
        edges=edges,
        question=0 if shape is None else _median(shape.questions),
        faults=faults,
        sampled={} if faults else {cell: proofs[job.conditions[cell].name] for cell in job.sampled},
        seed=seed,
        baseline=proofs.get(BASELINE.name),
    )
    if why := found.failure():
        raise CertificateError(f"the certificate of the sweep failed: {why}")
    return found


def _counted(job: SweepJob) -> tuple[dict[int, int], dict[int, str]]:
    """Edges of every cell, and what is wrong with some; in the groups in which cells are run together."""
    if (shape := job.shape) is None:
        return {}, {}
    from ctlab.certify.cell_edges import count_edges

    edges, faults = {}, {}
    for group in job.tiles.groups:
        counted = count_edges(
            shape.layout,
            layers=shape.layers,
            heads=shape.heads,
            hidden=shape.hidden,
            conditions=[job.conditions[cell] for cell in group],
            question=_median(shape.questions),
        )
        for cell, found in zip(group, counted, strict=True):
            edges[cell] = found.edges
            if found.fault:
                faults[cell] = f"condition {found.condition!r}: {found.fault}"
    return edges, faults


def _recomputed(job: SweepJob) -> dict[str, Certificate]:
    """Certificates of the baseline and the sampled cells by name, as an ordinary run makes and keeps them."""
    asked = [BASELINE, *(job.conditions[cell] for cell in job.sampled)]
    found = {each.name: job.stored_certificate(each.name, certifier()) for each in asked}
    made = job.maker.certified([each for each in asked if found[each.name] is None])
    for name, certificate in made.items():
        job.keep_certificate(name, certificate)
    return {name: kept or made[name] for name, kept in found.items()}


def with_rows(job: SweepJob, before: SweepCertificate) -> SweepCertificate:
    """Add what was found of the rows that answered, and of stored answers that other source made."""
    names = {job.conditions[cell].name: cell for cell in before.sampled}
    proofs = {name: before.sampled[cell] for name, cell in names.items()}
    if before.baseline is not None:
        proofs[BASELINE.name] = before.baseline
    stored: tuple[int, ...] = ()
    faults: dict[int, str] = {}
    if job.keeps:
        proofs, stored, faults = _with_stored(job, proofs)
    else:
        answers = len(job.maker.problems)
        found = {name: audits for name, audits in job.audits.items() if audits and name in proofs}
        proofs |= {name: proofs[name].also(check_of(audits, answers)) for name, audits in found.items()}
    sampled = {cell: proofs[name] for name, cell in names.items()}
    return replace(before, sampled=sampled, stored=stored, rows=faults, baseline=proofs.get(BASELINE.name))


def _with_stored(
    job: SweepJob, proofs: Mapping[str, Certificate]
) -> tuple[dict[str, Certificate], tuple[int, ...], dict[int, str]]:
    """Certificates with the audits that the store has; cells whose stored answers nothing vouches for, and failed ones.

    A row that was found not to be what it must be fails the sweep, whether its cell is in today's sample or was in
    another's.
    """
    known, found, stored, faults = _Proofs(job), dict(proofs), list[int](), dict[int, str]()
    numbers = {condition.name: cell for cell, condition in enumerate(job.conditions)}
    groups = [[BASELINE.name], *([job.conditions[cell].name for cell in group] for group in job.tiles.groups)]
    for group in groups:
        keys = job.maker.keys(group)
        for name, entries in job.maker.store.entries(keys, job.maker.problems.ids).items():
            audits = [entry.audits[keys[name].digest] for entry in entries if keys[name].digest in entry.audits]
            if name in numbers and name not in proofs and any(audit.failure for audit in audits):
                failed = check_of(audits, len(job.maker.problems))
                faults[numbers[name]] = f"condition {name!r}: check {failed.name}: {failed.detail}"
            if name in numbers and not _vouched(job, numbers[name], name, entries, known):
                stored.append(numbers[name])
            elif name in proofs:
                answers = len(job.maker.problems)
                found[name] = certificate_of([proofs[name]], entries, keys[name].digest, answers)
    return found, tuple(stored), faults


def _vouched(job: SweepJob, cell: int, name: str, entries: Sequence[Entry], proofs: "_Proofs") -> bool:
    """Whether every source that made answers of a cell is today's, or left a certificate that held."""
    others = [source for source in sources_of(entries, certifier()) if source != certifier()]
    return all(_held(job.stored_certificate(name, source)) or cell in proofs.of(source) for source in others)


def _held(certificate: Certificate | None) -> bool:
    return certificate is not None and certificate.passed


class _Proofs:
    """Certificates of this very sweep by the source that made them, each read once."""

    def __init__(self, job: SweepJob) -> None:
        self._job = job
        self._known: dict[str, frozenset[int]] = {}

    def of(self, source: str) -> frozenset[int]:
        """Cells that a source's certificate vouches for; none where it failed or is not kept."""
        if source not in self._known:
            proof = self._job.stored_proof(source)
            held = proof is not None and proof.passed
            self._known[source] = frozenset(proof.edges) if proof is not None and held else frozenset()
        return self._known[source]


def _median(lengths: Sequence[int]) -> int:
    return sorted(lengths)[len(lengths) // 2]
