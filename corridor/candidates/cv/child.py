"""The process that opens a stranger's file: bytes in, JSON out, nothing else.

    python -m corridor.candidates.cv.child 2026-11-27 < file

It sees no database, no settings and no secrets (sandbox gives it a bare environment), may write
no file, and has bounded memory and time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of the processor


def bounded() -> None:
    """The limits of the operating system, where it has them."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, most in (("RLIMIT_AS", MEMORY), ("RLIMIT_CPU", SECONDS), ("RLIMIT_FSIZE", 0),
                       ("RLIMIT_CORE", 0)):  # fmt: skip
        if hasattr(resource, name):
            try:
                resource.setrlimit(getattr(resource, name), (most, most))
            except (ValueError, OSError):
                continue  # macOS knows the limit of memory but does not take it


def main() -> None:
    content, day = sys.stdin.buffer.read(), date.fromisoformat(sys.argv[1])
    bounded()
    from corridor.candidates.cv import parsing, privacy, reading
    from corridor.candidates.cv.lines import Unreadable

    try:
        kind, lines = reading.read(content)
        lines = privacy.cleaned(lines)
        made = parsing.propose(lines, day=day)
        told = {
            "format": kind,
            "proposal": made.as_dict(),
            "lines": {
                str(line.number): {k: v for k, v in asdict(line).items() if v is not None}
                for line in lines if line.number in made.lines()
            },
            "read": len(lines),
        }  # fmt: skip
    except Unreadable as error:
        told = {"error": error.code}
    except MemoryError:
        told = {"error": "too_much"}
    except RecursionError:
        told = {"error": "damaged"}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
