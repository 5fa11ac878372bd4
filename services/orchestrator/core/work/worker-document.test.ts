// What makes a worker, at both sides of every limit, and which bodies are malformed rather than wrong.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../../foundation/json/json.ts';
import { networkOf } from '../../../../foundation/net/address.ts';
import { readSign } from './heartbeat-document.ts';
import { refuseBody } from './work-document.ts';
import type { WorkerContent } from './worker.ts';
import { readNewWorker, readWorkerChange } from './worker-document.ts';

const least: JsonObject = {
  type: 'detector',
  name: 'North camera',
  endpoint: 'https://detector.example.org/v1',
};
const inside = [networkOf('10.0.0.0/8')].filter((network) => network !== undefined);

const fieldsOf = ({ problems }: ReturnType<typeof readNewWorker>) => ({
  wrong: problems.wrong.map(({ field }) => field),
  suspicious: problems.suspicious.map(({ field }) => field),
});
const none = { wrong: [], suspicious: [] };
const judged = (changes: JsonObject, networks = [] as typeof inside) =>
  fieldsOf(readNewWorker({ ...least, ...changes }, networks));
const labels = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`);
const url = (length: number) => `https://h.example.org/${'p'.repeat(length - 22)}`;

describe('a new worker', () => {
  it('needs little, and has usual figures', () => {
    expect(readNewWorker(least, []).content).toEqual({
      type: 'detector',
      name: 'North camera',
      protocol: 'http',
      endpoint: 'https://detector.example.org/v1',
      capabilities: [],
      version: '',
      metadata: {},
      healthCheckIntervalS: 60,
      maxConcurrentTasks: 5,
    });
    expect(judged({})).toEqual(none);
  });

  it('is told everything that is wrong with it at once, by path', () => {
    const everything = {
      type: 'robot',
      name: 'x',
      protocol: 'ftp',
      endpoint: 7,
      capabilities: ['ok', 'x', 3],
      version: '1.0',
      metadata: [],
      health_check_interval: 9,
      max_concurrent_tasks: 0,
    };
    const paths = judged(everything).wrong.toSorted();
    const own = Object.keys(everything).filter((field) => field !== 'capabilities');
    expect(paths).toEqual([...own, 'capabilities[1]', 'capabilities[2]'].toSorted());
    expect(fieldsOf(readNewWorker({}, [])).wrong).toEqual(['type', 'name', 'endpoint']);
  });

  const sides: readonly [string, JsonValue, JsonValue][] = [
    ['name', 'abc', 'ab'],
    ['name', 'n'.repeat(255), 'n'.repeat(256)],
    ['name', 'Kamera Süd_1-2.3, (alt)', 'camera/1'],
    ['name', 'مراقب', 'cam#1'],
    ['endpoint', url(2_000), url(2_001)],
    ['endpoint', 'https://8.8.8.8', 'https://10.0.0.1'],
    ['endpoint', 'https://h.example.org', 'http://h.example.org'],
    ['endpoint', 'https://h.example.org', 'https://user:secret@h.example.org'],
    ['endpoint', 'https://h.example.org', 'https://h.example.org?key=1'],
    ['endpoint', 'https://h.example.org', 'https://localhost'],
    ['endpoint', 'https://h.example.org', 'ftp://h.example.org'],
    ['endpoint', 'https://h.example.org', ''],
    ['capabilities', labels(50), labels(51)],
    ['version', '1.0.0-rc.1+build.5', '1.0'],
    ['version', '0.0.1', '01.0.0'],
    ['version', '10.20.30', 'v1.0.0'],
    ['version', `1.0.0-${'a'.repeat(94)}`, `1.0.0-${'a'.repeat(95)}`],
    ['metadata', { a: 'x'.repeat(4_992) }, { a: 'x'.repeat(4_993) }],
    ['health_check_interval', 10, 9],
    ['health_check_interval', 3_600, 3_601],
    ['health_check_interval', 60, 60.5],
    ['max_concurrent_tasks', 1, 0],
    ['max_concurrent_tasks', 100, 101],
    ['protocol', 'grpc', 'push'],
  ];
  it.each(sides)('may have %s %j and not %j', (field, good, bad) => {
    expect(judged({ [field]: good })).toEqual(none);
    expect(judged({ [field]: bad })).toEqual({ wrong: [field], suspicious: [] });
  });

  it('may have capabilities of 2 to 100 characters, each once', () => {
    expect(judged({ capabilities: ['ab', 'c'.repeat(100)] })).toEqual(none);
    expect(judged({ capabilities: ['a', 'c'.repeat(101), '  '] }).wrong).toEqual([
      'capabilities[0]',
      'capabilities[1]',
      'capabilities[2]',
    ]);
    const twice = readNewWorker({ ...least, capabilities: ['cars', 'trees', 'cars'] }, []);
    expect([twice.content.capabilities, fieldsOf(twice)]).toEqual([['cars', 'trees'], none]);
  });

  it.each([
    ['detector', 'detector'],
    ['coordinator', 'coordinator'],
    ['analysis_agent', 'analyzer'],
    ['notification_agent', 'notifier'],
    ['prompt_agent', 'custom'],
    ['rag_agent', 'custom'],
    ['rule_agent', 'custom'],
  ])('of type %s is a %s', (word, type) => {
    expect(readNewWorker({ ...least, type: word }, []).content.type).toBe(type);
    expect(judged({ type: word })).toEqual(none);
  });

  it.each(['constructor', 'Detector', 'agent', ''])('of type %j is none', (type) => {
    expect(judged({ type }).wrong).toEqual(['type']);
  });

  it('that asks for tasks itself needs no endpoint, and may have one that is sound', () => {
    expect(judged({ protocol: 'pull', endpoint: null })).toEqual(none);
    expect(judged({ protocol: 'pull', endpoint: 'https://127.0.0.1' }).wrong).toEqual(['endpoint']);
  });

  it('may have a private address, and http, inside the networks that are allowed', () => {
    expect(judged({ endpoint: 'http://10.1.2.3:8080/a' }, inside)).toEqual(none);
    expect(judged({ endpoint: 'http://192.168.0.1' }, inside).wrong).toEqual(['endpoint']);
  });

  it('with suspicious labels is malformed; what its metadata says is not judged', () => {
    const suspicious = {
      name: 'x; drop table users',
      capabilities: ['fine', '<script>alert(1)</script>'],
      metadata: { 'union select 1': 1, notes: 'drop table users' },
    };
    expect(judged(suspicious).suspicious).toEqual(['capabilities[1]', 'metadata', 'name']);
    expect(judged({ metadata: { deep: [{ 'javascript:x': 1 }] } }).suspicious).toEqual(['metadata']);
    const { problems } = readNewWorker({ ...least, ...suspicious, health_check_interval: 1 }, []);
    expect(() => refuseBody(problems)).toThrow(
      expect.objectContaining({
        reason: 'malformed',
        violations: expect.arrayContaining([expect.objectContaining({ field: 'health_check_interval' })]),
      }),
    );
    expect(() => refuseBody({ wrong: problems.wrong, suspicious: [] })).toThrow(
      expect.objectContaining({ reason: 'invalid_argument' }),
    );
  });
});

describe('a change of a worker', () => {
  const kept: WorkerContent = {
    ...readNewWorker({ ...least, capabilities: ['cars'], version: '1.0.0', metadata: { a: 1 } }, []).content,
    healthCheckIntervalS: 30,
    maxConcurrentTasks: 2,
  };

  it('leaves what it does not name, and takes null for what a new worker has by itself', () => {
    expect(readWorkerChange({ name: 'South' }, kept, []).content).toEqual({ ...kept, name: 'South' });
    const emptied = {
      capabilities: null,
      version: null,
      metadata: null,
      health_check_interval: null,
      max_concurrent_tasks: null,
    };
    const read = readWorkerChange(emptied, kept, []);
    expect([read.content, fieldsOf(read)]).toEqual([
      {
        ...kept,
        ...{ capabilities: [], version: '', metadata: {}, healthCheckIntervalS: 60, maxConcurrentTasks: 5 },
      },
      none,
    ]);
  });

  it.each([
    [{}, ['body']],
    [{ unknown: 1 }, ['body']],
    [{ name: null, type: null }, ['name', 'type']],
    [{ endpoint: null }, ['endpoint']],
    [{ endpoint: 'https://10.0.0.1' }, ['endpoint']],
    [{ protocol: 'pull', endpoint: null }, []],
    [
      { max_concurrent_tasks: 101, health_check_interval: 9 },
      ['health_check_interval', 'max_concurrent_tasks'],
    ],
  ])('%j is wrong in %j', (change: JsonObject, paths) => {
    expect(fieldsOf(readWorkerChange(change, kept, [])).wrong.toSorted()).toEqual(paths);
  });

  it('of the protocol alone needs an endpoint where there is none', () => {
    const pulling: WorkerContent = { ...kept, protocol: 'pull', endpoint: '' };
    expect(fieldsOf(readWorkerChange({ protocol: 'grpc' }, pulling, [])).wrong).toEqual(['endpoint']);
    expect(fieldsOf(readWorkerChange({ name: 'East' }, pulling, []))).toEqual(none);
  });
});

describe('a sign of life', () => {
  const id = '0192f0c1-0000-7000-8000-000000000001';

  it('may be empty, and holds each task once', () => {
    expect(readSign({})).toEqual({ sign: {}, problems: none });
    const said = { status: 'busy', metrics: { load: 0.5 }, running_task_ids: [id, id.toUpperCase()] };
    expect(readSign(said).sign).toEqual({ status: 'busy', metrics: { load: 0.5 }, runningTaskIds: [id] });
    expect(readSign({ status: null, metrics: null, running_task_ids: [] }).sign).toEqual({
      runningTaskIds: [],
    });
  });

  it('is told what is wrong with it', () => {
    const wrong = { status: 'error', metrics: { a: 'x'.repeat(4_993) }, running_task_ids: 'all' };
    expect(fieldsOf({ ...readSign(wrong), content: {} as WorkerContent }).wrong).toEqual([
      'status',
      'metrics',
      'running_task_ids',
    ]);
    expect(readSign({ metrics: { a: 'x'.repeat(4_992) } }).problems).toEqual(none);
    expect(readSign({ running_task_ids: Array(1_000).fill(id) }).problems).toEqual(none);
    expect(readSign({ running_task_ids: Array(1_001).fill(id) }).problems.wrong).toHaveLength(1);
    const { suspicious } = readSign({ running_task_ids: [id, 'task_1', 7] }).problems;
    expect(suspicious.map(({ field }) => field)).toEqual(['running_task_ids[1]', 'running_task_ids[2]']);
  });
});
