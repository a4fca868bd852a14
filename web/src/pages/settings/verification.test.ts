import { describe, expect, it } from 'vitest';
import { networkFault, networksOf, randomSecret } from './verification';

describe('networks as they are typed', () => {
  it('stand on lines or behind commas', () => {
    expect(networksOf(' 10.1.0.0/16\n\n10.2.3.4, 2001:db8::/32\n')).toEqual(['10.1.0.0/16', '10.2.3.4', '2001:db8::/32']);
    expect(networksOf(' \n')).toEqual([]);
  });
  it('have the first fault told with the network that it is about', () => {
    const faults = (said: Record<string, string>) => (pointer: string) => said[pointer];
    const at = 'verification/compatible_networks';
    expect(networkFault(faults({ [`${at}/1`]: 'no network' }), ['10.0.0.1', 'x'])).toBe('x: no network');
    expect(networkFault(faults({ [at]: 'name some' }), [])).toBe('name some');
    expect(networkFault(faults({}), ['10.0.0.1'])).toBeUndefined();
  });
});

it('makes a secret of 48 digits that is never the same', () => {
  expect(randomSecret()).toMatch(/^[0-9a-f]{48}$/);
  expect(randomSecret()).not.toBe(randomSecret());
});
