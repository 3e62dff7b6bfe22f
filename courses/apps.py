from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses.curriculum.registration import register

        register()

        from courses.access import answers
        from waymark.accounts import rights

        rights.register(answers())
