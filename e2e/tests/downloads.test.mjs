// Files for administrators to fetch: brought to the page, fetched as they were, taken away.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { chooseFile, downloaded, look } from '../lib/browser.mjs';
import { colleague } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();
const NAME = 'claviger-workstation-1.4.0-x64.msi';
const TEXT = `MZ${'workstation '.repeat(40_000)}`;

test('a file is uploaded with what it is, and comes back as it was', async () => {
  await on.onPage(async (page) => {
    await page.goto('/downloads');
    await page.getByText('No programs yet').waitFor();
    await page.getByRole('button', { name: 'Upload program' }).first().click();
    const dialog = page.getByRole('dialog');
    await chooseFile(page, () => dialog.locator('input[type=file]').click(), NAME, TEXT, 'application/octet-stream');
    assert.equal(await dialog.locator('#upload-system').inputValue(), 'windows');
    assert.equal(await dialog.locator('#upload-version').inputValue(), '1.4.0');
    await dialog.locator('#upload-notes').fill('msiexec /i, quietly');
    await look(page, 'downloads-upload');
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: NAME }).waitFor();
    await page.getByText(createHash('sha256').update(TEXT).digest('hex')).waitFor();
    await page.getByText('msiexec /i, quietly').waitFor();
    await look(page, 'downloads');
    const { name, text } = await downloaded(page, () => page.getByRole('link', { name: `Download ${NAME}` }).click());
    assert.equal(name, NAME);
    assert.ok(text === TEXT, 'the file is another');
  });
});

test('who may not change settings fetches files and uploads none; a deleted one is gone', async () => {
  const as = await colleague(on.server, 'device_service_administrator');
  await on.onPage(async (page) => {
    await page.goto('/downloads');
    await page.getByRole('link', { name: `Download ${NAME}` }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Upload program' }).count(), 0);
  }, { as });
  await on.onPage(async (page) => {
    await page.goto('/downloads');
    await page.getByRole('button', { name: `Delete ${NAME}` }).click();
    await look(page, 'downloads-delete');
    await page.getByRole('dialog').getByRole('button', { name: /^Delete/ }).click();
    await page.getByText('No programs yet').waitFor();
  });
  assert.deepEqual((await on.server.api('GET', '/downloads')).items, []);
});
