// Regions that no source lists with a point: parts of countries, coasts, deserts, and a few towns. Written for this project from general
// knowledge; positions to about a degree.

/** One place a line: names, kind, ISO code of the only country or nothing, latitude, longitude. */
export const namedRegions: readonly string[] = `
Americas|the Americas;area;;15;-90
Amazon|Amazon Basin|Amazon rainforest|Amazonia;area;;-4;-62
Sahara|Sahara Desert;area;;23;13
Gobi Desert|Gobi;area;;42.6;103
Siberia;area;RU;60;105
Patagonia;area;;-42;-69
Lapland;area;;68;25
Crimea|Crimean Peninsula;area;UA;45.3;34.4
Donbas|Donbass;area;UA;48.3;38
Kurdistan;area;;37;43
Kashmir;area;;34;76
Punjab region;area;;31;74
Bengal;area;;24;88
Darfur;area;SD;13;25
Transylvania;area;RO;46.8;24.5
Flanders;area;BE;51;4
Wallonia;area;BE;50.4;4.9
Anatolia|Asia Minor;area;TR;39;35
Mesopotamia;area;IQ;33;44
Midwest|Midwestern United States|American Midwest;area;US;41.5;-93
New England;area;US;44;-71
Pacific Northwest;area;US;46;-121
Deep South;area;US;32.5;-87
Great Plains;area;US;41;-100
East Coast|Eastern Seaboard;area;US;37;-77
West Coast;area;US;40;-123
Gulf Coast;area;US;29.5;-90
Silicon Valley;area;US;37.4;-122
San Francisco Bay Area|Bay Area;area;US;37.7;-122.2
Southern California|SoCal;area;US;34.3;-117.5
Northern California|NorCal;area;US;39.5;-122
Central Valley;area;US;37;-120
Manhattan;area;US;40.79;-73.96
Washington DC|Washington, D.C.|District of Columbia;town;US;38.9;-77.04
West Midlands;area;GB;52.5;-2
East Midlands;area;GB;53;-0.8
East Anglia;area;GB;52.4;0.9
North West England;area;GB;54;-2.6
North East England;area;GB;55;-1.9
South West England|West Country;area;GB;51;-3.2
South East England|Home Counties;area;GB;51.3;-0.6
Yorkshire;area;GB;54;-1.4
Midlands;area;GB;52.6;-1.5
Lake District;area;GB;54.5;-3.1
Scottish Highlands;area;GB;57.1;-4.7
Cotswolds;area;GB;51.8;-1.9
Normandy;area;FR;49;0
Alsace;area;FR;48.3;7.5
Provence;area;FR;43.9;6
French Riviera|Cote d'Azur;area;FR;43.5;7
Rhineland;area;DE;50.7;7
Ruhr|Ruhr area;area;DE;51.5;7.4
Maritime Provinces|Maritimes;area;CA;46;-64
Atlantic Canada;area;CA;47.5;-60
Canadian Prairies;area;CA;52;-106
Western Canada;area;CA;55;-115
Lower Mainland;area;CA;49.2;-122.5
Outback;area;AU;-25;133
Gold Coast region;area;AU;-28;153.4
North Queensland|Far North Queensland;area;AU;-18;145
Hunter Valley;area;AU;-32.7;151
Northern Territory;area;AU;-20;133
Visayas;area;PH;11;123.5
Metro Manila|National Capital Region;area;PH;14.58;121
Kalimantan;area;ID;-1;114
Kamchatka Peninsula;area;RU;57;160
Florida Keys;area;US;24.8;-81
Cape Cod;area;US;41.7;-70.2
Outer Banks;area;US;35.4;-75.5
Tibet|Tibetan Plateau;area;CN;31;88
Inner Mongolia;area;CN;44;113
Manchuria;area;CN;45;125
Kathmandu Valley;area;NP;27.7;85.35
Big Sur;area;US;36.27;-121.8
Columbia River Gorge|Columbia Gorge;area;US;45.7;-121.7
Olympic Peninsula;area;US;47.8;-123.6
Kedarnath;town;IN;30.735;79.067
Badrinath;town;IN;30.74;79.49
`
  .trim()
  .split('\n');
