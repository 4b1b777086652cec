"""The words of the roster for ids: roles, languages, states, fields; as lists understand them."""

from __future__ import annotations

from typing import Final

from ustaz.messages import N_

#: As they stand within a sentence; a list may use the same words.
WORDS: Final[dict[str, str]] = {
    "participant": N_("participant"),
    "facilitator": N_("facilitator"),
    "director": N_("director"),
    "reviewer": N_("reviewer"),
    "staff": N_("staff"),
    "operator": N_("operator"),
    "en": N_("English"),
    "ru": N_("Russian"),
    "kk": N_("Kazakh"),
    "active": N_("active"),
    "leave": N_("on leave"),
    "withdrawn": N_("withdrawn"),
}
FIELDS: Final[dict[str, str]] = {
    "name": N_("name"),
    "roles": N_("role"),
    "groups": N_("group"),
    "school": N_("school"),
    "lang": N_("language"),
    "account": N_("account"),
    "status": N_("taking part"),
}
#: What a column of a list can be.
COLUMNS: Final[dict[str, str]] = {
    "name": N_("Full name"),
    "surname": N_("Surname"),
    "given": N_("First name"),
    "patronymic": N_("Patronymic"),
    "school": N_("School"),
    "role": N_("Role"),
    "group": N_("Group"),
    "lang": N_("Language"),
    "account": N_("Account"),
    "status": N_("Taking part"),
    "person": N_("Id in the course"),
}
