"""What a client says of the version it knows, so that nobody's change is overwritten unseen."""

from dataclasses import dataclass

from app.errors import VersionDiffers, VersionRequired


@dataclass(frozen=True, slots=True)
class Precondition:
    """The headers If-Match and If-None-Match of a change (RFC 9110 section 13.1).

    `versions` are those that the client accepts, None where it did not say; `*` accepts any.
    `only_new` lets the change make a thing and never change one.
    """

    versions: frozenset[str] | None = None
    only_new: bool = False

    def check(self, current: str | None) -> None:
        """Raises VersionRequired or VersionDiffers; `current` is None where there is nothing yet."""
        if current is None:
            if self.versions is not None:
                raise VersionDiffers
        elif self.only_new:
            raise VersionDiffers
        elif self.versions is None:
            raise VersionRequired
        elif not self.versions & {current, "*"}:
            raise VersionDiffers
