"""What `serve --demo` sets up before it serves, and what it tells."""

from app.config import Settings


def prepare_demo(settings: Settings) -> str:
    """Loads the demo directory and clients into a migrated database; returns what to print."""
    raise NotImplementedError
