import { events } from './en.events';
import { hands } from './en.hands';
import { people } from './en.people';
import { settings } from './en.settings';

/** What the first page does without: it comes with the pages that need it. */
export const rest = { ...events, ...hands, ...people, ...settings } as const;
