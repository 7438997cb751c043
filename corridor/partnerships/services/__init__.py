from corridor.partnerships.services.agreements import (
    end,
    renew,
    save_agreement,
    send,
    send_back,
    sign,
)
from corridor.partnerships.services.following import (
    add_contact,
    add_obligation,
    add_paper,
    mark_done,
    remove_contact,
    remove_obligation,
    remove_paper,
)
from corridor.partnerships.services.students import (
    affiliate,
    answer_affiliation,
    answer_nomination,
    end_affiliation,
    move_nomination,
    nominate,
    send_nominations,
    withdraw_nomination,
)

__all__ = [
    "add_contact", "add_obligation", "add_paper", "affiliate", "answer_affiliation",
    "answer_nomination", "end", "end_affiliation", "mark_done", "move_nomination", "nominate",
    "remove_contact", "remove_obligation", "remove_paper", "renew", "save_agreement", "send",
    "send_back", "send_nominations", "sign", "withdraw_nomination",
]  # fmt: skip
