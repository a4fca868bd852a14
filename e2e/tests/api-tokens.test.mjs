// API tokens: used, revoked, with any role that may be handed out, never shown twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();

test('a token tells who made it and when it was last used', async () => {
  const { token } = await on.server.api('POST', '/api-tokens', { name: 'Directory sync', role: 'user_administrator' });
  await on.onPage(async (page) => {
    await page.goto('/settings/api-tokens');
    const row = page.getByRole('row').filter({ hasText: 'Directory sync' });
    await row.getByText('User Administrator').waitFor();
    await row.getByText('eva.palova@example.test').waitFor();
    const answer = await fetch(`${on.server.origin}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200);
    await page.reload();
    await page.getByText('Directory sync').waitFor();
    await look(page, 'api-tokens-used');
    assert.ok((await on.server.api('GET', '/api-tokens')).items[0].last_used_at);
  });
});

test('a revoked token is refused at once, after a question that names it', async () => {
  const { token } = await on.server.api('POST', '/api-tokens', { name: 'Old report', role: 'view_only' });
  const ask = () => fetch(`${on.server.origin}/api/v1/security-keys`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask()).status, 200);
  await on.onPage(async (page) => {
    await page.goto('/settings/api-tokens');
    await page.getByRole('button', { name: 'Actions for Old report' }).click();
    await page.getByRole('menuitem', { name: 'Revoke API token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke API token' });
    await dialog.getByText('“Old report”').waitFor();
    await look(page, 'api-token-revoke');
    await page.keyboard.press('Escape');
    assert.equal((await ask()).status, 200, 'Escape changes nothing');
    await page.getByRole('button', { name: 'Actions for Old report' }).click();
    await page.getByRole('menuitem', { name: 'Revoke API token' }).click();
    await dialog.getByRole('button', { name: 'Revoke API token' }).click();
    await page.getByText('Old report revoked.').waitFor();
    assert.equal((await ask()).status, 401);
  });
});
