"""Cohort rounds as kept in the database: who takes part, both sides' lists, and the outcome.

The assignment itself is `corridor.matching.rounds` (plain Python); here is what it is given and
what it gave, kept whole, so that anybody with the file can do it again.
"""
