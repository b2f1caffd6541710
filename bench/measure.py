"""Counting and timing for the benchmarks."""

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Row:
    """One line of the results: a figure and its goal."""

    what: str
    value: float
    sign: str  # ">=" or "<="
    goal: float
    figures: str = ""

    @property
    def is_met(self):
        return self.value >= self.goal if self.sign == ">=" else self.value <= self.goal


@dataclass
class Measure:
    """What a piece of work took."""

    seconds: float = 0.0
    queries: int = 0
    megabytes: float = 0.0  # by how much the memory of the process grew


@contextmanager
def measured(env):
    """Measure the work within; everything that is pending is written before it and in it."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    measure = Measure()
    queries, megabytes = env.cr.sql_log_count, resident_megabytes()
    started = time.perf_counter()
    yield measure
    env.flush_all()
    measure.seconds = time.perf_counter() - started
    measure.queries = env.cr.sql_log_count - queries
    gc.collect()
    measure.megabytes = resident_megabytes() - megabytes


def resident_megabytes():
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20
