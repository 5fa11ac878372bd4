// Spans of one process, sent by each form of OTLP to a real collector that reads them by the official definitions.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { selfSigned } from '../../foundation/postgres/self-signed.for-test.ts';
import type { OtlpTarget } from '../../foundation/telemetry/otlp-target.ts';
import { inSpan, openSpan } from '../../foundation/telemetry/spans.ts';
import { createTelemetry, type Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { plainAttributes } from './otlp-definitions.for-test.ts';
import { receivedSpans, receiveGrpc, receiveHttp, type Taking } from './otlp-receiver.for-test.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of closing.splice(0).reverse()) await end();
});

function taking(): Taking {
  return { received: [], problems: [] };
}

function telemetryTo(otlp: OtlpTarget, lines: string[] = []): Telemetry {
  const telemetry = createTelemetry({
    ...{ service: 'agents', version: '1.2.3', instanceId: 'replica-7', otlp, logLevel: 'info' },
    ...{ logDestination: { write: (line: string) => void lines.push(line) }, processMetrics: false },
  });
  closing.push(() => telemetry.shutdown());
  return telemetry;
}

async function work({ tracer, flush }: Telemetry): Promise<void> {
  const attributes = { count: 7, share: 0.5, yes: true, list: ['a', 'b'] };
  await inSpan(tracer, 'invoke_workflow flow', { kind: 'server', attributes }, async () => {
    openSpan(tracer, 'invoke_agent locate', { kind: 'client' }).end(new Fault('unavailable', 'Sesame'));
  });
  await flush();
}

describe('spans', () => {
  it.each(['http/protobuf', 'grpc'] as const)(
    'arrive by %s as the definitions have them',
    async (protocol) => {
      const into = taking();
      const receiver = await (protocol === 'grpc' ? receiveGrpc : receiveHttp)(into);
      closing.push(receiver.close);
      await work(telemetryTo({ endpoint: receiver.url, protocol, headers: { 'x-api-key': 'open sesame' } }));
      expect(into.problems).toEqual([]);
      const [child, root] = receivedSpans(into);
      expect(root?.resource).toEqual({
        ...{ 'service.name': 'agents', 'service.version': '1.2.3', 'service.instance.id': 'replica-7' },
        'process.pid': String(process.pid),
      });
      expect(root?.span).toMatchObject({ name: 'invoke_workflow flow', kind: 2, flags: 0x101 });
      expect(plainAttributes(root?.span.attributes ?? [])).toEqual({
        ...{ count: '7', share: 0.5, yes: true },
        list: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] },
      });
      expect(child?.span).toMatchObject({
        ...{ parentSpanId: root?.span.spanId, traceId: root?.span.traceId, kind: 3, status: { code: 2 } },
      });
      expect(plainAttributes(child?.span.attributes ?? [])).toEqual({ 'error.type': 'unavailable' });
      expect(JSON.stringify(into.received.map(({ request }) => request))).not.toContain('Sesame');
      expect(into.received[0]?.headers['x-api-key']).toBe('open sesame');
    },
  );

  it('go to a collector whose certificate a file vouches for, and to no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domainflow-otlp-'));
    closing.push(() => rm(folder, { recursive: true }));
    const { key, certificate: cert } = selfSigned('127.0.0.1');
    const certificateFile = join(folder, 'trusted.pem');
    await writeFile(certificateFile, cert);
    const into = taking();
    const receiver = await receiveHttp(into, { key, cert });
    closing.push(receiver.close);
    const target = { endpoint: receiver.url, protocol: 'http/protobuf' } as const;
    await work(telemetryTo({ ...target, certificateFile }));
    expect(receivedSpans(into)).toHaveLength(2);
    const lines: string[] = [];
    await work(telemetryTo(target, lines));
    expect(receivedSpans(into)).toHaveLength(2);
    expect(lines.join()).toContain('Spans cannot be exported and are lost');
  });

  it('are lost with one line in the log while no collector is there', async () => {
    const lines: string[] = [];
    const telemetry = telemetryTo({ endpoint: 'http://127.0.0.1:9', protocol: 'grpc' }, lines);
    await work(telemetry);
    await work(telemetry);
    expect(lines.filter((line) => line.includes('cannot be exported'))).toHaveLength(1);
  });
});
