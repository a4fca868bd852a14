import Ban from '@lucide/svelte/icons/ban';
import Copy from '@lucide/svelte/icons/copy';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import LockKeyholeOpen from '@lucide/svelte/icons/lock-keyhole-open';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';

export const ICONS = { assign: UserPlus, unassign: UserMinus, disable: Pause, enable: Play, resync: RefreshCw, unlock: LockKeyholeOpen, test: FlaskConical, compromise: Ban, copy: Copy };
