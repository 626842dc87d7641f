"""Runs a command with another root file system by bubblewrap: what a container is, without an engine."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

# Of this machine: the C library, the shell and the tools that a slim Debian image has as well.
SYSTEM = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share", "/etc", "/opt")
LINKS = {"/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib", "/lib64": "usr/lib64"}
NOBODY = "65534"
# bubblewrap has to hold these to give them up: the command itself has none.
TO_BECOME_NOBODY = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
BECOME_NOBODY = [
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"),
    *("--bounding-set=-all", "--no-new-privs", "--"),
]


def boxed(
    root: Path,
    command: list[str],
    env: Mapping[str, str],
    folder: str = "/",
    *,
    hardened: bool = False,
    files: Mapping[str, Path] | None = None,
    writable: Mapping[str, Path] | None = None,
) -> list[str]:
    """The command line that runs `command` in `root`, with this environment and nothing else.

    Hardened: nothing can be written but /tmp, and it runs as nobody without any capability.
    `files` are put at their paths, read-only; `writable` folders as well, to write to.
    """
    line = ["bwrap", "--unshare-ipc", "--unshare-uts", "--clearenv"]
    line += ["--ro-bind" if hardened else "--bind", str(root), "/"]
    for path in SYSTEM:
        line += ["--ro-bind-try", path, path]
    for link, target in LINKS.items():
        line += ["--symlink", target, link] if not (root / link[1:]).exists() else []
    line += ["--dev", "/dev", "--proc", "/proc"]
    if hardened:
        line += ["--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/dev/shm"]
        line += ["--tmpfs", "/run"]
        line += ["--perms", "0755", "--dir", "/run/secrets"]
    for path, origin in (files or {}).items():
        line += ["--ro-bind", str(origin), path]
    for path, origin in (writable or {}).items():
        line += ["--bind", str(origin), path]
    for name, value in env.items():
        line += ["--setenv", name, value]
    line += ["--chdir", folder]
    if not hardened:
        return [*line, "--", *command]
    if os.geteuid() != 0:
        return [
            *line,
            "--unshare-user",
            "--uid",
            NOBODY,
            "--gid",
            NOBODY,
            "--cap-drop",
            "ALL",
            "--",
            *command,
        ]
    line += ["--cap-drop", "ALL"]
    for capability in TO_BECOME_NOBODY:
        line += ["--cap-add", capability]
    return [*line, "--", *BECOME_NOBODY, *command]


def installer_settings() -> dict[str, str]:
    """What this machine tells pip about where packages come from."""
    told = ("PIP_", "SSL_CERT", "REQUESTS_CA", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    return {name: value for name, value in os.environ.items() if name.startswith(told)}


def launch(line: list[str], output: BinaryIO) -> tuple[subprocess.Popen[bytes], int]:
    """Starts such a command line; also gives the id of the command's own process, inside of the box."""
    told, telling = os.pipe()
    try:
        process = subprocess.Popen(
            [line[0], "--info-fd", str(telling), *line[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[telling],
        )
    finally:
        os.close(telling)
    with os.fdopen(told) as text:
        return process, int(json.load(text)["child-pid"])
