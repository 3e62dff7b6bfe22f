from waymark.core.models.audit import AuditEntry
from waymark.core.models.feed import FeedEntry, FeedEpoch
from waymark.core.models.heartbeat import WorkerHeartbeat

__all__ = ["AuditEntry", "FeedEntry", "FeedEpoch", "WorkerHeartbeat"]
