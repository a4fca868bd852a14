// A real server with a data folder of its own: started, set up, asked through its REST API, stopped.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env.CLAVIGER_BINARY ?? new URL('../../target/debug/claviger', import.meta.url).pathname;
const START_MS = 120_000;

export const OWNER = {
  tenant_name: 'Acme',
  email: 'eva.palova@example.test',
  display_name: 'Eva Pálová',
  password: 'correct horse battery staple',
};

/** Starts a server on a spare port; `link` is the one-time first-run link that it prints. */
export async function startServer(...extra) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(...extra);
    } catch (error) {
      // Somebody else took the port between the probe and the server.
      if (attempt === 5 || !/address (already )?in use/i.test(error.message)) throw error;
    }
  }
}

async function startOnce(...extra) {
  const data = await mkdtemp(join(tmpdir(), 'claviger-e2e-'));
  const port = await sparePort();
  const origin = `http://localhost:${port}`;
  const child = spawn(BINARY, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--local-services', ...extra], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const printed = () => Buffer.concat(output).toString('utf8');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const server = {
    origin,
    data,
    printed,
    /** Halts the server while `work` looks at the page, so that what it shows cannot be over in the meantime. */
    async halted(work) {
      child.kill('SIGSTOP');
      try {
        return await work();
      } finally {
        child.kill('SIGCONT');
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(data, { recursive: true, force: true });
    },
  };
  try {
    await ready(origin, child, printed);
  } catch (error) {
    await server.stop();
    throw error;
  }
  server.link = printed().match(/https?:\/\/\S+\/setup\S*/)?.[0];
  return server;
}

async function ready(origin, child, printed) {
  for (let end = Date.now() + START_MS; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${printed()}`);
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    // The first-run link is printed after the address is bound.
    if (answer?.ok && /\/setup\S*/.test(printed())) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the server was not ready in time:\n${printed()}`);
}

function sparePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A server on which first run is done; `api` asks it as the owner. */
export async function startSetUpServer() {
  const server = await startServer();
  try {
    await setUp(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function setUp(server) {
  server.cookie = await takeUp(server, server.link, { locale: 'en', ...OWNER });
  server.api = (method, path, body) => ask(server, server.cookie, method, path, body);
}

/** A server that others started, asked by the person whom its one-time link invites. */
export async function takeUpServer(origin, link, person) {
  const server = { origin };
  server.cookie = await takeUp(server, link, { locale: 'en', password: OWNER.password, ...person });
  server.api = (method, path, body) => ask(server, server.cookie, method, path, body);
  return server;
}

/** Uses a one-time link of first run or of an invitation; answers the new session's cookie. */
async function takeUp(server, link, person) {
  const answer = await fetch(`${server.origin}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.origin },
    body: JSON.stringify({ setup_token: decodeURIComponent(link.replace(/^.*[#=]/, '')), ...person }),
  });
  if (answer.status !== 201) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`);
  return answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ');
}

/** Asks as the holder of a session's cookie. */
export const as = (server, cookie) => (method, path, body) => ask(server, cookie, method, path, body);

/** Somebody with another role in the same tenant; answers a session's cookie. */
export async function colleague(server, role, name = role.replaceAll('_', '.')) {
  const person = { email: `${name}@example.test`, display_name: `Colleague ${name}` };
  const { link } = await server.api('POST', '/administrators', { ...person, role });
  return takeUp(server, link, { ...person, locale: 'en', password: 'another long passphrase' });
}

/** Waits for a job's end and answers it. */
export async function finished(server, id) {
  for (;;) {
    const job = await server.api('GET', `/jobs/${id}`);
    if (!['queued', 'running'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(server, cookie, method, path, body) {
  const form = body instanceof FormData;
  const answer = await fetch(`${server.origin}/api/v1${path}`, {
    method,
    headers: { cookie, origin: server.origin, ...(body && !form && { 'content-type': 'application/json' }) },
    body: form ? body : body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Puts keys in stock, as a delivery file would. */
export async function deliver(server, rows, policyId) {
  const lines = rows.map((row) => `${row.device_name},${row.serial_number},${row.version ?? 'FIDO_2_1'}`);
  const form = new FormData();
  form.append('file', new Blob([['deviceName,serialNumber,version', ...lines, ''].join('\n')]), 'delivery.csv');
  return server.api('POST', `/imports${policyId ? `?policy_id=${policyId}` : ''}`, form);
}

/** A policy with usual rules. */
export function policy(server, name, more = {}) {
  return server.api('POST', '/policies', {
    name,
    type: 'standard',
    min_pin_length: 6,
    force_pin_change: true,
    always_uv: false,
    min_pin_length_rp_ids: [],
    allowed_services: [],
    enterprise_attestation: false,
    pin_kind: 'digits',
    reset_allowed: true,
    initial_pin_days: 30,
    ...more,
  });
}

/** A person to whom keys can be assigned. */
export function user(server, person) {
  return server.api('POST', '/users', person);
}
