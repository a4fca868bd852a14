/** Shapes of the REST API as the console uses them. */

export type Status = 'in_stock' | 'ready' | 'configured' | 'enrolled' | 'revoked' | 'quarantined' | 'suspended' | 'disposed';
export interface Total { count: number; capped: boolean }
export interface Page<T> { items: T[]; next_cursor: string | null; previous_cursor?: string | null; total?: Total }

export interface PolicyRef { id: string; name: string; version: number }
export interface SecurityKey {
  id: string; revision: number; device_name: string; serial_number: string; version: string; status: Status;
  mode: 'managed' | 'unmanaged' | 'foreign'; locked: boolean; policy: PolicyRef | null;
  user: { id: string; user_name: string } | null; aaguid: string | null; identity_provider: string | null;
  firmware: string | null; generation: number; drift: boolean; allowed_actions: string[];
  batch: { id: string; file_name?: string } | string | null; imported_at: string | null; updated_at: string; last_seen_at: string | null;
  status_reason?: string | null; attributes?: Record<string, string>;
}
export interface KeyCounts {
  stocks: { total: number; in_stock: number; ready: number; quarantined: number };
  inventory: { total: number; ready?: number; configured: number; enrolled: number; suspended: number; revoked: number };
  disposed: number;
}

export interface Policy {
  id: string; revision: number; version: number; name: string; type: 'standard' | 'enterprise';
  min_pin_length: number; force_pin_change: boolean; always_uv: boolean; min_pin_length_rp_ids: string[];
  allowed_services: string[]; enterprise_attestation: boolean; pin_kind: 'digits' | 'characters';
  reset_allowed: boolean; initial_pin_days: number; in_use: boolean; archived: boolean; updated_at?: string;
}
export type PolicyDraft = Pick<Policy, 'name' | 'type' | 'min_pin_length' | 'force_pin_change' | 'always_uv' | 'min_pin_length_rp_ids'
  | 'allowed_services' | 'enterprise_attestation' | 'pin_kind' | 'reset_allowed' | 'initial_pin_days'>;

export type ImportStatus = 'previewed' | 'checking' | 'applying' | 'applied' | 'cancelled' | 'failed' | 'refused' | 'undoing' | 'undone';
export type ImportMode = 'all_or_nothing' | 'good_rows';
export interface RowError { line: number; column: string | null; detail: string }
export interface Import {
  id: string; status: ImportStatus; file_name: string; file_size: number; sha256: string; format: string; mode: ImportMode;
  policy: PolicyRef | null; created_at: string; created_by: Person | string | null;
  counts: { accepted: number; rejected: number; unchanged: number };
  errors: RowError[]; errors_truncated: boolean; columns: { name: string; meaning: string }[];
  preview: { device_name: string; serial_number: string; version: string }[]; job_id: string | null; undoable: boolean;
}
/** What a dry run answers: it is not kept, so it has no id. */
export type ImportPreview = Omit<Import, 'id'>;
export interface Job {
  id: string; kind: string; status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: { done: number; total: number }; refused?: number; results_url?: string | null; created_at?: string; finished_at?: string | null;
  error?: string | null;
}
export interface JobResult { object_id?: string | null; label: string; outcome: string; detail: string | null }

export interface Person { id?: string; display_name?: string; email?: string; kind?: string; label?: string }
export interface AuditEvent {
  id: string; at: string; action: string; actor: Person | string | null; source: string | null;
  object: { kind: string; id: string | null; label: string | null } | null;
  before: unknown; after: unknown; reason: string | null; ticket: string | null; request_id?: string | null;
}
export interface Verification { ok: boolean; entries: number; problems: { lane: number; sequence: number; detail: string }[] }

export interface Session {
  administrator: { id: string; email: string; display_name: string; locale: string | null };
  tenant: { id: string; name: string }; tenants: { id: string; name: string; role: string }[];
  role: string; privileges: string[]; method: string; authenticated_at: string; expires_at: string; version: string;
}
export interface Passkey { id: string; name: string; created_at: string; last_used_at: string | null }
export interface SessionEntry { id: string; method: string; address: string; user_agent: string; created_at: string; last_seen_at: string; expires_at: string; current: boolean }
export interface ApiToken { id: string; name: string; role: string; created_at: string; last_used_at: string | null; expires_at: string | null }
export interface Role { name: string; built_in?: boolean; description?: string; privileges: string[] }
export interface Administrator { id: string; revision: number; email: string; display_name: string; role: string; active: boolean; disabled: boolean; created_at: string }
export interface Invitation { administrator: Administrator; link: string; expires_at: string }
export interface Settings { revision: number; locale: string; revoke_notifies: boolean }
export interface Tenant { id: string; name: string; created_at?: string; role?: string }

/** Who did it, in one word, whatever shape the server used. */
export function personName(person: Person | string | null | undefined): string {
  if (!person) return '—';
  if (typeof person === 'string') return person;
  return person.display_name || person.label || person.email || person.kind || '—';
}
