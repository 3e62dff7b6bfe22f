from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from assessments.policy import register_attempt_rules
        from assessments.signals import work_handed_in
        from courses.gating import register_done
        from grading.attempts import attempt_rules
        from grading.gating import done_reader
        from grading.policy.registration import register
        from grading.receivers import queue_handed_in_work

        register()
        register_done(done_reader)
        register_attempt_rules(attempt_rules)
        work_handed_in.connect(queue_handed_in_work, dispatch_uid="grading.queue_handed_in_work")
