// As if time had passed: what a test cannot wait for is put back in the server's own database.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const RUN = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30)
changed = database.execute(sys.argv[2]).rowcount
database.commit()
print(changed)
`;

/** Runs one statement (Python's sqlite3); it must change something. */
function rewrite(server, sql) {
  const file = readdirSync(server.data).find((name) => name.endsWith('.db'));
  const changed = execFileSync('python3', ['-c', RUN, join(server.data, file), sql], { encoding: 'utf8' });
  if (Number(changed) < 1) throw new Error(`nothing was put back: ${sql}`);
}

/** All sessions proved who they are so many minutes ago. */
export const provedMinutesAgo = (server, minutes) => rewrite(server, `UPDATE sessions SET authenticated_at = authenticated_at - ${minutes * 60_000_000}`);

/** A key was configured and handed to its user so many days ago. */
export function handedOutDaysAgo(server, serial, days) {
  const then = (Date.now() - days * 86_400_000) * 1000;
  rewrite(server, `UPDATE security_keys SET facts = json_set(facts, '$.assigned_at', ${then}, '$.secrets[1]', ${then}) WHERE serial_number = '${serial}'`);
}
