"""Verwijsroute: decides, explains and hands over referrals of MBO students."""

import logging

# At its import FastAPI warns that e-mail fields are plain text; ours are checked by a pattern.
logging.getLogger("fastapi").addHandler(logging.NullHandler())
