-- A second person's agreements, and how often operators had initial PINs shown.

CREATE TABLE approvals (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    security_key_id BLOB NOT NULL,
    requested_by_id BLOB NOT NULL,
    requested_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    answered_by_id BLOB,
    answered_by TEXT,
    answered_at INTEGER,
    used_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

-- shown: JSON, the times of the last hour, so that the quota holds whichever server is asked.
CREATE TABLE pin_quotas (
    tenant_id BLOB NOT NULL,
    operator_id BLOB NOT NULL,
    shown TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, operator_id)
) STRICT;
