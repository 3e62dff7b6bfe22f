"""The site: settings, accounts, dashboard, API root, and what all apps share."""

from waymark.celery import app as celery_app

__all__ = ["celery_app"]
