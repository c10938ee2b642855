"""A kiosk runs for weeks: Qt calls must not use up Python's own objects."""

from __future__ import annotations

import subprocess
import sys

CALLS = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import app.ui
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
class Told(QObject):
    said = Signal(object)
application, told = QApplication([]), Told()
for _ in range(20_000):
    application.processEvents()
    told.said.emit(None)
print("alive")
"""


def test_twenty_thousand_calls_and_signals_do_not_end_the_program() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
