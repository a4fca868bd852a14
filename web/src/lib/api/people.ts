/** Shapes of the REST API for people, roles, settings and downloads. */
import type { RowError } from './types';

export interface User {
  id: string; revision: number; user_name: string; display_name: string; email: string | null; locale: string | null;
  status: 'active' | 'disabled'; disabled_at: string | null; keys: number; created_at: string; updated_at: string; allowed_actions: string[];
}
export interface UserDraft { user_name: string; display_name: string; email: string | null; locale: string | null }
export interface UserImport {
  counts: { created: number; updated: number; unchanged: number; rejected: number };
  errors: RowError[]; errors_truncated?: boolean; preview: (UserDraft & { outcome?: string })[];
}

export interface Role {
  id: string | null; revision: number | null; name: string; built_in: boolean; for_programs: boolean; privileges: string[]; holders: number;
}
export interface Administrator {
  id: string; revision: number; email: string; display_name: string; role: string; active: boolean; disabled: boolean;
  user: { id: string; user_name: string } | null; linked: boolean; last_sign_in_at: string | null; created_at: string;
}
export interface AdministratorSession {
  id: string; method: string; address: string | null; user_agent: string | null; created_at: string; last_seen_at: string; expires_at: string;
}
export interface Invitation { administrator: Administrator; link: string; expires_at: string }
export interface ApiToken { id: string; name: string; role: string; created_at: string; created_by?: string; last_used_at: string | null; expires_at: string | null }

export type Encryption = 'none' | 'starttls' | 'tls';
export interface MailSettings {
  host: string; port: number; encryption: Encryption; user_name: string | null; password_set: boolean;
  from_address: string; from_name: string; ca_certificates: string | null;
}
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
