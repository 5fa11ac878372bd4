// Tenants made by hand: which names and ids are taken, and what is said of the others.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { readNewTenant } from './new-tenant.ts';
import { systemTenantId } from './system-tenant.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';

function problemsOf(sent: { name: string; id?: string }): string[] {
  try {
    readNewTenant(sent);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.reason).toBe('invalid_argument');
    return error.violations.map(({ field, reason }) => `${field} ${reason}`);
  }
}

describe('readNewTenant', () => {
  it('takes a name of 200 characters, and an id in any case', () => {
    const name = '🏙'.repeat(200);
    expect(readNewTenant({ name, id: id.toUpperCase() })).toEqual({ name, id });
  });

  it('derives the same id from the same name, and takes a name that is a UUID for the id', () => {
    expect(readNewTenant({ name: 'Acme' })).toEqual(readNewTenant({ name: 'Acme' }));
    expect(readNewTenant({ name: 'Acme' }).id).not.toBe(readNewTenant({ name: 'acme' }).id);
    expect(readNewTenant({ name: id.toUpperCase() }).id).toBe(id);
  });

  it.each([
    [{ name: '' }, ['name must not be blank']],
    [{ name: ' \t ' }, ['name must not be blank']],
    [{ name: ' Acme' }, ['name must not begin or end with blanks']],
    [{ name: 'a'.repeat(201) }, ['name has more than 200 characters']],
    [{ name: 'Ac\nme' }, ['name must not hold control characters']],
    [{ name: 'Ac\ud800me' }, ['name must not hold unpaired surrogates']],
    [{ name: 'System' }, ['name is the name of the system tenant']],
    [{ name: systemTenantId }, ['id is the system tenant, which belongs to the platform']],
    [{ name: 'Acme', id: systemTenantId }, ['id is the system tenant, which belongs to the platform']],
    [{ name: 'Acme', id: '' }, ['id must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057']],
    [
      { name: '', id: 'acme' },
      ['name must not be blank', 'id must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057'],
    ],
  ])('refuses %j with every problem', (sent, problems) => {
    expect(problemsOf(sent)).toEqual(problems);
  });
});
