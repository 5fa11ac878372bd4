// Which towns stand at which mile of roads that are marked by the mile: Interstates, highways of the western states, parkways. Written for
// this project from general knowledge, to about a mile; where the towns lie is the gazetteer's business. A list only.

/**
 * One stretch a line: names of the road, the state, and towns with their miles in ascending order; `Newport/TN` is a town of another state.
 * Where a road begins to count anew it has several stretches, those through mountains first. A mile that several stretches have is taken to be
 * on the first.
 */
export const mileMarkerLines: readonly string[] = `
US 101;OR;4 Astoria,21 Seaside,29 Cannon Beach,43 Manzanita,51 Rockaway Beach,56 Garibaldi,61 Bay City,66 Tillamook,98 Neskowin,115 Lincoln City,127 Depoe Bay,140 Newport,156 Waldport,164 Yachats,190 Florence,212 Reedsport,235 North Bend,238 Coos Bay,274 Bandon,301 Port Orford,328 Gold Beach,357 Brookings
US 26;OR;14 Gresham,24 Sandy,53 Government Camp,103 Warm Springs,117 Madras
US 26;OR;130 Dayville,154 Mount Vernon,162 John Day,175 Prairie City,210 Unity,278 Vale
US 26;OR;19 Prineville,66 Mitchell
US 26;OR;0 Cannon Beach,65 Beaverton,73 Portland
US 20;OR;0 Newport,7 Toledo,50 Philomath,53 Corvallis
US 20;OR;0 Albany,13 Lebanon,28 Sweet Home,92 Sisters
US 20;OR;0 Bend,131 Burns,246 Vale
US 30;OR;2 Portland,20 Scappoose,28 Saint Helens,47 Rainier,61 Clatskanie,97 Astoria
US 97;OR;-13 Goldendale/WA,18 Moro,28 Grass Valley,56 Shaniko,92 Madras,120 Redmond,138 Bend,168 La Pine,203 Chemult,275 Klamath Falls
US 199;OR;0 Grants Pass,20 Selma,29 Cave Junction,42 O'Brien
US 197;OR;2 The Dalles,14 Dufur,45 Maupin
US 395;OR;0 John Day,2 Canyon City,24 Seneca,68 Burns
US 395;OR;0 Pendleton,15 Pilot Rock,49 Ukiah,120 Mount Vernon
US 395;OR;0 Riley,113 Lakeview
I 5;OR;14 Ashland,30 Medford,40 Gold Hill,48 Rogue River,56 Grants Pass,80 Glendale,98 Canyonville,108 Myrtle Creek,125 Roseburg,136 Sutherlin,174 Cottage Grove,194 Eugene,234 Albany,256 Salem,272 Woodburn,283 Wilsonville,301 Portland
I 84;OR;1 Portland,17 Troutdale,44 Cascade Locks,64 Hood River,85 The Dalles,138 Arlington,164 Boardman,209 Pendleton,261 La Grande,285 North Powder,304 Baker City,345 Huntington,376 Ontario
SR 6;OR;0 Tillamook,50 Banks
SR 7;OR;26 Sumpter,51 Baker City
SR 11;OR;2 Pendleton,30 Milton-Freewater
SR 18;OR;0 Otis,21 Grand Ronde,33 Sheridan,45 McMinnville,55 Dundee
SR 19;OR;0 Arlington,38 Condon,58 Fossil,92 Spray
SR 22;OR;1 Salem,14 Stayton,30 Mill City,34 Gates,50 Detroit,54 Idanha,91 Sisters
SR 31;OR;0 La Pine,47 Silver Lake,98 Paisley
SR 34;OR;0 Waldport,39 Alsea,58 Philomath
SR 35;OR;57 Government Camp,104 Hood River
SR 36;OR;0 Mapleton,51 Junction City
SR 38;OR;0 Reedsport,36 Elkton,50 Drain
SR 42;OR;0 Coos Bay,11 Coquille,20 Myrtle Point,53 Camas Valley,72 Winston
SR 47;OR;0 Astoria,61 Vernonia,83 Banks,90 Forest Grove
SR 53;OR;0 Seaside,19 Nehalem
SR 58;OR;-5 Eugene,13 Lowell,35 Oakridge,86 Chemult
SR 62;OR;0 Medford,10 Eagle Point,20 Shady Cove,43 Prospect,90 Fort Klamath,102 Chiloquin
SR 66;OR;0 Ashland,49 Keno,59 Klamath Falls
SR 82;OR;0 La Grande,20 Elgin,46 Wallowa,65 Enterprise,71 Joseph
SR 86;OR;2 Baker City,41 Richland,53 Halfway
SR 126;OR;0 Florence,14 Mapleton,45 Veneta,57 Eugene
SR 126;OR;4 Springfield,41 Blue River
SR 138;OR;0 Roseburg,17 Glide,20 Idleyld Park,85 Chemult
SR 140;OR;0 Eagle Point,69 Klamath Falls
SR 140;OR;2 Klamath Falls,54 Bly,96 Lakeview
I 205;OR;3 Tualatin,9 Oregon City,21 Portland
SR 202;OR;0 Astoria,61 Vernonia
SR 203;OR;0 La Grande,14 Union
SR 204;OR;0 Elgin,41 Weston
SR 205;OR;0 Burns,61 Frenchglen
SR 213;OR;2 Oregon City,16 Molalla,30 Silverton
SR 223;OR;2 Dallas,31 Philomath
SR 224;OR;2 Milwaukie,24 Estacada,75 Detroit
SR 229;OR;0 Lincoln City,24 Siletz,31 Toledo
SR 230;OR;-13 Prospect,52 Chemult
SR 238;OR;0 Grants Pass,33 Jacksonville,39 Medford
SR 241;OR;0 Coos Bay,14 Allegany
SR 242;OR;41 Blue River,92 Sisters
SR 244;OR;0 Ukiah,55 La Grande
SR 255;OR;330 Gold Beach,363 Brookings
SR 350;OR;0 Joseph,29 Imnaha
Historic Columbia River Highway;OR;0 Troutdale,6 Corbett,14 Bridal Veil,36 Cascade Locks
I 5;WA;1 Vancouver,21 Woodland,39 Kelso,49 Castle Rock,77 Chehalis,82 Centralia,105 Olympia,133 Tacoma,149 Kent,165 Seattle,181 Lynnwood,193 Everett,199 Marysville,208 Arlington,226 Mount Vernon,254 Bellingham,276 Blaine
I 82;WA;3 Ellensburg,33 Yakima,82 Prosser,113 Kennewick
I 90;WA;2 Seattle,17 Issaquah,31 North Bend,70 Easton,85 Cle Elum,109 Ellensburg,136 Vantage,179 Moses Lake,220 Ritzville,281 Spokane
I 405;WA;1 Tukwila,4 Renton,13 Bellevue,18 Kirkland,24 Bothell
US 2;WA;1 Everett,15 Monroe,22 Sultan,28 Gold Bar,49 Skykomish,100 Leavenworth,111 Cashmere,119 Wenatchee,247 Davenport,286 Spokane
US 12;WA;0 Aberdeen,11 Montesano,21 Elma,37 Oakville,97 Morton,115 Randle,131 Packwood,187 Naches,202 Yakima
US 97;WA;13 Goldendale,61 Toppenish,134 Ellensburg,233 Chelan,254 Pateros,290 Okanogan,332 Oroville
US 101;WA;12 Ilwaco,52 South Bend,57 Raymond,84 Aberdeen,126 Amanda Park,192 Forks,248 Port Angeles,264 Sequim,295 Quilcene,332 Hoodsport,346 Shelton,366 Olympia
SR 14;WA;0 Vancouver,13 Camas,44 Stevenson,66 Bingen,76 Lyle
SR 20;WA;47 Anacortes,60 Burlington,65 Sedro-Woolley,89 Concrete,98 Rockport,192 Winthrop,201 Twisp,232 Okanogan,302 Republic,342 Kettle Falls
SR 11|Chuckanut Drive;WA;0 Burlington,7 Bow,21 Bellingham
SR 112;WA;17 Clallam Bay,61 Port Angeles
SR 410;WA;24 Enumclaw,117 Naches
SR 504;WA;0 Castle Rock,10 Toutle
SR 530;WA;22 Arlington,49 Darrington
SR 542;WA;0 Bellingham,23 Deming,33 Maple Falls
I 84;ID;28 Caldwell,36 Nampa,53 Boise,95 Mountain Home,137 Bliss,173 Twin Falls,208 Burley
I 86;ID;36 American Falls,61 Pocatello
I 15;ID;13 Malad City,69 Pocatello,93 Blackfoot,118 Idaho Falls,167 Dubois
I 90;ID;5 Post Falls,12 Coeur d'Alene,51 Kellogg,62 Wallace
US 12;ID;2 Lewiston,44 Orofino,66 Kamiah,74 Kooskia
US 95;ID;83 Weiser,136 Council,161 New Meadows,195 Riggins,223 White Bird,240 Grangeville,311 Lewiston,344 Moscow,430 Coeur d'Alene,475 Sandpoint,506 Bonners Ferry
SR 55;ID;64 Horseshoe Bend,115 Cascade,144 McCall,156 New Meadows
SR 21;ID;0 Boise,38 Idaho City,72 Lowman,130 Stanley
SR 75;ID;73 Shoshone,116 Hailey,128 Ketchum,189 Stanley,244 Challis
I 90;MT;33 Saint Regis,47 Superior,104 Missoula,154 Drummond,184 Deer Lodge,249 Whitehall,278 Three Forks,306 Bozeman,333 Livingston,367 Big Timber,408 Columbus,450 Billings,495 Hardin
I 15;MT;62 Dillon,126 Butte,192 Helena,280 Great Falls,363 Shelby
US 2;MT;33 Libby,120 Kalispell,153 West Glacier,222 Browning,382 Havre
US 93;MT;112 Kalispell,127 Whitefish
I 80;WY;5 Evanston,91 Green River,103 Rock Springs,211 Rawlins,313 Laramie,362 Cheyenne
I 25;WY;10 Cheyenne,78 Wheatland,135 Douglas,187 Casper,298 Buffalo
US 89;WY;87 Afton,118 Alpine,153 Jackson
I 15;UT;8 Saint George,59 Cedar City,109 Beaver,163 Fillmore,225 Nephi,265 Provo,306 Salt Lake City,343 Ogden,363 Brigham City,381 Tremonton
I 70;UT;40 Richfield,56 Salina,160 Green River
I 80;UT;2 Wendover,122 Salt Lake City,145 Park City,162 Coalville
I 84;UT;40 Tremonton,81 Ogden,103 Morgan
US 6;UT;178 Spanish Fork,232 Helper,240 Price,300 Green River
I 80;NV;13 Reno,46 Fernley,106 Lovelock,176 Winnemucca,231 Battle Mountain,301 Elko,352 Wells,410 West Wendover
I 15;NV;41 Las Vegas,122 Mesquite
I 70;CO;19 Fruita,31 Grand Junction,62 De Beque,75 Parachute,90 Rifle,97 Silt,116 Glenwood Springs,140 Gypsum,147 Eagle,167 Avon,176 Vail,203 Frisco,228 Georgetown,240 Idaho Springs,262 Golden,274 Denver,362 Limon
I 25;CO;13 Trinidad,50 Walsenburg,98 Pueblo,141 Colorado Springs,161 Monument,182 Castle Rock,210 Denver,257 Loveland,269 Fort Collins,278 Wellington
US 6;CO;205 Silverthorne,217 Keystone
US 24;CO;147 Minturn,177 Leadville,210 Buena Vista,298 Manitou Springs,303 Colorado Springs
US 34;CO;62 Estes Park,91 Loveland
US 36;CO;0 Estes Park,20 Lyons,36 Boulder
US 40;CO;90 Craig,131 Steamboat Springs,184 Kremmling,213 Granby,228 Winter Park
US 50;CO;32 Grand Junction,72 Delta,92 Montrose,157 Gunnison,222 Salida,280 Canon City,315 Pueblo
US 160;CO;39 Cortez,83 Durango,144 Pagosa Springs,184 South Fork,233 Alamosa
US 285;CO;126 Poncha Springs,148 Buena Vista,183 Fairplay,222 Bailey,232 Conifer
US 550;CO;22 Durango,70 Silverton,93 Ouray,104 Ridgway,129 Montrose
SR 82;CO;1 Glenwood Springs,12 Carbondale,23 Basalt,40 Aspen
SR 133;CO;0 Hotchkiss,9 Paonia,68 Carbondale
SR 119|Boulder Canyon Drive;CO;7 Black Hawk,25 Nederland,42 Boulder
I 10;AZ;19 Quartzsite,145 Phoenix,194 Casa Grande,258 Tucson,303 Benson,340 Willcox
I 17;AZ;200 Phoenix,245 Black Canyon City,287 Camp Verde,340 Flagstaff
I 40;AZ;50 Kingman,121 Seligman,163 Williams,197 Flagstaff,252 Winslow,286 Holbrook
US 89;AZ;420 Flagstaff,548 Page
I 25;NM;79 Truth or Consequences,150 Socorro,226 Albuquerque,282 Santa Fe,345 Las Vegas,451 Raton
I 40;NM;20 Gallup,85 Grants,159 Albuquerque,277 Santa Rosa,332 Tucumcari
I 40;NC;-16 Newport/TN,27 Clyde,31 Canton,53 Asheville,64 Black Mountain,73 Old Fort,85 Marion,105 Morganton,125 Hickory,150 Statesville,193 Winston-Salem,218 Greensboro,276 Durham,298 Raleigh
I 26;NC;11 Mars Hill,31 Asheville,49 Hendersonville,59 Saluda,67 Columbus
I 77;NC;11 Charlotte,50 Statesville,100 Mount Airy
I 85;NC;17 Gastonia,38 Charlotte,75 Salisbury,121 Greensboro,174 Durham
I 40;TN;8 Memphis,82 Jackson,210 Nashville,238 Lebanon,287 Cookeville,317 Crossville,388 Knoxville,432 Newport
I 24;TN;4 Clarksville,50 Nashville,81 Murfreesboro,111 Manchester,134 Monteagle,180 Chattanooga
I 65;TN;46 Columbia,84 Nashville
I 75;TN;4 Chattanooga,25 Cleveland,49 Athens,107 Knoxville,122 Clinton,134 Caryville,160 Jellico
I 81;TN;8 Morristown,23 Bulls Gap,57 Kingsport
I 75;KY;11 Williamsburg,25 Corbin,41 London,76 Berea,90 Richmond,113 Lexington,126 Georgetown,181 Florence,191 Covington
I 64;KY;5 Louisville,35 Shelbyville,53 Frankfort,94 Winchester,172 Grayson,190 Ashland
I 65;KY;6 Franklin,26 Bowling Green,94 Elizabethtown,131 Louisville
I 24;KY;7 Paducah,65 Cadiz,86 Hopkinsville
Mountain Parkway;KY;0 Winchester,22 Stanton,43 Campton,75 Salyersville
Western Kentucky Parkway|Western Kentucky Pkwy;KY;12 Princeton,58 Central City,107 Leitchfield,137 Elizabethtown
I 64;WV;11 Huntington,58 Charleston,124 Beckley,169 Lewisburg,181 White Sulphur Springs
I 77;WV;9 Princeton,44 Beckley,100 Charleston,138 Ripley,176 Parkersburg
I 79;WV;1 Charleston,62 Sutton,99 Weston,119 Clarksburg,137 Fairmont,152 Morgantown
I 64;VA;16 Covington,55 Lexington,94 Waynesboro,120 Charlottesville,190 Richmond,238 Williamsburg,277 Norfolk
I 77;VA;14 Hillsville,40 Wytheville,52 Bland
I 81;VA;3 Bristol,17 Abingdon,45 Marion,72 Wytheville,94 Pulaski,118 Christiansburg,143 Roanoke,190 Lexington,222 Staunton,247 Harrisonburg,283 Woodstock,315 Winchester
Blue Ridge Parkway;NC;0 Waynesboro/VA,121 Roanoke/VA,165 Floyd/VA,291 Blowing Rock,331 Spruce Pine,384 Asheville,469 Cherokee
I 70;OH;100 Columbus,155 Zanesville,180 Cambridge,216 Saint Clairsville
I 71;OH;2 Cincinnati,108 Columbus,173 Mansfield,245 Cleveland
I 75;OH;2 Cincinnati,53 Dayton,125 Lima,204 Toledo
I 77;OH;1 Marietta,46 Cambridge,81 New Philadelphia,107 Canton,125 Akron
I 76|Pennsylvania Turnpike;PA;57 Monroeville,75 New Stanton,110 Somerset,146 Bedford,226 Carlisle,247 Harrisburg,326 King of Prussia
I 79;PA;14 Waynesburg,34 Washington,60 Pittsburgh,113 Grove City,182 Erie
I 80;PA;4 Sharon,62 Clarion,97 DuBois,161 Bellefonte,236 Bloomsburg,306 Stroudsburg
I 81;PA;16 Chambersburg,47 Carlisle,67 Harrisburg,143 Hazleton,168 Wilkes-Barre,185 Scranton
I 75;GA;18 Valdosta,62 Tifton,164 Macon,248 Atlanta,265 Marietta,290 Cartersville,333 Dalton
I 40;AR;7 Fort Smith,81 Russellville,127 Conway,153 Little Rock,241 Forrest City
I 90;SD;12 Spearfish,32 Sturgis,59 Rapid City,110 Wall,260 Chamberlain,332 Mitchell,396 Sioux Falls
Seward Highway;AK;0 Seward,90 Girdwood,127 Anchorage
Sterling Highway;AK;48 Cooper Landing,83 Sterling,95 Soldotna,135 Ninilchik,174 Homer
Glenn Highway;AK;0 Anchorage,42 Palmer,187 Glennallen
Richardson Highway;AK;4 Valdez,100 Copper Center,115 Glennallen,266 Delta Junction,362 Fairbanks
Parks Highway;AK;42 Wasilla,69 Willow,210 Cantwell,248 Healy,304 Nenana,358 Fairbanks
`
  .trim()
  .split('\n');
