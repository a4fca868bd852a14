// An export of what a filter shows, opened by a reader that others wrote: every row, every column, nothing that runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloaded, look } from '../lib/browser.mjs';
import { person } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';
import { cells, records } from '../lib/sheet.mjs';

// What a spreadsheet would run, and what breaks readers that split at commas and line ends.
const NAMES = ['=HYPERLINK("http://evil.example","open")', '+49 123', '-2+3', '@SUM(A1:A9)', 'plain, with a comma', 'a "quoted" name', 'Żółty klucz 🔑'];
const RUNS = /^[=+\-@\t\r]/;
let hostile;
const serial = (index) => `EX${String(index).padStart(6, '0')}`;
const on = stage(async (server) => {
  hostile = await policy(server, '=1+1|Standard');
  const other = await policy(server, 'Other');
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const holder = await person(server, '@ada', { display_name: 'Ada', email: 'ada@example.test' });
  const rows = NAMES.map((name, index) => `${cell(name)},${serial(index)},FIDO_2_1`);
  const put = async (lines, policyId, name) => {
    const form = new FormData();
    form.append('file', new Blob([['deviceName,serialNumber,version', ...lines, ''].join('\n')]), name);
    await server.api('POST', `/imports?policy_id=${policyId}`, form);
  };
  await put(rows, hostile.id, '=delivery.csv');
  await put([`Other,${serial(90)},FIDO_2_1`], other.id, 'other.csv');
  for (const key of (await server.api('GET', '/security-keys')).items) await server.api('POST', `/security-keys/${key.id}/assign`, { user_id: holder.id });
});
async function exported(page) {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const { text } = await downloaded(page, () => page.getByRole('link', { name: 'Download CSV' }).click());
  return text;
}

test('the file holds exactly what the filter shows, and no cell runs', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?policy=${hostile.id}`);
    await page.getByText(`${NAMES.length} keys`, { exact: true }).first().waitFor();
    await look(page, 'export-hostile');
    const text = await exported(page);
    const rows = records(text);
    const wanted = await on.server.api('GET', `/security-keys?tab=inventory&policy=${hostile.id}`);
    assert.deepEqual(rows.map((row) => row.serialNumber).sort(), wanted.items.map((key) => key.serial_number).sort());
    assert.equal(rows.length, NAMES.length);
    // The column names of a delivery come first, so that the file comes back in.
    assert.deepEqual(cells(text)[0].slice(0, 3), ['deviceName', 'serialNumber', 'version']);
    for (const [index, name] of NAMES.entries()) {
      const row = rows.find((one) => one.serialNumber === serial(index));
      assert.equal(row.deviceName, RUNS.test(name) ? `'${name}` : name);
    }
    for (const cell of cells(text).flat()) assert.ok(!RUNS.test(cell), `a spreadsheet would run ${cell}`);
    assert.ok(cells(text).flat().includes("'=1+1|Standard") && cells(text).flat().includes("'@ada"), 'policy and user are inert too');
    // The control: the texts as they are would be run.
    assert.equal(NAMES.filter((name) => RUNS.test(name)).length, 4);
  });
});

test('the file comes back in with the names that the keys have', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?policy=${hostile.id}`);
    await page.getByText(`${NAMES.length} keys`, { exact: true }).first().waitFor();
    const form = new FormData();
    form.append('file', new Blob([await exported(page)]), 'again.csv');
    const seen = await on.server.api('POST', '/imports?dry_run=true&mode=good_rows', form);
    // The same serial, name and version: a key that is as it was. A name with a stray mark would be another key's.
    assert.deepEqual(seen.counts, { accepted: 0, rejected: 0, unchanged: NAMES.length });
  });
});

test('a filter that nothing matches gives a header and no row', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory?q=nobody-has-this');
    await page.getByText('Nothing matches').waitFor();
    const text = await exported(page);
    assert.deepEqual([cells(text).length, cells(text)[0][0], records(text)], [1, 'deviceName', []]);
  });
});
