/** A file of users from choice to result: checked without a change, looked at, carried out whole or not at all. */
import { upload, type Upload } from '$lib/api/client';
import type { UserImport } from '$lib/api/people';
import { messageOf } from '$lib/state/toasts.svelte';

type Step = 'choose' | 'checking' | 'preview' | 'sending' | 'done' | 'failed';

export class Importing {
  step = $state<Step>('choose');
  file = $state.raw<File | null>(null);
  share = $state(0);
  found = $state.raw<UserImport | null>(null);
  problem = $state('');
  #upload: Upload<UserImport> | null = null;

  constructor(readonly changed: () => void) {}

  /** How many users the file would make or change. */
  get coming(): number {
    const counts = this.found?.counts;
    return !counts || counts.rejected > 0 ? 0 : counts.created + counts.updated;
  }

  take(file: File): Promise<void> {
    this.file = file;
    return this.#send('checking', true);
  }

  apply(): Promise<void> { return this.#send('sending', false); }

  async #send(step: 'checking' | 'sending', dry: boolean): Promise<void> {
    if (!this.file) return;
    this.#upload?.cancel();
    this.step = step;
    this.share = 0;
    this.problem = '';
    const sent = upload<UserImport>('/users/import', { dry_run: dry || null }, this.file, (share) => { this.share = share; }, [422]);
    this.#upload = sent;
    try {
      const found = await sent.answer;
      if (this.#upload !== sent) return;
      this.#look(found, dry);
    } catch (error) {
      if (error instanceof DOMException || this.#upload !== sent) return;
      this.problem = messageOf(error);
      this.step = 'failed';
    }
  }

  #look(found: UserImport, dry: boolean): void {
    this.found = found;
    const { created, updated, unchanged, rejected } = found.counts;
    const fault = found.errors[0];
    if (fault && created + updated + unchanged + rejected === 0) {
      // No row was read: the file itself is at fault.
      this.problem = fault.detail;
      this.step = 'failed';
    } else if (dry || rejected > 0) this.step = 'preview';
    else {
      this.step = 'done';
      this.changed();
    }
  }

  again(): void {
    this.#upload?.cancel();
    this.step = 'choose';
    this.file = null;
    this.found = null;
    this.problem = '';
  }
}
