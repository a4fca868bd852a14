/** Shapes of the REST API for people, roles, settings and downloads; what the document describes is taken from it. */
import type { components } from './schema';
import type { RowError } from './types';

export type User = components['schemas']['User'];
export type UserDraft = components['schemas']['UserDraft'];
export interface UserImport {
  counts: { created: number; updated: number; unchanged: number; rejected: number };
  errors: RowError[]; errors_truncated?: boolean; preview: (UserDraft & { outcome?: string })[];
}

export type Role = components['schemas']['Role'];
export type Administrator = components['schemas']['Administrator'];
export type AdministratorSession = components['schemas']['AdministratorSession'];
export type Invitation = components['schemas']['Invitation'];
export type ApiToken = components['schemas']['ApiToken'];

export type Encryption = 'none' | 'starttls' | 'tls';
export type MailSettings = components['schemas']['MailSettings'];
export interface Settings {
  revision: number; locale: string; revoke_notifies: boolean; mail: MailSettings | null;
  session: { idle_minutes: number | null; absolute_hours: number | null; step_up_minutes: number; longest_idle_minutes: number; longest_absolute_hours: number };
  retention: { job_days: number; import_reject_days: number; mail_days: number };
  pins: { shows_per_hour: number; admin_pin_needs_approval: boolean };
}
export interface OidcSettings {
  revision: number; key: string; redirect_uri: string; issuer: string; client_id: string; client_secret_set: boolean; scopes: string[]; groups_claim: string;
  group_roles: Record<string, string>; default_role: string | null; create_administrators: boolean; button_label: string; listed: boolean;
}
export interface OidcTested { ok: boolean; problem: string | null; authorization_endpoint: string | null }
export interface SetupLink { first_run: boolean; email: string | null; display_name: string | null; expires_at: string }
export interface SignInMethods { password: boolean; passkey: boolean; oidc: { key: string; label: string }[] }

export type System = 'windows' | 'macos' | 'linux';
export interface Download {
  id: string; revision?: number; system: System; kind: string; file_name: string; version: string; size: number; sha256: string;
  uploaded_at: string; uploaded_by: string; notes: string | null;
}
export interface Checkpoint { sequence: number; at: string; heads: { lane: number; sequence: number; hash: string }[]; sha256: string; signature: string; public_key: string }
