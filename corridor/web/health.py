from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse

from corridor import rules


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while this process can serve pages, which needs the database and nothing else.

    Says on which rule data the process runs and, where it had to stay on an older one, which file
    and line keep it from the newer.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever the driver raises, the answer is the same
        return JsonResponse({"ok": False, "database": False}, status=503)
    standing = rules.standing()
    told: dict[str, object] = {"ok": True, "database": True, "rules": standing.data.revision}
    if standing.trouble is not None:
        told["rules_problem"] = f"{standing.trouble.file}:{standing.trouble.line}"
    return JsonResponse(told)
