// OTP tokens of the stand-in. Their codes are not computed: 123456 is right, everything else is wrong.
import type { EmergencyCodes, OtpToken } from '../src/lib/api/otp';
import type { Answer, Asked } from './api.ts';
import { ago, uuid } from './data.ts';

type Route = [string, RegExp, (asked: Asked, id: string, verb: string) => Answer];
type Status = OtpToken['status'];
const STATUSES: Status[] = ['active', 'active', 'active', 'disabled', 'active', 'compromised', 'active', 'expired'];
const NAMES = ['anna.králová', 'bořivoj.nejedlý', 'carla.öztürk-weißmüller', 'dmitri.sokolov'];
const problem = (status: number, type: string, detail: string): Answer => ({ status, body: { type: `https://claviger.example/problems/${type}`, title: type, status, detail, request_id: 'req_01J9ZK4T7W' } });
const none = problem(404, 'not-found', 'There is nothing here.');

function settle(token: OtpToken): OtpToken {
  const ended = token.status === 'compromised' || token.status === 'expired';
  token.allowed_actions = ended ? (token.status === 'expired' ? ['compromise'] : [])
    : [token.user ? 'unassign' : 'assign', token.status === 'active' ? 'disable' : 'enable', 'resync', 'test', ...(token.locked ? ['unlock'] : []), 'compromise'];
  return token;
}
const tokens: OtpToken[] = Array.from({ length: 214 }, (_, n) => settle({
  id: uuid(15, n + 1), revision: 1 + (n % 4), serial_number: n % 3 === 0 ? `GALT${11_457_893 + n}` : `26${10_000_000 + n * 37}`, type: n % 4 === 1 ? 'totp' : 'hotp', algorithm: n % 5 === 3 ? 'sha256' : 'sha1', digits: n % 6 === 2 ? 8 : 6,
  time_step: n % 4 === 1 ? 30 : null, status: STATUSES[n % STATUSES.length] ?? 'active', reason: STATUSES[n % STATUSES.length] === 'compromised' ? 'Stolen from the car' : null,
  user: n % 5 < 3 ? { id: uuid(14, n % 4), user_name: NAMES[n % 4] ?? '' } : null, locked: n % 17 === 4, failed_attempts: n % 17 === 4 ? 10 : n % 3, last_used_at: n % 5 < 3 ? ago(n * 43 + 2) : null, expires_at: null,
  imported_at: ago(9000 + Math.floor(n / 60) * 8000), updated_at: ago(n * 90), manufacturer: n % 3 === 0 ? 'Gemalto' : 'Feitian', model: n % 3 === 0 ? 'IDProve 110' : 'c200', batch: { id: uuid(5, 1), file_name: 'seeds-2026-11.xml' }, allowed_actions: [],
}));
let codes: EmergencyCodes['items'] = [];
const found = (id: string) => tokens.find((one) => one.id === id);

function matching(query: URLSearchParams): OtpToken[] {
  const list = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean);
  const q = (query.get('q') ?? '').toLowerCase();
  return tokens.filter((one) => (list('ids').length === 0 || list('ids').includes(one.id)) && (list('status').length === 0 || list('status').includes(one.status))
    && (!query.get('type') || one.type === query.get('type')) && (!query.get('user') || one.user?.id === query.get('user')) && (!query.get('locked') || String(one.locked) === query.get('locked'))
    && (!q || one.serial_number.toLowerCase().includes(q) || (one.user?.user_name.includes(q) ?? false)));
}
function order(id: string, verb: string, body: Record<string, unknown>): Answer {
  const token = found(id);
  if (!token) return none;
  if (verb === 'test') return { body: body.otp === '123456' ? { accepted: true, reason: 'ok' } : { accepted: false, reason: 'rejected' } };
  if (verb === 'resync') return body.first_otp === '123456' ? { body: { resynchronised: true } } : problem(409, 'resync-failed', 'the codes do not fit');
  if (verb === 'disable' && token.user && tokens.filter((one) => one.user?.id === token.user?.id && one.status === 'active').length < 2) return problem(409, 'refused', "the user's last active token");
  if (verb === 'assign') token.user = { id: String(body.user_id), user_name: NAMES[0] ?? '' };
  if (verb === 'unassign') token.user = null;
  if (verb === 'unlock') token.locked = false;
  const status: Record<string, Status> = { disable: 'disabled', enable: 'active', compromise: 'compromised' };
  token.status = status[verb] ?? token.status;
  token.revision += 1;
  return { body: settle(token) };
}
const preview = { id: null, kind: 'otp_tokens', status: 'previewed', file_name: 'seeds.xml', file_size: 18_211, sha256: 'c0ffee'.repeat(10), format: 'pskc', mode: 'all_or_nothing', policy: null, created_at: ago(0), created_by: 'Eva Procházková', counts: { accepted: 118, rejected: 2, unchanged: 0 }, errors: [{ line: 17, column: 'Secret', detail: 'the MAC does not fit: another transport key, or a changed file' }, { line: 90, column: 'Algorithm', detail: 'OCRA tokens cannot be verified here' }], errors_truncated: false, columns: [], preview: [], preview_tokens: tokens.slice(0, 20).map((one) => ({ serial_number: one.serial_number, type: one.type, algorithm: one.algorithm, digits: one.digits, time_step: one.time_step, user_name: one.user?.user_name ?? null })), job_id: null, undoable: false };

export const otp: Route[] = [
  ['GET', /^\/otp-tokens$/, ({ query }) => {
    const all = matching(query);
    const [at, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit') ?? 50)];
    return { body: { items: all.slice(at, at + limit), next_cursor: at + limit < all.length ? String(at + limit) : null, previous_cursor: at > 0 ? String(Math.max(0, at - limit)) : null, total: { count: all.length, capped: false } } };
  }],
  ['POST', /^\/otp-tokens\/find$/, ({ body }) => ({ body: { items: body.otp === '123456' ? tokens.slice(0, 2) : [], searched: tokens.length, complete: true }, delay: 150 })],
  ['POST', /^\/otp-tokens\/import$/, () => ({ body: preview, delay: 150 })],
  ['POST', /^\/otp-tokens$/, ({ body }) => (body.seed === 'wrong' ? problem(422, 'validation', 'The seed is too short.') : { status: 201, body: { ...tokens[0], serial_number: body.serial_number } })],
  ['GET', /^\/otp-tokens\/([^/]+)\/events$/, () => ({ body: { items: [{ id: uuid(6, 900), at: ago(70), action: 'otp_token.assigned', actor: { kind: 'administrator', id: uuid(7, 1), label: 'Eva Procházková' }, before: { user: null }, after: { user: null } }], next_cursor: null } })],
  ['GET', /^\/otp-tokens\/([^/]+)$/, (_, id) => { const body = found(id); return body ? { body } : none; }],
  ['POST', /^\/otp-tokens\/([^/]+)\/([a-z]+)$/, ({ body }, id, verb) => order(id, verb, body)],
  ['GET', /^\/users\/([^/]+)\/emergency-codes$/, () => ({ body: { items: codes } })],
  ['POST', /^\/users\/([^/]+)\/emergency-codes$/, () => {
    codes = Array.from({ length: 5 }, (_, n) => ({ number: n + 1, created_at: ago(0), expires_at: ago(-4320), used_at: null, good: true }));
    return { status: 201, body: { codes: ['4821-0937', '1174-6620', '9035-2281', '3307-4415', '7790-1862'], expires_at: ago(-4320) } };
  }],
  ['DELETE', /^\/users\/([^/]+)\/emergency-codes$/, () => { codes = []; return { status: 204 }; }],
];
