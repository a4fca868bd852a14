import { events } from '$lib/i18n/en.events';

/** Every action that there are words for: what the audit page offers as a filter. */
export const AUDIT_ACTIONS: string[] = Object.keys(events).filter((key) => key.startsWith('event.')).map((key) => key.slice('event.'.length));
