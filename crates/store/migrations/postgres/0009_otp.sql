-- OTP tokens with their sealed seeds, emergency codes, and imports that bring tokens.

-- What an import brings: keys or tokens.
ALTER TABLE batches ADD COLUMN goods text COLLATE "C" NOT NULL DEFAULT 'security_keys';

-- Rises with each disabling of a token that the user has: two at once cannot both leave the other for the last.
ALTER TABLE users ADD COLUMN otp_guard bigint NOT NULL DEFAULT 0;

-- seed: sealed; NULL once shredded. key_version: the data key that seals it.
-- next_counter is HOTP's, last_step and drift are TOTP's; neither counter nor step ever falls.
-- holder: the folded name of the user, empty where nobody has the token.
-- search = normalised serial number, and behind a line feed the holder.
-- Nothing that a verification changes stands in an index, so that it changes no index.
CREATE TABLE otp_tokens (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    revision bigint NOT NULL,
    serial_number text COLLATE "C" NOT NULL,
    serial_norm text COLLATE "C" NOT NULL,
    serial_short text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    algorithm text COLLATE "C" NOT NULL,
    digits bigint NOT NULL,
    time_step bigint,
    seed bytea,
    key_version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    status_at bigint,
    reason text COLLATE "C",
    user_id uuid,
    holder text COLLATE "C" NOT NULL,
    search text COLLATE "C" NOT NULL,
    next_counter bigint,
    last_step bigint,
    drift bigint NOT NULL,
    failed_attempts bigint NOT NULL,
    locked_at bigint,
    resync_day bigint NOT NULL,
    resync_tried bigint NOT NULL,
    expires_at bigint,
    manufacturer text COLLATE "C",
    model text COLLATE "C",
    batch_id uuid,
    row_number bigint,
    imported_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    last_used_at bigint,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, serial_norm),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX otp_tokens_by_status ON otp_tokens (tenant_id, status, id);
CREATE INDEX otp_tokens_by_kind ON otp_tokens (tenant_id, kind, id);
CREATE INDEX otp_tokens_by_holder ON otp_tokens (tenant_id, holder, id);
-- Few tokens of a delivery are in these, so an import does not pay for them.
CREATE INDEX otp_tokens_by_short_serial ON otp_tokens (tenant_id, serial_short, id) WHERE serial_short IS NOT NULL;
CREATE INDEX otp_tokens_by_user ON otp_tokens (tenant_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX otp_tokens_by_locked ON otp_tokens (tenant_id, id) WHERE locked_at IS NOT NULL;
CREATE INDEX otp_tokens_by_expiry ON otp_tokens (tenant_id, expires_at, id) WHERE expires_at IS NOT NULL;
CREATE INDEX otp_tokens_search ON otp_tokens USING gin (search gin_trgm_ops);

-- Which jobs touched a token: a job is one audit event, each token's history refers to it.
CREATE TABLE otp_history (
    tenant_id uuid NOT NULL,
    otp_token_id uuid NOT NULL,
    job_id uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (tenant_id, otp_token_id, job_id)
);

-- digest: SHA-256 of the code, sealed. A user has one set at a time.
CREATE TABLE emergency_codes (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    number bigint NOT NULL,
    digest bytea NOT NULL,
    key_version bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    failed_attempts bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id, number),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX emergency_codes_by_expiry ON emergency_codes (tenant_id, expires_at);
