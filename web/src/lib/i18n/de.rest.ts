import { events } from './de.events';
import { hands } from './de.hands';
import { otp } from './de.otp';
import { people } from './de.people';
import { settings } from './de.settings';
import type { Part } from './index.svelte';
import type { rest as english } from './en.rest';

/** What the first page does without: it comes with the pages that need it. */
export const rest: Part<typeof english> = { ...events, ...hands, ...otp, ...people, ...settings };
