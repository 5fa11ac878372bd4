// Words whose vectors point the same way fall into one cluster, others do not.
import { expect, it } from '@jest/globals';
import { clusterWords } from './word-clusters.ts';

it('puts words of one direction together, whatever the length of their vectors', () => {
  const angles = Array.from({ length: 64 }, (_, nth) => (nth * Math.PI) / 32);
  const once = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  const values = Float32Array.from([...once, ...once.map((part) => part * 5)]);
  const clusters = [...clusterWords({ values, dimensions: 2 })];
  expect(clusters.slice(64)).toEqual(clusters.slice(0, 64));
  expect(new Set(clusters).size).toBeGreaterThan(32);
  expect(Math.max(...clusters)).toBeLessThan(1024);
});
