import Link from '@lucide/svelte/icons/link';
import Unlink from '@lucide/svelte/icons/unlink';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Trash2 from '@lucide/svelte/icons/trash-2';
import Flame from '@lucide/svelte/icons/flame';
import Copy from '@lucide/svelte/icons/copy';

export const ICONS = { link_policy: Link, unlink_policy: Unlink, quarantine: ShieldAlert, release: Undo2, delete: Trash2, dispose: Flame, copy: Copy };
