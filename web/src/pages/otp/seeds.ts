/** What goes with a seed file. Its secrets live here while the window stands, and nowhere else. */
export const FORMATS = ['pskc', 'oath_csv', 'entra_csv', 'yubico_csv', 'json', 'privacyidea'] as const;
export interface Beside { format: string; encoding: string; pre_shared_key: string; password: string }
export const nothing = (): Beside => ({ format: '', encoding: '', pre_shared_key: '', password: '' });

/** The fields that say something, for the form; a password is sent as it was typed. */
export function fieldsOf(beside: Beside): Record<string, string> {
  const said = { ...beside, pre_shared_key: beside.pre_shared_key.trim() };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
}
