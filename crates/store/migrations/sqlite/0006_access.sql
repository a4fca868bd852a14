-- Roles that tenants make, what stands on a grant, sign-in through a provider, bounds on guessing, files to fetch.

CREATE TABLE roles (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    privileges TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
) STRICT;

-- Who is barred is barred in one tenant; the person behind an administrator is a user of that tenant.
ALTER TABLE administrator_grants ADD COLUMN disabled_at INTEGER;
ALTER TABLE administrator_grants ADD COLUMN user_id BLOB;
CREATE INDEX administrator_grants_by_user ON administrator_grants (tenant_id, user_id);
CREATE INDEX administrator_grants_by_role ON administrator_grants (tenant_id, role);
CREATE INDEX api_tokens_by_role ON api_tokens (tenant_id, role);
UPDATE administrator_grants SET disabled_at = (SELECT a.disabled_at FROM administrators a
    WHERE a.id = administrator_grants.administrator_id);
UPDATE administrators SET disabled_at = NULL;

-- How a tenant signs in through OpenID Connect. public_key names it in addresses; the client's secret is sealed.
CREATE TABLE sign_in_providers (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    public_key TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id)
) STRICT;
CREATE INDEX sign_in_providers_by_key ON sign_in_providers (public_key);

-- Who is who at a tenant's provider.
CREATE TABLE administrator_identities (
    tenant_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    administrator_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, issuer, subject)
) STRICT;
CREATE INDEX administrator_identities_by_administrator ON administrator_identities (tenant_id, administrator_id);

-- What was begun in a browser and is ended once, on whichever server.
CREATE TABLE ceremonies (
    tenant_id BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, key_hash)
) STRICT;
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_at);

-- Bounds on guessing: when the account or address would have no failure left, were it left alone.
CREATE TABLE guesses (
    tenant_id BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    empty_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX guesses_by_end ON guesses (empty_at);

-- Programs for administrators to fetch; the bytes stand in chunks, so that every server has them.
CREATE TABLE downloads (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    status TEXT NOT NULL,
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    version TEXT NOT NULL,
    notes TEXT,
    size INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    sha256 BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX downloads_by_status ON downloads (status, updated_at);

CREATE TABLE download_chunks (
    tenant_id BLOB NOT NULL,
    download_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, download_id, number),
    FOREIGN KEY (tenant_id, download_id) REFERENCES downloads (tenant_id, id)
) STRICT;
