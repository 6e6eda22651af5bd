"""The tables. Records of every kind stand in one table, as the cells of their files: see ``optimiser/decisions/service.md``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()

COUNTY_ID = 1

county = Table(
    "county",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("policy", Text, nullable=False),  # the settings that differ from their defaults, as TOML writes them
    Column("version", BigInteger, nullable=False),
    Column("audit_seq", BigInteger, nullable=False),
    Column("audit_hash", Text, nullable=False),
    Column("practice", Boolean, nullable=False, server_default=false()),
    Column("heard_at", Text),
    Column("doubt", Text),  # why the clock is not believed: gap or behind
    Column("doubted_at", Text),
    Column("salt", LargeBinary),
    Column("audit_signature", Text),
)
"""One row. Whoever changes anything locks it first, so changes happen one after the other; ``version`` counts them. From
``heard_at`` on are moments of the service's clock, in UTC, and what is held of it: see ``api/state/trusted_time.py``. Of the
title, the policy and whether it is for practice the trail has a digest, by the ``salt`` (see ``api/storage/row_digests.py``);
``audit_signature`` is one under the trail's head, where a key for it is given."""

records = Table(
    "records",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text),  # JSON, an object of cells; NULL: the record is gone
    Column("version", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False, server_default="0"),
    Column("salt", LargeBinary),
    Index("records_by_version", "version"),
)
"""``version``: the county's version that wrote the record last. A process that knows version v reads what is newer.

``since``: the version that wrote it first; 0 where that was before this was kept.
"""

keys = Table(
    "keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),  # one or several, separated by blanks
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("salt", LargeBinary),
    Column("last_used_on", Text),  # a day in London
    Column("provider_id", Text, nullable=False, server_default=""),  # whom a key of the role provider is bound to
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("rule_book", Text, nullable=False),
    Column("commitment", Text, nullable=False),
    Column("salt", LargeBinary),
    Column("subject", Text),
    Column("details", Text),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("row_digests", Text),  # JSON: of the rows that came and went with it; NULL: none
    Index("audit_by_subject", "subject"),
)
"""``salt``, ``subject`` and ``details`` may be destroyed; all else, and the chain over it, stays."""

TOLD = tuple(column for column in audit.c if column.name != "row_digests")
"""What is read of entries to be told: the digests of a county that was loaded are a megabyte."""

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("started_at", Text),
    Column("finished_at", Text),
    Column("status", Text, nullable=False),  # queued, running, succeeded, failed, cancelled
    Column("cancel", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("beats", BigInteger, nullable=False, server_default="0"),
    Column("state_version", BigInteger),
    Column("problem", Text),
    Column("result", LargeBinary),
    Column("plan_digest", Text),
    Column("turn", BigInteger),
    UniqueConstraint("requested_by", "idempotency_key"),
    Index("runs_by_turn", "requested_by", "turn"),
)
"""The table is the queue: see ``api/runs``. ``beats`` counts how often whoever works on a run has said so, ``turn`` the runs that
were taken on."""

ON_WHAT_WAS_SENT = "solve"
"""The kind of runs on a snapshot that was sent with them. Of these nothing is told in the trail but that they were asked for, and
nothing is kept for long."""

sent_snapshots = Table(
    "sent_snapshots",
    metadata,
    Column("run_id", Text, ForeignKey("runs.run_id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the zip, as it came
)
"""What a run of that kind works on, until it has ended: see ``api/runs/sent_snapshots``."""

day_close = Table(
    "day_close",
    metadata,
    Column("day", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # JSON, of areas and groups in counts
)
"""One row at most: the figures with which the newest day began, see ``api/state/day_close``. It names nobody."""

run_events = Table(
    "run_events",
    metadata,
    Column("run_id", Text, ForeignKey("runs.run_id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
)

run_explanations = Table(
    "run_explanations",
    metadata,
    Column("run_id", Text, ForeignKey("runs.run_id"), primary_key=True),
    Column("package_id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_hash", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("roles", Text, nullable=False, server_default=""),  # words, of whom the directory signed in
    Column("provider_id", Text, nullable=False, server_default=""),  # whom they are bound to, as the directory told
    Index("sessions_by_end", "expires_at"),
)
"""Who is signed in to the pages, by a key or the council's directory (``api/security/sessions``). Of what a browser holds there
is a hash alone."""

day_counts = Table(
    "day_counts",
    metadata,
    Column("day", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON: per table its groups, counts alone
)
"""How things stood on single days, for trends: written by the run of the night, see ``api/trends``. It names nobody."""

provider_statements = Table(
    "provider_statements",
    metadata,
    Column("month", Text, primary_key=True),
    Column("provider_id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # JSON, of counts
)
"""What each provider was told of a month, as it was made once the month was over: see ``api/statements``. It names nobody, and is
written once; the trail has a digest of each."""

outbox_addresses = Table(
    "outbox_addresses",
    metadata,
    Column("address_id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),  # whose desk it is; empty: the council's
    Column("name", Text, nullable=False),  # of the person, desk or program behind it
    Column("channel", Text, nullable=False),  # email, notify or webhook
    Column("address", Text, nullable=False),
    Column("kinds", Text, nullable=False),  # of messages, separated by blanks
    Column("added_at", Text, nullable=False),
    Column("stopped_at", Text),
    Column("stopped_because", Text),
)
"""Who is told, and of what: see ``api/outbox``. Moments are in UTC. To one that is stopped nothing is sent."""

outbox_kinds = Table(
    "outbox_kinds",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("way", Text, nullable=False),  # at_once, daily, off
)
"""How a kind of message is told where somebody has said so."""

DATED = text("diary <> ''")
"""Messages of a date in a diary: few of all."""

outbox = Table(
    "outbox",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address_id", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("package_id", Text, nullable=False),  # messages of one are sent in their order; empty: of none
    Column("facts", Text, nullable=False),  # JSON
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),  # gathering, in_digest, waiting, sending, sent, dead, dropped
    Column("due_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("said", Text),  # why it could not be sent, as a word of ours
    Column("ended_at", Text),
    Column("digest_id", Text),
    Column("diary", Text, nullable=False, server_default=""),  # the date that it brings, moves or takes back; empty: none
    Index("outbox_by_cause", "address_id", "kind", "about", unique=True),
    Index("outbox_by_seq", "seq", unique=True),
    Index("outbox_by_state", "state", "due_at", "address_id"),
    Index("outbox_by_package", "address_id", "package_id", "seq"),
    Index("outbox_by_address", "address_id", "state", "seq"),
    Index("outbox_by_diary", "diary", "address_id", "seq", sqlite_where=DATED, postgresql_where=DATED),
)
"""Messages, written in the transaction of what they tell of. ``fence``: of whoever sends it, or tried last."""

outbox_turn = Table(
    "outbox_turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fence", BigInteger, nullable=False),
    Column("beats", BigInteger, nullable=False),
    Column("newest", BigInteger, nullable=False),
)
"""One row: whose turn it is to send, how often they said that they live (-1: nobody's), and the newest message's number."""

actuals = Table(
    "actuals",
    metadata,
    Column("actual_id", Text, primary_key=True),
    Column("batch", BigInteger, nullable=False),  # which came together; counted up
    Column("package_id", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("contract_id", Text, nullable=False),  # it says so itself, or the care was under it as it came; empty: none
    Column("corrects", Text, nullable=False),
    Column("cells", Text),  # JSON: a list of texts; NULL: whoever it was about is forgotten
    Column("worker_keys", Text, nullable=False),  # pseudonyms; of a closed period numbers within the visit
    Column("salt", LargeBinary),
    Column("seal", LargeBinary, nullable=False),
    Index("actuals_by_date", "date", "package_id"),
    Index("actuals_by_package", "package_id", "date"),
    Index("actuals_by_corrected", "corrects"),
    Index("actuals_by_batch", "batch"),
)
"""What call monitoring recorded of visits: see ``api/actuals``. Of each batch the trail has a digest over its ``seals``, each of
which is of a row without its pseudonyms and what was destroyed."""

statement_lines = Table(
    "statement_lines",
    metadata,
    Column("statement_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("package_id", Text, nullable=False),
    Column("cells", Text),  # JSON: a list of texts; NULL: whoever it was about is forgotten
    Column("pence", BigInteger, nullable=False),
    Column("salt", LargeBinary),
    Column("seal", LargeBinary, nullable=False),
    Index("statement_lines_by_package", "package_id"),
)
"""The lines of a statement: see ``api/accounts``. The statement's record has a digest over their seals; what a line pays stays
when whoever it was about is forgotten."""
