/** What an emergency code is good for, in one word. */
import type { EmergencyCodes } from '$lib/api/otp';

type Code = EmergencyCodes['items'][number];
export const stateOf = (code: Pick<Code, 'good' | 'used_at'>): 'emergency.good' | 'emergency.used' | 'emergency.over' => (code.used_at ? 'emergency.used' : code.good ? 'emergency.good' : 'emergency.over');
