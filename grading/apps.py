from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        from assessments.curriculum.profiles import register_profile
        from assessments.policy import register_attempt_rules, register_result_stands
        from assessments.signals import work_handed_in, work_submitted
        from courses.curriculum.applied import register_applied, register_regrades
        from courses.curriculum.native.checks import register_check
        from courses.curriculum.planning.impact import register_evaluator, register_work
        from courses.gating import register_done
        from grading.attempts import attempt_rules
        from grading.checks.kinds.profile import POINTS
        from grading.gating import done_reader
        from grading.impact.evaluator import evaluate_plan
        from grading.impact.reachable import rules_nobody_meets
        from grading.metrics import RunsCollector
        from grading.policy.registration import register
        from grading.receivers import queue_handed_in_work, queue_submitted_work
        from grading.sandbox.health import sandbox_check
        from grading.selectors.regrades import regrades_by_release
        from grading.selectors.stands import result_stands
        from grading.selectors.stuck import grading_check
        from grading.selectors.work import grades_on
        from grading.services.regrades import regrade_make
        from waymark.core.health import FIGURES, check_register

        register()
        register_done(done_reader)
        register_work(grades_on)
        register_evaluator(evaluate_plan)
        register_applied(regrade_make)
        register_regrades(regrades_by_release)
        register_check(rules_nobody_meets)
        for name, points in POINTS.items():
            register_profile(name, points=points)
        register_attempt_rules(attempt_rules)
        register_result_stands(result_stands)
        check_register("grading", grading_check)
        check_register("sandbox", sandbox_check)
        FIGURES.register(RunsCollector())
        work_handed_in.connect(queue_handed_in_work, dispatch_uid="grading.queue_handed_in_work")
        work_submitted.connect(queue_submitted_work, dispatch_uid="grading.queue_submitted_work")
