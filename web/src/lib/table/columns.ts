/** Columns of a list, and which of them a person wants to see (kept in this browser). */
import type { Key } from '$lib/i18n/index.svelte';

export interface Column {
  id: string;
  label: Key;
  /** The name the server sorts by. */
  sort?: string;
  /** Pixels; a column without a width shares what is left. */
  width?: number;
  numeric?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** Not shown until asked for. */
  optional?: boolean;
}
/** What a column without a width wants before the others get more than theirs. */
const WISH = 360;

/**
 * The width of a column in a list as wide as its container: its own at least, twice that at most, so that on a wide
 * window the columns share the room instead of leaving it to one. `around` is what ticks, arrows and menus take.
 */
export function columnWidth(column: Column, shown: readonly Column[], around: number): string | undefined {
  if (!column.width) return undefined;
  const sum = shown.reduce((all, one) => all + (one.width ?? 0), 0);
  const open = shown.filter((one) => !one.width).length;
  return `clamp(${column.width}px, calc((100cqw - ${around + open * WISH}px) * ${(column.width / sum).toFixed(4)}), ${2 * column.width}px)`;
}
export interface MenuEntry {
  id: string;
  label: string;
  icon?: unknown;
  run: () => void;
  bad?: boolean;
  /** A line before this entry. */
  apart?: boolean;
}
export interface FilterOption { value: string; label: string }
export interface FilterDefinition {
  name: string;
  label: Key;
  options: FilterOption[];
  /** The server takes one value at most. */
  single?: boolean;
  /** Too many to list: they are looked for while typing. */
  find?: (text: string) => Promise<FilterOption[]>;
  /** The name of a value that came with the address. */
  nameOf?: (value: string) => Promise<string>;
}

const slot = (list: string) => `claviger.columns.${list}`;

export function hiddenColumns(list: string, columns: readonly Column[]): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(slot(list)) ?? 'null');
    if (Array.isArray(kept)) return kept.filter((id): id is string => columns.some((column) => column.id === id && !column.fixed));
  } catch {
    // A damaged entry counts as none.
  }
  return columns.filter((column) => column.optional).map((column) => column.id);
}

export const keepHidden = (list: string, hidden: readonly string[]): void => localStorage.setItem(slot(list), JSON.stringify(hidden));
