// An independent reader of CSV: the csv module of Python's standard library, strict.
import { execFileSync } from 'node:child_process';

const READ = `
import csv, io, json, sys
text = sys.stdin.buffer.read().decode('utf-8-sig')
print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), strict=True))))
`;

/** Rows of cells, the header first. */
export const cells = (text) => JSON.parse(execFileSync('python3', ['-c', READ], { input: text, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));

/** Rows by the names of their columns. */
export function records(text) {
  const [header, ...rows] = cells(text);
  return rows.map((row) => {
    if (row.length !== header.length) throw new Error(`a row of ${row.length} cells under ${header.length} columns: ${row}`);
    return Object.fromEntries(header.map((name, place) => [name, row[place]]));
  });
}
