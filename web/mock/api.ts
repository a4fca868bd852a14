// Routes of the stand-in. Short of rules on purpose: it is here for looking at pages, not for proving anything.
import { hands, inHands } from './hands.ts';
import { otp } from './otp.ts';
import { people } from './people.ts';
import type { ServerResponse } from 'node:http';
import type { Job, JobResult, SecurityKey } from '../src/lib/api/types';
import { actionsOf, ago, audit, keys, policies, uuid } from './data.ts';
import { apply, check, imports, undo } from './imports.ts';

export interface Asked { method: string; path: string; query: URLSearchParams; body: Record<string, unknown>; raw: Buffer; cookie: string }
export interface Answer { status?: number; body?: unknown; text?: string; cookie?: string; delay?: number }
const streams = new Set<ServerResponse>();
const jobs = new Map<string, Job>();
const results = new Map<string, JobResult[]>();
const PRIVILEGES = 'inventory.read stock.import stock.link stock.delete key.assign key.revoke key.suspend key.dispose export policy.read policy.write audit.read job.read user.read administrator.read administrator.write api_token.read api_token.write tenant.read settings.read settings.write role.read role.write user.write downloads unlock device.userpin.read key.configure key.enroll key.reinstate device.adminpin.read otp.read otp.support otp.write'.split(' ');
const READ_ONLY = PRIVILEGES.filter((one) => one.endsWith('.read'));
let locale = 'en';
const tokens = [
  { id: uuid(8, 1), name: 'Warehouse scanner', role: 'warehouse', created_by: 'eva@acme.example', created_at: ago(40_000), last_used_at: ago(4), expires_at: null as string | null },
  { id: uuid(8, 2), name: 'Night report', role: 'view_only', created_by: 'josef@acme.example', stopped: 'maker_barred', created_at: ago(90_000), last_used_at: ago(600), expires_at: ago(-90_000) as string | null },
  { id: uuid(8, 3), name: 'Shelf scanner', role: 'device_service_administrator', created_by: 'josef@acme.example', stopped: 'maker_barred', created_at: ago(120_000), last_used_at: ago(9), expires_at: null as string | null },
];
const passkeys = [{ id: uuid(9, 1), name: 'MacBook Touch ID', created_at: ago(90_000), last_used_at: ago(35) }];
const tenants = [{ id: uuid(10, 1), name: 'Acme', role: 'owner' }, { id: uuid(10, 2), name: 'Globex Europe', role: 'auditor' }];

export function events(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('event: ping\ndata: {}\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}
const tell = (changes: { kind: string; id: string; revision: number }[]) => {
  for (const stream of streams) stream.write(`event: change\ndata: ${JSON.stringify({ changes, truncated: changes.length > 500 })}\n\n`);
};
const problem = (status: number, type: string, detail: string, more: object = {}): Answer => ({ status, body: { type: `https://claviger.example/problems/${type}`, title: type, status, detail, request_id: 'req_01J9ZK4T7W', ...more } });
const sessionOf = (cookie: string) => {
  const reader = cookie.includes('claviger=view');
  return { administrator: { id: uuid(7, 1), email: 'eva@acme.example', display_name: 'Eva Procházková', locale }, tenant: tenants[0], tenants, role: reader ? 'view_only' : 'owner', privileges: reader ? READ_ONLY : PRIVILEGES, method: 'password', authenticated_at: ago(30), expires_at: ago(-600), version: '0.1.0' };
};

function matching(query: URLSearchParams): SecurityKey[] {
  const stock = ['in_stock', 'ready', 'quarantined'];
  const list = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean);
  const q = (query.get('q') ?? '').toLowerCase().replaceAll(/[\s-]/g, '');
  const ids = list('ids');
  return keys.filter((key) => {
    if (query.get('tab') === 'stocks' && !stock.includes(key.status)) return false;
    if (query.get('tab') === 'inventory' && stock.includes(key.status)) return false;
    if (ids.length > 0 && !ids.includes(key.id)) return false;
    if (list('status').length > 0 && !list('status').includes(key.status)) return false;
    if (list('mode').length > 0 && !list('mode').includes(key.mode)) return false;
    if (list('policy').length > 0 && !list('policy').includes(key.policy?.id ?? 'none')) return false;
    if (query.get('batch') && (key.batch as { id: string }).id !== query.get('batch')) return false;
    if (!inHands(key, query)) return false;
    return !q || key.serial_number.includes(q) || (key.policy?.name.toLowerCase().replaceAll(' ', '').includes(q) ?? false) || (key.user?.user_name.includes(q) ?? false);
  });
}
function page<T>(items: T[], query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? 50);
  const at = Number(query.get('cursor') ?? 0);
  return { body: { items: items.slice(at, at + limit), next_cursor: at + limit < items.length ? String(at + limit) : null, previous_cursor: at > 0 ? String(Math.max(0, at - limit)) : null, total: { count: Math.min(items.length, 10_000), capped: items.length > 10_000 } } };
}
const field = (key: SecurityKey, name: string) => (name === 'policy' ? (key.policy?.name ?? '') : String(key[name as keyof SecurityKey] ?? ''));

function act(key: SecurityKey, action: string, body: Record<string, unknown>): string | null {
  if (!key.allowed_actions.includes(action)) return `a key that is ${key.status.replace('_', ' ')} cannot take ${action.replace('_', ' ')}`;
  const policy = policies.find((one) => one.id === body.policy_id);
  if (action === 'link_policy' && policy?.type === 'enterprise' && key.version === 'FIDO_2_0') return 'an enterprise policy needs version FIDO_2_1 or newer';
  if (action === 'link_policy') { key.policy = policy ? { id: policy.id, name: policy.name, version: policy.version } : null; key.status = 'ready'; }
  if (action === 'unlink_policy') { key.policy = null; key.status = 'in_stock'; }
  if (action === 'quarantine') { key.policy = null; key.status = 'quarantined'; key.status_reason = String(body.reason); }
  if (action === 'release') { key.status = 'in_stock'; key.status_reason = null; }
  if (action === 'dispose') key.status = 'disposed';
  if (action === 'delete') keys.splice(keys.indexOf(key), 1);
  key.revision += 1;
  key.updated_at = new Date().toISOString();
  key.allowed_actions = actionsOf(key);
  return null;
}
function startJob(kind: string, total: number, step: (at: number) => void, end: () => void = () => undefined): Job {
  const job: Job = { id: uuid(11, jobs.size + 1), kind, status: 'running', progress: { done: 0, total }, refused: 0, created_by: 'Eva Procházková', created_at: new Date().toISOString() };
  jobs.set(job.id, job);
  const slice = Math.max(1, Math.ceil(total / 20));
  const timer = setInterval(() => {
    if (job.status === 'cancelled') { clearInterval(timer); return; }
    for (let n = 0; n < slice && job.progress.done < total; n += 1) { step(job.progress.done); job.progress.done += 1; }
    if (job.progress.done >= total) { clearInterval(timer); job.status = 'done'; job.finished_at = new Date().toISOString(); end(); }
  }, 80);
  return job;
}
function bulk({ body, query }: Asked): Answer {
  const selection = body.selection as { ids?: string[]; filter?: Record<string, string>; expected_count?: number };
  const chosen = selection.ids ? keys.filter((key) => selection.ids?.includes(key.id)) : matching(new URLSearchParams(selection.filter));
  if (query.get('dry_run') === 'true') return { body: { count: chosen.length } };
  if (selection.expected_count !== undefined && selection.expected_count !== chosen.length) return problem(409, 'refused', `The filter now matches ${chosen.length} keys.`, { count: chosen.length });
  const rows: JobResult[] = [];
  const job = startJob(String(body.action), chosen.length, (at) => {
    const key = chosen[at];
    if (!key) return;
    const detail = act(key, String(body.action), (body.arguments ?? {}) as Record<string, unknown>);
    rows.push({ object_id: key.id, label: key.serial_number, outcome: detail ? 'refused' : 'done', detail });
  }, () => tell(chosen.map((key) => ({ kind: 'security_key', id: key.id, revision: key.revision }))));
  results.set(job.id, rows);
  return { status: 202, body: job };
}
function importFile({ raw, query }: Asked): Answer {
  const made = check(raw, query);
  if ('refused' in made) return problem(422, 'validation', made.refused);
  if (query.get('dry_run') === 'true') return { body: { ...made, id: null }, delay: 200 };
  if (made.mode === 'all_or_nothing' && made.counts.rejected > 0) return { status: 422, body: { ...made, status: 'refused' } };
  imports.unshift(made);
  made.status = 'applying';
  const job = startJob('import', made.counts.accepted, () => undefined, () => apply(made));
  made.job_id = job.id;
  return { status: 202, body: made };
}
function savePolicy(body: Record<string, unknown>, id?: string): Answer {
  const known = policies.find((one) => one.id === id);
  if (!body.name) return problem(422, 'validation', 'The policy needs a name.', { errors: [{ pointer: '/name', detail: 'must not be empty' }] });
  if (known) { Object.assign(known, body, { revision: known.revision + 1, version: known.version + (known.in_use ? 1 : 0) }); return { body: known }; }
  const made = { ...(body as unknown as (typeof policies)[number]), id: uuid(1, policies.length + 1), revision: 1, version: 1, in_use: false, archived: false, updated_at: new Date().toISOString() };
  policies.push(made);
  return { status: 201, body: made };
}

type Route = [string, RegExp, (asked: Asked, id: string, verb: string) => Answer];
const none = problem(404, 'not-found', 'There is nothing here.');
const found = (thing: unknown): Answer => (thing ? { body: thing } : none);
const routes: Route[] = [
  ...otp,
  ...people,
  ...hands,
  ['GET', /^\/setup$/, ({ cookie }) => ({ body: { needed: cookie.includes('claviger=fresh') } })],
  ['POST', /^\/setup$/, () => ({ status: 201, body: sessionOf(''), cookie: 'claviger=owner; Path=/; SameSite=Lax' })],
  ['GET', /^\/session$/, ({ cookie }) => (/claviger=(owner|view)/.test(cookie) ? { body: sessionOf(cookie) } : problem(401, 'unauthenticated', 'Sign in.'))],
  ['POST', /^\/session$/, ({ body }) => (body.password === 'wrong' ? problem(401, 'unauthenticated', 'The e-mail address or the password is wrong.') : { body: sessionOf(''), cookie: 'claviger=owner; Path=/; SameSite=Lax', delay: 150 })],
  ['DELETE', /^\/session$/, () => ({ status: 204, cookie: 'claviger=; Path=/; Max-Age=0' })],
  ['PATCH', /^\/session$/, () => ({ body: sessionOf('') })],
  ['GET', /^\/account\/(passkeys)$/, () => ({ body: { items: passkeys, next_cursor: null } })],
  ['GET', /^\/account\/(sessions)$/, () => ({ body: { items: [{ id: uuid(12, 1), method: 'passkey', address: '10.20.0.4', user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', created_at: ago(30), last_seen_at: ago(0), expires_at: ago(-600), current: true }, { id: uuid(12, 2), method: 'password', address: '10.20.0.77', user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', created_at: ago(3000), last_seen_at: ago(900), expires_at: ago(-60), current: false }], next_cursor: null } })],
  ['GET', /^\/account$/, () => ({ body: { ...sessionOf('').administrator, revision: 1 } })],
  ['PATCH', /^\/account$/, ({ body }) => { if (typeof body.locale === 'string') locale = body.locale; return { body: { ...sessionOf('').administrator } }; }],
  ['POST', /^\/account\/password$/, () => ({ status: 204 })],
  ['GET', /^\/security-keys\/counts$/, () => ({ body: { stocks: count(['in_stock', 'ready', 'quarantined']), inventory: count(['configured', 'enrolled', 'suspended', 'revoked']), disposed: 3 } })],
  ['GET', /^\/security-keys$/, ({ query }) => {
    const sort = query.get('sort') ?? '';
    const name = sort.replace(/^-/, '');
    const list = matching(query);
    if (name) list.sort((a, b) => field(a, name).localeCompare(field(b, name)) * (sort.startsWith('-') ? -1 : 1));
    return page(list, query);
  }],
  ['POST', /^\/security-keys\/bulk$/, bulk],
  ['GET', /^\/security-keys\/([^/]+)\/events$/, (_, id) => page([...new Set([...audit.filter((event) => event.object?.id === id), ...audit.slice(0, 4)])], new URLSearchParams())],
  ['GET', /^\/security-keys\/([^/]+)$/, (_, id) => found(keys.find((key) => key.id === id))],
  ['DELETE', /^\/security-keys\/([^/]+)$/, (_, id) => one(id, 'delete', {})],
  ['POST', /^\/security-keys\/([^/]+)\/([a-z-]+)$/, ({ body }, id, verb) => one(id, verb.replace('-', '_'), body)],
  ['GET', /^\/imports$/, ({ query }) => page(imports, query)],
  ['POST', /^\/imports$/, importFile],
  ['GET', /^\/imports\/([^/]+)$/, (_, id) => found(imports.find((made) => made.id === id))],
  ['GET', /^\/imports\/([^/]+)\/rejected\.csv$/, () => ({ text: 'deviceName,serialNumber,version,error\r\n' })],
  ['POST', /^\/imports\/([^/]+)\/undo$/, (_, id) => { const made = imports.find((one) => one.id === id); if (made) undo(made); return found(made); }],
  ['GET', /^\/jobs\/([^/]+)$/, (_, id) => found(jobs.get(id))],
  ['POST', /^\/jobs\/([^/]+)\/cancel$/, (_, id) => { const job = jobs.get(id); if (job) job.status = 'cancelled'; return found(job); }],
  ['GET', /^\/jobs\/([^/]+)\/results$/, ({ query }, id) => page((results.get(id) ?? []).filter((row) => !query.get('outcome') || query.get('outcome')?.split(',').includes(row.outcome)), query)],
  ['GET', /^\/policies$/, ({ query }) => page(policies.filter((policy) => (query.get('archived') === 'true' || !policy.archived) && policy.name.toLowerCase().includes((query.get('q') ?? '').toLowerCase())), query)],
  ['POST', /^\/policies$/, ({ body }) => savePolicy(body)],
  ['GET', /^\/policies\/([^/]+)\/versions$/, (_, id) => { const policy = policies.find((one) => one.id === id); return { body: { items: Array.from({ length: policy?.version ?? 0 }, (_unused, n) => ({ ...policy, version: (policy?.version ?? 0) - n, created_at: ago(n * 20_000 + 60), key_count: 1200 - n * 400 })), next_cursor: null } }; }],
  ['GET', /^\/policies\/([^/]+)$/, (_, id) => found(policies.find((one) => one.id === id))],
  ['PUT', /^\/policies\/([^/]+)$/, ({ body }, id) => savePolicy(body, id)],
  ['DELETE', /^\/policies\/([^/]+)$/, (_, id) => { const at = policies.findIndex((one) => one.id === id); if (policies[at]?.in_use) return problem(409, 'refused', 'This policy is in use by 1,204 keys. Archive it instead.'); policies.splice(at, 1); return { status: 204 }; }],
  ['POST', /^\/policies\/([^/]+)\/(archive|restore)$/, (_, id, verb) => { const policy = policies.find((one) => one.id === id); if (policy) policy.archived = verb === 'archive'; return found(policy); }],
  ['GET', /^\/audit-events$/, ({ query }) => page(audit.filter((event) => !query.get('action') || query.get('action')?.split(',').includes(event.action)), query)],
  ['POST', /^\/audit\/verification$/, () => ({ body: { ok: true, entries: 18_204, problems: [] }, delay: 400 })],
  ['GET', /^\/api-tokens$/, ({ query }) => page(tokens.filter((one) => !query.get('creator') || ('stopped' in one) === (query.get('creator') === 'disabled')), query)],
  ['POST', /^\/api-tokens$/, ({ body }) => { const made = { id: uuid(8, tokens.length + 1), name: String(body.name), role: String(body.role), created_by: 'eva@acme.example', created_at: new Date().toISOString(), last_used_at: null as never, expires_at: (body.expires_at as string) ?? null }; tokens.push(made); return { status: 201, body: { ...made, token: 'clv_AZkF3nP0cAAAgAAAAAAAAf3b9Qm1xT8r2LkW5vYh7sJd4eUc6oXi0zGaBnMtRp1q' } }; }],
  ['DELETE', /^\/api-tokens\/([^/]+)$/, (_, id) => { tokens.splice(tokens.findIndex((one) => one.id === id), 1); return { status: 204 }; }],
  ['POST', /^\/administrators$/, ({ body }) => ({ status: 201, body: { administrator: { id: uuid(7, 9), revision: 1, ...body, active: false, disabled: false, created_at: ago(0) }, link: 'http://localhost:8080/setup#token=Q2xhdmlnZXI', expires_at: ago(-1440) } })],
  ['GET', /^\/tenants$/, ({ query }) => page(tenants, query)],
];
function count(statuses: string[]): Record<string, number> {
  const counts: Record<string, number> = { total: 0 };
  for (const status of statuses) { const n = keys.filter((key) => key.status === status).length; counts[status] = n; counts.total = (counts.total ?? 0) + n; }
  return counts;
}
function one(id: string, action: string, body: Record<string, unknown>): Answer {
  const key = keys.find((candidate) => candidate.id === id);
  if (!key) return none;
  const refusal = act(key, action, body);
  if (refusal) return problem(409, 'refused', refusal, { state: key.status, command: action });
  tell([{ kind: 'security_key', id, revision: key.revision }]);
  return action === 'delete' ? { status: 204 } : { body: key };
}

export function handle(asked: Asked): Answer {
  for (const [method, pattern, run] of routes) {
    const hit = pattern.exec(asked.path);
    if (method === asked.method && hit) return run(asked, decodeURIComponent(hit[1] ?? ''), hit[2] ?? '');
  }
  return problem(404, 'not-found', `The stand-in does not know ${asked.method} ${asked.path}.`);
}
