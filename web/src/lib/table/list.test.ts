import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/router/router.svelte';
import { List, type Row } from './list.svelte';

interface Thing extends Row { name: string }
const things = (from: number, count: number): Thing[] => Array.from({ length: count }, (_, n) => ({ id: `t${from + n}`, revision: 1, name: `thing ${from + n}` }));
const page = (items: Thing[], next: string | null = null, previous: string | null = null) => new Response(JSON.stringify({ items, next_cursor: next, previous_cursor: previous, total: { count: 120, capped: false } }));
const serve = (answer: (url: URL) => Response) => vi.stubGlobal('fetch', vi.fn(async (url: string) => answer(new URL(url, 'http://localhost'))));
const list = () => new List<Thing>({ path: '/things', filters: ['status'], sort: '-made', kind: 'thing', byIds: true });

afterEach(() => { vi.unstubAllGlobals(); router.go('/'); });

describe('a list', () => {
  it('walks forward and back by cursors and counts rows itself', async () => {
    serve((url) => (url.searchParams.get('cursor') === 'c50' ? page(things(50, 50), 'c100', 'p0') : page(things(0, 50), 'c50')));
    const one = list();
    await one.load();
    one.forward();
    expect(router.search).toBe('?cursor=c50&at=50');
    await one.load();
    expect(one.items[0]?.id).toBe('t50');
    one.back();
    expect(router.search).toBe('');
  });
  it('returns to the first page and forgets the selection when the filter changes', async () => {
    serve(() => page(things(0, 3)));
    const one = list();
    router.go('/?cursor=x&at=50');
    await one.load();
    one.selection.toggle('t0', one.pageIds);
    one.filterBy('status', ['ready']);
    expect(router.search).toBe('?status=ready');
    await one.load();
    expect(one.selection.any).toBe(false);
  });
  it('keeps the selection from page to page', async () => {
    serve(() => page(things(0, 50), 'c50'));
    const one = list();
    await one.load();
    one.selection.toggle('t0', one.pageIds);
    one.forward();
    await one.load();
    expect(one.selection.has('t0')).toBe(true);
  });
  it('refetches changed rows alone, tints them, and greys what no longer matches', async () => {
    serve((url) => (url.searchParams.has('ids') ? page([{ id: 't1', revision: 2, name: 'renamed' }]) : page(things(0, 3))));
    const one = list();
    await one.load();
    await one.refresh(['t1', 't2', 'elsewhere']);
    expect(one.items.map((item) => item.name)).toEqual(['thing 0', 'renamed', 'thing 2']);
    expect([...one.fresh]).toEqual(['t1']);
    expect([...one.gone]).toEqual(['t2']);
    expect(String(vi.mocked(fetch).mock.lastCall?.[0])).toContain('ids=t1%2Ct2');
  });
  it('finds out which changes elsewhere belong on top, in one question, and waits to show them', async () => {
    vi.useFakeTimers();
    serve((url) => (url.searchParams.has('ids') ? page([{ id: 'new1', revision: 4, name: 'assigned' }]) : page(things(0, 3))));
    const one = list();
    await one.load();
    one.hear({ changes: ['new1', 'other', 't0'].map((id) => ({ kind: 'thing', id, revision: id === 't0' ? 1 : 4 })), truncated: false });
    one.hear({ changes: [{ kind: 'thing', id: 'new1', revision: 5 }], truncated: false });
    await vi.advanceTimersByTimeAsync(2100);
    expect(one.arrived).toBe(1);
    expect(one.items.map((item) => item.id)).toEqual(['t0', 't1', 't2']);
    expect(vi.mocked(fetch).mock.calls.filter(([url]) => String(url).includes('ids=')).map(([url]) => new URL(String(url), 'http://localhost').searchParams.get('ids'))).toEqual(['new1,other']);
    await one.showArrived();
    expect(one.arrived).toBe(0);
    vi.useRealTimers();
  });
  it('ends in an error with its request id, and recovers', async () => {
    serve(() => new Response(JSON.stringify({ title: 'x', request_id: 'req_5' }), { status: 500 }));
    const one = list();
    await one.load();
    expect(one.state).toBe('error');
    expect(one.error).toMatchObject({ requestId: 'req_5' });
    serve(() => page(things(0, 1)));
    await one.reload();
    expect(one.state).toBe('ready');
  });
  it('shows only the latest of two answers', async () => {
    let finish: (response: Response) => void = () => undefined;
    vi.stubGlobal('fetch', vi.fn((url: string, init: RequestInit) => (url.includes('q=late')
      ? new Promise<Response>((resolve, reject) => { finish = resolve; init.signal?.addEventListener('abort', () => reject(new DOMException('x', 'AbortError'))); })
      : Promise.resolve(page(things(7, 1))))));
    const one = list();
    const late = one.load({ q: 'late' });
    await one.load({ q: 'early' });
    finish(page(things(0, 1)));
    await late;
    expect(one.items[0]?.id).toBe('t7');
  });
});
