/** What the revoke window has to know about a key's user and the tenant: the server's word, whatever else the operator may see. */
import { get } from '$lib/api/client';
import type { RevocationPreview, SecurityKey } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';

/** For one key, or for a selection of many (`null`), whose users differ. */
export const circumstancesOf = (key: SecurityKey | null): Promise<RevocationPreview> =>
  get<RevocationPreview>(key ? `/security-keys/${key.id}/revocation-preview` : '/security-keys/revocation-preview');

/** Why the toggle is of no use; empty when it is. */
export const hintOf = (known: RevocationPreview): string => (known.why_not ? t(`revoke.${known.why_not}` as Key) : '');
