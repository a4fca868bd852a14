/** Names for the generated shapes of the REST API (`schema.d.ts`), as the console uses them. Nothing is described twice. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Total = Schemas['Total'];
/** One page of a list; every `Page_…` of the document has this form. */
export interface Page<T> { items: T[]; next_cursor?: string | null; previous_cursor?: string | null; total?: Total }

export type Status = Schemas['SecurityKeyStatus'];
export type PolicyRef = Schemas['PolicyRef'];
export type UserRef = Schemas['UserRef'];
export type SecurityKey = Schemas['SecurityKey'];
export type KeyCounts = Schemas['SecurityKeyCounts'];
export type RevocationReason = Schemas['RevocationReason'];
export type BulkAction = Schemas['BulkAction'];
export type RevocationPreview = Schemas['RevocationPreview'];
export type InitialPin = Schemas['InitialPin'];
export type ShownInitialPin = Schemas['ShownInitialPin'];
export type Approval = Schemas['Approval'];

/** Every rule: a request may leave some out, an answer and a form hold them all. */
export type PolicyDraft = Required<Schemas['PolicyDraft']>;
export type Policy = Schemas['Policy'] & PolicyDraft;
export type PolicyVersion = Schemas['PolicyVersion'] & PolicyDraft;

export type ImportStatus = Schemas['ImportStatus'];
export type ImportMode = Schemas['ImportMode'];
export type RowError = Schemas['ImportError'];
/** What a dry run answers: it is not kept, so it has no id. */
export type ImportPreview = Schemas['Import'];
export type Import = ImportPreview & { id: string };
export type Job = Schemas['Job'];
export type JobResult = Schemas['JobResult'];

export type Person = Schemas['AuditActor'];
export type AuditEvent = Schemas['AuditEvent'];
/** An event in the history of one thing: the log's place of it is left out. */
export type HistoryEvent = Schemas['SecurityKeyEvent'];
export type Verification = Schemas['AuditVerification'];

export type Session = Schemas['Session'];
export type Passkey = Schemas['Passkey'];
export type SessionEntry = Schemas['AccountSession'];
export type ApiToken = Schemas['ApiToken'];
export type Role = Schemas['Role'];
export type Administrator = Schemas['Administrator'];
export type Invitation = Schemas['Invitation'];
export type Settings = Schemas['Settings'];
export type Tenant = Schemas['Tenant'];
export type { User } from './people';

/** Who did it, in one word. */
export function personName(person: Person | string | null | undefined): string {
  if (!person) return '—';
  return typeof person === 'string' ? person : person.label || person.kind;
}

export type Slice = Schemas['OverviewSlice'];
export type Attention = Schemas['Attention'];
export type Overview = Schemas['Overview'];
