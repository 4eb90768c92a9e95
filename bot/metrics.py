"""What /metrics tells: counts and durations, never who or what."""

from prometheus_client import Counter, Gauge, Histogram

UPDATES = Counter("portevoix_updates", "Updates taken, by kind and how they ended", ["kind", "end"])
TURN_SECONDS = Histogram("portevoix_turn_seconds", "From an update taken to its effect committed")
NOTICES = Counter("portevoix_notices", "Notices that left the outbox, by kind and fate", ["kind", "fate"])
MAILS = Counter("portevoix_mails", "Attempts to send an e-mail, by kind and fate", ["kind", "fate"])
WAITING = Gauge("portevoix_gate_waiting", "Messages that wait at the gate")
SWEEPS = Counter("portevoix_sweeps", "Sweeps run, by name and how they ended", ["name", "end"])
PARTNER_PAGES = Counter("portevoix_partner_pages", "Requests for the partner's page, by how they ended", ["end"])
