from waymark.core.models.audit import AuditEntry
from waymark.core.models.feed import FeedEntry, FeedEpoch
from waymark.core.models.heartbeat import WorkerHeartbeat
from waymark.core.models.stored_file import StoredFile

__all__ = ["AuditEntry", "FeedEntry", "FeedEpoch", "StoredFile", "WorkerHeartbeat"]
