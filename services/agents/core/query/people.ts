// Groups of people and the words by which reports name them.

import type { FoundReport } from '../report-data.ts';
import { countNaming } from './naming.ts';

/** Words of each group, in the form in which texts are searched. */
export const peopleWords = {
  pedestrians: ['pedestrian', 'walker'],
  cyclists: ['cyclist', 'biker', 'bicyclist'],
  drivers: ['driver', 'motorist'],
  children: ['child', 'children', 'kid', 'student'],
  elderly: ['elderly', 'senior'],
  wheelchair_users: ['wheelchair', 'disabled', 'handicap'],
  residents: ['resident', 'neighbor', 'tenant'],
} as const;

/** A group of people. */
export type People = keyof typeof peopleWords;

const peoples = Object.keys(peopleWords) as People[];

/** The groups that the reports name most, at most `most`; groups that none of them names are left out. */
export function peopleNamed(reports: readonly FoundReport[], most: number): People[] {
  return countNaming(reports, peoples, (group) => peopleWords[group]).slice(0, most);
}
