"""A receiver of webhooks: checks each message, drops what it had before, and answers at once.

    pip install standardwebhooks
    VERWIJSROUTE_WEBHOOK_SECRET=whsec_… python receive.py 8080

It stands behind your own HTTPS. Put `handle` where your framework calls you; keep ids in your database, in
the transaction in which you handle the message, instead of in memory.
"""

import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 20_000


class Inbox:
    """What arrived. `secrets` are the one in force, and during a change the one before."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = [Webhook(secret) for secret in secrets]
        self._seen: set[str] = set()
        self.messages: list[dict[str, Any]] = []

    def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer: 204 for a message that is taken or was there before, 400 for a false one."""
        message = self._checked(dict(headers), body)
        if message is None:
            return 400
        # The signature covers the id; the same id is the same message, sent again.
        if message["id"] not in self._seen:
            self._seen.add(message["id"])
            self.messages.append(message)
        return 204

    def _checked(self, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The message, if one of the secrets signed these very bytes within the last five minutes."""
        for webhook in self._secrets:
            try:
                message: dict[str, Any] = webhook.verify(body, headers)
            except (WebhookVerificationError, ValueError):
                continue
            return message
        return None


def serve(inbox: Inbox, port: int) -> None:
    """Receives on this machine until it is stopped."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            status = inbox.handle(self.headers, self.rfile.read(length)) if length <= LARGEST else 413
            self.send_response(status)
            self.end_headers()
            if status == 204:
                print(inbox.messages[-1]["type"], inbox.messages[-1].get("dataref"))

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(Inbox(*os.environ["VERWIJSROUTE_WEBHOOK_SECRET"].split(",")), int(sys.argv[1]))
