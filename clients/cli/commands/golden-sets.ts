// `domainflow golden-sets`: what the playbooks of a domain are measured by.
import type { Command } from 'commander';
import type { NewGoldenSet } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { detailLines } from '../screen/details.ts';

const all = '/api/v1/domains/{domain_id}/golden-sets';
const one = '/api/v1/domains/{domain_id}/golden-sets/{name}';

/** Adds the commands. */
export function addGoldenSets(program: Command, cli: Cli): void {
  const sets = program
    .command('golden-sets')
    .description('what playbooks are measured by before they are published');
  sets
    .command('list')
    .description('the sets of a domain')
    .argument('<domain>', 'id of the domain')
    .action(
      cli.action<[string]>(async ({ api, out }, [domain_id]) => {
        const { golden_sets } = await api.get(all, { path: { domain_id } });
        out.table(golden_sets, [
          { title: 'NAME', of: ({ name }) => name },
          { title: 'PLAYBOOK', of: ({ playbook }) => playbook },
          { title: 'VERSION', of: ({ version }) => version },
          { title: 'REQUIRED', of: ({ required }) => (required ? 'yes' : 'no') },
        ]);
      }),
    );
  sets
    .command('get')
    .description('all of a set')
    .argument('<domain>', 'id of the domain')
    .argument('<name>', 'name of the set')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [domain_id, name]) => {
        const set = await api.get(one, { path: { domain_id, name } });
        out.result(set, () => detailLines(set));
      }),
    );
  sets
    .command('apply')
    .description('make a set, or replace the one of that name')
    .argument('<domain>', 'id of the domain')
    .argument('<name>', 'name of the set')
    .requiredOption('-f, --file <file>', 'its definition as JSON; - for standard input')
    .action(
      cli.action<[string, string], { file: string }>(
        async ({ api, out, surroundings }, [domain_id, name], { file }) => {
          const body = await readDocument<NewGoldenSet>(file, surroundings);
          const set = await api.put(one, { path: { domain_id, name }, body });
          out.result(set, () => [`${name} of ${domain_id} is stored as version ${set.version}.`]);
        },
      ),
    );
  sets
    .command('delete')
    .description('delete a set')
    .argument('<domain>', 'id of the domain')
    .argument('<name>', 'name of the set')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [domain_id, name]) => {
        const answer = await api.delete(one, { path: { domain_id, name } });
        out.result(answer, () => [answer.message]);
      }),
    );
}
