import { describe, expect, it } from 'vitest';
import { Selection } from './selection.svelte';

const PAGE = ['a', 'b', 'c', 'd'];

describe('selection', () => {
  it('keeps rows of other pages', () => {
    const selection = new Selection();
    selection.toggle('z', ['z']);
    selection.togglePage(PAGE);
    expect(selection.argument({}, 0)).toEqual({ ids: ['z', 'a', 'b', 'c', 'd'] });
    selection.togglePage(PAGE);
    expect(selection.argument({}, 0)).toEqual({ ids: ['z'] });
  });
  it('knows how much of a page is chosen', () => {
    const selection = new Selection();
    expect(selection.pageState(PAGE)).toBe('none');
    selection.toggle('b', PAGE);
    expect(selection.pageState(PAGE)).toBe('some');
    selection.togglePage(PAGE);
    expect(selection.pageState(PAGE)).toBe('all');
    expect(new Selection().pageState([])).toBe('none');
  });
  it('sends all that match as a filter with the count that was confirmed', () => {
    const selection = new Selection();
    selection.toggle('a', PAGE);
    selection.selectAll();
    expect(selection.has('anything')).toBe(true);
    expect(selection.argument({ q: '7' }, 4812)).toEqual({ filter: { q: '7' }, expected_count: 4812 });
  });
  it('falls back on the page when one is taken out of all', () => {
    const selection = new Selection();
    selection.selectAll();
    selection.toggle('b', PAGE);
    expect(selection.argument({ q: '7' }, 4812)).toEqual({ ids: ['a', 'c', 'd'] });
  });
  it('extends from the last touched row in both directions', () => {
    const selection = new Selection();
    selection.toggle('c', PAGE);
    selection.extend('a', PAGE);
    expect([...selection.ids].sort()).toEqual(['a', 'b', 'c']);
    selection.extend('d', PAGE);
    expect(selection.ids.size).toBe(4);
  });
  it('is empty after clearing, all included', () => {
    const selection = new Selection();
    selection.selectAll();
    selection.clear();
    expect(selection.any).toBe(false);
  });
});
