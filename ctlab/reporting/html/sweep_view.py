"""The sweep behind a claim, in the claim's own chapter."""

from collections.abc import Sequence

from ctlab.reporting.figures import sweep_map
from ctlab.reporting.html.mechanism_view import EmbeddedPicture
from ctlab.reporting.model.run_report import Report


def sweeps_of(report: Report, pictures: Sequence[EmbeddedPicture]) -> dict[str, EmbeddedPicture]:
    """Return the picture of each claim that was judged by a sweep, by the claim's id; one that failed is not there."""
    by_file = {picture.file: picture for picture in pictures}
    files = {claim.id: sweep_map.file_of(claim.id) for claim in report.claims}
    return {claim: by_file[file] for claim, file in files.items() if file in by_file}
