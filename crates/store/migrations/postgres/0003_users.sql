-- What users are searched and ordered by, since when they are disabled, and what was imported of them.
-- Only the demonstration made users before this step; lower() folds their ASCII letters.

ALTER TABLE users ADD COLUMN display_name_folded text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email_folded text COLLATE "C";
-- The three folded texts, a line feed between them.
ALTER TABLE users ADD COLUMN search text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN disabled_at bigint;
UPDATE users SET display_name_folded = lower(display_name), email_folded = lower(email),
    search = user_name_folded || chr(10) || lower(display_name) || chr(10) || COALESCE(lower(email), ''),
    disabled_at = CASE WHEN status = 'disabled' THEN updated_at END;
CREATE INDEX users_by_display_name ON users (tenant_id, display_name_folded, id);
CREATE INDEX users_by_email ON users (tenant_id, email_folded, id) WHERE email_folded IS NOT NULL;
CREATE INDEX users_by_created_at ON users (tenant_id, created_at, id);
CREATE INDEX users_by_updated_at ON users (tenant_id, updated_at, id);
CREATE INDEX users_search ON users USING gin (search gin_trgm_ops);

INSERT INTO counters (tenant_id, name, lane, count)
    SELECT tenant_id, 'users.status.' || status, 0, COUNT(*) FROM users GROUP BY tenant_id, status;

-- Imports that made or changed a user: an import is one audit event, each user's history refers to it.
CREATE TABLE user_history (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    import_id uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id, import_id)
);

-- Whether the holder is disabled: kept on the key, so that the keys of leavers are found without their names.
ALTER TABLE security_keys ADD COLUMN user_disabled boolean NOT NULL DEFAULT FALSE;
UPDATE security_keys SET user_disabled = TRUE WHERE EXISTS
    (SELECT 1 FROM users u WHERE u.tenant_id = security_keys.tenant_id AND u.id = security_keys.user_id
    AND u.status = 'disabled');
CREATE INDEX security_keys_by_disabled_user ON security_keys (tenant_id, id) WHERE user_disabled;
