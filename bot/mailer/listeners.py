"""The features that hear how their mails ended: imported here, so that the process that sends knows of them."""

from council import (  # noqa: F401 - declare their listeners
    interpellation_passing,
    interpellation_reminders,
    interpellation_sending,
    support_redirect,
)
