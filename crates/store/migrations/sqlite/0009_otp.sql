-- OTP tokens with their sealed seeds, emergency codes, and imports that bring tokens.

-- What an import brings: keys or tokens.
ALTER TABLE batches ADD COLUMN goods TEXT NOT NULL DEFAULT 'security_keys';

-- Rises with each disabling of a token that the user has: two at once cannot both leave the other for the last.
ALTER TABLE users ADD COLUMN otp_guard INTEGER NOT NULL DEFAULT 0;

-- seed: sealed; NULL once shredded. key_version: the data key that seals it.
-- next_counter is HOTP's, last_step and drift are TOTP's; neither counter nor step ever falls.
-- holder: the folded name of the user, empty where nobody has the token.
-- search = normalised serial number, and behind a line feed the holder.
-- Nothing that a verification changes stands in an index, so that it changes no index.
CREATE TABLE otp_tokens (
    row_id INTEGER PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    serial_norm TEXT NOT NULL,
    serial_short TEXT,
    kind TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    digits INTEGER NOT NULL,
    time_step INTEGER,
    seed BLOB,
    key_version INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_at INTEGER,
    reason TEXT,
    user_id BLOB,
    holder TEXT NOT NULL,
    search TEXT NOT NULL,
    next_counter INTEGER,
    last_step INTEGER,
    drift INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL,
    locked_at INTEGER,
    resync_day INTEGER NOT NULL,
    resync_tried INTEGER NOT NULL,
    expires_at INTEGER,
    manufacturer TEXT,
    model TEXT,
    batch_id BLOB,
    row_number INTEGER,
    imported_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, serial_norm),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT;
CREATE INDEX otp_tokens_by_status ON otp_tokens (tenant_id, status, id);
CREATE INDEX otp_tokens_by_kind ON otp_tokens (tenant_id, kind, id);
CREATE INDEX otp_tokens_by_holder ON otp_tokens (tenant_id, holder, id);
-- Few tokens of a delivery are in these, so an import does not pay for them.
CREATE INDEX otp_tokens_by_short_serial ON otp_tokens (tenant_id, serial_short, id) WHERE serial_short IS NOT NULL;
CREATE INDEX otp_tokens_by_user ON otp_tokens (tenant_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX otp_tokens_by_locked ON otp_tokens (tenant_id, id) WHERE locked_at IS NOT NULL;
CREATE INDEX otp_tokens_by_expiry ON otp_tokens (tenant_id, expires_at, id) WHERE expires_at IS NOT NULL;

-- Contentless, like that of the keys.
CREATE VIRTUAL TABLE otp_tokens_search USING fts5(
    search, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);

-- Which jobs touched a token: a job is one audit event, each token's history refers to it.
CREATE TABLE otp_history (
    tenant_id BLOB NOT NULL,
    otp_token_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, otp_token_id, job_id)
) STRICT, WITHOUT ROWID;

-- digest: SHA-256 of the code, sealed. A user has one set at a time.
CREATE TABLE emergency_codes (
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    failed_attempts INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id, number),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX emergency_codes_by_expiry ON emergency_codes (tenant_id, expires_at);
