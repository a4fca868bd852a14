// The audit log: filters, search, detail, export, and the proof that it is whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloaded, look } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  await deliver(server, [{ device_name: 'YubiKey', serial_number: 'AUD1' }], standard.id);
  const { items } = await server.api('GET', '/security-keys');
  await server.api('POST', `/security-keys/${items[0].id}/quarantine`, { reason: 'Box was open' });
});

test('events are filtered by action and day, found by reason, and opened up', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit');
    await page.getByText('Policy created').waitFor();
    await look(page, 'audit');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Key quarantined' }).check();
    await look(page, 'audit-filter');
    await page.keyboard.press('Escape');
    await page.getByText('Policy created').waitFor({ state: 'detached' });
    await page.getByText('Box was open').waitFor();
    await page.getByRole('button', { name: 'Details of Key quarantined' }).click();
    await page.getByText('Request id').waitFor();
    await look(page, 'audit-detail');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByPlaceholder('Serial, name, reason').fill('AUD1');
    await page.getByText('Policy created').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'AUD1' }).waitFor();
    await page.goto('/audit?to=2020-01-01T23:59:59Z');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  });
});

test('the menu of an event narrows the list to its action, its author, its object', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit?action=security_key.quarantined');
    await page.getByText('Box was open').waitFor();
    await page.getByRole('button', { name: 'Actions for Key quarantined' }).click();
    await look(page, 'audit-menu');
    await page.getByRole('menuitem', { name: 'Only about YubiKey AUD1' }).click();
    await page.waitForURL(/object=/);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('Policy created', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Actions for Policy created' }).click();
    await page.getByRole('menuitem', { name: /^Only by/ }).click();
    await page.waitForURL(/actor=/);
    await page.getByText('Policy created', { exact: true }).waitFor();
    // Several actions at once mean any of them.
    await page.goto('/audit?action=policy.created,security_key.quarantined');
    await page.getByText('Policy created', { exact: true }).waitFor();
    await page.getByText('Box was open').waitFor();
    assert.equal(await page.locator('tbody tr').count(), 2);
  });
});

test('the log verifies itself and says how many entries it holds', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await page.getByText(/All \d+ entries verified/).waitFor();
    await look(page, 'audit-verified');
    await page.getByRole('button', { name: 'Checkpoints' }).click();
    await page.getByRole('dialog', { name: 'Checkpoints' }).getByText(/Signed statements/).waitFor();
    await look(page, 'audit-checkpoints');
  });
});

test('what a check finds wrong is told place by place', async () => {
  await on.onPage(async (page) => {
    // A log that was tampered with, as the server tells it; the server's own tests break a real one.
    const problems = Array.from({ length: 7 }, (_, index) => ({ lane: 0, sequence: index + 4, detail: 'its content was changed' }));
    await page.route('**/api/v1/audit/verification', (route) => route.fulfill({ json: { ok: false, entries: 40, problems } }));
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await page.getByText('7 problems found.').waitFor();
    await page.getByText('Lane 0, event 4: its content was changed').waitFor();
    await page.getByText('and 2 more').waitFor();
    await look(page, 'audit-broken');
  });
});

test('the filtered log is exported line by line and as a table', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit?action=security_key.quarantined');
    await page.getByText('Box was open').waitFor();
    const fetchAs = async (label) => {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      return downloaded(page, () => page.getByRole('link', { name: label }).click());
    };
    const json = await fetchAs('Lines of JSON');
    assert.match(json.name, /\.jsonl$/);
    const lines = json.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map((line) => [line.action, line.reason]), [['security_key.quarantined', 'Box was open']]);
    const table = await fetchAs('Table (CSV)');
    assert.match(table.name, /\.csv$/);
    const rows = table.text.trimEnd().split(/\r?\n/);
    assert.equal(rows.length, 2);
    assert.match(rows[0], /^at,action,/);
    assert.match(rows[1], /security_key\.quarantined.*Box was open/);
  });
});

test('a period holds its days whole', async () => {
  await on.onPage(async (page) => {
    const today = await page.evaluate(() => new Date().toLocaleDateString('sv'));
    await page.goto('/audit');
    await page.getByLabel('From').fill(today);
    await page.getByLabel('to', { exact: true }).fill(today);
    await page.getByText('Policy created').waitFor();
    await page.getByLabel('to', { exact: true }).fill('2020-01-01');
    await page.getByLabel('From').fill('2020-01-01');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await look(page, 'audit-period-empty');
  });
});

test("a key's page tells its history", async () => {
  await on.onPage(async (page) => {
    const { items } = await on.server.api('GET', '/security-keys?q=AUD1');
    await page.goto(`/inventory/keys/${items[0].id}?tab=history`);
    await page.getByText('Key quarantined', { exact: true }).waitFor();
    await page.getByText('Box was open').waitFor();
    await page.getByText('status: Ready → Quarantined').waitFor();
    await look(page, 'key-history');
  });
});
