-- Tenants, administrators and how they sign in, secrets, audit, outbox.
-- What belongs to the installation as a whole stands under the nil tenant.

CREATE TABLE tenants (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    suspended_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
) STRICT;

CREATE TABLE administrators (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    display_name TEXT NOT NULL,
    locale TEXT,
    password_hash TEXT,
    disabled_at INTEGER,
    last_sign_in_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email_folded)
) STRICT;

-- Here tenant_id is the tenant that the role is held in.
CREATE TABLE administrator_grants (
    tenant_id BLOB NOT NULL,
    administrator_id BLOB NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, administrator_id)
) STRICT;
CREATE INDEX administrator_grants_by_administrator ON administrator_grants (administrator_id, tenant_id);

CREATE TABLE passkeys (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    administrator_id BLOB NOT NULL,
    credential_id BLOB NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, administrator_id) REFERENCES administrators (tenant_id, id)
) STRICT;
CREATE INDEX passkeys_by_administrator ON passkeys (tenant_id, administrator_id, id);

CREATE TABLE sessions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    administrator_id BLOB NOT NULL,
    cookie_hash BLOB NOT NULL,
    active_tenant_id BLOB NOT NULL,
    method TEXT NOT NULL,
    source TEXT,
    user_agent TEXT,
    authenticated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cookie_hash),
    FOREIGN KEY (tenant_id, administrator_id) REFERENCES administrators (tenant_id, id)
) STRICT;
CREATE INDEX sessions_by_administrator ON sessions (tenant_id, administrator_id, id);
CREATE INDEX sessions_by_expiry ON sessions (tenant_id, expires_at);

CREATE TABLE api_tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash)
) STRICT;

CREATE TABLE setup_tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    subject_id BLOB,
    details TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash)
) STRICT;

CREATE TABLE idempotency_keys (
    tenant_id BLOB NOT NULL,
    caller_id BLOB NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    response BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, caller_id, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE settings (
    tenant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;

-- Keys that seal secrets, wrapped by the key-encryption key, which is never in the database.
CREATE TABLE data_keys (
    tenant_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    kek_id TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, version)
) STRICT;

CREATE TABLE sealed_secrets (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject_id),
    FOREIGN KEY (tenant_id, key_version) REFERENCES data_keys (tenant_id, version)
) STRICT;
CREATE INDEX sealed_secrets_by_key ON sealed_secrets (tenant_id, key_version, id);

CREATE TABLE audit_events (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_label TEXT NOT NULL,
    source TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    object_label TEXT,
    before TEXT,
    after TEXT,
    reason TEXT,
    ticket TEXT,
    search TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, lane, sequence)
) STRICT;
CREATE INDEX audit_events_by_object ON audit_events (tenant_id, object_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor_id, id);
CREATE INDEX audit_events_by_action ON audit_events (tenant_id, action, id);

CREATE TABLE audit_heads (
    tenant_id BLOB NOT NULL,
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, lane)
) STRICT;

CREATE TABLE audit_checkpoints (
    tenant_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) STRICT;

-- Messages to others, sent after the commit and repeated until they are taken.
CREATE TABLE outbox (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX outbox_by_next_try ON outbox (state, next_try_at);

-- Which store this is, and a figure that only grows: a database put back from an older copy is behind.
CREATE TABLE store_guard (
    tenant_id BLOB NOT NULL,
    store_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (tenant_id)
) STRICT;
