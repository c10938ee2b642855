"""Stationleaf: work instructions that reach the station that needs them, and nobody else."""

__version__ = "0.1.0"
