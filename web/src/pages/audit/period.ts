/** Days of the person at the screen, as moments for the server: from the first's midnight to the midnight behind the last. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function startOf(day: string): string | null {
  return DAY.test(day) ? new Date(`${day}T00:00:00`).toISOString() : null;
}
export function endOf(day: string): string | null {
  if (!DAY.test(day)) return null;
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}
const local = (at: Date): string => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
const read = (iso: string): Date | null => { const at = new Date(iso); return iso === '' || Number.isNaN(at.getTime()) ? null : at; };

export function firstDay(iso: string): string {
  const at = read(iso);
  return at ? local(at) : '';
}
/** The last day that ends at this moment or holds it. */
export function lastDay(iso: string): string {
  const at = read(iso);
  return at ? local(new Date(at.getTime() - 1)) : '';
}
