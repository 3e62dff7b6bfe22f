from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "waymark.core"
    label = "core"

    def ready(self) -> None:
        from waymark.core import checks  # noqa: F401
