import { describe, expect, it } from 'vitest';
import { endOf, firstDay, lastDay, startOf } from './period';

describe('a period', () => {
  it('holds its first and its last day whole', () => {
    const from = startOf('2026-03-28') ?? '';
    const to = endOf('2026-03-29') ?? '';
    expect(new Date(from).getHours()).toBe(0);
    // Clocks may be put forward within it.
    const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
    expect([47, 48, 49]).toContain(hours);
  });
  it('reads back as the days that were chosen', () => {
    for (const day of ['2026-01-01', '2026-10-25', '2026-12-31']) {
      expect(firstDay(startOf(day) ?? '')).toBe(day);
      expect(lastDay(endOf(day) ?? '')).toBe(day);
    }
  });
  it('is open where no day is chosen, or none can be read', () => {
    expect([startOf(''), endOf('yesterday'), firstDay(''), lastDay('nonsense')]).toEqual([null, null, '', '']);
  });
});
