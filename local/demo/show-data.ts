// Shows all reports at once: counted by a value that the agents read, and as clusters on a map.
import type { Report } from '../../clients/api/gen/api-types.ts';
import { type DemoRun, sampleDomain } from './demo-run.ts';

const groupBy = 'ingestion_data.complaint_type';
const clusterZoom = 10;
const clustersShownMax = 5;

/** Prints counts and clusters, and compares them with the reports. */
export async function showData(run: DemoRun, reports: readonly Report[]): Promise<void> {
  await showCounts(run, reports);
  await showClusters(run, reports);
}

async function showCounts({ api, narrator, problems }: DemoRun, reports: readonly Report[]) {
  const query = { domain_id: sampleDomain, group_by: groupBy };
  const counts = await api.get('/api/v1/data/aggregated', { query });
  const { total } = counts;
  const aggregations = 'aggregations' in counts ? counts.aggregations : []; // spans of time were not asked for
  const width = Math.max(...aggregations.map(({ key }) => key.length), 0);
  for (const { key, count } of aggregations) {
    narrator.print(`  ${key.padEnd(width)}  ${String(count).padStart(3)}  ${'■'.repeat(count)}`);
  }
  const wanted = reports.filter(({ ingestion_data }) => ingestion_data.complaint_type !== undefined).length;
  if (total < wanted) problems.push(`Only ${total} of ${wanted} reports are counted by ${groupBy}`);
}

async function showClusters({ api, narrator, problems }: DemoRun, reports: readonly Report[]) {
  const query = { domain_id: sampleDomain, cluster_zoom: clusterZoom };
  const places = await api.get('/api/v1/data/geo', { query });
  narrator.print('');
  const clusters = places.features.map(({ geometry, properties }) => {
    const [longitude = Number.NaN, latitude = Number.NaN] = geometry.coordinates;
    return { longitude, latitude, count: 'count' in properties ? properties.count : 0 };
  });
  for (const { longitude, latitude, count } of clusters.slice(0, clustersShownMax)) {
    narrator.print(`  ${String(count).padStart(3)} around ${latitude.toFixed(3)}, ${longitude.toFixed(3)}`);
  }
  const more = clusters.length - clustersShownMax;
  if (more > 0) narrator.print(`  and ${more} more clusters`);
  const counted = clusters.reduce((sum, { count }) => sum + count, 0);
  const wanted = reports.filter(({ ingestion_data }) => ingestion_data.geo_location).length;
  if (counted < wanted) problems.push(`The clusters hold ${counted} of ${wanted} places`);
}
