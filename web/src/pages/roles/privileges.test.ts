import { describe, expect, it } from 'vitest';
import { en } from '$lib/i18n/en';
import { rest } from '$lib/i18n/en.rest';
import { grantable, groupsOf, GROUPS, keyOf } from './privileges';

const texts = { ...en, ...rest };

describe('privileges', () => {
  it('stand in one group each, and a new one of the server at the end', () => {
    const all = GROUPS.flatMap((group) => group.privileges);
    expect(new Set(all).size).toBe(all.length);
    expect(groupsOf(['inventory.read', 'moon.walk'])).toEqual([{ id: 'inventory', privileges: ['inventory.read'] }, { id: 'other', privileges: ['moon.walk'] }]);
  });
  it('have a name, an explanation and a group title each', () => {
    for (const group of GROUPS) {
      expect(Object.keys(texts)).toContain(`privilege_group.${group.id}`);
      for (const one of group.privileges) {
        expect(Object.keys(texts)).toContain(`privilege.${keyOf(one)}`);
        expect(Object.keys(texts)).toContain(`privilege_text.${keyOf(one)}`);
      }
    }
  });
  it('are handed out only by those who hold them', () => {
    expect(grantable(['export'], ['export', 'job.read'])).toBe(true);
    expect(grantable(['export', 'audit.read'], ['export'])).toBe(false);
    expect(grantable([], [])).toBe(true);
  });
});
