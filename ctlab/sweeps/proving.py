"""How the cells of a sweep are certified: every one by its edges before anything is answered, a sample by recompute."""

from collections.abc import Sequence
from dataclasses import replace

from ctlab.errors import CertificateError
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
    edges, faults = _counted(job)
    found = SweepCertificate(
        cells=len(job.grid),
        edges=edges,
        question=0 if shape is None else _median(shape.questions),
        faults=faults,
        sampled={} if faults else _recomputed(job),
        seed=seed,
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
                faults[cell] = found.fault
    return edges, faults


def _recomputed(job: SweepJob) -> dict[int, Certificate]:
    """Certificates of the sampled cells, as an ordinary run makes and keeps them."""
    found = {cell: job.stored_certificate(job.conditions[cell].name, certifier()) for cell in job.sampled}
    made = job.maker.certified([job.conditions[cell] for cell, kept in found.items() if kept is None])
    for name, certificate in made.items():
        job.keep_certificate(name, certificate)
    return {cell: kept or made[job.conditions[cell].name] for cell, kept in found.items()}


def with_rows(job: SweepJob, before: SweepCertificate) -> SweepCertificate:
    """Add what was found of the rows that answered, and of stored answers that other source made."""
    if not job.keeps:
        answers = len(job.maker.problems)
        sampled = {
            cell: certificate.also(check_of(audits, answers))
            if (audits := job.audits[certificate.condition])
            else certificate
            for cell, certificate in before.sampled.items()
        }
        return replace(before, sampled=sampled)
    sampled, stored = dict(before.sampled), []
    for group in job.tiles.groups:
        names = {job.conditions[cell].name: cell for cell in group}
        keys = job.maker.keys(list(names))
        for name, entries in job.maker.store.entries(keys, job.maker.problems.ids).items():
            cell = names[name]
            if not _vouched(job, name, entries):
                stored.append(cell)
            elif cell in sampled:
                digest = keys[name].digest
                sampled[cell] = certificate_of([sampled[cell]], entries, digest, len(job.maker.problems))
    return replace(before, sampled=sampled, stored=tuple(stored))


def _vouched(job: SweepJob, name: str, entries: Sequence[Entry]) -> bool:
    """Whether every source that made answers of a cell is today's, or left a certificate that held."""
    others = [source for source in sources_of(entries, certifier()) if source != certifier()]
    kept = [job.stored_certificate(name, source) for source in others]
    return all(certificate is not None and certificate.passed for certificate in kept)


def _median(lengths: Sequence[int]) -> int:
    return sorted(lengths)[len(lengths) // 2]
