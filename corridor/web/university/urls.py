from django.urls import path, register_converter

from corridor.web.university.views import (
    agreements,
    partners,
    parts,
    projects,
    research,
    rounds,
    students,
)


class Word:
    """One of a few words in an address."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Act(Word):
    regex = "send|return|renew|end"


class Part(Word):
    regex = "contacts|duties|papers"


class Move(Word):
    regex = "up|down|back|send"


class Step(Word):
    regex = "open|close|decide|cancel"


class ProjectAct(Word):
    regex = "begin|hold|finish|stop"


class ProjectPart(Word):
    regex = "people|funding|milestones|outputs"


class ReviewStep(Word):
    regex = "name|decide|again"


class IntroductionAct(Word):
    regex = "accept|decline|back|draft"


for name, converter in {
    "agreement_act": Act, "part": Part, "move": Move, "step": Step, "project_act": ProjectAct,
    "project_part": ProjectPart, "review_step": ReviewStep, "introduction_act": IntroductionAct,
}.items():  # fmt: skip
    register_converter(converter, name)

app_name = "university"
urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("agreements/<int:pk>/sign/", agreements.agreement_sign, name="agreement_sign"),
    path("agreements/<int:pk>/<agreement_act:act>/", agreements.agreement_act,
         name="agreement_act"),
    path("agreements/<int:pk>/<part:part>/", parts.add, name="agreement_add"),
    path("agreements/<int:pk>/<part:part>/<int:row>/", parts.change, name="agreement_change"),
    path("agreements/<int:pk>/papers/<int:row>/file/", parts.paper, name="agreement_paper"),
    path("students/", students.students, name="students"),
    path("students/<int:pk>/", students.student_answer, name="student_answer"),
    path("nominations/", students.nominations, name="nominations"),
    path("nominations/<int:pk>/<move:act>/", students.nomination_act, name="nomination_act"),
    path("nominated/", students.nominated, name="nominated"),
    path("rounds/", rounds.index, name="rounds"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", rounds.one, name="round"),
    path("rounds/<int:pk>/edit/", rounds.edit, name="round_edit"),
    path("rounds/<int:pk>/<step:step>/", rounds.step, name="round_step"),
    path("rounds/<int:pk>/programs/<int:row>/", rounds.rank, name="round_rank"),
    path("rounds/<int:pk>/inputs.json", rounds.inputs, name="round_inputs"),
    path("rounds/<int:pk>/certificate.json", rounds.certificate, name="round_certificate"),
    path("research/", research.research, name="research"),
    path("research/new/", projects.project_new, name="project_new"),
    path("research/<int:pk>/", projects.project, name="project"),
    path("research/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("research/<int:pk>/<project_act:act>/", projects.project_act, name="project_act"),
    path("research/<int:pk>/<project_part:part>/", projects.part_add, name="project_add"),
    path("research/<int:pk>/<project_part:part>/<int:row>/", projects.part_change,
         name="project_change"),
    path("research/<int:pk>/reviews/<int:row>/<review_step:step>/", projects.review_step,
         name="review_step"),
    path("research/partners/", partners.partners, name="partners"),
    path("research/partners/groups/new/", partners.group_new, name="group_new"),
    path("research/partners/groups/<int:pk>/", partners.group_edit, name="group_edit"),
    path("research/partners/groups/<int:pk>/remove/", partners.group_remove, name="group_remove"),
    path("research/partners/groups/<int:pk>/ask/<int:other>/", partners.ask, name="partner_ask"),
    path("research/partners/requests/<int:pk>/<introduction_act:act>/",
         partners.introduction_act, name="introduction_act"),
]  # fmt: skip
