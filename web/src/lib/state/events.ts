/** One event stream for all tabs: the tab that holds the lock listens and tells the others. */
export interface Change { kind: string; id: string; revision: number }
export interface Changes { changes: Change[]; truncated: boolean }
type Listener = (news: Changes) => void;

const listeners = new Set<Listener>();
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('claviger.events') : null;
let started = false;

/** Of what other servers did no revision is known, which is written 0: it is newer than any that is shown. */
export function newsOf(data: string): Changes {
  const news = JSON.parse(data) as Changes;
  return { ...news, changes: news.changes.map((change) => (change.revision === 0 ? { ...change, revision: Infinity } : change)) };
}

const tell = (news: Changes) => { for (const listener of listeners) listener(news); };

function open(): EventSource {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('change', (event) => {
    const news = newsOf((event as MessageEvent<string>).data);
    tell(news);
    channel?.postMessage(news);
  });
  source.onopen = () => {
    // What happened until now is unknown: whoever reads already, at the first start, after a break or after another tab, looks again.
    const news = { changes: [], truncated: true };
    tell(news);
    channel?.postMessage(news);
  };
  return source;
}

export function startEvents(): void {
  if (started || !('EventSource' in globalThis)) return;
  started = true;
  channel?.addEventListener('message', (event: MessageEvent<Changes>) => tell(event.data));
  // The lock is held for the life of this tab; when it closes, the next tab in line opens the stream.
  if (navigator.locks) void navigator.locks.request('claviger.events', () => { open(); return new Promise(() => undefined); });
  else open();
}

export function onChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
