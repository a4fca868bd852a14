-- Users are found by any three letters of their names and addresses; keys in stock have no policy version to follow yet.

-- Numbers of our own: VACUUM may renumber the rows of a table without an INTEGER PRIMARY KEY.
ALTER TABLE users ADD COLUMN row_id INTEGER;
UPDATE users SET row_id = rowid;
CREATE INDEX users_by_row_id ON users (row_id);

-- Contentless, like that of the keys.
CREATE VIRTUAL TABLE users_search USING fts5(
    search, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);
INSERT INTO users_search (rowid, search) SELECT row_id, search FROM users;

-- Counted so far were keys READY in stock too (shelf 2), which are in no list of keys in use.
DELETE FROM counters WHERE name LIKE 'keys.version.%';
INSERT INTO counters (tenant_id, name, lane, count)
    SELECT k.tenant_id, 'keys.version.' || lower(hex(k.policy_id)) || '.' || k.policy_version || '.'
        || CASE WHEN k.shelf > 3 AND k.observed_policy_version <> k.policy_version THEN '1' ELSE '0' END AS counted,
        0, COUNT(*)
    FROM security_keys k WHERE k.shelf IN (3, 6, 7, 9, 11) AND k.policy_id IS NOT NULL
    GROUP BY k.tenant_id, counted;
