"""One order in which rows are held, so that of two acts at once one waits for the other, and never each for the other.

PostgreSQL lets transactions run side by side; of two that wait for each other it ends one. (On SQLite a transaction
that writes is alone.) Whoever holds rows of several of these kinds until the end of a transaction takes them in this
order, and several of one kind in the order of their ids:

1. a person, without keeping others from pointing to them (`hold_person`): one's own row before anybody else's
2. the programme (`hold_programme`), then councils
3. roles, then invitations
4. posts of the team (storage/duty.py, `lock_posts`): all that a transaction needs at once
5. e-mails: whoever notes how one ended holds it, and then wants the case that it is about
6. proposals, then interpellations, then requests, then meetings
7. what is in the outbox, then live cards and dialogues, then messages of a talk
8. the series of public numbers

What is written about these comes behind them: history, audit, notices, the refreshing of cards. Each such row points to
people, and PostgreSQL holds whom it points to until the end of the transaction, so that nobody can take the key of that
person's row away. An erasure alone does that, by taking off the number of the account. It therefore does so last of
all, once it holds everything that is theirs (`council.erasure_holds`): whoever writes to them at that moment with one
of these rows in hand has ended by then.

What is not held needs none of it: a change of one row that names the state or the revision that it was read in, and
asks whether there was such a row.
"""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.errors import NotJoined
from storage.people import Person
from storage.programme import Programme


async def hold_person(session: AsyncSession, person_id: int) -> None:
    """Until the end of the transaction: of two acts of one person that must not meet, the second finds the first.

    Others may point to that person meanwhile, in notices for example.

    Raises:
        NotJoined: their account is erased.
    """
    query = select(col(Person.id)).where(col(Person.id) == person_id, col(Person.erased_at).is_(None))
    if (await session.exec(query.with_for_update(key_share=True))).first() is None:
        raise NotJoined


async def hold_programme(session: AsyncSession) -> None:
    """Until the end of the transaction: what may be done by one at a time in the whole programme."""
    await session.exec(select(col(Programme.id)).with_for_update(key_share=True))
