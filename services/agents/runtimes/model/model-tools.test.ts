// Tools in the hands of a model: what it is told of them, what comes back, and how often it may call.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { AskedTool } from '../../../../local/model-server/behaviour.ts';
import { toolCallsMax } from '../../core/tool-call-allowance.ts';
import { goodAnswer, type ModelStage, openModelStage, type StageOptions } from './model-stage.for-test.ts';
import { type OfferedTool, toolAnswerMax } from './model-tools.ts';

const open: ModelStage[] = [];
async function start(options: StageOptions): Promise<ModelStage> {
  const stage = await openModelStage(options);
  open.push(stage);
  return stage;
}
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

const good = { kind: 'answer', text: goodAnswer } as const;

function calls(...asked: readonly AskedTool[]) {
  return { kind: 'tools', calls: asked } as const;
}

function toolOf(run: OfferedTool['run'], name = 'crm.find'): OfferedTool {
  const parameters = { type: 'object', properties: { id: { type: 'string' } } };
  return { name, description: 'Finds a case', parameters, run };
}

describe.each(['openai', 'anthropic'] as const)('a tool of a model of format %s', (format) => {
  it('is offered under a name that the provider takes, called, and its answer handed back', async () => {
    const given: unknown[] = [];
    const tool = toolOf(async (argument) => {
      given.push(argument);
      return { status: 'case is open' };
    });
    const { server, run } = await start({ format, tools: [tool] });
    server.meet(calls({ name: 'crm_find', arguments: { id: 'a' } }), good);
    const { end } = await run();
    expect(end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    expect(given).toEqual([{ id: 'a' }]);
    const [first, second] = server.calls;
    expect(JSON.stringify(first?.body.tools)).toContain('"crm_find"');
    expect(JSON.stringify(second?.body.messages)).toContain('case is open');
  });

  it('that is refused or breaks tells the model why, and nothing from the inside', async () => {
    const refused = toolOf(() => Promise.reject(new Fault('permission_denied', 'It was not granted')), 'one');
    const broken = toolOf(() => Promise.reject(new TypeError('secret of undefined')), 'two');
    const { server, run, lines } = await start({ format, tools: [refused, broken] });
    server.meet(calls({ name: 'one', arguments: {} }, { name: 'two', arguments: {} }), good);
    expect((await run()).end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    const told = JSON.stringify(server.calls[1]?.body.messages);
    expect(told).toContain('It was not granted');
    expect(told).toContain('The tool failed');
    expect(told).not.toContain('secret of');
    expect(lines.join()).toContain('A tool ended in an error');
  });
});

describe('calls of tools', () => {
  it('that nobody offered are answered as errors, told as permission_denied, and logged without words of the model', async () => {
    const { server, run, lines } = await start({ tools: [toolOf(async () => 'found')] });
    const long = 'Mary says '.repeat(50);
    server.meet(
      calls(
        { name: 'delete_all', arguments: { who: 'Mary' } },
        { name: 'crm_find', arguments: {} },
        { name: 'crm_wipe', arguments: {} },
        { name: long, arguments: {} },
      ),
      good,
    );
    const { end, told } = await run({ tools: ['crm.find', 'crm.wipe'] });
    expect(end).toMatchObject({ answer: { output: { kind: 'leak' } } });
    expect(JSON.stringify(server.calls[1]?.body.messages)).toContain('delete_all');
    const refused = { number: 0, arguments: {}, durationMs: 0, errorCode: 'permission_denied' };
    const given = (text: string) => ({ given: { text, bytes: text.length, sha256: '' } });
    expect(told.filter(({ kind }) => kind === 'tool_call')).toEqual([
      { kind: 'tool_call', call: { toolName: 'delete_all', ...given('{"who":"Mary"}'), ...refused } },
      { kind: 'tool_call', call: { toolName: 'crm.wipe', ...given('{}'), ...refused } },
      { kind: 'tool_call', call: { toolName: long.slice(0, 100), ...given('{}'), ...refused } },
    ]);
    const logged = lines.filter((line) => line.includes('refused as permission_denied'));
    expect(logged.map((line) => JSON.parse(line).tool)).toEqual([
      ...['none of the agent', 'crm.wipe', 'none of the agent'],
    ]);
    expect(lines.join()).not.toContain('Mary');
  });

  it('more than a task may make end the attempt as limit_reached', async () => {
    let made = 0;
    const tool = toolOf(async () => {
      made += 1;
      return made;
    });
    const { server, run } = await start({ tools: [tool] });
    const many = Array.from({ length: toolCallsMax + 1 }, () => ({ name: 'crm_find', arguments: {} }));
    server.meet(calls(...many), good);
    const { end } = await run();
    expect(end).toMatchObject({ failure: { code: 'limit_reached' } });
    expect(server.calls).toHaveLength(1);
  });

  it('without an end are ended by the number of calls of the model', async () => {
    const { server, run, ledger } = await start({
      ...{ tools: [toolOf(async () => 'go on')], settings: { callsMax: 4 } },
    });
    server.meet(calls({ name: 'crm_find', arguments: {} }));
    const { end } = await run();
    expect(end).toMatchObject({
      failure: { code: 'limit_reached', message: expect.stringContaining('MODEL_CALLS_PER_ATTEMPT') },
    });
    expect(server.calls).toHaveLength(4);
    expect(ledger.map(({ end }) => end)).toEqual(Array(4).fill('succeeded'));
  });

  it('with long answers tell the model that they were cut', async () => {
    const { server, run } = await start({ tools: [toolOf(async () => 'x'.repeat(toolAnswerMax * 2))] });
    server.meet(calls({ name: 'crm_find', arguments: {} }), good);
    await run();
    const told = JSON.stringify(server.calls[1]?.body.messages);
    expect(told.length).toBeLessThan(toolAnswerMax + 5_000);
    expect(told).toContain('ask for less');
  });
});
