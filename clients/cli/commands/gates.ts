// `domainflow gates`: measurements of candidates that were started before; `domainflow domains gate` starts one.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { gateLines } from '../gate-text.ts';

const one = '/api/v1/domains/{domain_id}/gate/{gate_id}';

/** Adds the commands. */
export function addGates(program: Command, cli: Cli): void {
  const gates = program.command('gates').description('measurements of candidates; `domains gate` starts one');
  gates
    .command('get')
    .description('how far it is, and what it found')
    .argument('<domain>', 'id of the domain')
    .argument('<gate>', 'its id')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [domain_id, gate_id]) => {
        const gate = await api.get(one, { path: { domain_id, gate_id } });
        out.result(gate, () => gateLines(gate));
      }),
    );
  gates
    .command('cancel')
    .description('end it; it has passed nothing then')
    .argument('<domain>', 'id of the domain')
    .argument('<gate>', 'its id')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [domain_id, gate_id]) => {
        const gate = await api.delete(one, { path: { domain_id, gate_id } });
        out.result(gate, () => [
          `${gate.gate_id} ${gate.status === 'running' ? 'is being ended' : `is ${gate.status}`}.`,
        ]);
      }),
    );
}
