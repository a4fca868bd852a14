/** RFC 9457 problems as typed errors: what went wrong, where, and the request id to quote. */

export type ProblemKind =
  | 'validation' | 'unauthenticated' | 'forbidden' | 'not-found' | 'stale' | 'refused' | 'duplicate'
  | 'too-large' | 'rate-limited' | 'sealed' | 'resync-failed' | 'step-up-required' | 'malformed' | 'internal'
  | 'unavailable' | 'timeout' | 'network' | 'unknown';

const KINDS: readonly ProblemKind[] = [
  'validation', 'unauthenticated', 'forbidden', 'not-found', 'stale', 'refused', 'duplicate',
  'too-large', 'rate-limited', 'sealed', 'resync-failed', 'step-up-required', 'malformed', 'internal', 'unavailable', 'timeout',
];
const BY_STATUS: Record<number, ProblemKind> = {
  400: 'validation', 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found', 409: 'refused',
  412: 'stale', 413: 'too-large', 422: 'validation', 429: 'rate-limited', 503: 'sealed',
};

export interface FieldFault { pointer: string; detail: string }

export class ApiError extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null,
    readonly errors: readonly FieldFault[],
    readonly body: Record<string, unknown>,
  ) {
    super(detail || title);
    this.name = 'ApiError';
  }

  /** The fault of one form field, by its JSON pointer (`/email`) or bare name (`email`). */
  field(name: string): string | undefined {
    return this.errors.find((fault) => fault.pointer === name || fault.pointer === `/${name}`)?.detail;
  }
}

/** Reads the last segment of the problem's `type` URI; falls back on the status alone. */
export function kindOf(type: unknown, status: number): ProblemKind {
  const last = typeof type === 'string' ? type.split(/[/#]/).pop() : undefined;
  return KINDS.find((kind) => kind === last) ?? BY_STATUS[status] ?? 'unknown';
}

export function problemFrom(status: number, body: unknown, requestId: string | null): ApiError {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '');
  const errors = Array.isArray(fields.errors)
    ? fields.errors.filter((fault): fault is FieldFault => typeof fault?.pointer === 'string' && typeof fault?.detail === 'string')
    : [];
  return new ApiError(kindOf(fields.type, status), status, text('title'), text('detail'), text('request_id') || requestId, errors, fields);
}

export const networkError = (): ApiError => new ApiError('network', 0, '', '', null, [], {});

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;
