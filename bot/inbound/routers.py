"""All routers, in the order in which they are asked: the most used first, and `unplaced`, which takes all, last."""

from functools import cache
from importlib import import_module

from aiogram import Dispatcher, Router

from handlers.filters import InPrivate

FEATURES = (
    "meetings",
    "home",
    "talk",
    "joining",
    "meeting_form",
    "meeting_lead",
    "meeting_minutes",
    "announcements",
    "invitations",
    "team",
    "team_load",
    "support_figures",
    "requests",
    "requests_work",
    "requests_sort",
    "ready_answers",
    "support_taking",
    "absences",
    "animator_post",
    "councils",
    "journal",
    "proposals",
    "proposal_mine",
    "support",
    "support_mine",
    "support_verdict",
    "proposal_list",
    "interpellations",
    "interpellation_leavers",
    "interpellation_signing",
    "interpellation_opening",
    "interpellation_votes",
    "interpellation_list",
    "interpellation_carry",
    "interpellation_bounce",
    "moderation",
    "proposal_treatment",
    "interpellation_answers",
    "answer_entry",
    "saisine_steps",
    "interpellation_end",
    "mails",
    "resource_actors",
    "resource_sheet",
    "redirect",
    "profile",
    "privacy",
    "help",
    "dialogues",
    "team_group",
    "groups",
    "numbers",
    "unplaced",
)

IN_GROUPS = ("team_group", "groups")
"""The features that answer in groups: a person's own affairs are never shown where others look on, but the team."""


@cache
def dispatcher() -> Dispatcher:
    """The dispatcher with every feature; the dialogue is ours (storage/dialogues.py), so aiogram's FSM is off.

    One for all bots of a process: it holds nothing of theirs, and aiogram gives a router one parent for good.
    """
    made = Dispatcher(disable_fsm=True)
    for feature in FEATURES:
        router: Router = import_module(f"handlers.{feature}").router
        if feature not in IN_GROUPS:
            for observer in (router.message, router.edited_message, router.callback_query):
                observer.filter(InPrivate())
        made.include_router(router)
    return made
