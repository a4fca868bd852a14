-- Messages of the outbox: when one is given up, when it last failed, and the ways to those of a tenant and of a key.

ALTER TABLE outbox ADD COLUMN give_up_at BIGINT;
ALTER TABLE outbox ADD COLUMN failed_at BIGINT;
DROP INDEX outbox_by_next_try;
-- Across tenants: who has something to be sent now.
CREATE INDEX outbox_by_next_try ON outbox (state, next_try_at, tenant_id, kind);
CREATE INDEX outbox_by_kind ON outbox (tenant_id, kind, state, next_try_at);
CREATE INDEX outbox_by_subject ON outbox (tenant_id, subject_id, kind, id);
