"""Staff read every mail that the product sends, in both languages, before anybody gets it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _

from corridor.web import present
from corridor.web.staff import mailbox
from corridor.web.staff.access import page, staff_page


def _roles() -> dict[str, str]:
    return {
        "candidate": _("Candidate"), "host": _("Host"), "university": _("University"),
        "staff": _("Staff"),
    }  # fmt: skip


def _areas() -> dict[str, str]:
    """In the order in which a person meets them."""
    return {
        "sign_in": _("Signing in"), "invitation": _("Invitations"),
        "colleague": _("Members who left"),
        "verification": _("Verification"),
        "application": _("Applications"), "reminder": _("Reminders to hosts"),
        "paper": _("Papers that several sign"), "placement": _("Placements"),
        "step": _("Visa steps"), "due_steps": _("Visa steps that are due"),
        "search": _("Saved searches"), "agreement": _("Agreements and research"),
        "review": _("Reviews of programs"), "warning": _("Warnings"),
    }  # fmt: skip


def _in_our_font(html: str) -> str:
    """The mail as the preview's frame shows it. A mail names no font and takes its reader's; where
    staff read it there may be none with Hangul, so the site's own is served along."""
    sheets = ("fonts/pretendard/pretendard.css", "css/mail-preview.css")
    links = "".join(f'<link rel="stylesheet" href="{static(each)}">' for each in sheets)
    return html.replace("</head>", f"{links}</head>", 1)


@staff_page
def mails(request: HttpRequest) -> HttpResponse:
    """The mails of one area by their subjects; each is read on its own page."""
    areas, roles = _areas(), _roles()
    chosen = request.GET.get("area", "")
    chosen = chosen if chosen in areas else next(iter(areas))
    rows = [
        {"id": each.id, "reader": roles[each.reader], "subject": each.mail.subject}
        for each in mailbox.written(present.language(), area=chosen)
    ]
    kinds = [  # not `tabs`: those of the workplace stand above
        {"label": label, "url": f"?area={area}", "current": area == chosen}
        for area, label in areas.items()
    ]
    return page(request, "staff/mails.html", {"mails": rows, "kinds": kinds, "of": areas[chosen]})


@staff_page
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """The mails of one occasion, to each reader and in both languages."""
    roles = _roles()
    shown = [
        {"language": language, "name": name, "reader": roles[each.reader], "mail": each.mail,
         "html": _in_our_font(each.mail.html),
         "attached": [str(part[0]) for part in each.mail.attachments]}
        for language, name in (("ko", "한국어"), ("en", "English"))
        for each in mailbox.written(language, key)
    ]  # fmt: skip
    if not shown:
        raise Http404
    return page(
        request, "staff/mail.html",
        {"key": key, "shown": shown, "area": key.partition(".")[0]},
    )  # fmt: skip
