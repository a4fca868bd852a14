/** An import from file to result: check, look, carry out, take back. */
import { get, post, upload, type Upload } from '$lib/api/client';
import type { Import, ImportMode, ImportPreview, Job } from '$lib/api/types';
import { t } from '$lib/i18n/index.svelte';
import { counts } from '$lib/state/counts.svelte';
import { jobs } from '$lib/state/jobs.svelte';
import { once } from '$lib/state/once';
import { messageOf, toasts } from '$lib/state/toasts.svelte';

/** A larger file is not sent again only because another policy was chosen: the import itself checks everything. */
const SMALL = 8_000_000;
type Step = 'choose' | 'checking' | 'preview' | 'sending' | 'applying' | 'done' | 'failed';

export async function undoImport(made: Import): Promise<Import> {
  const answer = await post<Import>(`/imports/${made.id}/undo`);
  return answer.status === 'undoing' && answer.job_id ? settled(answer) : answer;
}
/** Waits for an import's job, shown in the top bar, and reads the import again. */
export function settled(made: Import): Promise<Import> {
  if (!made.job_id) return Promise.resolve(made);
  const job: Job = { id: made.job_id, kind: 'import', status: 'queued', progress: { done: 0, total: made.counts.accepted }, refused: 0, created_at: made.created_at, created_by: made.created_by };
  return new Promise((resolve, reject) => {
    jobs.watch(job, made.file_name, `/inventory/imports/${made.id}`, () => { get<Import>(`/imports/${made.id}`).then(resolve, reject); });
  });
}

export class ImportFlow {
  step = $state<Step>('choose');
  file = $state.raw<File | null>(null);
  policy = $state('');
  mode = $state<ImportMode>('all_or_nothing');
  share = $state(0);
  preview = $state.raw<ImportPreview | null>(null);
  result = $state.raw<Import | null>(null);
  problem = $state('');
  /** The window is open. */
  shown = true;
  #upload: Upload<unknown> | null = null;

  /** `path`: what takes the file; `fields`: what goes with it besides. */
  constructor(readonly changed: () => void, readonly path = '/imports', readonly fields: () => Record<string, string> = () => ({})) {}

  get busy(): boolean { return this.step === 'sending' || this.step === 'applying'; }
  /** What Import would bring in now. */
  get coming(): number {
    const counted = this.preview?.counts;
    return !counted || (this.mode === 'all_or_nothing' && counted.rejected > 0) ? 0 : counted.accepted;
  }

  async take(file: File): Promise<void> {
    this.file = file;
    await this.check();
  }

  async check(): Promise<void> {
    if (!this.file) return;
    this.#upload?.cancel();
    if (!this.preview) this.step = 'checking';
    this.problem = '';
    const sent = upload<ImportPreview>(this.path, { dry_run: true, mode: this.mode, policy_id: this.policy }, this.file, (share) => { this.share = share; }, [422], this.fields());
    this.#upload = sent;
    try {
      const preview = await sent.answer;
      if (this.#upload !== sent) return;
      this.#look(preview);
    } catch (error) { if (this.#upload === sent) this.#fail(error); }
  }

  #look(preview: ImportPreview): void {
    const { accepted, rejected, unchanged } = preview.counts;
    const whole = preview.errors[0];
    // No row was read, so there is nothing to preview: the file itself is at fault.
    if (whole && accepted + rejected + unchanged === 0) {
      this.preview = null;
      this.problem = t('imports.no_delivery', { name: preview.file_name, detail: whole.detail });
      this.step = 'failed';
      return;
    }
    this.preview = preview;
    this.step = 'preview';
  }

  choosePolicy(id: string): void {
    this.policy = id;
    if (this.file && this.file.size <= SMALL) void this.check();
  }

  async apply(): Promise<void> {
    if (!this.file) return;
    this.step = 'sending';
    this.share = 0;
    this.problem = '';
    const sent = upload<Import>(this.path, { mode: this.mode, policy_id: this.policy }, this.file, (share) => { this.share = share; if (share === 1) this.step = 'applying'; }, [422], this.fields());
    this.#upload = sent;
    try {
      const made = await sent.answer;
      this.result = made;
      if (made.job_id && (made.status === 'applying' || made.status === 'checking')) this.step = 'applying';
      this.#end(await settled(made));
    } catch (error) { this.#fail(error); }
  }

  #end(made: Import): void {
    this.result = made;
    if (made.status !== 'applied') {
      this.step = 'failed';
      this.problem = made.status === 'cancelled' ? t('imports.was_cancelled') : t('imports.refused_text', { n: made.counts.rejected });
      this.#tellIfLeft();
    } else {
      this.step = 'done';
      const undo = () => undoImport(made).then(() => this.#refresh());
      // The window tells it itself while it stands.
      if (this.shown) return this.#refresh();
      if (made.undoable) toasts.undoable(t('imports.successful'), undo); else toasts.say(t('imports.successful'));
    }
    this.#refresh();
  }

  #refresh(): void { this.changed(); void counts.refresh(); }

  #fail(error: unknown): void {
    if (error instanceof DOMException) return;
    this.problem = messageOf(error);
    this.step = 'failed';
    this.#tellIfLeft();
  }

  /** Nobody reads in a window that is closed. */
  #tellIfLeft(): void {
    if (!this.shown) toasts.say(this.problem, undefined, 'bad');
  }

  again(): void {
    this.#upload?.cancel();
    this.step = 'choose';
    this.file = null;
    this.preview = null;
    this.result = null;
    this.problem = '';
  }

  async cancel(): Promise<void> {
    if (this.step === 'sending') { this.#upload?.cancel(); this.step = 'preview'; }
    else if (this.result?.job_id) await jobs.cancel(this.result.job_id);
  }

  async undo(): Promise<void> {
    const { result } = this;
    if (result) await once(result.id, async () => { this.result = await undoImport(result); toasts.say(t('common.undone'), undefined, 'plain'); this.#refresh(); });
  }
}
