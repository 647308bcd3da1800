"""A discrete-event simulation: processes that take turns at servers, by a heap of moments.

A process is a generator. It yields a number to wait for so many seconds, or a server with the seconds that it wants of
it; whoever comes first is served first. Nothing is drawn at random here.
"""

import heapq
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from itertools import count


@dataclass(slots=True)
class Server:
    """Something that serves one after the other, or ``slots`` at once."""

    name: str
    """What it is, in words."""
    slots: int = 1
    """How many it serves at once."""
    busy: float = 0.0
    """Seconds of service that were given, over all slots."""
    served: int = 0
    """Who was served."""
    waited: float = 0.0
    """Seconds that those who were served had waited before, in all."""
    free: int = field(init=False)
    """Slots that are free."""
    queue: "deque[tuple[float, Process, float]]" = field(default_factory=deque)
    """Since when who waits, and for how much."""

    def __post_init__(self) -> None:
        self.free = self.slots


Process = Generator["float | tuple[Server, float]", None, None]


class Simulation:
    """Processes and the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()  # of what happens at the same moment, the first to be planned comes first
        self._heap: list[tuple[float, int, Process, Server | None]] = []

    def start(self, processes: Iterable[Process], at: float = 0.0) -> None:
        """Let processes begin at a moment."""
        for process in processes:
            self._plan(at, process, None)

    def run(self) -> float:
        """Let everything happen; return the moment of the last event."""
        while self._heap:
            self.now, _, process, server = heapq.heappop(self._heap)
            if server is not None:
                server.free += 1
                self._serve(server)
            self._go_on(process)
        return self.now

    def _go_on(self, process: Process) -> None:
        asked = next(process, None)
        if asked is None:
            return
        if isinstance(asked, tuple):
            server, seconds = asked
            server.queue.append((self.now, process, seconds))
            self._serve(server)
        else:
            self._plan(self.now + asked, process, None)

    def _serve(self, server: Server) -> None:
        while server.free and server.queue:
            since, process, seconds = server.queue.popleft()
            server.free -= 1
            server.served += 1
            server.busy += seconds
            server.waited += self.now - since
            self._plan(self.now + seconds, process, server)

    def _plan(self, moment: float, process: Process, server: Server | None) -> None:
        heapq.heappush(self._heap, (moment, next(self._order), process, server))
