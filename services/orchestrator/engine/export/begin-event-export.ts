// The export of events as the service begins it, where one is set up; it ends with the service.
import type { ServiceFrame } from '../../../../foundation/rpc/rpc-service.ts';
import { createEventSink, type SinkSettings } from '../../clients/event-sink.ts';
import type { ExportStore } from '../../store/store.ts';
import { beginExport } from './exporter.ts';

/** What the export begins with. */
export interface ExportParts {
  readonly frame: ServiceFrame;
  readonly engineStores: { readonly exports: ExportStore };
  /** Without `eventExport` nothing is exported. */
  readonly config: { readonly eventExport?: SinkSettings };
}

/** Begins, where it is set up. */
export function beginEventExport({ frame, engineStores, config }: ExportParts): void {
  if (!config.eventExport) return;
  const { log } = frame.telemetry;
  const sink = createEventSink(config.eventExport);
  frame.closing.add('event export', beginExport({ store: engineStores.exports, sink, log }));
}
