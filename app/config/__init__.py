"""The settings of the service; see `.env.example`."""

from app.config.keys import ErasureLedger, Keyring, keyring_of, ledger_of
from app.config.loading import load_settings
from app.config.settings import PREFIX, Settings, variable_of

__all__ = [
    "PREFIX",
    "ErasureLedger",
    "Keyring",
    "Settings",
    "keyring_of",
    "ledger_of",
    "load_settings",
    "variable_of",
]
