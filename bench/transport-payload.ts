// What is sent to and fro: settings of about 400 bytes.

/** Ten places. */
export const payload = {
  timeZone: 'America/New_York',
  places: Array.from({ length: 10 }, (_, at) => ({
    name: `Neighbourhood ${at}`,
    point: { longitude: -71 - at / 100, latitude: 42 + at / 100 },
  })),
};
