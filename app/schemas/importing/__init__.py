"""Files of referrals: their columns, and what a row of them asks for."""

from app.schemas.importing.cells import cells_of
from app.schemas.importing.columns import COLUMNS, Column
from app.schemas.importing.header import ColumnFault, HeaderFault
from app.schemas.importing.mapping import Mapping, MappingFault, MappingProblem
from app.schemas.importing.mapping_file import MOST_MAPPING_BYTES, load_mapping
from app.schemas.importing.reader import Reader
from app.schemas.importing.template import template

__all__ = [
    "COLUMNS",
    "MOST_MAPPING_BYTES",
    "Column",
    "ColumnFault",
    "HeaderFault",
    "Mapping",
    "MappingFault",
    "MappingProblem",
    "Reader",
    "cells_of",
    "load_mapping",
    "template",
]
