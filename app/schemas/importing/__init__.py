"""Files of referrals: their columns, and what a row of them asks for."""

from app.schemas.importing.cells import cells_of
from app.schemas.importing.columns import COLUMNS, Column
from app.schemas.importing.header import ColumnFault, HeaderFault
from app.schemas.importing.mapping import Mapping
from app.schemas.importing.reader import Reader
from app.schemas.importing.template import template

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnFault",
    "HeaderFault",
    "Mapping",
    "Reader",
    "cells_of",
    "template",
]
