/** The OpenID Connect form: what is typed, and what is sent of it. */
import type { OidcSettings } from '$lib/api/people';

export interface GroupRole { group: string; role: string }
export interface OidcDraft {
  issuer: string; client_id: string; scopes: string; groups_claim: string; groups: GroupRole[]; default_role: string; create_administrators: boolean; button_label: string; listed: boolean;
}
export const NO_PROVIDER: OidcDraft = {
  issuer: '', client_id: '', scopes: 'email profile', groups_claim: 'groups', groups: [], default_role: '', create_administrators: true, button_label: '', listed: true,
};

export function draftOf(found: OidcSettings | null): OidcDraft {
  if (!found) return { ...NO_PROVIDER, groups: [] };
  const { issuer, client_id, groups_claim, create_administrators, button_label, listed } = found;
  const groups = Object.entries(found.group_roles).map(([group, role]) => ({ group, role }));
  return { issuer, client_id, groups_claim, create_administrators, button_label, listed, groups, scopes: found.scopes.join(' '), default_role: found.default_role ?? '' };
}

/** Lines without a group are not sent; of two lines for one group the later one holds. */
export function bodyOf(draft: OidcDraft, secret: string | null): Record<string, unknown> {
  const lines = draft.groups.map((line) => [line.group.trim(), line.role] as const).filter(([group]) => group !== '');
  return {
    issuer: draft.issuer.trim(), client_id: draft.client_id.trim(), ...(secret && { client_secret: secret }),
    scopes: draft.scopes.split(/[\s,]+/).filter(Boolean), groups_claim: draft.groups_claim.trim(), group_roles: Object.fromEntries(lines),
    default_role: draft.default_role || null, create_administrators: draft.create_administrators, button_label: draft.button_label.trim(), listed: draft.listed,
  };
}
