// `domainflow tools`: what agents may call.
import type { Command } from 'commander';
import type { NewTool, ToolChanges } from '../../api/gen/api-types.ts';
import type { Cli } from '../cli.ts';
import { readDocument } from '../input.ts';
import { detailLines } from '../screen/details.ts';

const one = '/api/v1/tools/{tool_name}';

/** Adds the commands. */
export function addTools(program: Command, cli: Cli): void {
  const tools = program.command('tools').description('what agents may call');
  tools
    .command('list')
    .description('yours and those of the platform')
    .action(
      cli.action(async ({ api, out }) => {
        const { tools: rows } = await api.get('/api/v1/tools');
        out.table(rows, [
          { title: 'TOOL', of: ({ tool_name }) => tool_name },
          { title: 'TYPE', of: ({ tool_type }) => tool_type },
          { title: 'EFFECT', of: ({ effect }) => effect },
          { title: 'ENDPOINT', of: ({ endpoint }) => endpoint },
          { title: 'DESCRIPTION', of: ({ description }) => description },
        ]);
      }),
    );
  tools
    .command('get')
    .description('all of a tool, without its credentials')
    .argument('<tool>', 'its name')
    .action(
      cli.action<[string]>(async ({ api, out }, [tool_name]) => {
        const tool = await api.get(one, { path: { tool_name } });
        out.result(tool, () => detailLines(tool));
      }),
    );
  addToolWrites(tools, cli);
}

function addToolWrites(tools: Command, cli: Cli): void {
  tools
    .command('create')
    .description('define a tool; its credentials are stored sealed and never shown')
    .requiredOption('-f, --file <file>', 'its definition as JSON; - for standard input')
    .action(
      cli.action<[], { file: string }>(async ({ api, out, surroundings }, _, { file }) => {
        const body = await readDocument<NewTool>(file, surroundings);
        const tool = await api.post('/api/v1/tools', { body });
        out.result(tool, () => [`${tool.tool_name} is defined. No agent may call it until it is granted.`]);
      }),
    );
  tools
    .command('update')
    .description('change what the file names')
    .argument('<tool>', 'its name')
    .requiredOption('-f, --file <file>', 'what changes, as JSON; - for standard input')
    .action(
      cli.action<[string], { file: string }>(async ({ api, out, surroundings }, [tool_name], { file }) => {
        const body = await readDocument<ToolChanges>(file, surroundings);
        const tool = await api.put(one, { path: { tool_name }, body });
        out.result(tool, () => [`${tool.tool_name} is changed.`]);
      }),
    );
  tools
    .command('delete')
    .description('delete a tool')
    .argument('<tool>', 'its name')
    .action(
      cli.action<[string]>(async ({ api, out }, [tool_name]) => {
        const answer = await api.delete(one, { path: { tool_name } });
        out.result(answer, () => [answer.message]);
      }),
    );
}
