"""A fault of the database under load: the service, clients that judge, and what they found afterwards."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.embedded_postgres import EmbeddedPostgres
from tests.faults.load import Ledger, new_seed, placing
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.pulse import Pulse, pulse
from tests.faults.service import Service, serving
from tests.faults.stage import Prepared
from tests.faults.verdict import Verdict, verdict


@dataclass(slots=True)
class Drill:
    """One run. `live` and `ready` have their figures, and `found` its counts, when the block has ended."""

    server: EmbeddedPostgres
    service: Service
    ledger: Ledger
    live: Pulse
    ready: Pulse
    windows: list[tuple[float, float]] = field(default_factory=list)
    found: Verdict | None = None
    restarted: bool = False

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """The fault lasts as long as this block: liveness is judged for this time."""
        began = time.monotonic()
        yield
        self.windows.append((began, time.monotonic()))

    def faults(self, *, red: bool = True, within: float = 30.0) -> list[str]:
        """Every promise that was broken, as a sentence; none is what a test asks for.

        `red` says whether readiness must have failed meanwhile, `within` how soon every request must have
        been answered, in seconds.
        """
        assert self.found is not None
        live = self.live.within(self.windows)
        others = set(self.ledger.statuses) - {200, 201, 503}
        broken = {
            f"stored: {self.found.in_words()}": self.found != Verdict(0, 0, 0),
            f"answered with {others}": bool(others),
            f"{self.ledger.without_retry_after} x 503 without Retry-After": self.ledger.without_retry_after,
            f"an answer took {self.ledger.slowest:.1f} s": self.ledger.slowest > within,
            f"live was slow: {live.in_words()}": not live.keeps_its_goal(),
            f"live answered {dict(self.live.statuses)}": set(self.live.statuses) != {"200"},
            f"ready answered {dict(self.ready.statuses)}": red and set(self.ready.statuses) != {"200", "503"},
            "not ready again": self.ready.last != "200",
            "the service was restarted": self.restarted,
        }
        return [sentence for sentence, is_broken in broken.items() if is_broken]

    def in_words(self) -> str:
        """The raw counts."""
        assert self.found is not None
        live = self.live.within(self.windows)
        told = f"seed {self.ledger.seed}: {self.ledger.in_words()}; {self.found.in_words()}"
        return f"{told}; slowest answer {self.ledger.slowest:.1f} s\n    live meanwhile: {live.in_words()}"


@asynccontextmanager
async def drill(
    prepared: Prepared,
    folder: Path,
    *,
    place: Path | None = None,
    clients: int = 9,
    bug: str | None = None,
    changed: Mapping[str, float] | None = None,
) -> AsyncIterator[Drill]:
    """A cluster and a service of its own under load, as long as the block lasts; then the comparison.

    `changed` are settings by their field's name. The database must be back when the block ends: the clients
    then finish what is in flight.
    """
    async with AsyncExitStack() as stack:
        server = stack.enter_context(copied_cluster(prepared.cluster, place))
        settings = over(prepared.settings, server).model_copy(update=changed)
        service = stack.enter_context(serving(settings, folder, bug=bug))
        async with (
            pulse(service) as live,
            pulse(service, "/healthz/ready") as ready,
            placing(service.port, prepared.schools, new_seed(), clients) as ledger,
        ):
            running = Drill(server, service, ledger, live, ready)
            yield running
        running.restarted = not service.is_alive()
        owner = await owner_of(server)
        running.found = await verdict(owner, ledger)
        await owner.close()
