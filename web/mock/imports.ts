// Reads a delivery file well enough for trying the dialog out.
import type { Import, RowError } from '../src/lib/api/types';
import { actionsOf, ago, keys, makeKey, policies, uuid } from './data.ts';

export const imports: Import[] = Array.from({ length: 7 }, (_, n) => ({
  id: uuid(5, n + 1), kind: 'security_keys', preview_tokens: [], status: n === 2 ? 'undone' : n === 4 ? 'refused' : 'applied', file_name: `delivery-2026-${11 - n}.csv`, file_size: 48_120 + n * 900, sha256: 'b1946ac92492d2347c6235b4d2611184'.repeat(2),
  format: 'csv', mode: n === 1 ? 'good_rows' : 'all_or_nothing', policy: n % 2 ? { id: policies[0]?.id ?? '', name: 'Standard EU', version: 1 } : null, created_at: ago(n * 9000 + 20), created_by: 'Eva Procházková',
  counts: { accepted: n === 4 ? 0 : 1000, rejected: n === 1 ? 12 : n === 4 ? 3 : 0, unchanged: 0 },
  errors: n === 1 || n === 4 ? [{ line: 12, column: 'serialNumber', detail: 'this serial number stands on line 4 already' }, { line: 31, column: 'serialNumber', detail: 'the serial number is empty' }] : [],
  errors_truncated: false, columns: [], preview: [], job_id: null, undoable: n === 0,
}));
interface Staged { rows: { device_name: string; serial_number: string; version: string; line: number }[] }
const staged = new Map<string, Staged>();

function fileOf(raw: Buffer): { name: string; text: string } {
  const text = raw.toString('utf8');
  const name = /filename="([^"]*)"/.exec(text)?.[1] ?? 'file.csv';
  const start = text.indexOf('\r\n\r\n') + 4;
  return { name, text: text.slice(start, text.lastIndexOf('\r\n--')) };
}

export function check(raw: Buffer, query: URLSearchParams): Import | { refused: string } {
  const { name, text } = fileOf(raw);
  const json = name.endsWith('.json');
  const separator = text.includes(';') ? ';' : ',';
  let rows: { device_name: string; serial_number: string; version: string; line: number }[];
  let columns: Import['columns'];
  if (json) {
    const parsed = JSON.parse(text) as { devices?: { deviceName: string; serialNumber: string; version: string }[] };
    if (!parsed.devices) return { refused: 'The file has no "devices" array.' };
    rows = parsed.devices.map((one, index) => ({ device_name: one.deviceName, serial_number: one.serialNumber, version: one.version, line: index + 1 }));
    columns = ['deviceName', 'serialNumber', 'version'].map((column) => ({ name: column, meaning: column.replace(/[A-Z]/, (capital) => `_${capital.toLowerCase()}`) }));
  } else {
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    const heads = (lines[0] ?? '').split(separator).map((head) => head.trim());
    const at = (want: string) => heads.findIndex((head) => head.toLowerCase() === want.toLowerCase());
    const places = [at('deviceName'), at('serialNumber'), at('version')];
    const missing = ['deviceName', 'serialNumber', 'version'].filter((_, index) => (places[index] ?? -1) < 0);
    if (missing.length > 0) return { refused: `The file lacks the column ${missing.join(', ')}. It has: ${heads.join(', ')}.` };
    rows = lines.slice(1).map((line, index) => ({ cells: line.split(separator), line: index + 2 })).filter((one) => one.cells.join('').trim() !== '')
      .map(({ cells, line }) => ({ device_name: cells[places[0] ?? 0] ?? '', serial_number: cells[places[1] ?? 0] ?? '', version: cells[places[2] ?? 0] ?? '', line }));
    columns = heads.map((head, index) => ({ name: head, meaning: places.includes(index) ? (['device_name', 'serial_number', 'version'][places.indexOf(index)] ?? 'ignored') : 'attribute' }));
  }
  const errors: RowError[] = [];
  const seen = new Map(keys.map((key) => [key.serial_number, key.status as string]));
  const good = rows.filter((row) => {
    const state = seen.get(row.serial_number);
    const detail = !row.serial_number ? 'the serial number is empty' : state === 'file' ? 'this serial number stands in this file already' : state ? `this serial number belongs to a key that is ${state.replace('_', ' ')}` : '';
    if (detail) errors.push({ line: row.line, column: 'serialNumber', detail });
    else seen.set(row.serial_number, 'file');
    return !detail;
  });
  const policy = policies.find((one) => one.id === query.get('policy_id'));
  const made: Import = {
    id: uuid(5, 100 + imports.length), kind: 'security_keys', preview_tokens: [], status: 'previewed' as const, file_name: name, file_size: text.length, sha256: 'c0ffee'.repeat(10), format: json ? 'json' : 'csv', mode: query.get('mode') === 'good_rows' ? 'good_rows' : 'all_or_nothing',
    policy: policy ? { id: policy.id, name: policy.name, version: policy.version } : null, created_at: new Date().toISOString(), created_by: 'Eva Procházková',
    counts: { accepted: good.length, rejected: errors.length, unchanged: 0 }, errors: errors.slice(0, 1000), errors_truncated: errors.length > 1000, columns,
    preview: good.slice(0, 20).map(({ device_name, serial_number, version }) => ({ device_name, serial_number, version })), job_id: null, undoable: false,
  };
  staged.set(made.id, { rows: good });
  return made;
}

export function apply(made: Import): void {
  for (const row of staged.get(made.id)?.rows ?? []) {
    const key = { ...makeKey(90_000 + keys.length, false), ...row, status: made.policy ? ('ready' as const) : ('in_stock' as const), policy: made.policy, status_reason: null, imported_at: new Date().toISOString(), batch: { id: made.id, file_name: made.file_name } };
    key.allowed_actions = actionsOf(key);
    keys.unshift(key);
  }
  made.status = 'applied';
  made.undoable = true;
}

export function undo(made: Import): void {
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const batch = keys[index]?.batch;
    if (typeof batch === 'object' && batch?.id === made.id) keys.splice(index, 1);
  }
  made.status = 'undone';
  made.undoable = false;
}
