// `domainflow domains estimate` and `gate`: what a playbook will take, and whether a candidate is better than what is published.
import { setTimeout as wait } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { StartGateBody } from '../../api/gen/api-types.ts';
import type { Cli, Frame } from '../cli.ts';
import { gateLines } from '../gate-text.ts';
import { readDocument } from '../input.ts';
import { wholeNumber } from '../list-options.ts';
import { detailLines } from '../screen/details.ts';
import { Failed } from '../usage-error.ts';

interface EstimateOptions {
  readonly playbook: 'ingestion' | 'query' | 'management';
  readonly count?: number;
  readonly sample?: readonly string[];
}

interface GateOptions {
  readonly goldenSet: string;
  readonly file: string;
  readonly wait: boolean;
}

/** Between two looks at a gate, in milliseconds. */
const lookMs = 1_000;

/** Adds the commands. */
export function addDomainMeasures(domains: Command, cli: Cli): void {
  domains
    .command('estimate')
    .description('calls, tokens, money and time that runs will take; it starts nothing')
    .argument('<domain>', 'its id')
    .addOption(
      new Option('--playbook <playbook>', 'which one')
        .choices(['ingestion', 'query', 'management'])
        .default('ingestion'),
    )
    .option('--count <count>', 'how many runs', wholeNumber)
    .option('--sample <text...>', 'texts such as they will be')
    .action(
      cli.action<[string], EstimateOptions>(
        async ({ api, out }, [domain_id], { playbook, count, sample }) => {
          const body = { playbook, ...(count && { count }), ...(sample && { sample: [...sample] }) };
          const estimate = await api.post('/api/v1/domains/{domain_id}/estimate', {
            path: { domain_id },
            body,
          });
          const { agents: _, ...whole } = estimate;
          out.result(estimate, () => detailLines(whole));
        },
      ),
    );
  domains
    .command('gate')
    .description('run a candidate and what is published over a golden set; status 1 when it does not pass')
    .argument('<domain>', 'its id')
    .requiredOption('--golden-set <name>', 'what it is measured by')
    .requiredOption(
      '-f, --file <file>',
      'the candidate as JSON: {"playbook": …} or {"agent": …}; - for standard input',
    )
    .option('--no-wait', 'start it and do not wait for its end')
    .action(cli.action<[string], GateOptions>(runGate));
}

async function runGate(frame: Frame, [domain_id]: readonly [string], options: GateOptions): Promise<void> {
  const { api, out, surroundings, signal } = frame;
  const candidate = await readDocument<StartGateBody['candidate']>(options.file, surroundings);
  const body = { golden_set: options.goldenSet, candidate };
  const started = await api.post('/api/v1/domains/{domain_id}/gate', { path: { domain_id }, body });
  if (!options.wait) {
    const next = `domainflow gates get ${domain_id} ${started.gate_id}`;
    return out.result(started, () => [
      `${started.gate_id} is ${started.status}; ${next} tells how far it is.`,
    ]);
  }
  const path = { domain_id, gate_id: started.gate_id };
  for (;;) {
    const gate = await api.get('/api/v1/domains/{domain_id}/gate/{gate_id}', { path });
    if (gate.completed_at !== null) {
      out.result(gate, () => gateLines(gate));
      if (gate.passed !== true) throw new Failed();
      return;
    }
    const { rows_done, rows_total } = gate.progress;
    out.progress(`${gate.gate_id}: ${rows_done} of ${rows_total} rows`);
    await wait(lookMs, undefined, { signal });
  }
}
