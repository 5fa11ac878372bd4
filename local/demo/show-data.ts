// Shows all reports at once: counted by a value that the agents read, and as clusters on a map.
import type { AggregationDocument, PlacesDocument, ReportDocument } from '../rest-documents.ts';
import { bodyOf, type DemoRun, sampleDomain } from './demo-run.ts';

const groupBy = 'ingestion_data.complaint_type';
const clusterZoom = 10;
const clustersShownMax = 5;

/** Prints counts and clusters, and compares them with the reports. */
export async function showData(run: DemoRun, reports: readonly ReportDocument[]): Promise<void> {
  await showCounts(run, reports);
  await showClusters(run, reports);
}

async function showCounts({ api, narrator, problems }: DemoRun, reports: readonly ReportDocument[]) {
  const path = `/api/v1/data/aggregated?domain_id=${sampleDomain}&group_by=${groupBy}`;
  const { aggregations, total } = bodyOf(await api.get<AggregationDocument>(path), 200, 'Counting reports');
  const width = Math.max(...aggregations.map(({ key }) => key.length), 0);
  for (const { key, count } of aggregations) {
    narrator.print(`  ${key.padEnd(width)}  ${String(count).padStart(3)}  ${'■'.repeat(count)}`);
  }
  const wanted = reports.filter(({ ingestion_data }) => ingestion_data.complaint_type !== undefined).length;
  if (total < wanted) problems.push(`Only ${total} of ${wanted} reports are counted by ${groupBy}`);
}

async function showClusters({ api, narrator, problems }: DemoRun, reports: readonly ReportDocument[]) {
  const path = `/api/v1/data/geo?domain_id=${sampleDomain}&cluster_zoom=${clusterZoom}`;
  const places = bodyOf(await api.get<PlacesDocument>(path), 200, 'Asking for clusters');
  narrator.print('');
  for (const { geometry, properties } of places.features.slice(0, clustersShownMax)) {
    const [longitude, latitude] = geometry.coordinates;
    narrator.print(
      `  ${String(properties.count).padStart(3)} around ${latitude.toFixed(3)}, ${longitude.toFixed(3)}`,
    );
  }
  const more = places.features.length - clustersShownMax;
  if (more > 0) narrator.print(`  and ${more} more clusters`);
  const counted = places.features.reduce((sum, { properties }) => sum + (properties.count ?? 0), 0);
  const wanted = reports.filter(({ ingestion_data }) => ingestion_data.geo_location).length;
  if (counted < wanted) problems.push(`The clusters hold ${counted} of ${wanted} places`);
}
