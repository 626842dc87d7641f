"""The settings of the service; see `.env.example`."""

from app.config.loading import load_settings
from app.config.settings import PREFIX, Settings, variable_of

__all__ = ["PREFIX", "Settings", "load_settings", "variable_of"]
