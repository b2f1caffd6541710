"""Work that Amazon does later: feeds and reports wait in a queue, are in progress, and end.

A job that takes no time (``seconds`` is 0) goes on one step each time it is looked at: IN_QUEUE, IN_PROGRESS, its end.
Any other goes by the clock: in progress after half its time, ended after all of it.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from .clock import to_moment, to_text, whole_milliseconds

STATUSES = ("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")
FIRST_ID = 50_000_000_001
TIMES = ("created_at", "started_at", "ended_at")


@dataclass
class Job:
    """A feed or a report. ``fate`` is the fault that it will meet, with its ``fate_options``."""

    job_id: str
    seller_id: str
    kind: str
    marketplace_ids: list
    created_at: datetime
    seconds: float = 0
    status: str = "IN_QUEUE"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result_document_id: str = ""
    fate: str = ""
    fate_options: dict = field(default_factory=dict)

    @property
    def is_final(self):
        """Whether nothing more happens to it."""
        return self.status in ("CANCELLED", "DONE", "FATAL")


class Jobs(dict):
    """The feeds, or the reports, of all sellers by identifier.

    :param job_class: Job or a subclass
    :param finish: called with a job when its work is to be done; sets its last status
    """

    def __init__(self, clock, job_class, finish):
        super().__init__()
        self._clock, self._class, self._finish = clock, job_class, finish

    def add(self, **values):
        """Take in a new job at the end of the queue."""
        job_id = str(max(map(int, self), default=FIRST_ID - 1) + 1)
        job = self._class(job_id=job_id, created_at=whole_milliseconds(self._clock.now()), **values)
        self[job_id] = job
        return job

    def of_seller(self, seller_id):
        """The seller's jobs, the latest first."""
        return sorted((job for job in self.values() if job.seller_id == seller_id), key=_age, reverse=True)

    def look(self, job, step=True):
        """Let happen what is due.

        :param step: a job that takes no time goes on one step
        """
        if job.is_final or (not job.seconds and not step):
            return job
        elapsed = (self._clock.now() - job.created_at).total_seconds()
        ends = elapsed >= job.seconds if job.seconds else job.status == "IN_PROGRESS"
        if job.status == "IN_QUEUE" and (ends or elapsed * 2 >= job.seconds):
            job.status, job.started_at = "IN_PROGRESS", whole_milliseconds(self._clock.now())
        if ends:
            self.end(job)
        return job

    def end(self, job):
        """Do the work of a job now, whatever its time."""
        if job.is_final:
            return
        job.ended_at = whole_milliseconds(self._clock.now())
        job.started_at = job.started_at or job.ended_at
        self._finish(job)

    def end_all(self):
        """Do the work of every job now, in the order in which they came."""
        for job in sorted(self.values(), key=_age):
            self.end(job)

    def cancel(self, job):
        """Take a job out of the queue."""
        job.status, job.ended_at = "CANCELLED", whole_milliseconds(self._clock.now())

    def dump(self):
        """What :meth:`load` takes back."""
        return [_row(job) for job in self.values()]

    def load(self, rows):
        """Take in what :meth:`dump` gave."""
        for row in rows:
            times = {name: to_moment(row[name]) if row[name] else None for name in TIMES}
            self[row["job_id"]] = self._class(**{**row, **times})


def _age(job):
    return job.created_at, int(job.job_id)


def _row(job):
    row = asdict(job)
    return {**row, **{name: to_text(row[name]) if row[name] else None for name in TIMES}}
