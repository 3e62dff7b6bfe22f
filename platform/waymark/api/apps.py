from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "waymark.api"
    label = "api"

    def ready(self) -> None:
        from waymark.api import checks  # noqa: F401 - registers a system check
