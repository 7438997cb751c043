from django.urls import path, register_converter

from corridor.web.university.views import agreements, parts, research, rounds, students


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


for name, converter in {
    "agreement_act": Act, "part": Part, "move": Move, "step": Step,
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
    path("rounds/<int:pk>/<step:step>/", rounds.step, name="round_step"),
    path("rounds/<int:pk>/programs/<int:row>/", rounds.rank, name="round_rank"),
    path("rounds/<int:pk>/inputs.json", rounds.inputs, name="round_inputs"),
    path("rounds/<int:pk>/certificate.json", rounds.certificate, name="round_certificate"),
    path("research/", research.research, name="research"),
]  # fmt: skip
