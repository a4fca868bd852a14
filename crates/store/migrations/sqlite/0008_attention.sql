-- What the first page leads to: keys whose user could not be told, keys that are revoked here and accepted elsewhere,
-- tokens of who may not act any more, and Owners who signed in beside the identity provider.

-- 'pending' or 'failed': the state of the removal at the identity provider, while it is owed.
ALTER TABLE security_keys ADD COLUMN removal TEXT;
-- Whether the newest mail about the revocation was given up.
ALTER TABLE security_keys ADD COLUMN mail_failed INTEGER NOT NULL DEFAULT 0;
UPDATE security_keys SET removal = CASE json_extract(facts, '$.idp') WHEN 'removal_pending' THEN 'pending'
    WHEN 'removal_failed' THEN 'failed' END WHERE idp_name IS NOT NULL AND facts IS NOT NULL;
UPDATE security_keys SET mail_failed = 1 WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.tenant_id = security_keys.tenant_id
    AND o.subject_id = security_keys.id AND o.kind = 'mail.security_key_revoked' AND o.state = 'failed'
    AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.tenant_id = o.tenant_id AND n.subject_id = o.subject_id
        AND n.kind = o.kind AND n.id > o.id));
CREATE INDEX security_keys_by_removal ON security_keys (tenant_id, removal, id) WHERE removal IS NOT NULL;
CREATE INDEX security_keys_by_failed_mail ON security_keys (tenant_id, id) WHERE mail_failed = 1;

-- Who made a token, by id; NULL where the name alone is known. Whoever a program acts for may be barred meanwhile.
ALTER TABLE api_tokens ADD COLUMN created_by_id BLOB;
UPDATE api_tokens SET created_by_id = (SELECT a.id FROM administrators a WHERE a.email = api_tokens.created_by);

-- An Owner who signed in by means of his own although the tenant has a provider, until another has taken note.
CREATE TABLE break_glass (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    administrator_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
