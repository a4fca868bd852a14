/** Long work under way: shown in the top bar and wherever it was started. */
import { get, post } from '$lib/api/client';
import type { Job } from '$lib/api/types';
import { word } from '$lib/i18n/index.svelte';

export interface Watched { job: Job; label: string; href: string }
type Done = (job: Job) => unknown;

export const isOver = (job: Job): boolean => job.status === 'done' || job.status === 'failed' || job.status === 'cancelled';

/** What a job does, by its kind: `bulk.link_policy`, `otp_tokens.disable` and the like. */
export function jobName(kind: string): string {
  const verb = kind.split(/[.:/]/).pop() ?? kind;
  return kind.startsWith('otp_tokens.') ? word('otp_job_kind', verb) : word('job_kind', verb);
}

class Jobs {
  list = $state<Watched[]>([]);

  /** Follows a job to its end; `done` is called once. */
  watch(job: Job, label: string, href: string, done?: Done): void {
    this.list = [...this.list.filter((one) => one.job.id !== job.id), { job, label, href }];
    void this.#follow(job.id, done);
  }

  find(id: string | null | undefined): Watched | undefined {
    return this.list.find((one) => one.job.id === id);
  }

  async cancel(id: string): Promise<void> {
    await post(`/jobs/${id}/cancel`);
  }

  dismiss(id: string): void {
    this.list = this.list.filter((one) => one.job.id !== id);
  }

  async #follow(id: string, done?: Done): Promise<void> {
    for (let wait = 200; ; wait = Math.min(wait * 1.4, 1500)) {
      const job = await get<Job>(`/jobs/${id}`).catch(() => null);
      if (job) {
        this.list = this.list.map((one) => (one.job.id === id ? { ...one, job } : one));
        if (isOver(job)) {
          done?.(job);
          setTimeout(() => this.dismiss(id), 8000);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

export const jobs = new Jobs();
