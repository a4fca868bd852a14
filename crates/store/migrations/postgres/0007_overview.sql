-- Counters of keys in use by policy, model and age (30 days), and of those that follow a version of a policy.
-- Shelves in use: READY with a holder (3), CONFIGURED (6, 7), ENROLLED (9), SUSPENDED (11). Names are in hex.

INSERT INTO counters (tenant_id, name, lane, count)
    SELECT tenant_id, 'keys.used.policy.' || CASE WHEN policy_id IS NULL THEN '-' ELSE replace(policy_id::text, '-', '') END AS counted, 0, COUNT(*)
    FROM security_keys WHERE shelf IN (3, 6, 7, 9, 11) GROUP BY tenant_id, counted;
INSERT INTO counters (tenant_id, name, lane, count)
    SELECT tenant_id, 'keys.used.model.' || CASE WHEN aaguid IS NULL THEN '-' ELSE replace(aaguid::text, '-', '') END || '.' || encode(convert_to(device_name, 'UTF8'), 'hex') AS counted,
        0, COUNT(*)
    FROM security_keys WHERE shelf IN (3, 6, 7, 9, 11) GROUP BY tenant_id, counted;
INSERT INTO counters (tenant_id, name, lane, count)
    SELECT tenant_id, 'keys.used.age.' || (imported_at / 2592000000000) AS counted, 0, COUNT(*)
    FROM security_keys WHERE shelf IN (3, 6, 7, 9, 11) GROUP BY tenant_id, counted;

-- Keys of an import that is under way are counted when they become visible.
INSERT INTO counters (tenant_id, name, lane, count)
    SELECT k.tenant_id, 'keys.version.' || replace(k.policy_id::text, '-', '') || '.' || k.policy_version || '.'
        || CASE WHEN k.shelf > 3 AND k.observed_policy_version <> k.policy_version THEN '1' ELSE '0' END AS counted,
        0, COUNT(*)
    FROM security_keys k WHERE k.shelf IN (2, 3, 6, 7, 9, 11) AND k.policy_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.tenant_id = k.tenant_id AND b.status IN ('applying', 'undoing')
        AND k.id BETWEEN b.first_key AND b.last_key)
    GROUP BY k.tenant_id, counted;
