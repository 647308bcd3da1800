"""A suite that is judged from published records: its settings, once somebody says where the records lie."""

from dataclasses import replace

from ctlab.errors import InputError
from ctlab.records import PublishedRecords
from ctlab.settings import Settings


def bound(settings: Settings, records: PublishedRecords | None) -> tuple[Settings, str]:
    """Return settings in which every condition of the suite has its file, and why it cannot be judged at all.

    ``records`` are those that the suite declares, None for a suite of another sort. Where they lie nowhere, the second
    part is a sentence. CtlabError where they lie somewhere and are not what was published.
    """
    if records is None:
        if settings.records is not None:
            raise InputError(
                "--ctlab-records is for a suite that declares published records (pytest_ctlab_records), and none here "
                "does; name its folder first, or leave the option out"
            )
        return settings, ""
    if settings.records is None:
        return settings, records.absent
    if settings.recorded:
        raise InputError("--ctlab-recorded: the records of this suite say who answered what; leave one of the two out")
    if not settings.records.is_dir():
        raise InputError(f"--ctlab-records: there is no folder {settings.records}; {records.where}")
    asked, folder = records.named(settings.problems), settings.records
    return replace(
        settings,
        problems=str(records.found(asked.problems, folder)),
        recorded={name: records.found(file, folder) for name, file in asked.answers.items()},
        recorded_options={name: file.options for name, file in asked.answers.items() if file.options},
        limits=records.limits,
    ), ""
