// The settings of the commands: one way to the database, one way to each password, and every problem at once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../foundation/config/reader.ts';
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { readAdminSettings, readInitSettings } from './admin-settings.ts';
import { readRolePassword } from './role-password.ts';

const url = 'postgresql://admin:secret@127.0.0.1/domainflow';
const passwords = {
  REGISTRY_DB_PASSWORD: 'one',
  REPORTS_DB_PASSWORD: 'two',
  ORCHESTRATOR_DB_PASSWORD: 'three',
  ENGINE_DB_PASSWORD: 'four',
};

describe('readAdminSettings', () => {
  it('takes the host of the services with a login of its own', async () => {
    const { source, tls } = readAdminSettings({
      DB_HOST: 'db.example',
      DB_SSLMODE: 'disable',
      ADMIN_DB_USER: 'admin',
      ADMIN_DB_PASSWORD: 'p@ss',
    });
    const resolved = new URL(await resolveDatabaseUrl(source, tls));
    expect(resolved.href).toBe('postgresql://admin:p%40ss@db.example:5432/domainflow?sslmode=disable');
  });

  it("does not take a service's own login for the admin's", () => {
    expect(() => readAdminSettings({ DATABASE_URL: url })).toThrow('ADMIN_DATABASE_URL is required');
  });

  it('verifies certificates beyond this machine', async () => {
    const { source, tls } = readAdminSettings({ ADMIN_DATABASE_URL: 'postgresql://admin:x@db.example/any' });
    expect(await resolveDatabaseUrl(source, tls)).toContain('sslmode=verify-full');
  });
});

describe('readInitSettings', () => {
  it('reads a password from a file, without the line break at its end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passwords-'));
    const path = join(folder, 'reports');
    await writeFile(path, 'from a file\n');
    const settings = readInitSettings({
      ADMIN_DATABASE_URL: url,
      ...passwords,
      REPORTS_DB_PASSWORD: '',
      REPORTS_DB_PASSWORD_FILE: path,
    });
    expect(await readRolePassword(settings.passwords.REPORTS)).toBe('from a file');
    expect(await readRolePassword(settings.passwords.ENGINE)).toBe('four');
    await rm(folder, { recursive: true });
  });

  it('names every problem at once, and repeats no password', () => {
    const env = { ...passwords, REGISTRY_DB_PASSWORD_FILE: 'also', ENGINE_DB_PASSWORD: '' };
    try {
      readInitSettings(env);
      throw new Error('nothing was refused');
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.problems).toEqual([
        expect.stringContaining('ADMIN_DATABASE_URL is required'),
        'Exactly one of REGISTRY_DB_PASSWORD, REGISTRY_DB_PASSWORD_FILE and REGISTRY_DB_SECRET_ARN must be set',
        'Exactly one of ENGINE_DB_PASSWORD, ENGINE_DB_PASSWORD_FILE and ENGINE_DB_SECRET_ARN must be set',
      ]);
      expect(error.message).not.toMatch(/two|three/);
    }
  });
});
