from corridor.web.public.views.credentials import credential, credentials
from corridor.web.public.views.home import about, design, home, welcome
from corridor.web.public.views.organizations import organization, organization_new
from corridor.web.public.views.pathways import pathway, pathways
from corridor.web.public.views.places import hub, hubs, sector
from corridor.web.public.views.programs import program, programs
from corridor.web.public.views.wizard import wizard

__all__ = [
    "about", "credential", "credentials", "design", "home", "hub", "hubs", "organization",
    "organization_new", "pathway", "pathways", "program", "programs", "sector", "welcome",
    "wizard",
]  # fmt: skip
