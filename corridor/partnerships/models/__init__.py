from corridor.partnerships.models.agreement import Agreement
from corridor.partnerships.models.finding import Introduction, PartnerQuery, ResearchGroup
from corridor.partnerships.models.following import Contact, Notice, Obligation, Paper
from corridor.partnerships.models.research import (
    Funding,
    Investigator,
    Milestone,
    Output,
    ResearchProject,
    Review,
)
from corridor.partnerships.models.students import Affiliation, Nomination

__all__ = [
    "Affiliation", "Agreement", "Contact", "Funding", "Introduction", "Investigator", "Milestone",
    "Nomination", "Notice", "Obligation", "Output", "Paper", "PartnerQuery", "ResearchGroup",
    "ResearchProject", "Review",
]  # fmt: skip
