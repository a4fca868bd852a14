import { describe, expect, it } from 'vitest';
import { filterOf, isFiltered, nextSort, requestOf, viewOf } from './view';
import { saveView, savedViews, forgetView, viewSearch } from './savedViews';
import { hiddenColumns, keepHidden, type Column } from './columns';

const view = (search: string) => viewOf(new URLSearchParams(search), ['status', 'policy']);

describe('a view in the address bar', () => {
  it('reads search, filters, order and place', () => {
    expect(view('?q=0042&status=ready,in_stock&sort=-policy&cursor=abc&at=100&size=100&open=k1')).toEqual({
      q: '0042', filters: { status: ['ready', 'in_stock'] }, sort: '-policy', cursor: 'abc', at: 100, size: 100, open: 'k1',
    });
  });
  it('takes no nonsense', () => {
    expect(view('?at=-3&size=7&status=,,&other=1')).toMatchObject({ at: 0, size: 50, filters: {} });
    expect(view('?at=x').at).toBe(0);
  });
  it('says what is filtered, the order apart', () => {
    expect(isFiltered(view('?sort=policy'))).toBe(false);
    expect(isFiltered(view('?status=ready'))).toBe(true);
    expect(filterOf(view('?q=7&status=ready,quarantined&sort=policy&at=50'))).toEqual({ q: '7', status: 'ready,quarantined' });
  });
  it('lets a search rank until a column is chosen', () => {
    expect(requestOf(view(''), { tab: 'stocks' }, '-imported_at')).toMatchObject({ tab: 'stocks', sort: '-imported_at', limit: 50 });
    expect(requestOf(view('?q=7'), {}, '-imported_at').sort).toBe('');
    expect(requestOf(view('?q=7&sort=version'), {}, '-imported_at').sort).toBe('version');
  });
  it('goes through ascending, descending and the own order', () => {
    expect(nextSort('', 'policy')).toBe('policy');
    expect(nextSort('policy', 'policy')).toBe('-policy');
    expect(nextSort('-policy', 'policy')).toBe('');
    expect(nextSort('-version', 'policy')).toBe('policy');
  });
});

describe('saved views', () => {
  it('keep the filter and drop the page', () => {
    expect(viewSearch('?status=ready,in_stock&cursor=x&at=50&open=k')).toBe('status=ready,in_stock');
  });
  it('replace one of the same name and can be forgotten', () => {
    saveView('t', 'Mine', '?q=1');
    saveView('t', 'Mine', '?q=2');
    expect(savedViews('t')).toEqual([{ name: 'Mine', search: 'q=2' }]);
    expect(forgetView('t', 'Mine')).toEqual([]);
  });
  it('survive a damaged store', () => {
    localStorage.setItem('claviger.views.t', '{');
    expect(savedViews('t')).toEqual([]);
  });
});

describe('columns', () => {
  const columns: Column[] = [{ id: 'a', label: 'key.device', fixed: true }, { id: 'b', label: 'key.policy' }, { id: 'c', label: 'key.batch', optional: true }];
  it('hide the optional ones until somebody chooses', () => {
    localStorage.removeItem('claviger.columns.t');
    expect(hiddenColumns('t', columns)).toEqual(['c']);
    keepHidden('t', ['b']);
    expect(hiddenColumns('t', columns)).toEqual(['b']);
  });
  it('never hide a fixed column or one that is gone', () => {
    keepHidden('t', ['a', 'b', 'zz']);
    expect(hiddenColumns('t', columns)).toEqual(['b']);
  });
});
