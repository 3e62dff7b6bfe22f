"""Addresses of the pages that compose several apps."""

from django.urls import path

from waymark.dashboard.views import catalogue, lab, learn

urlpatterns = [
    path("", learn.home, name="home"),
    path("learn/", learn.today, name="today"),
    path("learn/program/", learn.my_program, name="my_program"),
    path("learn/grades/", learn.my_grades, name="grades"),
    path("learn/programs/<slug:slug>/", learn.program, name="program"),
    path("learn/programs/<slug:slug>/attest/", learn.attest, name="attest"),
    path("learn/programs/<slug:slug>/plan/", learn.plan, name="plan"),
    path("learn/programs/<slug:slug>/modules/<str:key>/", learn.module, name="module"),
    path("learn/programs/<slug:slug>/activities/<path:path>/tick/", learn.tick, name="tick"),
    path("learn/programs/<slug:slug>/activities/<path:path>/hand-in/", lab.hand_in, name="hand_in"),
    path("learn/programs/<slug:slug>/activities/<path:path>/bundle.zip", lab.bundled, name="bundle"),
    path("learn/programs/<slug:slug>/activities/<path:path>/solution/", lab.solution, name="solution"),
    path("learn/programs/<slug:slug>/activities/<path:path>/starter.zip", lab.starter, name="starter"),
    path("learn/programs/<slug:slug>/activities/<path:path>/", learn.activity, name="activity"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:slug>/", catalogue.catalogue_program, name="catalogue_program"),
    path("catalogue/<slug:slug>/enrol/", catalogue.enrol, name="enrol"),
    path("catalogue/<slug:slug>/change/", catalogue.enrolment_change, name="enrolment_change"),
    path("catalogue/<slug:slug>/leave/", catalogue.enrolment_leave, name="enrolment_leave"),
]
