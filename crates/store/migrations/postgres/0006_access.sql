-- Roles that tenants make, what stands on a grant, sign-in through a provider, bounds on guessing, files to fetch.

CREATE TABLE roles (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    privileges text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_folded)
);

-- Who is barred is barred in one tenant; the person behind an administrator is a user of that tenant.
ALTER TABLE administrator_grants ADD COLUMN disabled_at bigint;
ALTER TABLE administrator_grants ADD COLUMN user_id uuid;
CREATE INDEX administrator_grants_by_user ON administrator_grants (tenant_id, user_id);
CREATE INDEX administrator_grants_by_role ON administrator_grants (tenant_id, role);
CREATE INDEX api_tokens_by_role ON api_tokens (tenant_id, role);
UPDATE administrator_grants SET disabled_at = (SELECT a.disabled_at FROM administrators a
    WHERE a.id = administrator_grants.administrator_id);
UPDATE administrators SET disabled_at = NULL;

-- How a tenant signs in through OpenID Connect. public_key names it in addresses; the client's secret is sealed.
CREATE TABLE sign_in_providers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    document text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id)
);
CREATE INDEX sign_in_providers_by_key ON sign_in_providers (public_key);

-- Who is who at a tenant's provider.
CREATE TABLE administrator_identities (
    tenant_id uuid NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    administrator_id uuid NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, issuer, subject)
);
CREATE INDEX administrator_identities_by_administrator ON administrator_identities (tenant_id, administrator_id);

-- What was begun in a browser and is ended once, on whichever server.
CREATE TABLE ceremonies (
    tenant_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, key_hash)
);
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_at);

-- Bounds on guessing: when the account or address would have no failure left, were it left alone.
CREATE TABLE guesses (
    tenant_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    empty_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, key_hash)
);
CREATE INDEX guesses_by_end ON guesses (empty_at);

-- Programs for administrators to fetch; the bytes stand in chunks, so that every server has them.
CREATE TABLE downloads (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    system text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    notes text COLLATE "C",
    size bigint NOT NULL,
    chunks bigint NOT NULL,
    sha256 bytea,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX downloads_by_status ON downloads (status, updated_at);

CREATE TABLE download_chunks (
    tenant_id uuid NOT NULL,
    download_id uuid NOT NULL,
    number bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant_id, download_id, number),
    FOREIGN KEY (tenant_id, download_id) REFERENCES downloads (tenant_id, id)
);
