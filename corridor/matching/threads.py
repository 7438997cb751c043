"""One BLAS thread for small matrices.

A page multiplies matrices of a few hundred rows; OpenBLAS would wake every core for each product,
which on a busy two-core machine trebled a page's time. Runs keep all threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _libraries() -> Any:
    """The BLAS libraries loaded when first asked: numpy's is, as matching imports it."""
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    with _libraries().limit(limits=1, user_api="blas"):
        yield
