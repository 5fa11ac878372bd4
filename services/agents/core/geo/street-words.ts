// The words from which English street names are built, and those that look like one and are none. Lists only.

/** Street types, written out and abbreviated, as they end a street name. Matched with any case. */
export const streetTypes: readonly string[] = [
  'street',
  'st',
  'avenue',
  'ave',
  'av',
  'road',
  'rd',
  'boulevard',
  'blvd',
  'drive',
  'dr',
  'lane',
  'ln',
  'place',
  'pl',
  'court',
  'ct',
  'square',
  'sq',
  'terrace',
  'terr',
  'ter',
  'parkway',
  'pkwy',
  'highway',
  'hwy',
  'turnpike',
  'tpke',
  'way',
  'circle',
  'cir',
  'row',
  'wharf',
  'alley',
  'crescent',
  'expressway',
  'expy',
  'esplanade',
  'quay',
  'marg',
  'nagar',
];

/** Street types that are safe in lower case too: "canterbury street" is a name, "high way" hardly ever. */
export const streetTypesLoose: readonly string[] = [
  'street',
  'st',
  'avenue',
  'ave',
  'road',
  'rd',
  'boulevard',
  'blvd',
  'lane',
  'ln',
  'parkway',
  'pkwy',
  'square',
];

/** Types of landmarks; a capitalised name before one of these names a landmark. */
export const landmarkTypes: readonly string[] = [
  'Park',
  'Station',
  'School',
  'Playground',
  'Library',
  'Hospital',
  'Church',
  'Bridge',
  'Garage',
  'Market',
  'Center',
  'Centre',
  'Plaza',
  'Common',
  'Commons',
  'Garden',
  'Gardens',
  'Cemetery',
  'Beach',
  'Field',
  'Fields',
  'Stadium',
  'Museum',
  'Monument',
  'Memorial',
  'University',
  'College',
  'Hall',
  'Harbor',
  'Harbour',
  'River',
  'Pond',
  'Lake',
  'Creek',
  'Tunnel',
  'Rotary',
  'Airport',
  'Temple',
  'Mosque',
  'Arboretum',
  'Reservation',
  'Pool',
  'Greenway',
  'Towers',
  'Hotel',
  'Theater',
  'Theatre',
  'Zoo',
];

/** Words that never belong to a street or landmark name; a name is cut after the last of these. */
export const cuttingWords: ReadonlySet<string> = new Set(
  `a an the this that these those my our your his her their its of on in at to from by for with near and or but is are was were be been
  it there here when where while if as so not no do does did has have had can could should would will please fix pave add put help
  someone somebody people cars car drivers vehicles pedestrians cyclists bikes trucks traffic light lights pothole potholes sidewalk
  between onto into off across down up along around outside behind before after over under past through via about
  entire whole every each same other another all any some both one two three many most main-side side dead two-way one-way
  turning turn coming going crossing driving walking parked parking because since corner intersection block blocks end
  northbound southbound eastbound westbound inbound outbound street streets hi hello also then just only why what how who which
  residents neighbors trash snow water leak dumpster graffiti tree branch hydrant construction need needs repair clean remove install
  use using follow follows block enter leave sweep plow repair
  during left-turn right-turn u-turn
  i we you they he she me us them city public private residential narrow busy quiet nearby adjacent whose dangerous open`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Names that a street type turns into a thing and not into a place: "Bike Lane", "Fire Lane", "One Way". */
export const genericNames: ReadonlySet<string> = new Set(
  `bike bus fire turn traffic right left one two three four dead fast travel center centre passing express carpool cycle bicycle half
  wrong same no parking public private high city town side back front main-street access service exit entrance cross stop speed free
  in any every my the local new old next parallel closed open single double middle oncoming only vehicular wider narrow give given
  dog elementary middle high primary skate trailer amusement car train subway bus gas police fire power community shopping town
  u-turn left-turn right-turn turn-only bus-only led loose swimming beauty day child senior trash recycling health medical fitness conference city state national`.split(
    /\s+/,
  ),
);

/** Words that make even a "Street" or "Road" nobody's name: "one street", "LED street". */
export const genericStreetNames: ReadonlySet<string> = new Set(
  'one two three four this that any every same no side public private city residential dead open closed led loose local wrong busy poor bad whole entire opposite'.split(
    ' ',
  ),
);
