import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '$lib/router/router.svelte';
import { newsOf } from '$lib/state/events';
import { List, type Row } from './list.svelte';

interface Thing extends Row { name: string }
const things = (from: number, count: number): Thing[] => Array.from({ length: count }, (_, n) => ({ id: `t${from + n}`, revision: 1, name: `thing ${from + n}` }));
const page = (items: Thing[], next: string | null = null, previous: string | null = null) => new Response(JSON.stringify({ items, next_cursor: next, previous_cursor: previous, total: { count: 120, capped: false } }));
const serve = (answer: (url: URL) => Response) => vi.stubGlobal('fetch', vi.fn(async (url: string) => answer(new URL(url, 'http://localhost'))));
const list = () => new List<Thing>({ path: '/things', filters: ['status'], sort: '-made', kind: 'thing', byIds: true });

const changed = (...rows: [string, number][]) => ({ changes: rows.map(([id, revision]) => ({ kind: 'thing', id, revision })), truncated: false });

/** A list with three rows on it whose further questions wait for an answer; `asked` tells their ids, null for the page. */
async function watched() {
  serve(() => page(things(0, 3)));
  const one = list();
  await one.load();
  const waiting: ((items: Thing[]) => void)[] = [];
  const urls: string[] = [];
  vi.stubGlobal('fetch', vi.fn((url: string) => { urls.push(url); return new Promise<Response>((resolve) => waiting.push((items) => resolve(page(items)))); }));
  return {
    one,
    asked: () => urls.map((url) => new URL(url, 'http://localhost').searchParams.get('ids')),
    answer: async (items: Thing[]) => { waiting.shift()?.(items); await new Promise((resolve) => setTimeout(resolve)); },
  };
}

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
  it('draws a screenful of other rows at once and the rest little by little, and the same rows at once', async () => {
    vi.useFakeTimers();
    serve(() => page(things(0, 50), 'c50'));
    const one = list();
    await one.load();
    expect(one.drawn).toBeLessThan(20);
    vi.advanceTimersByTime(1);
    expect(one.drawn).toBeLessThan(50);
    vi.runAllTimers();
    expect(one.drawn).toBeGreaterThanOrEqual(50);
    await one.reload();
    expect(one.drawn).toBeGreaterThanOrEqual(50);
    serve(() => page(things(50, 50), 'c100'));
    await one.reload();
    expect(one.drawn).toBeLessThan(20);
    vi.runAllTimers();
    serve(() => page(things(60, 50), 'c110'));
    await one.load({ q: 'thing' });
    expect(one.drawn).toBeLessThan(20);
    vi.useRealTimers();
  });
  it('counts no key as new that stands further down the list', async () => {
    vi.useFakeTimers();
    const made = (id: string, day: number) => ({ id, revision: 4, name: id, made: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z` });
    serve((url) => (url.searchParams.has('ids') ? page([made('later', 20), made('earlier', 2)]) : page([made('t0', 10), made('t1', 9)], 'c2')));
    const one = list();
    await one.load();
    one.hear(changed(['later', 4], ['earlier', 4]));
    await vi.advanceTimersByTimeAsync(2100);
    expect(one.arrived).toBe(1);
    vi.useRealTimers();
  });
  it('asks for changed rows one question at a time, however much happens meanwhile', async () => {
    const { one, asked, answer } = await watched();
    one.hear(changed(['t0', 2]));
    one.hear(changed(['t1', 2], ['t2', 2]));
    one.hear(changed(['t1', 3]));
    expect(asked()).toEqual(['t0']);
    await answer([{ id: 't0', revision: 2, name: 'renamed' }]);
    expect(asked()).toEqual(['t0', 't1,t2']);
    await answer([{ id: 't1', revision: 3, name: 'again' }, { id: 't2', revision: 2, name: 'also' }]);
    expect(one.items.map((item) => item.name)).toEqual(['renamed', 'again', 'also']);
    expect(asked()).toHaveLength(2);
  });
  it('asks about what another server changed, of which no revision is known', async () => {
    const { one, asked } = await watched();
    one.hear(newsOf('{"changes":[{"kind":"thing","id":"t1","revision":0}],"truncated":false}'));
    expect(asked()).toEqual(['t1']);
  });
  it('shows what changed while its page was under way, and lets an older answer take nothing back', async () => {
    const { one, asked, answer } = await watched();
    void one.reload();
    one.hear(changed(['t1', 2]));
    one.replace({ id: 't0', revision: 7, name: 'acted on' });
    await answer(things(0, 3));
    expect(one.items[0]?.name).toBe('acted on');
    expect(asked()).toEqual([null, 't1']);
  });
  it('reads its page again after a flood, and never gives one up for the next', async () => {
    const { one, asked, answer } = await watched();
    for (let n = 0; n < 3; n += 1) one.hear({ changes: [], truncated: true });
    expect(asked()).toEqual([null]);
    await answer(things(0, 3));
    expect(asked()).toEqual([null, null]);
    await answer(things(0, 3));
    expect(asked()).toEqual([null, null]);
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
