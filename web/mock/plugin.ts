// A stand-in for the server while the console is developed without one. It never reaches the bundle.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { handle, events } from './api.ts';

// The server's own policy, so that a page that breaks it is seen at once.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function middleware(strict: boolean) {
  return async (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (strict) response.setHeader('content-security-policy', CSP);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/v1/')) { next(); return; }
    if (url.pathname === '/api/v1/events') { events(response); return; }
    const raw = await read(request);
    const json = request.headers['content-type']?.includes('json') ? JSON.parse(raw.toString() || '{}') : {};
    const answer = handle({ method: request.method ?? 'GET', path: url.pathname.slice(7), query: url.searchParams, body: json, raw, cookie: request.headers.cookie ?? '' });
    await new Promise((resolve) => setTimeout(resolve, answer.delay ?? 30));
    response.statusCode = answer.status ?? 200;
    response.setHeader('x-request-id', 'req_01J9ZK4T7W');
    if (answer.cookie) response.setHeader('set-cookie', answer.cookie);
    if (answer.text !== undefined) { response.setHeader('content-type', 'text/csv'); response.end(answer.text); return; }
    response.setHeader('content-type', (answer.status ?? 200) >= 400 ? 'application/problem+json' : 'application/json');
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  };
}

export const mockApi = (): Plugin => ({
  name: 'mock-api',
  configureServer(server) { server.middlewares.use(middleware(false)); },
  configurePreviewServer(server) { server.middlewares.use(middleware(true)); },
});
