"""What an organization sees after the start: its people, its roster, its pairs."""

from django.urls import path

from corridor.web.firm.views import people, rosters
from corridor.web.university.views import placements

app_name = "after"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/certify/", people.certify, name="certify"),
    path("people/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("roster/", rosters.roster, name="roster"),
    path("roster.csv", rosters.roster_csv, name="roster_csv"),
    path("roster/enlist/<int:pk>/", rosters.enlist, name="enlist"),
    path("roster/<int:pk>/", rosters.traveler, name="traveler"),
    path("roster/<int:pk>/remove/", rosters.remove, name="remove"),
    path("pairs/new/", rosters.pair, name="pair_new"),
    path("pairs/<int:pk>/", rosters.pair, name="pair"),
    path("pairs/<int:pk>/act/", rosters.pair_act, name="pair_act"),
    path("students/after/", placements.placements, name="students"),
]
