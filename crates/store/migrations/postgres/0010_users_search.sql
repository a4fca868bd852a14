-- Keys in stock have no policy version to follow yet: counted so far were those READY in stock too (shelf 2), which are
-- in no list of keys in use. The search index of users that SQLite gets here has been here since step 3.

DELETE FROM counters WHERE name LIKE 'keys.version.%';
INSERT INTO counters (tenant_id, name, lane, count)
    SELECT k.tenant_id, 'keys.version.' || replace(k.policy_id::text, '-', '') || '.' || k.policy_version || '.'
        || CASE WHEN k.shelf > 3 AND k.observed_policy_version <> k.policy_version THEN '1' ELSE '0' END AS counted,
        0, COUNT(*)
    FROM security_keys k WHERE k.shelf IN (3, 6, 7, 9, 11) AND k.policy_id IS NOT NULL
    GROUP BY k.tenant_id, counted;
