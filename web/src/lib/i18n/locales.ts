export const LOCALES = ['en', 'cs', 'de'] as const;
export type Locale = (typeof LOCALES)[number];
/** Each language in its own name, so that everybody finds theirs. */
export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', cs: 'Čeština', de: 'Deutsch' };
export const isLocale = (text: unknown): text is Locale => LOCALES.some((locale) => locale === text);
