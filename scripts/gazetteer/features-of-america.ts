// Passes, mountains, canyons, lakes, parks and islands of the United States and Canada that no source lists with a point. Written for this
// project from general knowledge; positions to about a twentieth of a degree, of long valleys and wide parks to about a fifth.

/** One place a line: names, kind, ISO code of the country, first-order division or nothing, latitude, longitude. */
export const featuresOfAmerica: readonly string[] = `
Stevens Pass;mountain;US;WA;47.745;-121.09
Snoqualmie Pass;mountain;US;WA;47.42;-121.41
White Pass;mountain;US;WA;46.64;-121.39
Chinook Pass;mountain;US;WA;46.87;-121.52
Cayuse Pass;mountain;US;WA;46.87;-121.54
Blewett Pass;mountain;US;WA;47.33;-120.58
Rainy Pass;mountain;US;WA;48.52;-120.73
Washington Pass;mountain;US;WA;48.53;-120.65
Sherman Pass;mountain;US;WA;48.6;-118.48
Mount Baker;mountain;US;WA;48.78;-121.81
Mount Adams;mountain;US;WA;46.2;-121.49
Mount Si;mountain;US;WA;47.51;-121.72
Cougar Mountain;mountain;US;WA;47.52;-122.1
Tiger Mountain;mountain;US;WA;47.49;-121.95
Lake Chelan;water;US;WA;48.1;-120.35
Lake Crescent;water;US;WA;48.06;-123.83
Lake Cushman;water;US;WA;47.47;-123.25
Ross Lake;water;US;WA;48.85;-121.03
North Cascades National Park;park;US;WA;48.7;-121.2
Hurricane Ridge;mountain;US;WA;47.97;-123.5
Santiam Pass;mountain;US;OR;44.42;-121.86
Tombstone Pass;mountain;US;OR;44.39;-122.15
McKenzie Pass;mountain;US;OR;44.26;-121.81
Willamette Pass;mountain;US;OR;43.6;-122.03
Siskiyou Summit;mountain;US;OR;42.06;-122.6
Crater Lake|Crater Lake National Park;park;US;OR;42.94;-122.11
Mount Jefferson;mountain;US;OR;44.67;-121.8
Multnomah Falls;water;US;OR;45.58;-122.12
Hells Canyon;valley;US;OR;45.37;-116.64
Steens Mountain;mountain;US;OR;42.64;-118.58
Donner Pass|Donner Summit;mountain;US;CA;39.32;-120.33
Echo Summit;mountain;US;CA;38.81;-120.03
Carson Pass;mountain;US;CA;38.69;-119.99
Ebbetts Pass;mountain;US;CA;38.54;-119.81
Sonora Pass;mountain;US;CA;38.33;-119.64
Tioga Pass;mountain;US;CA;37.91;-119.26
Tehachapi Pass;mountain;US;CA;35.1;-118.28
Cajon Pass;mountain;US;CA;34.33;-117.43
Grapevine Canyon|Tejon Pass;mountain;US;CA;34.85;-118.87
San Marcos Pass;mountain;US;CA;34.51;-119.82
Altamont Pass;mountain;US;CA;37.74;-121.64
Pacheco Pass;mountain;US;CA;37.07;-121.22
Devil's Slide;valley;US;CA;37.57;-122.52
Point Reyes|Point Reyes National Seashore;park;US;CA;38.04;-122.86
Mount Tamalpais;mountain;US;CA;37.92;-122.6
Mount Diablo;mountain;US;CA;37.88;-121.91
Mount Wilson;mountain;US;CA;34.22;-118.06
Mount Baldy|Mount San Antonio;mountain;US;CA;34.29;-117.65
Palomar Mountain;mountain;US;CA;33.36;-116.84
Lassen Peak|Lassen Volcanic National Park;park;US;CA;40.49;-121.51
Sequoia National Park|Kings Canyon National Park;park;US;CA;36.6;-118.6
Feather River Canyon;valley;US;CA;39.9;-121.3
Merced River Canyon;valley;US;CA;37.65;-119.9
Kern River Canyon|Kern Canyon;valley;US;CA;35.5;-118.7
Topanga Canyon;valley;US;CA;34.09;-118.6
Laurel Canyon;valley;US;CA;34.11;-118.38
Malibu Canyon;valley;US;CA;34.07;-118.7
Niles Canyon;valley;US;CA;37.6;-121.93
Santa Cruz Mountains;mountain;US;CA;37.1;-121.98
San Gabriel Mountains;mountain;US;CA;34.3;-118
San Bernardino Mountains;mountain;US;CA;34.15;-117
Big Sur River;water;US;CA;36.27;-121.8
Death Valley|Death Valley National Park;park;US;CA;36.5;-117.08
Redwood National Park;park;US;CA;41.3;-124
Catalina Island|Santa Catalina Island;island;US;CA;33.39;-118.42
Loveland Pass;mountain;US;CO;39.66;-105.88
Berthoud Pass;mountain;US;CO;39.8;-105.78
Independence Pass;mountain;US;CO;39.11;-106.56
Monarch Pass;mountain;US;CO;38.5;-106.33
Wolf Creek Pass;mountain;US;CO;37.48;-106.8
Red Mountain Pass;mountain;US;CO;37.9;-107.71
Lizard Head Pass;mountain;US;CO;37.81;-107.91
McClure Pass;mountain;US;CO;39.13;-107.29
Poncha Pass;mountain;US;CO;38.42;-106.09
Rabbit Ears Pass;mountain;US;CO;40.38;-106.6
Vail Pass;mountain;US;CO;39.53;-106.22
Kenosha Pass;mountain;US;CO;39.41;-105.76
Glenwood Canyon;valley;US;CO;39.57;-107.23
De Beque Canyon;valley;US;CO;39.2;-108.25
Clear Creek Canyon;valley;US;CO;39.74;-105.35
Boulder Canyon;valley;US;CO;40;-105.4
Big Thompson Canyon;valley;US;CO;40.42;-105.3
Poudre Canyon;valley;US;CO;40.68;-105.4
Black Canyon of the Gunnison;park;US;CO;38.57;-107.73
Rocky Mountain National Park;park;US;CO;40.35;-105.7
Pikes Peak;mountain;US;CO;38.84;-105.04
Cheyenne Mountain;mountain;US;CO;38.73;-104.86
Maroon Bells;mountain;US;CO;39.07;-106.99
Grand Mesa;mountain;US;CO;39.05;-108
Mesa Verde|Mesa Verde National Park;park;US;CO;37.23;-108.46
Eisenhower Tunnel;mountain;US;CO;39.68;-105.91
Teton Pass;mountain;US;WY;43.5;-110.95
Grand Teton National Park|Grand Teton;park;US;WY;43.74;-110.8
Togwotee Pass;mountain;US;WY;43.75;-110.07
Hoback Canyon;valley;US;WY;43.3;-110.65
Snake River Canyon;valley;US;WY;43.2;-110.85
Wind River Canyon;valley;US;WY;43.55;-108.2
Beartooth Highway|Beartooth Pass;mountain;US;WY;44.97;-109.47
Lolo Pass;mountain;US;ID;46.63;-114.58
Lost Trail Pass;mountain;US;ID;45.69;-113.94
Galena Summit;mountain;US;ID;43.87;-114.71
White Bird Hill;mountain;US;ID;45.83;-116.25
Payette River Canyon;valley;US;ID;44.1;-116.1
Bitterroot Mountains;mountain;US;MT;46.2;-114.5
Gallatin Canyon;valley;US;MT;45.35;-111.2
Logan Pass;mountain;US;MT;48.7;-113.72
Flathead Lake;water;US;MT;47.9;-114.1
Little Cottonwood Canyon;valley;US;UT;40.57;-111.72
Big Cottonwood Canyon;valley;US;UT;40.63;-111.65
Provo Canyon;valley;US;UT;40.35;-111.58
American Fork Canyon;valley;US;UT;40.45;-111.68
Logan Canyon;valley;US;UT;41.78;-111.6
Ogden Canyon;valley;US;UT;41.24;-111.87
Parleys Canyon|Parley's Canyon;valley;US;UT;40.72;-111.7
Spanish Fork Canyon;valley;US;UT;40;-111.5
Zion Canyon;valley;US;UT;37.25;-112.95
Cedar Canyon;valley;US;UT;37.63;-112.95
Bryce Canyon|Bryce Canyon National Park;park;US;UT;37.6;-112.18
Arches National Park;park;US;UT;38.73;-109.59
Canyonlands National Park|Canyonlands;park;US;UT;38.25;-109.88
Capitol Reef National Park;park;US;UT;38.2;-111.17
Bingham Canyon|Bingham Canyon Mine;valley;US;UT;40.52;-112.15
Mount Rose;mountain;US;NV;39.34;-119.92
Red Rock Canyon;valley;US;NV;36.14;-115.43
Lake Mead;water;US;NV;36.2;-114.4
Oak Creek Canyon;valley;US;AZ;34.98;-111.74
Salt River Canyon;valley;US;AZ;33.8;-110.5
Mount Lemmon;mountain;US;AZ;32.44;-110.79
San Francisco Peaks;mountain;US;AZ;35.33;-111.68
Havasu Canyon|Havasupai;valley;US;AZ;36.23;-112.69
Sabino Canyon;valley;US;AZ;32.33;-110.8
Carlsbad Caverns|Carlsbad Caverns National Park;park;US;NM;32.18;-104.44
Rio Grande Gorge;valley;US;NM;36.4;-105.72
Guadalupe Mountains;mountain;US;TX;31.9;-104.87
Big Bend National Park;park;US;TX;29.25;-103.25
Badlands National Park;park;US;SD;43.85;-102.3
Spearfish Canyon;valley;US;SD;44.4;-103.9
Black Hills;mountain;US;SD;44;-103.7
Mount Rushmore;mountain;US;SD;43.88;-103.46
Theodore Roosevelt National Park;park;US;ND;46.98;-103.54
Mount Mitchell;mountain;US;NC;35.76;-82.27
Grandfather Mountain;mountain;US;NC;36.1;-81.83
Chimney Rock;mountain;US;NC;35.44;-82.25
Hickory Nut Gorge;valley;US;NC;35.44;-82.24
Pigeon River Gorge|Pigeon River;water;US;NC;35.75;-83.1
Nantahala Gorge;valley;US;NC;35.33;-83.6
Linville Gorge;valley;US;NC;35.9;-81.9
Maggie Valley;valley;US;NC;35.52;-83.1
Newfound Gap;mountain;US;TN;35.61;-83.43
Ocoee River Gorge|Ocoee Gorge|Ocoee River;water;US;TN;35.1;-84.55
Signal Mountain;mountain;US;TN;35.12;-85.34
Lookout Mountain;mountain;US;TN;34.98;-85.35
Monteagle Mountain;mountain;US;TN;35.24;-85.84
Shenandoah National Park;park;US;VA;38.5;-78.45
Afton Mountain;mountain;US;VA;38.03;-78.86
New River Gorge;valley;US;WV;38.05;-81.07
Seneca Rocks;mountain;US;WV;38.83;-79.37
Harpers Ferry;town;US;WV;39.33;-77.74
Cumberland Gap;mountain;US;KY;36.6;-83.67
Red River Gorge;valley;US;KY;37.83;-83.63
Mammoth Cave|Mammoth Cave National Park;park;US;KY;37.19;-86.1
Mount Washington;mountain;US;NH;44.27;-71.3
Franconia Notch;mountain;US;NH;44.17;-71.69
Crawford Notch;mountain;US;NH;44.2;-71.4
Smugglers Notch;mountain;US;VT;44.56;-72.79
Mount Mansfield;mountain;US;VT;44.54;-72.81
Acadia National Park;park;US;ME;44.35;-68.22
Adirondacks|Adirondack Mountains;mountain;US;NY;44.1;-74
Catskills|Catskill Mountains;mountain;US;NY;42.1;-74.3
Whiteface Mountain;mountain;US;NY;44.37;-73.9
Keene Valley;town;US;NY;44.19;-73.79
Zoar Valley;valley;US;NY;42.44;-78.9
Letchworth State Park;park;US;NY;42.62;-77.99
Delaware Water Gap;valley;US;PA;40.97;-75.13
Haleakala|Haleakala National Park;mountain;US;HI;20.71;-156.25
Mauna Kea;mountain;US;HI;19.82;-155.47
Mauna Loa;mountain;US;HI;19.48;-155.6
Kilauea;mountain;US;HI;19.41;-155.28
Mount Waialeale|Waialeale;mountain;US;HI;22.07;-159.5
Na Pali Coast|Napali Coast;area;US;HI;22.18;-159.64
Waimea Canyon;valley;US;HI;22.05;-159.66
Manoa Valley;valley;US;HI;21.32;-157.8
Diamond Head;mountain;US;HI;21.26;-157.81
Iao Valley;valley;US;HI;20.88;-156.55
Glacier Bay|Glacier Bay National Park;park;US;AK;58.5;-136.5
Thompson Pass;mountain;US;AK;61.13;-145.73
Turnagain Arm;water;US;AK;60.95;-149.3
Hatcher Pass;mountain;US;AK;61.77;-149.3
Lituya Bay;water;US;AK;58.63;-137.57
Prince William Sound;water;US;AK;60.7;-147
Kenai Peninsula;area;US;AK;60.3;-150.3
Chilkoot Pass;mountain;US;AK;59.7;-135.24
Banff National Park;park;CA;;51.5;-116
Jasper National Park;park;CA;;52.87;-118
Yoho National Park;park;CA;;51.4;-116.49
Kootenay National Park;park;CA;;50.9;-116.05
Glacier National Park;park;CA;;51.27;-117.52
Mount Revelstoke National Park;park;CA;;51.08;-118.05
Waterton Lakes National Park;park;CA;;49.08;-113.92
Rogers Pass;mountain;CA;;51.3;-117.52
Kicking Horse Pass;mountain;CA;;51.45;-116.28
Kicking Horse Canyon;valley;CA;;51.3;-116.85
Kootenay Pass;mountain;CA;;49.06;-117.04
Allison Pass;mountain;CA;;49.12;-120.87
Crowsnest Pass;mountain;CA;;49.63;-114.69
Fraser Canyon;valley;CA;;49.85;-121.45
Thompson River;water;CA;;50.5;-121.3
Howe Sound;water;CA;;49.45;-123.25
Kootenay Lake;water;CA;;49.6;-116.85
Shuswap Lake;water;CA;;50.95;-119.2
Okanagan Lake;water;CA;;49.9;-119.5
Manning Park;park;CA;;49.1;-120.8
Mount Meager;mountain;CA;;50.63;-123.5
Mount Robson;mountain;CA;;53.11;-119.16
Cultus Lake;water;CA;;49.05;-121.98
Stanley Park;park;CA;;49.3;-123.14
Gros Morne|Gros Morne National Park;park;CA;;49.6;-57.75
Cape Breton Highlands;mountain;CA;;46.7;-60.6
Niagara Escarpment;area;CA;;43.3;-79.9
`
  .trim()
  .split('\n');
