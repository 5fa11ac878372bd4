// Where this checkout keeps what its commands leave behind.
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The folder that holds package.json. */
export const checkoutDir = resolve(import.meta.dirname, '..');
/** Where `npm start` keeps its data unless DATA_DIR says otherwise. */
export const defaultDataDir = join(checkoutDir, '.domainflow');
/** The development issuer's key: one for the checkout, whatever the data folder, so that a token holds on any mesh of it. */
export const issuerKeyPath = join(defaultDataDir, 'dev-issuer.json');

/** Makes the folder when it is absent. Root also lets others pass through it, because the database server runs as another user then. */
export async function ensureFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  if (process.getuid?.() !== 0) return;
  const { mode } = await stat(path);
  if ((mode & 0o011) !== 0o011) await chmod(path, (mode & 0o777) | 0o011);
}
