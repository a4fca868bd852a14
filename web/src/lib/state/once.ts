/** Orders without a window: the second click of a double click is not a second order. */
import { toasts } from './toasts.svelte';

const underWay = new Set<string>();

/** Carries out an order about one thing and tells what went wrong; while one is under way, another does nothing. */
export async function once(about: string, order: () => Promise<unknown>): Promise<void> {
  if (underWay.has(about)) return;
  underWay.add(about);
  try {
    await order();
  } catch (error) {
    toasts.fail(error);
  } finally {
    underWay.delete(about);
  }
}
