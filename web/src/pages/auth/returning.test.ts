import { describe, expect, it } from 'vitest';
import { returnTo } from './returning';

describe('after a sign-in elsewhere', () => {
  it('the page that was wanted opens, with its view', () => {
    expect(returnTo({ pathname: '/inventory/stocks', search: '?q=0042' })).toBe('/inventory/stocks?q=0042');
  });
  it('the sign-in page and a spent link do not', () => {
    expect(returnTo({ pathname: '/sign-in', search: '?problem=oidc_expired' })).toBe('/');
    expect(returnTo({ pathname: '/setup', search: '' })).toBe('/');
  });
});
