from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.curriculum.checks import labs_are_checked_by_people_or_machines, quizzes_ask_what_is_there
        from assessments.curriculum.registration import register
        from assessments.metrics import FetchesCollector
        from assessments.selectors.fetches import fetches_check
        from assessments.selectors.work import attempts_on
        from courses.curriculum.native.checks import register_check
        from courses.curriculum.planning.impact import register_work
        from waymark.core.health import FIGURES, check_register

        register()
        register_check(quizzes_ask_what_is_there)
        register_check(labs_are_checked_by_people_or_machines)
        register_work(attempts_on)
        check_register("fetches", fetches_check)
        FIGURES.register(FetchesCollector())
