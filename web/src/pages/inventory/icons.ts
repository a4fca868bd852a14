import Link from '@lucide/svelte/icons/link';
import Unlink from '@lucide/svelte/icons/unlink';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Trash2 from '@lucide/svelte/icons/trash-2';
import Flame from '@lucide/svelte/icons/flame';
import UserPlus from '@lucide/svelte/icons/user-plus';
import UserMinus from '@lucide/svelte/icons/user-minus';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import Ban from '@lucide/svelte/icons/ban';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import RectangleEllipsis from '@lucide/svelte/icons/rectangle-ellipsis';
import Copy from '@lucide/svelte/icons/copy';

export const ICONS = {
  initial_pin: RectangleEllipsis, assign: UserPlus, unassign: UserMinus, suspend: Pause, resume: Play, reinstate: RotateCcw, revoke: Ban,
  link_policy: Link, unlink_policy: Unlink, quarantine: ShieldAlert, release: Undo2, delete: Trash2, dispose: Flame, copy: Copy,
};
