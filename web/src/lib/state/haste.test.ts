import { afterEach, describe, expect, it, vi } from 'vitest';
import { onChanges, startEvents } from './events';
import { later, newest } from './newest';
import { once } from './once';

const held = <T>() => {
  let give: (value: T) => void = () => undefined;
  let refuse: (why: Error) => void = () => undefined;
  const answer = new Promise<T>((resolve, reject) => { give = resolve; refuse = reject; });
  return { answer, give, refuse };
};
const settled = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => vi.unstubAllGlobals());

describe('the newest of several answers', () => {
  it('is what everybody gets who asked, in whatever order they come', async () => {
    const ask = newest<string>();
    const [old, young] = [held<string>(), held<string>()];
    const both = Promise.all([ask(old.answer), ask(young.answer)]);
    young.give('young');
    await settled();
    old.give('old');
    expect(await both).toEqual(['young', 'young']);
  });
  it('does not fail with an older question, and fails with its own', async () => {
    const ask = newest<string>();
    const [old, young, last] = [held<string>(), held<string>(), held<string>()];
    const first = ask(old.answer);
    const second = ask(young.answer);
    old.refuse(new Error('old'));
    young.give('young');
    expect(await first).toBe('young');
    expect(await second).toBe('young');
    const third = ask(last.answer);
    last.refuse(new Error('last'));
    await expect(third).rejects.toThrow('last');
  });
  it('is the one with the later revision', () => {
    const [one, two] = [{ revision: 1 }, { revision: 2 }];
    expect(later(null, one)).toBe(one);
    expect(later(one, two)).toBe(two);
    expect(later(two, one)).toBe(two);
    const again = { revision: 2 };
    expect(later(two, again)).toBe(again);
  });
});

describe('an order', () => {
  it('is given once however often it is clicked, and again when it is over', async () => {
    const work = held<null>();
    const order = vi.fn(() => work.answer);
    const first = once('a key', order);
    await once('a key', order);
    await once('another key', () => Promise.resolve());
    expect(order).toHaveBeenCalledTimes(1);
    work.give(null);
    await first;
    await once('a key', () => Promise.reject(new Error('refused')));
    await once('a key', order);
    expect(order).toHaveBeenCalledTimes(2);
  });
});

describe('the event stream', () => {
  it('lets those look again who read before it was open', () => {
    const sources: { onopen?: () => void }[] = [];
    vi.stubGlobal('EventSource', class { onopen?: () => void; constructor() { sources.push(this); } addEventListener() { /* nothing comes */ } });
    vi.stubGlobal('navigator', {});
    const before = vi.fn();
    const after = vi.fn();
    onChanges(before);
    startEvents();
    sources[0]?.onopen?.();
    onChanges(after);
    expect(before).toHaveBeenCalledExactlyOnceWith({ changes: [], truncated: true });
    expect(after).not.toHaveBeenCalled();
  });
});
