"""What waits for staff in the demo: a new host's program, and a report about another one."""

from __future__ import annotations

from datetime import date, timedelta

from corridor.accounts.models import Membership
from corridor.programs import reporting, texts, waiting
from corridor.programs.kinds import Kind
from corridor.programs.models import Duty, Program

_NEW_HOST = "sample-thistlewood-software"


def work(day: date) -> None:
    """The queue's first rows. All made up; the host is not verified yet."""
    member = (
        Membership.objects.filter(organization__slug=_NEW_HOST, role=Membership.Role.OWNER)
        .select_related("organization", "user")
        .first()
    )
    like = Program.objects.filter(is_sample=True, kind=Kind.INTERNSHIP).first()
    if member is None or like is None:
        return
    made = Program.objects.create(
        organization=member.organization, created_by=member.user, kind=Kind.INTERNSHIP,
        title_ko="물류 소프트웨어 인턴(견본)", title_en="Logistics software intern (sample)",
        summary_ko="창고 관리 소프트웨어의 시험과 문서를 맡습니다.",
        summary_en="You test warehouse software and write its documents.",
        description_ko="선발되면 등록을 위해 예치금을 먼저 보내야 합니다. 6개월 뒤 돌려드립니다.",
        sector=like.sector, hub=like.hub, state=like.state, seats=2,
        starts_on=day + timedelta(days=150), ends_on=day + timedelta(days=330),
        apply_by=day + timedelta(days=90), pay_amount=22, pay_currency="USD", pay_period="hour",
        hours_per_week=40, details=like.details, is_sample=True, source="demo",
        source_id="moderation-1",
    )  # fmt: skip
    Duty.objects.create(program=made, text="소프트웨어 시험(견본)", activity="learn", share_pct=100)
    made = Program.objects.prefetch_related(*texts.PREFETCH, *texts.NAMED).get(pk=made.pk)
    made.save(update_fields=texts.read(made))
    waiting.ask(made, by=member.user)
    reported = Program.objects.filter(is_sample=True, kind=Kind.TRAINING).first()
    if reported is not None:
        reporting.report(
            reported, reason="work", text="전화로 들은 근무 시간이 여기 적힌 것과 다릅니다.(견본)",
            contact="", address="demo",
        )  # fmt: skip
