from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "waymark.dashboard"
    label = "dashboard"
