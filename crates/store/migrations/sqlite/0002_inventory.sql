-- Users, policies, imports, security keys, jobs and the counters that lists are totalled from.

CREATE TABLE users (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    user_name_folded TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email TEXT,
    locale TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_name_folded)
) STRICT;

-- The newest version of a policy; all versions stand in policy_versions.
CREATE TABLE policies (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    version INTEGER NOT NULL,
    archived_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
) STRICT;

CREATE TABLE policy_versions (
    tenant_id BLOB NOT NULL,
    policy_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    rules TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, policy_id, version),
    FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- An import. Its keys have ids from first_key to last_key, so that hiding or finding them needs no index.
CREATE TABLE batches (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    status TEXT NOT NULL,
    ending TEXT,
    file_name TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    format TEXT NOT NULL,
    mode TEXT NOT NULL,
    policy_id BLOB,
    policy_version INTEGER,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_by_id BLOB,
    updated_at INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    written INTEGER NOT NULL,
    errors TEXT NOT NULL,
    errors_truncated INTEGER NOT NULL,
    columns TEXT NOT NULL,
    preview TEXT NOT NULL,
    job_id BLOB,
    first_key BLOB NOT NULL,
    last_key BLOB NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX batches_by_status ON batches (tenant_id, status, id);

-- Rejected rows of an import, for the rejects file: as many rows to a chunk as the importer chose.
CREATE TABLE batch_rejects (
    tenant_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, batch_id, number),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES batches (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- shelf = 2 × (rank of the status) + (1 with a holder): what tabs and status filters are made of.
-- facts: what the status and the observation say besides, JSON; NULL for a key as it was imported.
-- search = normalised serial number, a line feed, folded user name.
-- row_id ties a row to security_keys_search; unlike a bare rowid it survives VACUUM.
CREATE TABLE security_keys (
    row_id INTEGER PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    shelf INTEGER NOT NULL,
    device_name TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    serial_norm TEXT NOT NULL,
    serial_short TEXT,
    version TEXT NOT NULL,
    policy_id BLOB,
    policy_version INTEGER,
    user_id BLOB,
    holder TEXT,
    search TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    batch_id BLOB,
    row_number INTEGER,
    attributes TEXT,
    generation INTEGER NOT NULL DEFAULT 1,
    mode TEXT NOT NULL DEFAULT 'unmanaged',
    locked INTEGER NOT NULL DEFAULT 0,
    idp_name TEXT,
    aaguid BLOB,
    firmware TEXT,
    observed_policy_version INTEGER,
    last_seen_at INTEGER,
    facts TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, serial_norm),
    FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT;
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
CREATE INDEX security_keys_by_locked ON security_keys (tenant_id, id) WHERE locked = 1;
CREATE INDEX security_keys_by_idp ON security_keys (tenant_id, idp_name, id) WHERE idp_name IS NOT NULL;

-- Contentless: it holds only which trigrams stand in which row; rows are found by row_id and checked again.
CREATE VIRTUAL TABLE security_keys_search USING fts5(
    search, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);

-- Sums kept in the transaction of what they count. A writer adds in its own lane, so that writers never wait for one another.
CREATE TABLE counters (
    tenant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    lane INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    arguments TEXT NOT NULL,
    subject_id BLOB,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    position TEXT,
    error TEXT,
    cancel_requested INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_by_id BLOB,
    scope TEXT NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    node BLOB,
    lease_until INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Across tenants: what any server may take up.
CREATE INDEX jobs_by_lease ON jobs (status, lease_until, tenant_id, id);

-- Results of a job, a chunk of rows in one row.
CREATE TABLE job_chunks (
    tenant_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    done INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    results TEXT NOT NULL,
    PRIMARY KEY (tenant_id, job_id, number),
    FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- Which jobs touched a key: a job is one audit event, each key's history refers to it.
CREATE TABLE key_history (
    tenant_id BLOB NOT NULL,
    security_key_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, security_key_id, job_id)
) STRICT, WITHOUT ROWID;
