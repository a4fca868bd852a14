// What every test of a file shares: one server, one browser; and what each gets anew: a page, signed in.
import { after, before } from 'node:test';
import { launch, openPage, takeSession } from './browser.mjs';
import { startSetUpServer } from './server.mjs';

/** Registers the hooks; `prepare` fills the server once. */
export function stage(prepare = async () => {}) {
  const made = {};
  before(async () => {
    made.server = await startSetUpServer();
    made.browser = await launch();
    await prepare(made.server);
  });
  after(async () => {
    await made.browser?.close();
    await made.server?.stop();
  });
  return {
    get server() {
      return made.server;
    },
    /** Runs `work` on a page of its own, signed in (`options.as`: a cookie), and asserts that the page reported no fault. */
    async onPage(work, options) {
      const opened = await openPage(made.browser, made.server, options);
      try {
        await takeSession(opened.page, made.server, options?.as);
        await work(opened.page, opened);
      } catch (error) {
        await opened.context.close();
        throw error;
      }
      await opened.close();
    },
    get browser() {
      return made.browser;
    },
  };
}

/** The row of a list that shows this serial number. */
export const rowOf = (page, serial) => page.getByRole('row').filter({ has: page.getByRole('button', { name: `Actions for ${serial}`, exact: true }) });

/** Opens the ⋮ menu of a key and chooses an entry. */
export async function choose(page, serial, entry) {
  await page.getByRole('button', { name: `Actions for ${serial}`, exact: true }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** Drops a file on the page, as from the desktop. */
export async function drop(page, name, text, type = 'text/csv') {
  const transfer = await page.evaluateHandle(
    ([name, text, type]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type }));
      return transfer;
    },
    [name, text, type],
  );
  const target = page.locator('main');
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer });
}

/** Buttons, tabs, headings and labels whose text does not fit, apart from those that show it whole on hover. */
export function cutOff(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, [role=tab], nav a, h1, h2, h3, label, legend, th, .badge')]
      .filter((element) => element.offsetParent !== null && !element.closest('.sr') && !element.title && !element.querySelector('[title]'))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible')
      .map((element) => element.textContent.trim()),
  );
}

/** What hides a part of itself behind a bar of its own, sideways. */
export function scrolledSideways(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.getAttribute('aria-label') ?? element.className),
  );
}
