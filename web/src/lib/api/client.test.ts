import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, onUnauthenticated, patch, post, urlOf } from './client';
import { isApiError, kindOf, problemFrom } from './problem';

const answer = (status: number, body?: unknown) => new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'x-request-id': 'req_1' } });
const problem = (status: number, type: string, more: object = {}) => answer(status, { type: `https://claviger.example/problems/${type}`, title: type, status, detail: 'why', ...more });
const sent = () => vi.mocked(fetch).mock.calls.map(([url, init]) => ({ url: String(url), init: init as RequestInit, headers: new Headers(init?.headers) }));
const serve = (...answers: (Response | Error)[]) => {
  const queue = [...answers];
  vi.stubGlobal('fetch', vi.fn(async () => { const next = queue.shift(); if (next instanceof Error || !next) throw next ?? new Error('no answer left'); return next; }));
};
const caught = async (work: Promise<unknown>) => { const error = await work.then(() => null, (thrown: unknown) => thrown); if (!isApiError(error)) throw new Error('no problem'); return error; };

afterEach(() => { vi.unstubAllGlobals(); onUnauthenticated(null); });

describe('requests', () => {
  it('leave empty parameters out', () => {
    expect(urlOf('/x', { a: '', b: undefined, c: 0, d: false, e: 'a b' })).toBe('/api/v1/x?c=0&d=false&e=a+b');
  });
  it('carry an Idempotency-Key when they change something, and the revision', async () => {
    serve(answer(200, {}), answer(200, {}));
    await get('/x');
    await patch('/x', { a: 1 }, { revision: 7 });
    const [read, write] = sent();
    expect(read?.headers.has('idempotency-key')).toBe(false);
    expect(write?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(write?.headers.get('if-match')).toBe('"7"');
    expect(write?.init.body).toBe('{"a":1}');
  });
  it('take an empty answer', async () => {
    serve(answer(204));
    expect(await post('/x')).toBeUndefined();
  });
});

describe('problems', () => {
  it('keep kind, detail, request id and fields', async () => {
    serve(problem(422, 'validation', { request_id: 'req_9', errors: [{ pointer: '/name', detail: 'is empty' }, { broken: true }] }));
    const error = await caught(post('/x'));
    expect(error).toMatchObject({ kind: 'validation', status: 422, message: 'why', requestId: 'req_9' });
    expect(error.field('name')).toBe('is empty');
    expect(error.field('other')).toBeUndefined();
  });
  it('tell stale from refused, which share a status', () => {
    expect(kindOf('https://claviger.example/problems/stale', 409)).toBe('stale');
    expect(kindOf('https://claviger.example/problems/refused', 409)).toBe('refused');
    expect(kindOf(undefined, 409)).toBe('refused');
    expect(kindOf('about:blank', 599)).toBe('unknown');
  });
  it('survive a body that is no problem', () => {
    expect(problemFrom(502, undefined, 'req_2')).toMatchObject({ kind: 'unknown', requestId: 'req_2', errors: [] });
  });
  it('call a lost connection by its name', async () => {
    serve(new TypeError('failed to fetch'));
    expect((await caught(get('/x'))).kind).toBe('network');
  });
});

describe('an expired session', () => {
  it('asks to sign in and sends the same request with the same key', async () => {
    serve(problem(401, 'unauthenticated'), answer(200, { done: true }));
    const again = vi.fn(async () => undefined);
    onUnauthenticated(again);
    expect(await post('/x', { a: 1 })).toEqual({ done: true });
    expect(again).toHaveBeenCalledExactlyOnceWith('expired');
    const [first, second] = sent();
    expect(second?.headers.get('idempotency-key')).toBe(first?.headers.get('idempotency-key'));
    expect(second?.init.body).toBe(first?.init.body);
  });
  it('asks for a fresh proof, and gives the problem back when refused', async () => {
    serve(problem(403, 'step-up-required'));
    onUnauthenticated(async (why) => { expect(why).toBe('step-up'); throw new Error('no'); });
    expect((await caught(post('/x'))).kind).toBe('step-up-required');
  });
  it('is the caller’s to handle at sign-in itself', async () => {
    serve(problem(401, 'unauthenticated'));
    const again = vi.fn(async () => undefined);
    onUnauthenticated(again);
    expect((await caught(post('/session', {}, { anonymous: true }))).kind).toBe('unauthenticated');
    expect(again).not.toHaveBeenCalled();
  });
});
