// `domainflow patches`: every change of a report, to be looked at, decided and taken back.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { changeLines } from '../definition-text.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { plainText } from '../screen/plain-text.ts';

interface PatchOptions extends ListOptions {
  readonly report?: string;
  readonly domain?: string;
  readonly status?: 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';
}

interface ShownPatch {
  readonly patch_id: string;
  readonly incident_id: string;
  readonly status: string | null;
  readonly reason: string | null;
  readonly created_at: string | null;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

/** Columns of a list of patches. */
export const patchColumns = [
  { title: 'PATCH', of: ({ patch_id }: ShownPatch) => patch_id },
  { title: 'REPORT', of: ({ incident_id }: ShownPatch) => incident_id },
  { title: 'STATUS', of: ({ status }: ShownPatch) => status },
  { title: 'CREATED', of: ({ created_at }: ShownPatch) => created_at },
  { title: 'CHANGES', of: ({ changes }: ShownPatch) => changes.map(({ path }) => path).join(', ') },
];

/** Adds the commands. */
export function addPatches(program: Command, cli: Cli): void {
  const patches = program
    .command('patches')
    .description('changes of reports: look at them, decide them, take them back');
  withListOptions(patches.command('list').description('the newest first'))
    .option('--report <report>', 'of one report alone')
    .option('--domain <domain>', 'of one domain alone')
    .option('--status <status>', 'proposed, applied, rejected, reverted or conflicted')
    .action(
      cli.action<[], PatchOptions>(async ({ api, out }, _, options) => {
        const { report, domain, status } = options;
        const query = {
          limit: pageLimit(options),
          ...(status && { status }),
          ...(domain && { domain_id: domain }),
        };
        const rows =
          report === undefined
            ? api.pages('/api/v1/patches', { query })
            : api.pages('/api/v1/reports/{incident_id}/patches', { path: { incident_id: report }, query });
        out.table(await takeRows(rows, options), patchColumns);
      }),
    );
  patches
    .command('get')
    .description('what it changes, and why')
    .argument('<patch>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [patch_id]) => {
        const patch = await api.get('/api/v1/patches/{patch_id}', { path: { patch_id } });
        out.result(patch, () => patchLines(patch));
      }),
    );
  addDecisions(patches, cli);
}

function addDecisions(patches: Command, cli: Cli): void {
  const verbs = { apply: 'make a proposed change', reject: 'refuse a proposed change' } as const;
  for (const verb of ['apply', 'reject'] as const) {
    patches
      .command(verb)
      .description(verbs[verb])
      .argument('<patch>', 'its id')
      .action(
        cli.action<[string]>(async ({ api, out }, [patch_id]) => {
          const patch = await api.post(`/api/v1/patches/{patch_id}/${verb}`, { path: { patch_id } });
          out.result(patch, () => patchLines(patch));
        }),
      );
  }
  patches
    .command('revert')
    .description('take an applied change back')
    .argument('<patch>', 'its id')
    .option('--reason <text>', 'why')
    .action(
      cli.action<[string], { reason?: string }>(async ({ api, out }, [patch_id], { reason }) => {
        const body = reason === undefined ? {} : { reason };
        const patch = await api.post('/api/v1/patches/{patch_id}/revert', { path: { patch_id }, body });
        out.result(patch, () => patchLines(patch));
      }),
    );
}

function patchLines({ patch_id, incident_id, status, reason, changes }: ShownPatch): readonly string[] {
  return [
    `${patch_id} of ${incident_id} is ${status}${reason ? plainText(`: ${reason}`) : ''}`,
    ...changes.flatMap(changeLines),
  ];
}
