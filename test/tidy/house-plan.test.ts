// The plan of the house: what is missing and what is unknown is found.
import { describe, expect, it } from '@jest/globals';
import { housePlanOffences } from './house-plan.ts';

const complete = ['services/a/main.ts', 'services/a/config.ts', 'services/a/app.ts'];

describe('housePlanOffences', () => {
  it('accepts a house with its three files and known rooms', () => {
    const more = [
      'services/a/app.test.ts',
      'services/a/store/sql/0001.sql',
      'services/a/Dockerfile',
      'local/mesh.ts',
    ];
    expect(housePlanOffences([...complete, ...more])).toEqual([]);
  });

  it('finds a missing file', () => {
    expect(housePlanOffences(['gateway/main.ts', 'gateway/app.ts'])).toEqual([
      { path: 'gateway/config.ts', line: 1, problem: 'is missing' },
    ]);
  });

  it('finds an unknown room, also where the gateway knows it and a service does not', () => {
    const found = housePlanOffences([...complete, 'services/a/routes/x.ts', 'services/a/lib/x.ts']);
    expect(found.map(({ path }) => path)).toEqual(['services/a/routes/x.ts', 'services/a/lib/x.ts']);
  });

  it('finds a source file that lies in no room', () => {
    expect(housePlanOffences([...complete, 'services/a/wiring.ts']).map(({ problem }) => problem)).toEqual([
      'lies in no room',
    ]);
  });
});
