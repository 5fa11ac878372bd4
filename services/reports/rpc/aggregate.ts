// Aggregate: counts by a field, and figures over the numbers of each group.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import {
  type AggregateRequest_Measure,
  type IndexService,
  AggregateRequest_Measure_Function as MeasureFunction,
} from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import {
  type Figure,
  groupPath,
  groupPathRule,
  type Measure,
  measuredPath,
  measuredPathRule,
} from '../core/group-by.ts';
import type { ReportIndex } from '../store/store.ts';
import { filterOf, limitOf } from './index-wire.ts';

const groupsDefault = 100;
const groupsMax = 1_000;
const figures: Partial<Record<MeasureFunction, Figure>> = {
  [MeasureFunction.AVG]: 'avg',
  [MeasureFunction.SUM]: 'sum',
  [MeasureFunction.MIN]: 'min',
  [MeasureFunction.MAX]: 'max',
};

/** Count descending, then key. */
export function aggregate(index: ReportIndex): ServiceImpl<typeof IndexService>['aggregate'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const broken: Violation[] = [];
    const path = groupPath(request.groupBy) ?? [];
    if (path.length === 0) broken.push({ field: 'group_by', reason: groupPathRule });
    const measure = request.measure && measureOf(request.measure, broken);
    const filter = filterOf(request.filter, broken);
    const limit = limitOf(request.limit, groupsDefault, groupsMax);
    const { groups, total } = await index.aggregate(tenantId, filter, { path, limit, measure });
    return {
      groups: groups.map(({ count, ...group }) => ({ ...group, count: BigInt(count) })),
      total: BigInt(total),
    };
  };
}

function measureOf(message: AggregateRequest_Measure, broken: Violation[]): Measure | undefined {
  const figure = figures[message.function];
  const path = measuredPath(message.path);
  if (!figure) broken.push({ field: 'measure.function', reason: 'must be avg, sum, min or max' });
  if (!path) broken.push({ field: 'measure.path', reason: measuredPathRule });
  return figure && path && { figure, path };
}
