// Debian's Chromium for tests of pages, driven by playwright-core, which brings no browser of its own. Where Chromium is not installed the
// tests are reported as left out, by name.
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

const program = '/usr/bin/chromium';

/** For tests that need a browser. */
export const describeInChromium = existsSync(program) ? describe : leftOut();

function leftOut(): typeof describe.skip {
  process.stderr.write("Tests that need Debian's Chromium are left out: it is not installed\n");
  return describe.skip;
}

/** A page with what it did. */
export interface WatchedPage {
  readonly page: Page;
  /** Addresses that it asked for, in order. */
  readonly requests: readonly string[];
  /** What its console was told of warnings and errors, violations of its policy among them, and what it did not catch. */
  readonly complaints: readonly string[];
}

/** Starts the browser without a window. It ends with `close`, or with this process. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: program });
}

/** A new page, as somebody has it who comes for the first time; every wait in it has the limit, in milliseconds. */
export async function openPage(browser: Browser, waitMsMax: number): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.setDefaultTimeout(waitMsMax);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  return { page, requests, complaints };
}
