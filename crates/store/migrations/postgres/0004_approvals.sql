-- A second person's agreements, and how often operators had initial PINs shown.

CREATE TABLE approvals (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    security_key_id uuid NOT NULL,
    requested_by_id uuid NOT NULL,
    requested_by text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    answered_by_id uuid,
    answered_by text COLLATE "C",
    answered_at bigint,
    used_at bigint,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- shown: JSON, the times of the last hour, so that the quota holds whichever server is asked.
CREATE TABLE pin_quotas (
    tenant_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    shown text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, operator_id)
);
