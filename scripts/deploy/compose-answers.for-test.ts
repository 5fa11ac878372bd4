// What docker answers about a compose project that is well, in the forms of version 27 with compose 2.29.
import type { ScriptedAnswer } from './scripted-programs.for-test.ts';
import { serviceNames } from './target.ts';

/** What db-init and db-verify print of a whole database. */
export const wholeDatabase = {
  init: {
    ...{ status: 200, message: 'The schemas are in place', schema_created: true, data_seeded: true },
    warnings: [],
  },
  verify: {
    message: 'Schema and builtin content are complete',
    system_tenant: { id: '00000000-0000-5000-8000-000000000001', name: 'system' },
    ...{ builtin_agents_count: 12, domains_count: 1, domains: [{ domain_id: 'civic_complaints' }] },
    tables: [
      'tenants',
      'users',
      'teams',
      'agent_definitions',
      'domain_configurations',
      'incidents',
      'image_evidence',
    ],
    left_out: [],
  },
} as const;

const data = ['postgres', 'dynamodb', 'objects'] as const;

/** A line of `docker compose ps --format json`. */
export function containerLine(service: string, more: object = {}): string {
  const state = { State: 'running', Health: 'healthy', ExitCode: 0 };
  return `${JSON.stringify({ Name: `domainflow-${service}-1`, Service: service, Project: 'domainflow', ...state, ...more })}\n`;
}

/** The containers of a project that is well: jobs have ended. */
export function healthyContainers(): string {
  const jobs = ['db-init', 'create-stores'].map((job) => containerLine(job, { State: 'exited', Health: '' }));
  return [...[...data, ...serviceNames].map((name) => containerLine(name)), ...jobs].join('');
}

/** Answers of a project whose gateway is published at this `host:port`; those of a test go first. */
export function composeAnswers(
  gateway: string,
  own: readonly ScriptedAnswer[] = [],
  secretFile = process.execPath,
): readonly ScriptedAnswer[] {
  const config = {
    name: 'domainflow',
    services: {
      gateway: { image: 'domainflow:0.1.0', environment: { AUTH_DEV_ISSUER: '/run/secrets/dev-issuer-key' } },
    },
    secrets: { 'mesh-keys': { name: 'domainflow_mesh-keys', file: secretFile } },
  };
  const image = [
    { Id: 'sha256:1f', Size: 312_456_789, Config: { Env: ['PATH=/usr/bin', 'NODE_VERSION=24.21.0'] } },
  ];
  const compose = '^docker compose --file deploy/compose.yaml ';
  return [
    ...own,
    { when: '^docker version', stdout: '27.3.1\n' },
    { when: '^docker compose version', stdout: '2.29.7\n' },
    { when: '^docker image inspect domainflow:0.1.0$', stdout: JSON.stringify(image) },
    { when: `${compose}config --format json$`, stdout: JSON.stringify(config) },
    { when: `${compose}build$` },
    { when: `${compose}up --detach --no-build ` },
    { when: `${compose}ps --all --format json$`, stdout: healthyContainers() },
    { when: `${compose}logs `, stdout: '{"level":"info","msg":"Serving"}\n' },
    { when: `${compose}run --rm -T --no-deps --entrypoint node ` },
    { when: `${compose}run .* db-init db-init --seed$`, stdout: `${JSON.stringify(wholeDatabase.init)}\n` },
    {
      when: `${compose}run .* db-init db-verify$`,
      stdout: `${JSON.stringify(wholeDatabase.verify, undefined, 2)}\n`,
    },
    { when: `${compose}port gateway 8080$`, stdout: `${gateway}\n` },
  ];
}
