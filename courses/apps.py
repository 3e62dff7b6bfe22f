from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses.curriculum.registration import register

        register()

        from courses.access import answers
        from waymark.accounts import rights

        rights.register(answers())

        from courses.services.enrolment import enrolments_follow_zone
        from waymark.accounts.services.people import register_zone_follower

        register_zone_follower(lambda actor, person: enrolments_follow_zone(actor=actor, learner=person))
