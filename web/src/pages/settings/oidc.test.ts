import { describe, expect, it } from 'vitest';
import { bodyOf, draftOf, NO_PROVIDER } from './oidc';

const FOUND = {
  revision: 3, key: 'k', redirect_uri: 'https://keys.example.com/callback', issuer: 'https://login.example.com', client_id: 'claviger', client_secret_set: true, scopes: ['openid', 'email'], groups_claim: 'groups',
  group_roles: { 'key-desk': 'help_desk' }, default_role: null, create_administrators: true, button_label: 'Acme', listed: false,
};

describe('the provider form', () => {
  it('sends back what it read, without a secret that nobody typed', () => {
    const { revision: _, client_secret_set: __, key: ___, redirect_uri: ____, ...sent } = FOUND;
    expect(bodyOf(draftOf(FOUND), null)).toEqual(sent);
    expect(bodyOf(draftOf(FOUND), 'new')).toEqual({ ...sent, client_secret: 'new' });
  });
  it('leaves out lines without a group', () => {
    const draft = { ...NO_PROVIDER, groups: [{ group: ' ', role: 'owner' }, { group: ' admins ', role: 'owner' }] };
    expect(bodyOf(draft, null).group_roles).toEqual({ admins: 'owner' });
  });
  it('begins empty with the usual words', () => {
    expect(draftOf(null)).toEqual(NO_PROVIDER);
    expect(draftOf(null).groups).not.toBe(NO_PROVIDER.groups);
  });
});
