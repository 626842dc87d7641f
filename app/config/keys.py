"""What is made of the keys and the folder of the settings: the keyring, and the ledger sealed with it."""

from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.config.settings import Settings
from app.errors import CannotStart

__all__ = ["ErasureLedger", "Keyring", "keyring_of", "ledger_of"]


def keyring_of(settings: Settings) -> Keyring:
    """The keys of the settings; raises CannotStart where the one of the indexes is missing."""
    if settings.index_key is None:
        raise CannotStart("VERWIJSROUTE_INDEX_KEY is missing")
    return Keyring(settings.key_encryption_keys, settings.active_key_id, settings.index_key)


def ledger_of(settings: Settings, keyring: Keyring) -> ErasureLedger:
    """The ledger of erasures, sealed under the index key, which no backup of the database holds."""

    def seal(text: str) -> str:
        return keyring.index("erasure_ledger", "", text).hex()

    return ErasureLedger(settings.trust_folder, seal)
