from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.curriculum.registration import register
        from assessments.selectors.work import attempts_on
        from courses.curriculum.planning.impact import register_work

        register()
        register_work(attempts_on)
