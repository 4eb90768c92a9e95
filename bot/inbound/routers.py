"""All routers, in the order in which they are asked: the most used first, and `unplaced`, which takes all, last."""

from functools import cache
from importlib import import_module

from aiogram import Dispatcher, Router

from handlers.filters import InPrivate

FEATURES = (
    "meetings",
    "home",
    "joining",
    "meeting_form",
    "meeting_lead",
    "announcements",
    "invitations",
    "team",
    "councils",
    "profile",
    "privacy",
    "help",
    "dialogues",
    "groups",
    "unplaced",
)

IN_GROUPS = "groups"
"""The one feature that answers in groups: a person's own affairs are never shown where others look on."""


@cache
def dispatcher() -> Dispatcher:
    """The dispatcher with every feature; the dialogue is ours (storage/dialogues.py), so aiogram's FSM is off.

    One for all bots of a process: it holds nothing of theirs, and aiogram gives a router one parent for good.
    """
    made = Dispatcher(disable_fsm=True)
    for feature in FEATURES:
        router: Router = import_module(f"handlers.{feature}").router
        if feature != IN_GROUPS:
            for observer in (router.message, router.edited_message, router.callback_query):
                observer.filter(InPrivate())
        made.include_router(router)
    return made
