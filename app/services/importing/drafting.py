"""From a submission to a draft: decided, sealed and indexed as `submit` does, and not yet stored."""

from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.importing.rows import Draft
from app.services.records import Submission


def draft(number: int, submission: Submission, client: Client, deciding: Deciding) -> Draft:
    """What is stored of the row with this number; its submission has a source reference."""
    raise NotImplementedError
