// `domainflow tool-access`: which agent may call which tool.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

/** Adds the commands. */
export function addToolAccess(program: Command, cli: Cli): void {
  const access = program.command('tool-access').description('which agent may call which tool');
  access
    .command('list')
    .description('what is granted')
    .option('--agent <agent>', 'to one agent alone')
    .action(
      cli.action<[], { agent?: string }>(async ({ api, out }, _, { agent }) => {
        const query = agent === undefined ? {} : { agent_id: agent };
        const { permissions } = await api.get('/api/v1/tool-access', { query });
        out.table(permissions, [
          { title: 'AGENT', of: ({ agent_id }) => agent_id },
          { title: 'TOOL', of: ({ tool_name }) => tool_name },
          { title: 'GRANTED', of: ({ granted_at }) => granted_at },
        ]);
      }),
    );
  access
    .command('grant')
    .description('let an agent call a tool')
    .argument('<agent>', 'id of the agent')
    .argument('<tool>', 'name of the tool')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [agent_id, tool_name]) => {
        const granted = await api.post('/api/v1/tool-access/grant', { body: { agent_id, tool_name } });
        out.result(granted, () => [`${granted.agent_id} may call ${granted.tool_name}.`]);
      }),
    );
  access
    .command('revoke')
    .description('take it back, at once')
    .argument('<agent>', 'id of the agent')
    .argument('<tool>', 'name of the tool')
    .action(
      cli.action<[string, string]>(async ({ api, out }, [agent_id, tool_name]) => {
        const answer = await api.post('/api/v1/tool-access/revoke', { body: { agent_id, tool_name } });
        out.result(answer, () => [answer.message]);
      }),
    );
}
