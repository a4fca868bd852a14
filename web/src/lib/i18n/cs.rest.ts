import { events } from './cs.events';
import { hands } from './cs.hands';
import { otp } from './cs.otp';
import { people } from './cs.people';
import { settings } from './cs.settings';
import type { Part } from './index.svelte';
import type { rest as english } from './en.rest';

/** What the first page does without: it comes with the pages that need it. */
export const rest: Part<typeof english> = { ...events, ...hands, ...otp, ...people, ...settings };
