/** Verification for others: networks as they are typed, and secrets made at random. */

/** One network a line; commas do as well. */
export const networksOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** A secret that nobody guesses: 24 bytes, hexadecimal, which every appliance takes. */
export function randomSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What is wrong with the networks: with all of them, or with the first that is faulty, which is named. */
export function networkFault(fault: (pointer: string) => string | undefined, networks: readonly string[]): string | undefined {
  const at = 'verification/compatible_networks';
  const first = networks.findIndex((_, place) => fault(`${at}/${place}`) !== undefined);
  return fault(at) ?? (first < 0 ? undefined : `${networks[first]}: ${fault(`${at}/${first}`)}`);
}
