"""Proposals and interpellations.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    op.create_table(
        "interpellation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("interpellation", "saisine", name="interpellationkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "cosigning",
                "voting",
                "rejected",
                "adopted",
                "sent",
                "acknowledged",
                "answered",
                "forwarded",
                "retained",
                "not_retained",
                "diagnosed",
                "in_steering",
                "in_municipal_council",
                "followed_up",
                "reported_back",
                "closed",
                "withdrawn",
                name="interpellationstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("council_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("partner_code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("partner_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("originals", sa.JSON(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("cosign_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("vote_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("majority_position", sa.Text(), nullable=False),
        sa.Column("dissenting_views", sa.JSON(), nullable=False),
        sa.Column("adopted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("adopted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("calendar", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("extra_days", sa.Integer(), nullable=False),
        sa.Column("alert_level", sa.SmallInteger(), nullable=False),
        sa.Column("next_look_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("request_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adopted_by"], ["person.id"], name=op.f("fk_interpellation_adopted_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_interpellation_author_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_interpellation_council_id_council"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_interpellation_meeting_id_meeting"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpellation")),
        sa.UniqueConstraint("number", name=op.f("uq_interpellation_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_interpellation_request_key")),
    )
    with op.batch_alter_table("interpellation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpellation_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_interpellation_look",
            ["next_look_at"],
            unique=False,
            sqlite_where=sa.text("next_look_at IS NOT NULL"),
            postgresql_where=sa.text("next_look_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_interpellation_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index("ix_interpellation_of_council", ["council_id", "state", "changed_at"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("council_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "to_correct",
                "received",
                "discussed",
                "retained",
                "forwarded",
                "answered",
                "done",
                "refused",
                "reported_back",
                "merged",
                "set_aside",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("originals", sa.JSON(), nullable=False),
        sa.Column("photo_file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("done_photo_file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("hidden_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("stale_told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("request_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_proposal_author_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_proposal_council_id_council"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_proposal_meeting_id_meeting"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["proposal.id"], name=op.f("fk_proposal_merged_into_id_proposal"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("number", name=op.f("uq_proposal_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_proposal_request_key")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index("ix_proposal_moved", ["state", "moved_at"], unique=False)
        batch_op.create_index("ix_proposal_of_council", ["council_id", "state", "published_at"], unique=False)
        batch_op.create_index(
            "ix_proposal_to_moderate",
            ["council_id"],
            unique=False,
            sqlite_where=sa.text("state = 'submitted' OR hidden_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'submitted' OR hidden_at IS NOT NULL"),
        )

    op.create_table(
        "interpellation_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("interpellation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "opened",
                "signed_enough",
                "vote_opened",
                "adopted",
                "rejected",
                "sent",
                "not_sent",
                "handed_over",
                "acknowledged",
                "passed_on",
                "answered",
                "extended",
                "due_moved",
                "overdue",
                "forwarded",
                "retained",
                "not_retained",
                "diagnosed",
                "in_steering",
                "in_municipal_council",
                "followed_up",
                "asked_again",
                "reported_back",
                "closed",
                "withdrawn",
                name="interpellationact",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "cosigning",
                "voting",
                "rejected",
                "adopted",
                "sent",
                "acknowledged",
                "answered",
                "forwarded",
                "retained",
                "not_retained",
                "diagnosed",
                "in_steering",
                "in_municipal_council",
                "followed_up",
                "reported_back",
                "closed",
                "withdrawn",
                name="interpellationstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpellation_id"],
            ["interpellation.id"],
            name=op.f("fk_interpellation_event_interpellation_id_interpellation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interpellation_event_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpellation_event")),
    )
    with op.batch_alter_table("interpellation_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interpellation_event_interpellation_id"), ["interpellation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_interpellation_event_person_id"), ["person_id"], unique=False)

    op.create_table(
        "interpellation_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("interpellation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("way", sa.Enum("mail", "by_hand", name="letterway", native_enum=False, length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "not_sent", name="letterstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("said", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("enclosed", sa.SmallInteger(), nullable=False),
        sa.Column("mail_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handed_to", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interpellation_id"],
            ["interpellation.id"],
            name=op.f("fk_interpellation_letter_interpellation_id_interpellation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail.id"], name=op.f("fk_interpellation_letter_mail_id_mail"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_interpellation_letter_written_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpellation_letter")),
        sa.UniqueConstraint(
            "interpellation_id",
            "round",
            "attempt",
            name=op.f("uq_interpellation_letter_interpellation_id_round_attempt"),
        ),
    )
    with op.batch_alter_table("interpellation_letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpellation_letter_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "interpellation_signature",
        sa.Column("interpellation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpellation_id"],
            ["interpellation.id"],
            name=op.f("fk_interpellation_signature_interpellation_id_interpellation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interpellation_signature_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interpellation_id", "person_id", name=op.f("pk_interpellation_signature")),
    )
    with op.batch_alter_table("interpellation_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpellation_signature_person_id"), ["person_id"], unique=False)

    op.create_table(
        "interpellation_vote",
        sa.Column("interpellation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("for", "against", "abstain", name="votechoice", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("voted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpellation_id"],
            ["interpellation.id"],
            name=op.f("fk_interpellation_vote_interpellation_id_interpellation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interpellation_vote_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interpellation_id", "person_id", name=op.f("pk_interpellation_vote")),
    )
    with op.batch_alter_table("interpellation_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpellation_vote_person_id"), ["person_id"], unique=False)

    op.create_table(
        "proposal_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "submitted",
                "correction_asked",
                "corrected",
                "published",
                "merged",
                "set_aside",
                "withdrawn",
                "put_on_agenda",
                "taken_off_agenda",
                "discussed",
                "retained",
                "forwarded",
                "answered",
                "done",
                "refused",
                "reported_back",
                "hidden",
                "shown_again",
                name="proposalact",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "to_correct",
                "received",
                "discussed",
                "retained",
                "forwarded",
                "answered",
                "done",
                "refused",
                "reported_back",
                "merged",
                "set_aside",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_event_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_event_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_event")),
    )
    with op.batch_alter_table("proposal_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_event_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_event_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "proposal_follower",
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_follower_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_follower_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_follower")),
    )
    with op.batch_alter_table("proposal_follower", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_follower_person_id"), ["person_id"], unique=False)

    op.create_table(
        "proposal_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reason",
            sa.Enum("personal", "offensive", "false", "other", name="reportreason", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_report_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_report_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_report")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_proposal_report_proposal_id_person_id")),
    )
    with op.batch_alter_table("proposal_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_report_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partner_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("passed_on_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["interpellation_letter.id"],
            name=op.f("fk_partner_link_letter_id_interpellation_letter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["passed_on_by_id"],
            ["partner_link.id"],
            name=op.f("fk_partner_link_passed_on_by_id_partner_link"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_link_token_hash")),
    )
    with op.batch_alter_table("partner_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_link_letter_id"), ["letter_id"], unique=False)

    op.create_table(
        "interpellation_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("interpellation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column(
            "way", sa.Enum("page", "paper", "telephone", name="answerway", native_enum=False, length=32), nullable=False
        ),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("request_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_interpellation_answer_entered_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interpellation_id"],
            ["interpellation.id"],
            name=op.f("fk_interpellation_answer_interpellation_id_interpellation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["partner_link.id"],
            name=op.f("fk_interpellation_answer_link_id_partner_link"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpellation_answer")),
        sa.UniqueConstraint("request_key", name=op.f("uq_interpellation_answer_request_key")),
    )
    with op.batch_alter_table("interpellation_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interpellation_answer_interpellation_id"), ["interpellation_id"], unique=False
        )

    op.create_table(
        "answer_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["interpellation_answer.id"],
            name=op.f("fk_answer_file_answer_id_interpellation_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["interpellation_event.id"],
            name=op.f("fk_answer_file_event_id_interpellation_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
    )
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_file_event_id"), ["event_id"], unique=False)

    op.create_table(
        "interpellation_opinion",
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "opinion", sa.Enum("yes", "partly", "no", name="opinion", native_enum=False, length=32), nullable=False
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["interpellation_answer.id"],
            name=op.f("fk_interpellation_opinion_answer_id_interpellation_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interpellation_opinion_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "person_id", name=op.f("pk_interpellation_opinion")),
    )
    with op.batch_alter_table("interpellation_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpellation_opinion_person_id"), ["person_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("interpellation_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_opinion_person_id"))

    op.drop_table("interpellation_opinion")
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_file_event_id"))
        batch_op.drop_index(batch_op.f("ix_answer_file_answer_id"))

    op.drop_table("answer_file")
    with op.batch_alter_table("interpellation_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_answer_interpellation_id"))

    op.drop_table("interpellation_answer")
    with op.batch_alter_table("partner_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_link_letter_id"))

    op.drop_table("partner_link")
    with op.batch_alter_table("proposal_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_report_person_id"))

    op.drop_table("proposal_report")
    with op.batch_alter_table("proposal_follower", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_follower_person_id"))

    op.drop_table("proposal_follower")
    with op.batch_alter_table("proposal_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_event_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_event_person_id"))

    op.drop_table("proposal_event")
    with op.batch_alter_table("interpellation_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_vote_person_id"))

    op.drop_table("interpellation_vote")
    with op.batch_alter_table("interpellation_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_signature_person_id"))

    op.drop_table("interpellation_signature")
    with op.batch_alter_table("interpellation_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_letter_mail_id"))

    op.drop_table("interpellation_letter")
    with op.batch_alter_table("interpellation_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpellation_event_person_id"))
        batch_op.drop_index(batch_op.f("ix_interpellation_event_interpellation_id"))

    op.drop_table("interpellation_event")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_proposal_to_moderate",
            sqlite_where=sa.text("state = 'submitted' OR hidden_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'submitted' OR hidden_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_proposal_of_council")
        batch_op.drop_index("ix_proposal_moved")
        batch_op.drop_index(batch_op.f("ix_proposal_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_author_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("interpellation", schema=None) as batch_op:
        batch_op.drop_index("ix_interpellation_of_council")
        batch_op.drop_index(batch_op.f("ix_interpellation_meeting_id"))
        batch_op.drop_index(
            "ix_interpellation_look",
            sqlite_where=sa.text("next_look_at IS NOT NULL"),
            postgresql_where=sa.text("next_look_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_interpellation_author_id"))

    op.drop_table("interpellation")
