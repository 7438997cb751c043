from corridor.partnerships.models.agreement import Agreement
from corridor.partnerships.models.following import Contact, Notice, Obligation, Paper
from corridor.partnerships.models.students import Affiliation, Nomination

__all__ = ["Affiliation", "Agreement", "Contact", "Nomination", "Notice", "Obligation", "Paper"]
