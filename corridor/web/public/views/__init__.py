from corridor.web.public.views.home import about, design, home, welcome
from corridor.web.public.views.organizations import organization, organization_new
from corridor.web.public.views.pathways import pathway, pathways
from corridor.web.public.views.places import hub, hubs, sector
from corridor.web.public.views.programs import program, programs

__all__ = [
    "about", "design", "home", "hub", "hubs", "organization", "organization_new", "pathway",
    "pathways", "program", "programs", "sector", "welcome",
]  # fmt: skip
