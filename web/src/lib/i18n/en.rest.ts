import { events } from './en.events';
import { hands } from './en.hands';
import { otp } from './en.otp';
import { people } from './en.people';
import { settings } from './en.settings';

/** What the first page does without: it comes with the pages that need it. */
export const rest = { ...events, ...hands, ...otp, ...people, ...settings } as const;
