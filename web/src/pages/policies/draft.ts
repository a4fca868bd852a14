/** A policy while it is written: the fields of the form, kept through a reload, and their plain faults. */
import type { Policy, PolicyDraft } from '$lib/api/types';
import type { Key } from '$lib/i18n/index.svelte';

export const NEW_POLICY: PolicyDraft = {
  name: '', type: 'standard', min_pin_length: 6, force_pin_change: true, always_uv: false, min_pin_length_rp_ids: [],
  allowed_services: [], enterprise_attestation: false, pin_kind: 'characters', reset_allowed: true, initial_pin_days: 30,
};

export function draftOf(policy: Policy): PolicyDraft {
  const draft: Record<string, unknown> = {};
  for (const name of Object.keys(NEW_POLICY)) draft[name] = policy[name as keyof PolicyDraft];
  return draft as unknown as PolicyDraft;
}

/** One RP id a line or between commas; doubles and blanks go. */
export const rpIds = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).map((one) => one.trim().toLowerCase()).filter(Boolean))];

/** What the form can tell without asking; the server decides. */
export function faultsOf(draft: PolicyDraft): Partial<Record<keyof PolicyDraft, Key>> {
  const faults: Partial<Record<keyof PolicyDraft, Key>> = {};
  if (!draft.name.trim()) faults.name = 'policies.fault_name';
  // CTAP 2.1 §6.11: four code points at least, 63 bytes at most.
  if (!(draft.min_pin_length >= 4 && draft.min_pin_length <= 63)) faults.min_pin_length = 'policies.fault_pin';
  if (!(draft.initial_pin_days >= 1 && draft.initial_pin_days <= 365)) faults.initial_pin_days = 'policies.fault_days';
  return faults;
}

/** An enterprise-only setting means nothing on a standard policy. */
export function cleaned(draft: PolicyDraft): PolicyDraft {
  const name = draft.name.trim();
  return draft.type === 'enterprise' ? { ...draft, name } : { ...draft, name, allowed_services: [], enterprise_attestation: false };
}

const slot = (id: string) => `claviger.draft.policy.${id}`;
export const keepDraft = (id: string, draft: PolicyDraft): void => sessionStorage.setItem(slot(id), JSON.stringify(draft));
export const dropDraft = (id: string): void => sessionStorage.removeItem(slot(id));
export function keptDraft(id: string): PolicyDraft | null {
  try { return JSON.parse(sessionStorage.getItem(slot(id)) ?? 'null') as PolicyDraft | null; } catch { return null; }
}
