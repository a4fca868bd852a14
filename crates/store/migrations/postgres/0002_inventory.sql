-- Users, policies, imports, security keys, jobs and the counters that lists are totalled from.

CREATE TABLE users (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    user_name_folded text COLLATE "C" NOT NULL,
    display_name text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    locale text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_name_folded)
);

-- The newest version of a policy; all versions stand in policy_versions.
CREATE TABLE policies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    archived_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
);

CREATE TABLE policy_versions (
    tenant_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    version bigint NOT NULL,
    rules text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, policy_id, version),
    FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id)
);

-- An import. Its keys have ids from first_key to last_key, so that hiding or finding them needs no index.
CREATE TABLE batches (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    ending text COLLATE "C",
    file_name text COLLATE "C" NOT NULL,
    file_size bigint NOT NULL,
    sha256 bytea NOT NULL,
    format text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL,
    policy_id uuid,
    policy_version bigint,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_by_id uuid,
    updated_at bigint NOT NULL,
    accepted bigint NOT NULL,
    rejected bigint NOT NULL,
    unchanged bigint NOT NULL,
    written bigint NOT NULL,
    errors text COLLATE "C" NOT NULL,
    errors_truncated boolean NOT NULL,
    columns text COLLATE "C" NOT NULL,
    preview text COLLATE "C" NOT NULL,
    job_id uuid,
    first_key uuid NOT NULL,
    last_key uuid NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX batches_by_status ON batches (tenant_id, status, id);

-- Rejected rows of an import, for the rejects file: as many rows to a chunk as the importer chose.
CREATE TABLE batch_rejects (
    tenant_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    number bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant_id, batch_id, number),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES batches (tenant_id, id)
);

-- shelf = 2 × (rank of the status) + (1 with a holder): what tabs and status filters are made of.
-- facts: what the status and the observation say besides, JSON; NULL for a key as it was imported.
-- search = normalised serial number, a line feed, folded user name.
CREATE TABLE security_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    revision bigint NOT NULL,
    shelf bigint NOT NULL,
    device_name text COLLATE "C" NOT NULL,
    serial_number text COLLATE "C" NOT NULL,
    serial_norm text COLLATE "C" NOT NULL,
    serial_short text COLLATE "C",
    version text COLLATE "C" NOT NULL,
    policy_id uuid,
    policy_version bigint,
    user_id uuid,
    holder text COLLATE "C",
    search text COLLATE "C" NOT NULL,
    imported_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    batch_id uuid,
    row_number bigint,
    attributes text COLLATE "C",
    generation bigint NOT NULL DEFAULT 1,
    mode text COLLATE "C" NOT NULL DEFAULT 'unmanaged',
    locked boolean NOT NULL DEFAULT FALSE,
    idp_name text COLLATE "C",
    aaguid uuid,
    firmware text COLLATE "C",
    observed_policy_version bigint,
    last_seen_at bigint,
    facts text COLLATE "C",
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, serial_norm),
    FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX security_keys_by_shelf ON security_keys (tenant_id, shelf, id);
CREATE INDEX security_keys_by_device_name ON security_keys (tenant_id, shelf, device_name, id);
CREATE INDEX security_keys_by_version ON security_keys (tenant_id, shelf, version, id);
CREATE INDEX security_keys_by_updated_at ON security_keys (tenant_id, shelf, updated_at, id);
-- Few keys of a delivery are in these, so an import does not pay for them.
CREATE INDEX security_keys_by_short_serial ON security_keys (tenant_id, serial_short, id) WHERE serial_short IS NOT NULL;
CREATE INDEX security_keys_by_policy ON security_keys (tenant_id, policy_id, shelf, id) WHERE policy_id IS NOT NULL;
CREATE INDEX security_keys_by_user ON security_keys (tenant_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX security_keys_by_holder ON security_keys (tenant_id, holder, id) WHERE holder IS NOT NULL;
CREATE INDEX security_keys_by_mode ON security_keys (tenant_id, mode, id) WHERE mode <> 'unmanaged';
CREATE INDEX security_keys_by_locked ON security_keys (tenant_id, id) WHERE locked;
CREATE INDEX security_keys_by_idp ON security_keys (tenant_id, idp_name, id) WHERE idp_name IS NOT NULL;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX security_keys_search ON security_keys USING gin (search gin_trgm_ops);

-- Sums kept in the transaction of what they count. A writer adds in its own lane, so that writers never wait for one another.
CREATE TABLE counters (
    tenant_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    lane bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (tenant_id, name, lane)
);

CREATE TABLE jobs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    arguments text COLLATE "C" NOT NULL,
    subject_id uuid,
    total bigint NOT NULL,
    done bigint NOT NULL,
    refused bigint NOT NULL,
    position text COLLATE "C",
    error text COLLATE "C",
    cancel_requested boolean NOT NULL,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_by_id uuid,
    scope text COLLATE "C" NOT NULL,
    started_at bigint,
    finished_at bigint,
    node uuid,
    lease_until bigint,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Across tenants: what any server may take up.
CREATE INDEX jobs_by_lease ON jobs (status, lease_until, tenant_id, id);

-- Results of a job, a chunk of rows in one row.
CREATE TABLE job_chunks (
    tenant_id uuid NOT NULL,
    job_id uuid NOT NULL,
    number bigint NOT NULL,
    done bigint NOT NULL,
    refused bigint NOT NULL,
    results text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, job_id, number),
    FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id)
);

-- Which jobs touched a key: a job is one audit event, each key's history refers to it.
CREATE TABLE key_history (
    tenant_id uuid NOT NULL,
    security_key_id uuid NOT NULL,
    job_id uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (tenant_id, security_key_id, job_id)
);
