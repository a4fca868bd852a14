-- Tenants, administrators and how they sign in, secrets, audit, outbox.
-- What belongs to the installation as a whole stands under the nil tenant.

CREATE TABLE tenants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    suspended_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
);

CREATE TABLE administrators (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_folded text COLLATE "C" NOT NULL,
    display_name text COLLATE "C" NOT NULL,
    locale text COLLATE "C",
    password_hash text COLLATE "C",
    disabled_at bigint,
    last_sign_in_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email_folded)
);

-- Here tenant_id is the tenant that the role is held in.
CREATE TABLE administrator_grants (
    tenant_id uuid NOT NULL,
    administrator_id uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, administrator_id)
);
CREATE INDEX administrator_grants_by_administrator ON administrator_grants (administrator_id, tenant_id);

CREATE TABLE passkeys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    administrator_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    name text COLLATE "C" NOT NULL,
    credential text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, administrator_id) REFERENCES administrators (tenant_id, id)
);
CREATE INDEX passkeys_by_administrator ON passkeys (tenant_id, administrator_id, id);

CREATE TABLE sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    administrator_id uuid NOT NULL,
    cookie_hash bytea NOT NULL,
    active_tenant_id uuid NOT NULL,
    method text COLLATE "C" NOT NULL,
    source text COLLATE "C",
    user_agent text COLLATE "C",
    authenticated_at bigint NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cookie_hash),
    FOREIGN KEY (tenant_id, administrator_id) REFERENCES administrators (tenant_id, id)
);
CREATE INDEX sessions_by_administrator ON sessions (tenant_id, administrator_id, id);
CREATE INDEX sessions_by_expiry ON sessions (tenant_id, expires_at);

CREATE TABLE api_tokens (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash)
);

CREATE TABLE setup_tokens (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    subject_id uuid,
    details text COLLATE "C",
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash)
);

CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL,
    caller_id uuid NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status bigint NOT NULL,
    response bytea,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, caller_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE settings (
    tenant_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- Keys that seal secrets, wrapped by the key-encryption key, which is never in the database.
CREATE TABLE data_keys (
    tenant_id uuid NOT NULL,
    version bigint NOT NULL,
    kek_id text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    created_at bigint NOT NULL,
    retired_at bigint,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

CREATE TABLE sealed_secrets (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    key_version bigint NOT NULL,
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject_id),
    FOREIGN KEY (tenant_id, key_version) REFERENCES data_keys (tenant_id, version)
);
CREATE INDEX sealed_secrets_by_key ON sealed_secrets (tenant_id, key_version, id);

CREATE TABLE audit_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    lane bigint NOT NULL,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    actor_kind text COLLATE "C" NOT NULL,
    actor_id uuid,
    actor_label text COLLATE "C" NOT NULL,
    source text COLLATE "C",
    request_id text COLLATE "C",
    action text COLLATE "C" NOT NULL,
    object_kind text COLLATE "C" NOT NULL,
    object_id uuid,
    object_label text COLLATE "C",
    before text COLLATE "C",
    after text COLLATE "C",
    reason text COLLATE "C",
    ticket text COLLATE "C",
    search text COLLATE "C" NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, lane, sequence)
);
CREATE INDEX audit_events_by_object ON audit_events (tenant_id, object_id, id);
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor_id, id);
CREATE INDEX audit_events_by_action ON audit_events (tenant_id, action, id);

CREATE TABLE audit_heads (
    tenant_id uuid NOT NULL,
    lane bigint NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, lane)
);

CREATE TABLE audit_checkpoints (
    tenant_id uuid NOT NULL,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    body bytea NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
);

-- Messages to others, sent after the commit and repeated until they are taken.
CREATE TABLE outbox (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_id uuid,
    payload text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts bigint NOT NULL,
    next_try_at bigint NOT NULL,
    last_error text COLLATE "C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_by_next_try ON outbox (state, next_try_at);

-- Which store this is, and a figure that only grows: a database put back from an older copy is behind.
CREATE TABLE store_guard (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    generation bigint NOT NULL,
    PRIMARY KEY (tenant_id)
);
