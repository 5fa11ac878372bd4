// What somebody can do who has a running mesh and its description, and nothing else: send the examples as they stand, and go from a token to
// an answer on the page at /docs, in a real browser.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { type ApiDocument, type DescribedOperation, operationsOf } from '../described/operations.for-test.ts';
import { describeInChromium, openPage, startChromium, type WatchedPage } from './chromium.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

const waitMsMax = 60_000;

let mesh: TestMesh;
let operations: readonly DescribedOperation[];
beforeAll(async () => {
  mesh = await startTestMesh();
  const answer = await fetch(`${mesh.gatewayUrl}/api/v1/openapi.json`);
  operations = operationsOf((await answer.json()) as ApiDocument);
}, 60_000);
afterAll(() => mesh.close());

/** Ids that only an answer tells: test/isolation puts real ones in their place. */
const madeUp = /(?:agent-|gate_|inc_|job_|patch_|qry_|sess_)[0-9a-f]{32}/;

it('takes every example that names nothing but what earlier examples made, as it stands', async () => {
  const token = await mesh.token('newcomers', 'ada');
  const names: Readonly<Record<string, string>> = {
    ...{ domain_id: 'street_works', name: 'basics', tool_name: 'weather' },
  };
  const refused: string[] = [];
  let sent = 0;
  for (const { method, path, pathParts, body } of operations) {
    if (pathParts.some((part) => names[part] === undefined)) continue;
    const filled = path.replaceAll(/\{([^}]+)\}/g, (_part, name: string) => names[name] ?? '');
    for (const example of body?.examples ?? []) {
      const text = typeof example === 'string' ? example : JSON.stringify(example);
      if (madeUp.test(text)) continue;
      const headers = { authorization: `Bearer ${token}`, 'content-type': body?.mediaType ?? '' };
      const answer = await fetch(mesh.gatewayUrl + filled, { method, headers, body: text });
      sent += 1;
      if (!answer.ok) refused.push(`${method} ${filled} ${text}: ${await answer.text()}`);
      else await answer.arrayBuffer();
    }
  }
  expect(refused).toEqual([]);
  expect(sent).toBeGreaterThan(20);
}, 60_000);

describeInChromium('the page at /docs', () => {
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    browser = await startChromium();
    watched = await openPage(browser, waitMsMax);
    page = watched.page;
    await page.goto(`${mesh.gatewayUrl}/docs`);
  }, 120_000);
  afterAll(() => browser?.close());

  it('lists every operation, under its group', async () => {
    const groups = page.locator('.opblock-tag');
    await groups.first().waitFor();
    for (const group of await groups.all()) await group.click();
    const shown = await page.locator('.opblock-summary-operation-id').allInnerTexts();
    // A line may be broken anywhere, at marks of no width.
    expect(shown.map((id) => id.replaceAll('\u200b', '')).toSorted()).toEqual(
      operations.map(({ id }) => id).toSorted(),
    );
  }, 120_000);

  it('goes from a token to a report that was read, with the examples as they are', async () => {
    const [, issued] = await execute(await open(page, 'People', 'createDevToken'));
    await page.locator('.auth-wrapper .authorize').first().click();
    await page.locator('.auth-container input').fill(String(issued.access_token));
    await page.locator('.auth-btn-wrapper .authorize').click();
    await page.locator('.auth-btn-wrapper .btn-done').click();

    const submit = await open(page, 'Reports', 'createReport');
    expect(await submit.innerText()).toMatch(/x-role\s+"editor"/);
    const [accepted, { incident_id: incidentId }] = await execute(submit);
    expect([accepted, incidentId]).toEqual(['202', expect.stringMatching(/^inc_[0-9a-f]{32}$/)]);

    const read = await open(page, 'Reports', 'getReport');
    await read.locator('input[placeholder=incident_id]').fill(String(incidentId));
    const [status, report] = await execute(read);
    expect([status, report.incident_id]).toEqual(['200', incidentId]);
    expect(report.raw_text).toContain('A deep pothole');
  }, 120_000);

  it('has asked this gateway alone, and done nothing that its policy forbids', () => {
    const elsewhere = watched.requests.filter(
      (url) => !url.startsWith(`${mesh.gatewayUrl}/`) && !url.startsWith('data:'),
    );
    expect(watched.requests.length).toBeGreaterThan(8);
    expect([elsewhere, watched.complaints]).toEqual([[], []]);
  });
});

/** JSON that the page shows. */
type Shown = Readonly<Record<string, unknown>>;

/** An operation, shown with everything that is told of it. */
async function open(page: Page, tag: string, id: string): Promise<Locator> {
  const operation = page.locator(`#operations-${tag}-${id}`);
  if (!(await operation.isVisible())) await page.locator(`#operations-tag-${tag}`).click();
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  return operation;
}

/** Presses the button; answers the status and the body that the page then shows. */
async function execute(operation: Locator): Promise<readonly [status: string, body: Shown]> {
  await operation.locator('.execute').click();
  const answer = operation.locator('.live-responses-table .response');
  const status = await answer.locator('.response-col_status').innerText();
  return [status.trim(), JSON.parse(await answer.locator('.highlight-code code').first().innerText())];
}
