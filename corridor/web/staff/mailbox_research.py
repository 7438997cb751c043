"""The mails about joint research and introductions (see mailbox.SENDERS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from corridor.partnerships import notices as agreements
from corridor.partnerships.models import (
    Introduction,
    Milestone,
    Notice,
    ResearchGroup,
    ResearchProject,
    Review,
)
from corridor.web.staff.sample_world import World

Made = Iterator[tuple[str, Callable[[], Any]]]


def research(world: World) -> Made:
    """Notices of agreements that are about joint research or an introduction."""
    what, korean = Notice.What, world.language == "ko"
    project = ResearchProject.objects.create(
        agreement=world.agreement, theme="-", title_ko="건식 전극 공동연구(견본)",
        title_en="Dry electrode research (sample)",
    )  # fmt: skip
    milestone = Milestone.objects.create(
        project=project, due_on=world.day, side="KR",
        title="첫 시료(견본)" if korean else "First sample batch (sample)",
    )  # fmt: skip
    groups = [
        ResearchGroup.objects.create(
            organization=organization, name_ko=f"{name_ko}(견본)", name_en=f"{name_en} (sample)",
            leader="-", email=f"{name_en.split()[0].lower()}@sample.example", interests="-",
        )
        for organization, name_ko, name_en in (
            (world.university, "전극 연구실", "Electrode lab"),
            (world.host, "배터리 연구소", "Battery center"),
        )
    ]
    talk = Introduction.objects.create(asking=groups[1], asked=groups[0], message="-")
    values = {
        "project": project.pk, "kind": Review.Kind.EXPORT, "side": "KR", "milestone": milestone.pk,
        "introduction": talk.pk,
    }  # fmt: skip
    states: dict[str, list[str]] = {
        what.PROJECT_STATE: [ResearchProject.State.values[1]],
        what.REVIEW_ASKED: [""], what.REVIEW_WAITS: [""], what.MILESTONE_LATE: [""],
        what.REVIEW_DECIDED: [Review.State.CLEARED], what.INTRODUCTION_ASKED: [""],
        what.INTRODUCTION_ANSWERED: [Introduction.State.ACCEPTED, Introduction.State.DECLINED],
    }  # fmt: skip
    for each, said in states.items():
        for state in said:

            def tell(each: str = each, state: str = state) -> int:
                notice = Notice.objects.create(
                    what=each, agreement=world.agreement, organization=world.university,
                    values={**values, "state": state},
                )  # fmt: skip
                return agreements.tell(notice.pk)

            yield ".".join(filter(None, (each, state))), tell
