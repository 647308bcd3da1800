"""Files from the Hugging Face hub: validated ids, only the files asked for, one clear sentence when absent."""

import re
from collections.abc import Sequence
from pathlib import Path

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.known import KNOWN

# What the hub itself allows: one or two words of at most 96 characters, no ".." and no "--", which its cache uses.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)?\Z")


def check_id(name: str, *, purpose: str) -> None:
    """Refuse what cannot be a hub id, before anything is asked of the network."""
    if not _ID.match(name) or ".." in name or "--" in name or len(name) > 96:
        raise CheckpointError(
            f"{name!r} is not {purpose}: it is neither a folder or file that exists nor a hub id "
            f"such as {next(iter(KNOWN))!r}"
        )


def download(name: str, patterns: Sequence[str], *, purpose: str) -> Path:
    """Fetch the files of a hub id that match; with HF_HUB_OFFLINE only those that are already on disk."""
    check_id(name, purpose=purpose)
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    try:
        return Path(snapshot_download(name, allow_patterns=list(patterns)))
    except GatedRepoError:
        raise CheckpointError(f"{name!r} is gated: accept its licence on the hub and log in (hf auth login)") from None
    except RepositoryNotFoundError:
        raise CheckpointError(f"{name!r} is not {purpose}: no such folder here and no such id on the hub") from None
    except (LocalEntryNotFoundError, OfflineModeIsEnabled):
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else "the hub cannot be reached"
        raise CheckpointError(f"{name!r} is not on disk and {why}; download it first, or give a folder") from None
    except (HfHubHTTPError, OSError) as error:
        raise CheckpointError(f"{name!r} could not be fetched from the hub: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
