from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "waymark.accounts"
    label = "accounts"

    def ready(self) -> None:
        from waymark.accounts import demo, signals  # noqa: F401 - registers a check and receivers
