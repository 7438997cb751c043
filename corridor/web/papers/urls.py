from django.urls import path, register_converter

from corridor.web.papers import desk, views
from corridor.web.university.urls import Word


class Act(Word):
    regex = "sign|record|confirm|back|hours|credit"


register_converter(Act, "paper_act")

app_name = "papers"
urlpatterns = [
    path("org/<slug:slug>/papers/", desk.desk, name="desk"),
    path("org/<slug:slug>/papers/<int:pk>/", views.paper, name="paper"),
    path("org/<slug:slug>/papers/<int:pk>/edit/<slug:section>/", views.edit, name="edit"),
    path("org/<slug:slug>/papers/<int:pk>/phases/<int:number>/", views.phase, name="phase"),
    path("org/<slug:slug>/papers/<int:pk>/<paper_act:act>/", views.act, name="act"),
    path("org/<slug:slug>/papers/<int:pk>/paper.pdf", views.pdf, name="pdf"),
    path("org/<slug:slug>/papers/<int:pk>/scans/<int:signature>/", views.scan, name="scan"),
    path(
        "org/<slug:slug>/applications/<int:pk>/papers/", desk.of_application,
        name="of_application",
    ),
    path("me/papers/<int:pk>/", views.mine, name="mine"),
    path("me/papers/<int:pk>/edit/<slug:section>/", views.mine_edit, name="mine_edit"),
    path("me/papers/<int:pk>/<paper_act:act>/", views.mine_act, name="mine_act"),
    path("me/papers/<int:pk>/paper.pdf", views.mine_pdf, name="mine_pdf"),
    path("me/papers/<int:pk>/scans/<int:signature>/", views.mine_scan, name="mine_scan"),
    path("me/applications/<int:pk>/papers/", desk.mine_begin, name="mine_begin"),
]  # fmt: skip
