// Questions of the tools as the reports service is asked them, over its own contract.

import { toJson } from '@bufbuild/protobuf';
import { createClient, createRouterTransport } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  AggregateRequestSchema,
  IndexService,
  RetrieveRequestSchema,
} from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { createReportIndex } from './report-index.ts';

function reach({ totalAtLeast = false } = {}) {
  const asked: unknown[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(IndexService, {
      retrieve: (request) => {
        asked.push(toJson(RetrieveRequestSchema, request));
        const found = {
          incidentId: 'inc_1',
          status: 'open',
          summary: 'A leak',
          snippet: 'A \uE000leak\uE001 here',
        };
        return { entries: [{ ...found, managementData: { team: 'B' } }], total: 7n, totalAtLeast };
      },
      aggregate: (request) => {
        asked.push(toJson(AggregateRequestSchema, request));
        return {
          groups: [
            { key: 'roads', count: 3n, value: 1.5 },
            { key: 'other', count: 2n },
          ],
          total: 5n,
        };
      },
    });
  });
  const index = createClient(IndexService, transport);
  return { asked, data: createReportIndex({ index, domainId: 'water', callOptions: () => ({}) }) };
}

describe('the report index of the tools', () => {
  it('passes every part of a filter on, for the domain of the run alone', async () => {
    const { asked, data } = reach();
    const where = {
      'ingestion_data.category': 'leak',
      'ingestion_data.count': 2,
      'management_data.seen': true,
    };
    const answer = await data.retrieve({ text: 'leak', near: [4, 52], where, limit: 5, snippets: true });
    expect(asked).toEqual([
      {
        filter: {
          domainId: 'water',
          text: 'leak',
          circle: { centre: { longitude: 4, latitude: 52 } },
          matches: Object.entries(where).map(([path, value]) => ({ path, value })),
        },
        limit: 5,
        snippets: true,
      },
    ]);
    expect(answer.total).toBe(7);
    expect(answer.reports).toMatchObject([{ snippet: 'A leak here', management_data: { team: 'B' } }]);
  });

  it('asks for a measure and answers it where a group has one', async () => {
    const { asked, data } = reach();
    const answer = await data.aggregate({
      group_by: 'management_data.kind',
      limit: 1,
      measure: { function: 'avg', path: 'ingestion_data.depth' },
    });
    expect(asked).toMatchObject([{ measure: { function: 'FUNCTION_AVG', path: 'ingestion_data.depth' } }]);
    expect(answer).toEqual({
      total: 5,
      groups: [
        { key: 'roads', count: 3, value: 1.5 },
        { key: 'other', count: 2 },
      ],
    });
  });

  it('counts matches to the last, also where a search stops counting', async () => {
    const { asked, data } = reach({ totalAtLeast: true });
    const answer = await data.retrieve({ text: 'leak', limit: 5 });
    expect(answer.total).toBe(5);
    expect(asked).toMatchObject([{}, { groupBy: 'status', filter: { domainId: 'water', text: 'leak' } }]);
  });
});
