// People, roles, settings and downloads of the stand-in.
import type { Answer, Asked } from './api.ts';

type Route = [string, RegExp, (asked: Asked, id: string, verb: string) => Answer];
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const uuid = (kind: number, n: number) => `0190000${kind.toString(16)}-0000-7000-8000-${String(n).padStart(12, '0')}`;
const none: Answer = { status: 404, body: { type: '/problems/not-found', title: 'There is nothing here.', status: 404 } };

const NAMES = ['Anna Králová', 'Bořivoj Nejedlý', 'Carla Öztürk-Weißmüller', 'Dmitri Sokolov', 'Eva Procházková', 'Franz-Josef Oberhuber', 'Gréta Šimůnková', 'Hanako Yamada'];
const users = Array.from({ length: 137 }, (_, n) => {
  const display = NAMES[n % NAMES.length] ?? '';
  const name = `${display.split(' ')[0]?.toLowerCase()}.${display.split(' ')[1]?.toLowerCase()}${n > 7 ? n : ''}`;
  const disabled = n % 9 === 4;
  return {
    id: uuid(14, n), revision: 1 + (n % 3), user_name: name, display_name: display, email: n % 11 === 3 ? null : `${name}@acme.example`, locale: n % 3 === 0 ? 'cs' : null,
    status: disabled ? 'disabled' : 'active', disabled_at: disabled ? ago(9000) : null, keys: n % 4, created_at: ago(90_000 - n), updated_at: ago(n * 70),
    allowed_actions: [disabled ? 'enable' : 'disable', 'update'],
  };
});
const ALL = ['inventory.read', 'stock.import', 'stock.link', 'stock.delete', 'key.assign', 'key.configure', 'key.enroll', 'key.revoke', 'key.suspend', 'key.reinstate', 'key.dispose', 'device.userpin.read', 'device.adminpin.read', 'export', 'policy.read', 'policy.write', 'audit.read', 'job.read', 'user.read', 'user.write', 'role.read', 'role.write', 'administrator.read', 'administrator.write', 'api_token.read', 'api_token.write', 'tenant.read', 'tenant.write', 'settings.read', 'settings.write', 'downloads', 'unlock', 'verify_caller', 'otp.read', 'otp.support', 'otp.write', 'otp.verify', 'observe'];
const BUILT_IN = ['owner', 'administrator', 'device_service_administrator', 'help_desk', 'warehouse', 'user_administrator', 'auditor', 'view_only', 'workstation', 'verifier'];
const roles = [
  ...BUILT_IN.map((name, n) => ({ id: null as string | null, revision: null as number | null, name, built_in: true, for_programs: n > 7, holders: n === 0 ? 2 : n % 3, privileges: n === 0 ? ALL : ALL.filter((_, at) => at % (n + 1) === 0) })),
  { id: uuid(13, 1), revision: 2, name: 'Night shift', built_in: false, for_programs: false, holders: 1, privileges: ['inventory.read', 'key.suspend', 'unlock', 'verify_caller', 'user.read'] },
];
const administrators = [['Eva Procházková', 'owner', true, false], ['Petr Malý', 'warehouse', true, false], ['Mia Huber', 'auditor', false, false], ['Josef Starý', 'help_desk', true, true]].map(([name, role, active, disabled], n) => ({
  id: uuid(7, n + 1), revision: 1, email: `${String(name).split(' ')[0]?.toLowerCase()}@acme.example`, display_name: name, role, active, disabled,
  user: n === 1 ? { id: uuid(14, 4), user_name: 'petr.maly' } : null, linked: n === 1, last_sign_in_at: active ? ago(n * 300 + 3) : null, created_at: ago(90_000 - n * 9000),
}));
let settings: Record<string, unknown> = {
  revision: 1, locale: 'en', languages: ['en', 'cs', 'de'], revoke_notifies: false,
  mail: { host: 'smtp.acme.example', port: 587, encryption: 'starttls', user_name: 'claviger', password_set: true, from_address: 'keys@acme.example', from_name: 'Acme IT', ca_certificates: null },
  session: { idle_minutes: 30, absolute_hours: null, step_up_minutes: 5, longest_idle_minutes: 60, longest_absolute_hours: 12 },
  retention: { job_days: 90, import_reject_days: 90, mail_days: 30 }, pins: { shows_per_hour: 20, admin_pin_needs_approval: false },
  verification: { compatible: true, compatible_networks: ['10.1.0.0/16', '10.2.3.4'], compatible_url: 'https://keys.acme.example/pi/0190000a-0000-7000-8000-000000000001' },
};
const radius = [['VPN gateway', '10.1.2.3'], ['Wi-Fi controllers of the branch offices', '10.20.0.0/16'], ['Citrix', '2001:db8:12::/48']].map(([name, network], n) => ({ id: uuid(11, n + 1), revision: 1, name, network, created_at: ago(90_000 - n), created_by: 'Eva Procházková', rotated_at: ago(4000 * n + 3) }));
let oidc: Record<string, unknown> | null = { revision: 1, issuer: 'https://login.acme.example', client_id: 'claviger', client_secret_set: true, scopes: ['email', 'profile'], groups_claim: 'groups', group_roles: { 'key-admins': 'administrator', 'key-desk': 'help_desk' }, default_role: null, create_administrators: true, button_label: 'Sign in with Acme', key: 'acme', listed: true, redirect_uri: 'https://keys.acme.example/api/v1/session/oidc/acme/callback' };
const downloads = [['windows', 'claviger-workstation-1.4.0-x64.msi', 'msiexec /i claviger-workstation-1.4.0-x64.msi /qn SERVER=https://keys.acme.example'], ['linux', 'claviger-workstation_1.4.0_amd64.deb', null]].map(([system, file_name, notes], n) => ({
  id: uuid(12, n), revision: 1, system, kind: 'workstation', file_name, version: '1.4.0', size: 48_211_002 - n * 999, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', uploaded_at: ago(4000), uploaded_by: 'Eva Procházková', notes,
}));
const listed = <T>(items: T[], query: URLSearchParams): Answer => {
  const limit = Number(query.get('limit') ?? 50);
  const at = Number(query.get('cursor') ?? 0);
  return { body: { items: items.slice(at, at + limit), next_cursor: at + limit < items.length ? String(at + limit) : null, previous_cursor: at > 0 ? String(Math.max(0, at - limit)) : null, total: { count: items.length, capped: false } } };
};

export const people: Route[] = [
  ['GET', /^\/users$/, ({ query }) => {
    const q = (query.get('q') ?? '').toLowerCase();
    return listed(users.filter((user) => (!query.get('status') || query.get('status')?.split(',').includes(user.status)) && `${user.user_name} ${user.display_name} ${user.email}`.toLowerCase().includes(q)), query);
  }],
  ['POST', /^\/users\/import$/, ({ raw, query }) => {
    const rows = raw.toString('utf8').split(/\r?\n/).filter((line) => line.includes(',') && !line.startsWith('user_name') && !line.startsWith('Content')).map((line) => line.split(','));
    const errors = rows.flatMap((row, n) => (row[0] ? [] : [{ line: n + 2, column: 'user_name', detail: 'user name is empty' }]));
    const body = { counts: { created: errors.length ? 0 : rows.length, updated: 0, unchanged: 0, rejected: errors.length }, errors, preview: rows.slice(0, 20).map(([user_name, display_name, email, locale]) => ({ user_name, display_name, email: email || null, locale: locale || null })) };
    return { status: errors.length > 0 && query.get('dry_run') !== 'true' ? 422 : 200, body, delay: 150 };
  }],
  ['POST', /^\/users$/, ({ body }) => { const made = { ...users[0], ...body, id: uuid(14, users.length), revision: 1, keys: 0 }; users.push(made as never); return { status: 201, body: made }; }],
  ['GET', /^\/users\/([^/]+)\/events$/, () => ({ body: { items: [], next_cursor: null } })],
  ['GET', /^\/users\/([^/]+)$/, (_, id) => { const user = users.find((one) => one.id === id); return user ? { body: user } : none; }],
  ['PUT', /^\/users\/([^/]+)$/, ({ body }, id) => { const user = users.find((one) => one.id === id); if (!user) return none; Object.assign(user, body, { revision: user.revision + 1 }); return { body: user }; }],
  ['POST', /^\/users\/([^/]+)\/(enable|disable)$/, (_, id, verb) => { const user = users.find((one) => one.id === id); if (!user) return none; Object.assign(user, { status: verb === 'enable' ? 'active' : 'disabled', disabled_at: verb === 'enable' ? null : ago(0), revision: user.revision + 1, allowed_actions: [verb === 'enable' ? 'disable' : 'enable'] }); return { body: user }; }],
  ['GET', /^\/roles$/, () => ({ body: { items: roles, next_cursor: null } })],
  ['POST', /^\/roles$/, ({ body }) => { const made = { id: uuid(13, roles.length), revision: 1, built_in: false, for_programs: false, holders: 0, ...(body as { name: string; privileges: string[] }) }; roles.push(made); return { status: 201, body: made }; }],
  ['PUT', /^\/roles\/([^/]+)$/, ({ body }, name) => { const role = roles.find((one) => one.name === name); if (!role) return none; Object.assign(role, body); return { body: role }; }],
  ['DELETE', /^\/roles\/([^/]+)$/, (_, name) => { roles.splice(roles.findIndex((one) => one.name === name), 1); return { status: 204 }; }],
  ['GET', /^\/administrators$/, ({ query }) => listed(administrators, query)],
  ['PATCH', /^\/administrators\/([^/]+)$/, ({ body }, id) => { const one = administrators.find((who) => who.id === id); if (!one) return none; Object.assign(one, body, { revision: one.revision + 1 }); return { body: one }; }],
  ['GET', /^\/administrators\/([^/]+)\/(sessions)$/, () => ({ body: { items: [{ id: uuid(15, 1), method: 'passkey', address: '10.20.0.4', user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', created_at: ago(200), last_seen_at: ago(2), expires_at: ago(-600) }], next_cursor: null } })],
  ['DELETE', /^\/administrators\/([^/]+)\/(sessions)$/, () => ({ status: 204 })],
  ['POST', /^\/administrators\/([^/]+)\/(invitation)$/, (_, id) => ({ status: 201, body: { administrator: administrators.find((who) => who.id === id), link: 'http://localhost:8080/setup#token=Q2xhdmlnZXI', expires_at: ago(-1440) } })],
  ['GET', /^\/settings$/, () => ({ body: settings })],
  ['PATCH', /^\/settings$/, ({ body }) => { settings = { ...settings, ...body, revision: 2 }; return { body: settings }; }],
  ['GET', /^\/radius-clients$/, () => ({ body: { items: radius, listen: '0.0.0.0:1812' } })],
  ['POST', /^\/radius-clients$/, ({ body }) => { const made = { ...radius[0], name: String(body.name), network: String(body.network), id: uuid(11, radius.length + 1) } as (typeof radius)[number]; radius.push(made); return { status: 201, body: made }; }],
  ['PATCH', /^\/radius-clients\/([^/]+)$/, (_, id) => ({ body: radius.find((one) => one.id === id) })],
  ['DELETE', /^\/radius-clients\/([^/]+)$/, (_, id) => { radius.splice(radius.findIndex((one) => one.id === id), 1); return { status: 204 }; }],
  ['POST', /^\/settings\/mail\/test$/, () => ({ body: { delivered: true, detail: '250 2.0.0 Ok: queued as 4F1C2A' }, delay: 300 })],
  ['GET', /^\/settings\/sign-in\/oidc$/, () => (oidc ? { body: oidc } : none)],
  ['PUT', /^\/settings\/sign-in\/oidc$/, ({ body }) => { oidc = { ...oidc, ...body, client_secret_set: true }; return { body: oidc }; }],
  ['DELETE', /^\/settings\/sign-in\/oidc$/, () => { oidc = null; return { status: 204 }; }],
  ['POST', /^\/settings\/sign-in\/oidc\/test$/, () => ({ body: { ok: true, problem: null, authorization_endpoint: 'https://login.acme.example/oauth2/authorize' }, delay: 300 })],
  ['GET', /^\/sign-in-methods$/, () => ({ body: { password: true, passkey: true, oidc: [{ key: 'acme', label: 'Sign in with Acme' }] } })],
  ['POST', /^\/setup\/link$/, ({ body, cookie }) => (body.setup_token === 'used' ? { status: 422, body: { type: '/problems/validation', title: 'The request is not valid', status: 422, errors: [{ pointer: '/setup_token', detail: 'this link does not work any more' }] } } : { body: { first_run: cookie.includes('claviger=fresh'), email: cookie.includes('claviger=fresh') ? null : 'mia@acme.example', display_name: cookie.includes('claviger=fresh') ? null : 'Mia Huber', expires_at: ago(-1000) } })],
  ['GET', /^\/downloads$/, () => ({ body: { items: downloads, next_cursor: null } })],
  ['GET', /^\/audit\/checkpoints$/, () => ({ body: { items: [1, 2, 3].map((n) => ({ sequence: n, at: ago(60 - n), heads: [{ lane: 0, sequence: n * 40, hash: 'ab' }], sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', signature: 'x', public_key: 'ed25519:4HkqX1w0bS9vRr' })), next_cursor: null } })],
];
