"""Put first on a Python's path: every process that it starts ends when it asks for an address that is not its own."""

import os
import sys
from pathlib import Path

LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Note and refuse what leaves the machine; Unix sockets and names of this machine do not."""
    if event == "socket.getaddrinfo":
        place = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        place = arguments[1][0] if isinstance(arguments[1], tuple) else None  # type: ignore[index]
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        place = arguments[0]
    else:
        return
    place = place.decode() if isinstance(place, bytes) else place
    if place is None or str(place).startswith(LOCAL):
        return
    with Path(os.environ["CTLAB_TEST_NETWORK"]).open("a", encoding="utf-8") as file:
        file.write(f"{event} {place} by {' '.join(sys.argv[:3])}\n")
    raise OSError(f"offline test: {event} {place}")


sys.addaudithook(refuse)
