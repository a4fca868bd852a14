/** Codes as people read them off a token: digits, perhaps with blanks between them. */

/** The digits alone. */
export const digitsOf = (text: string): string => text.replaceAll(/[\s-]/g, '');

/** Whether it has the form of a code of a token with so many digits; of any token when nothing is said. */
export function isCode(text: string, digits?: number): boolean {
  const plain = digitsOf(text);
  return /^\d{6,8}$/.test(plain) && (digits === undefined || plain.length === digits);
}
