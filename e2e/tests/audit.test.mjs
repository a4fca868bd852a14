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

test('the log verifies itself and says how many entries it holds', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await page.getByText(/All \d+ entries verified/).waitFor();
    await look(page, 'audit-verified');
  });
});

test('the filtered log is exported line by line', async () => {
  await on.onPage(async (page) => {
    await page.goto('/audit?action=security_key.quarantined');
    await page.getByText('Box was open').waitFor();
    const { name, text } = await downloaded(page, () => page.getByRole('link', { name: 'Export' }).click());
    assert.match(name, /\.jsonl$/);
    const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map((line) => [line.action, line.reason]), [['security_key.quarantined', 'Box was open']]);
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
