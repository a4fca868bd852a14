import Download from '@lucide/svelte/icons/download';
import Eye from '@lucide/svelte/icons/eye';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Undo2 from '@lucide/svelte/icons/undo-2';
import { urlOf } from '$lib/api/client';
import type { Import } from '$lib/api/types';
import { t } from '$lib/i18n/index.svelte';
import { router } from '$lib/router/router.svelte';
import { session } from '$lib/state/session.svelte';
import type { MenuEntry } from '$lib/table/columns';

/** Whoever may bring such things in may take them out again. */
export const mayUndo = (made: Import): boolean => made.undoable && session.can(made.kind === 'otp_tokens' ? 'otp.write' : 'stock.import');

/** What may be done with a batch. */
export function importMenu(made: Import, undo: () => void): MenuEntry[] {
  const entries: MenuEntry[] = [{ id: 'show', label: t('imports.show'), icon: Eye, run: () => router.go(`/inventory/imports/${made.id}`) }];
  if (made.status === 'applied' && made.kind === 'security_keys') entries.push({ id: 'keys', label: t('imports.show_keys'), icon: ListFilter, run: () => router.go(`/inventory/stocks?batch=${made.id}`) });
  if (made.status === 'applied' && made.kind === 'otp_tokens') entries.push({ id: 'tokens', label: t('otp_import.show_tokens'), icon: ListFilter, run: () => router.go(`/inventory/tokens?batch=${made.id}`) });
  if (made.counts.rejected > 0) entries.push({ id: 'rejects', label: t('imports.rejected_file'), icon: Download, run: () => location.assign(urlOf(`/imports/${made.id}/rejected.csv`)) });
  if (mayUndo(made)) entries.push({ id: 'undo', label: t('imports.undo'), icon: Undo2, run: undo, bad: true, apart: true });
  return entries;
}
