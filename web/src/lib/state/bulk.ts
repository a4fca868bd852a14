/** One command on a selection: how many that is now, and the job that carries it out. */
import { post } from '$lib/api/client';
import type { Job } from '$lib/api/types';
import { t } from '$lib/i18n/index.svelte';
import { number } from '$lib/i18n/format';
import { router } from '$lib/router/router.svelte';
import type { SelectionArgument } from '$lib/table/selection.svelte';
import { jobs } from './jobs.svelte';
import { toasts } from './toasts.svelte';

/** A selection as it was when the window opened, with a way to reload what is on screen afterwards. */
export interface Many { many: (count: number) => SelectionArgument; all: boolean; count: number; done: () => void }
export interface Order { path: string; action: string; body: Record<string, unknown> }

/** The exact number that a selection means now; a filter's total on screen may be capped or old. */
export async function countOf({ path, action, body }: Order, target: Many): Promise<number> {
  if (!target.all) return target.count;
  const answer = await post<{ count: number }>(path, { action, arguments: body, selection: target.many(target.count) }, { query: { dry_run: true } });
  return answer.count;
}

/** Starts the job and follows it in the top bar; at its end come its counts and the way to the refused rows. */
export async function carryOut({ path, action, body }: Order, target: Many, count: number, label: string, over: () => void = () => undefined): Promise<void> {
  const job = await post<Job>(path, { action, arguments: body, selection: target.many(count) });
  jobs.watch(job, label, `/jobs/${job.id}`, (ended) => {
    target.done();
    over();
    const refused = ended.refused ?? 0;
    const text = ended.status === 'done'
      ? t('jobs.ended', { done: number(ended.progress.done - refused), refused: number(refused) }) : t('jobs.stopped', { done: number(ended.progress.done) });
    toasts.say(text, { label: t('jobs.show'), run: () => router.go(`/jobs/${job.id}`) }, refused > 0 || ended.status === 'failed' ? 'bad' : 'good');
  });
}

/** The selection of a list, frozen: clicking on while a window is open must not change what it is about. */
export function frozen(list: { selection: { all: boolean; ids: Iterable<string>; clear: () => void }; filter: Record<string, string>; total: { count: number } | null; reload: () => unknown }, fixed: Record<string, string> = {}): Many {
  const { selection, filter, total } = list;
  const all = selection.all;
  const ids = [...selection.ids];
  const kept = { ...fixed, ...filter };
  return {
    many: (count) => (all ? { filter: kept, expected_count: count } : { ids }), all, count: all ? (total?.count ?? 0) : ids.length,
    done: () => { selection.clear(); void list.reload(); },
  };
}
