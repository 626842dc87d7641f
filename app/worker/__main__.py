"""`python -m app.worker`: one worker, as `verwijsroute worker` and `serve` start it."""

import sys

from app.worker.process import run

run(sys.argv[1:])
