"""Keeps Python 3.11 alive under PySide6 6.12, whose wheel does not count references to None and True.

It is built with the headers of a later Python, in which None, True, False, NotImplemented and Ellipsis are
immortal and ``Py_RETURN_NONE`` counts nothing (PEP 683). On 3.11 each Qt call that returns None therefore
takes a reference that nobody gave: after some six thousand calls, or some hundred emitted signals, the
interpreter ends with "deallocating None". Here these five get what PEP 683 gives them: a count that is out of
reach. Needed until the project requires Python 3.12.
"""

from __future__ import annotations

import ctypes
import sys

OUT_OF_REACH = 1 << 40
_SINGLETONS = (None, True, False, NotImplemented, Ellipsis)


def make_immortal() -> None:
    """Lift the five counts out of reach; once is enough, again does nothing, later Pythons need nothing."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for single in _SINGLETONS:
        # The count is the first field of every object (PyObject.ob_refcnt, Py_ssize_t).
        count = ctypes.c_ssize_t.from_address(id(single))
        if count.value < OUT_OF_REACH // 2:
            count.value += OUT_OF_REACH
