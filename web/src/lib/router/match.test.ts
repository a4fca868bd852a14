import { describe, expect, it } from 'vitest';
import { findRoute, ROUTES } from '../../shell/routes';
import { matchPath, withQuery } from './match';

describe('paths', () => {
  it('matches names one segment each', () => {
    expect(matchPath('/policies/:id', '/policies/7')).toEqual({ id: '7' });
    expect(matchPath('/policies/:id', '/policies/7/more')).toBeNull();
    expect(matchPath('/policies/:id', '/policies')).toBeNull();
    expect(matchPath('/', '/')).toEqual({});
    expect(matchPath('/inventory', '/inventory/')).toEqual({});
  });
  it('decodes a segment, and takes no broken escape', () => {
    expect(matchPath('/a/:b', '/a/x%20y')).toEqual({ b: 'x y' });
    expect(matchPath('/a/:b', '/a/%E0%A4%A')).toBeNull();
  });
  it('finds a fixed page before one with a name', () => {
    expect(findRoute('/policies/new')?.route.path).toBe('/policies/new');
    expect(findRoute('/policies/01')?.params).toEqual({ id: '01' });
    expect(findRoute('/nowhere')).toBeNull();
  });
  it('reaches every page by its own address', () => {
    for (const route of ROUTES) expect(findRoute(route.path.replace(':id', '1'))?.route).toBe(route);
  });
});

describe('queries', () => {
  it('changes some and leaves the rest', () => {
    expect(withQuery('?q=a&sort=policy', { q: 'b' })).toBe('?q=b&sort=policy');
    expect(withQuery('?q=a&at=50', { q: null, at: '' })).toBe('');
  });
  it('keeps commas readable', () => {
    expect(withQuery('', { status: 'ready,in_stock' })).toBe('?status=ready,in_stock');
    expect(new URLSearchParams(withQuery('', { q: 'a&b=c,d' })).get('q')).toBe('a&b=c,d');
  });
});
