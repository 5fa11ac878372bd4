// The sample is what its README says: enough real complaints, each with source and licence, and nothing that points at a person.
import { describe, expect, it } from '@jest/globals';
import { readComplaints, readSettings } from './sample.ts';

describe('the sample', () => {
  it('holds at least 25 different complaints with source and licence', async () => {
    const complaints = await readComplaints();
    expect(complaints.length).toBeGreaterThanOrEqual(25);
    expect(new Set(complaints.map(({ id }) => id)).size).toBe(complaints.length);
    for (const complaint of complaints) {
      expect(complaint.source).toMatch(/^City of Boston /);
      expect(complaint.licence).toContain('PDDL');
      expect(complaint.text.length).toBeGreaterThan(20);
    }
  });

  it('holds no phone number, address of a mailbox or page, and no handle', async () => {
    for (const { text } of await readComplaints())
      expect(text).not.toMatch(/\d{3}[-. ]\d{3}[-. ]\d{4}|@\w|https?:|www\./);
  });

  it('has settings whose places are in and around Boston', async () => {
    const { home_area, places } = await readSettings();
    for (const { point } of [home_area, ...places] as { point?: { coordinates: number[] } }[]) {
      const [longitude = 0, latitude = 0] = point?.coordinates ?? [];
      expect(Math.abs(longitude + 71.1)).toBeLessThan(0.15);
      expect(Math.abs(latitude - 42.32)).toBeLessThan(0.15);
    }
    expect(new Set(places.map(({ name }) => name)).size).toBe(places.length);
  });
});
