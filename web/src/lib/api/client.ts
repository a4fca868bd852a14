/** The one way to the REST API: typed problems, idempotent mutations, and a second chance after signing in again. */
import { networkError, problemFrom, ApiError } from './problem';

export type Query = Record<string, string | number | boolean | undefined | null>;
export interface Options {
  query?: Query;
  body?: unknown;
  /** The revision that was read; the server answers *stale* when it has moved on. */
  revision?: number;
  signal?: AbortSignal;
  /** Sign-in itself must see its 401. */
  anonymous?: boolean;
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const BASE = '/api/v1';
/** Why somebody has to prove again who he is. */
export type Proof = 'expired' | 'step-up';
let proveAgain: ((why: Proof) => Promise<void>) | null = null;

/** Installs what happens on 401 and on a step-up: the promise resolves once somebody has proved who he is, and rejects when he will not. */
export function onUnauthenticated(handler: ((why: Proof) => Promise<void>) | null): void {
  proveAgain = handler;
}

/** Waits for the proof that a problem asks for; any other problem is thrown on. */
async function prove(problem: unknown): Promise<void> {
  const kind = problem instanceof ApiError ? problem.kind : 'unknown';
  if (!proveAgain || (kind !== 'unauthenticated' && kind !== 'step-up-required')) throw problem;
  await proveAgain(kind === 'unauthenticated' ? 'expired' : 'step-up').catch(() => { throw problem; });
}

export function urlOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : '');
}

function headersOf(method: Method, options: Options): Headers {
  const headers = new Headers({ accept: 'application/json' });
  if (method !== 'GET') headers.set('idempotency-key', crypto.randomUUID());
  if (options.revision !== undefined) headers.set('if-match', `"${options.revision}"`);
  if (options.body !== undefined && !(options.body instanceof FormData)) headers.set('content-type', 'application/json');
  return headers;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined;
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return response.ok ? text : undefined;
  }
}

/** Sends one request. A retry after signing in carries the same Idempotency-Key, so nothing happens twice. */
export async function send<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const headers = headersOf(method, options);
  const body = options.body === undefined || options.body instanceof FormData ? options.body : JSON.stringify(options.body);
  for (;;) {
    let response: Response;
    try {
      response = await fetch(urlOf(path, options.query), {
        method, headers, body: body as BodyInit | undefined, signal: options.signal ?? null, credentials: 'same-origin',
      });
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      throw networkError();
    }
    const answer = await bodyOf(response);
    if (response.ok) return answer as T;
    const problem = problemFrom(response.status, answer, response.headers.get('x-request-id'));
    if (options.anonymous) throw problem;
    await prove(problem);
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  send<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) });
export const post = <T>(path: string, body: unknown = {}, options: Options = {}) => send<T>('POST', path, { ...options, body });
export const put = <T>(path: string, body: unknown, options: Options = {}) => send<T>('PUT', path, { ...options, body });
export const patch = <T>(path: string, body: unknown, options: Options = {}) => send<T>('PATCH', path, { ...options, body });
export const remove = <T>(path: string, options: Options = {}) => send<T>('DELETE', path, options);

export interface Upload<T> { answer: Promise<T>; cancel: () => void }

/** Sends a file behind the form's other fields, with its progress (0–1), which fetch cannot report. Resolves with 4xx bodies listed in `accept`, too. */
export function upload<T>(path: string, query: Query, file: File, progress: (share: number) => void, accept: number[] = [], fields: Record<string, string> = {}): Upload<T> {
  const request = new XMLHttpRequest();
  const key = crypto.randomUUID();
  const attempt = () => new Promise<T>((resolve, reject) => {
    request.open('POST', urlOf(path, query));
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('idempotency-key', key);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(networkError());
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    request.onload = () => {
      let answer: unknown;
      try { answer = JSON.parse(request.responseText); } catch { answer = undefined; }
      const fine = request.status < 300 || (accept.includes(request.status) && typeof (answer as { counts?: unknown })?.counts === 'object');
      if (fine) resolve(answer as T);
      else reject(problemFrom(request.status, answer, request.getResponseHeader('x-request-id')));
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', file, file.name);
    request.send(form);
  });
  const answer = attempt().catch(async (error: unknown) => {
    await prove(error);
    return attempt();
  });
  return { answer, cancel: () => request.abort() };
}
