// Passes, mountains, valleys, lakes, parks and places in the mountains of other continents that no source lists with a point. Written for
// this project from general knowledge; positions to about a twentieth of a degree, of long valleys and wide parks to about a fifth.

/** One place a line: names, kind, ISO code of the only country or nothing, latitude, longitude. */
export const featuresOfMountains: readonly string[] = `
Babusar Pass;mountain;PK;35.14;74.05
Lowari Pass|Lowari Tunnel|Lowari Top;mountain;PK;35.35;71.8
Shandur Pass;mountain;PK;36.09;72.52
Khunjerab Pass;mountain;PK;36.85;75.43
Attabad Lake|Attabad;water;PK;36.33;74.87
Hunza|Hunza Valley;valley;PK;36.32;74.65
Swat Valley;valley;PK;35.2;72.45
Kaghan Valley;valley;PK;34.78;73.53
Naran;town;PK;34.91;73.65
Balakot;town;PK;34.55;73.35
Kalam;town;PK;35.49;72.58
Neelum Valley;valley;PK;34.6;73.9
Nanga Parbat;mountain;PK;35.24;74.59
Siachen|Siachen Glacier;area;;35.4;77.1
Spiti Valley|Spiti;valley;IN;32.25;78.05
Lahaul|Lahaul Valley;valley;IN;32.6;77
Kinnaur;county;IN;31.6;78.4
Kullu Valley;valley;IN;32;77.1
Parvati Valley;valley;IN;32;77.4
Baralacha Pass|Baralacha La;mountain;IN;32.76;77.42
Khardung La;mountain;IN;34.28;77.6
Jawahar Tunnel|Banihal Pass;mountain;IN;33.49;75.2
Patnitop;town;IN;33.09;75.33
Amarnath|Amarnath Cave;mountain;IN;34.21;75.5
Vaishno Devi;mountain;IN;33.03;74.95
Baltal;locality;IN;34.25;75.4
Valley of Flowers;park;IN;30.73;79.6
Hemkund|Hemkund Sahib;mountain;IN;30.7;79.62
Gangotri;town;IN;30.99;78.94
Yamunotri;town;IN;31.01;78.46
Gaurikund;locality;IN;30.65;79.03
Rambara;locality;IN;30.7;79.05
Govindghat;locality;IN;30.62;79.56
Sela Pass;mountain;IN;27.5;92.1
Tiger Hill;mountain;IN;26.99;88.29
Coronation Bridge|Sevoke;locality;IN;26.9;88.47
Gurudongmar Lake;water;IN;28.02;88.71
Borra Caves;valley;IN;18.28;83.04
Araku Valley;valley;IN;18.33;82.87
Malshej Ghat;mountain;IN;19.34;73.77
Bhor Ghat|Khandala Ghat;mountain;IN;18.76;73.37
Varandha Ghat;mountain;IN;18.11;73.6
Amboli Ghat;mountain;IN;15.95;74
Tamhini Ghat;mountain;IN;18.45;73.42
Charmadi Ghat;mountain;IN;13.07;75.45
Shiradi Ghat;mountain;IN;12.82;75.65
Agumbe;locality;IN;13.5;75.1
Nilgiris|Nilgiri Hills;mountain;IN;11.4;76.7
Burliar;locality;IN;11.34;76.85
Palani Hills;mountain;IN;10.2;77.5
Tirumala|Tirumala Hills|Tirumala Ghat Road;mountain;IN;13.68;79.35
Anaimalai Hills;mountain;IN;10.3;77
Wayanad;county;IN;11.65;76.1
Thamarassery Pass|Thamarassery Ghat|Wayanad Pass;mountain;IN;11.5;76.02
Sabarimala;mountain;IN;9.43;77.08
Barak Valley;valley;IN;24.8;92.8
Sonapur Tunnel;locality;IN;25.12;92.37
Phewa Lake;water;NP;28.21;83.94
Langtang|Langtang Valley;valley;NP;28.21;85.52
Annapurna;mountain;NP;28.6;83.82
Manaslu;mountain;NP;28.55;84.56
Dhaulagiri;mountain;NP;28.7;83.49
Thorong La|Thorong Pass;mountain;NP;28.79;83.94
Siddha Babadham|Siddhababa;locality;NP;27.75;83.46
Krishna Bhir|Krishnabhir;locality;NP;27.8;84.9
Jogimara;locality;NP;27.82;84.72
Bukit Antarabangsa;locality;MY;3.19;101.77
Genting Highlands;town;MY;3.42;101.79
Cameron Highlands;town;MY;4.47;101.38
Fraser's Hill|Frasers Hill;town;MY;3.71;101.74
Mount Kinabalu|Kinabalu Park|Gunung Kinabalu;mountain;MY;6.07;116.56
Kundasang;town;MY;5.98;116.57
Crocker Range;mountain;MY;5.6;116.1
Gunung Mulu;mountain;MY;4.05;114.92
Bakun Dam;water;MY;2.75;114.06
Penang Hill;mountain;MY;5.42;100.27
Puncak|Puncak Pass;mountain;ID;-6.7;106.99
Dieng|Dieng Plateau;area;ID;-7.2;109.9
Mount Semeru;mountain;ID;-8.11;112.92
Mount Bromo;mountain;ID;-7.94;112.95
Mount Kelud;mountain;ID;-7.93;112.31
Mount Sinabung|Sinabung;mountain;ID;3.17;98.39
Lake Toba;water;ID;2.6;98.8
Lake Maninjau|Maninjau;water;ID;-0.32;100.2
Sitinjau Lauik;mountain;ID;-0.95;100.5
Mount Rinjani|Rinjani;mountain;ID;-8.41;116.46
Grasberg|Grasberg Mine;area;ID;-4.05;137.12
Mount Banahaw;mountain;PH;14.07;121.49
Mount Apo;mountain;PH;6.99;125.27
Mount Kanlaon|Kanlaon;mountain;PH;10.41;123.13
Mount Diwata|Mt. Diwalwal|Diwalwal;mountain;PH;7.82;126.16
Banaue Rice Terraces;area;PH;16.93;121.14
Dalton Pass;mountain;PH;16.13;120.95
Bitukang Manok;mountain;PH;14.13;122
Hai Van Pass;mountain;VN;16.19;108.13
Khanh Le Pass;mountain;VN;12.2;108.7
Alishan|Ali Shan;mountain;TW;23.51;120.8
Taroko|Taroko Gorge|Taroko National Park;park;TW;24.16;121.5
Yangmingshan;mountain;TW;25.17;121.56
Hehuanshan;mountain;TW;24.14;121.27
Sun Moon Lake;water;TW;23.86;120.92
Three Gorges|Three Gorges Dam;valley;CN;30.83;111
Jiuzhaigou;town;CN;33.26;104.24
Huangshan Mountain;mountain;CN;30.13;118.17
Mount Emei;mountain;CN;29.52;103.33
Mount Aso|Aso Volcano;mountain;JP;32.88;131.1
Mount Ontake;mountain;JP;35.89;137.48
Izu Oshima|Oshima Island;island;JP;34.74;139.4
Kii Peninsula;area;JP;34;135.8
Arthur's Pass;mountain;NZ;-42.94;171.56
Lewis Pass;mountain;NZ;-42.38;172.4
Haast Pass;mountain;NZ;-44.1;169.36
Milford Sound;water;NZ;-44.67;167.93
Homer Tunnel;mountain;NZ;-44.76;167.98
Manawatu Gorge;valley;NZ;-40.32;175.8
Waioeka Gorge;valley;NZ;-38.3;177.3
Kaimai Range;mountain;NZ;-37.85;175.9
Mount Ruapehu|Ruapehu;mountain;NZ;-39.28;175.57
Mount Taranaki;mountain;NZ;-39.3;174.06
Aoraki|Mount Cook;mountain;NZ;-43.6;170.14
Waiheke Island|Waiheke;island;NZ;-36.8;175.1
Great Barrier Island;island;NZ;-36.2;175.4
Coromandel Peninsula;area;NZ;-36.9;175.6
Marlborough Sounds;water;NZ;-41.1;174
Banks Peninsula;area;NZ;-43.75;172.9
Fox Glacier;town;NZ;-43.46;170.02
Franz Josef Glacier;town;NZ;-43.39;170.18
Blue Mountains;mountain;AU;-33.7;150.3
Snowy Mountains;mountain;AU;-36.4;148.3
Thredbo;town;AU;-36.5;148.31
Cunninghams Gap|Cunningham's Gap;mountain;AU;-28.05;152.4
Mount Hotham;mountain;AU;-36.98;147.13
Grampians;mountain;AU;-37.3;142.4
Lake Windermere;water;GB;54.36;-2.93
Snowdonia;mountain;GB;53;-3.9
Ben Nevis;mountain;GB;56.8;-5
Loch Lomond;water;GB;56.1;-4.62
Loch Ness;water;GB;57.3;-4.45
Glen Coe|Glencoe Pass;mountain;GB;56.67;-5
Rest and Be Thankful;mountain;GB;56.22;-4.86
Jurassic Coast;area;GB;50.65;-2.6
Cheddar Gorge;valley;GB;51.28;-2.77
Peak District;area;GB;53.35;-1.8
Mont Blanc;mountain;FR;45.83;6.87
Mer de Glace;valley;FR;45.9;6.93
Matterhorn;mountain;CH;45.98;7.66
Gotthard Pass|Saint Gotthard;mountain;CH;46.56;8.57
Simplon Pass;mountain;CH;46.25;8.03
Grossglockner;mountain;AT;47.07;12.69
Brenner Pass;mountain;AT;47;11.5
Dolomites;mountain;IT;46.4;11.85
Cinque Terre;area;IT;44.13;9.7
Amalfi Coast;area;IT;40.63;14.6
Lake Como;water;IT;46;9.27
Tatra Mountains|High Tatras;mountain;;49.2;20.1
Dariali Gorge|Darial Gorge;valley;GE;42.74;44.63
Roki Tunnel|Roki Pass;mountain;;42.6;44.12
Salang Pass|Salang Tunnel;mountain;AF;35.31;69.04
Panjshir Valley;valley;AF;35.4;69.7
Wakhan Corridor;area;AF;37;73
Lake Sarez|Sarez Lake;water;TJ;38.2;72.75
Lake Issyk-Kul|Issyk-Kul;water;KG;42.4;77.3
Tian Shan;mountain;;42;80
Pamir Mountains|Pamirs;mountain;TJ;38.5;73
Virunga National Park|Virunga;park;CD;-0.3;29.5
Nyiragongo|Mount Nyiragongo;mountain;CD;-1.52;29.25
Rwenzori Mountains|Rwenzori;mountain;UG;0.38;29.9
Bududa;town;UG;1.01;34.33
Mau Escarpment;mountain;KE;-0.9;36.2
Cherangani Hills;mountain;KE;1.1;35.4
Table Mountain;mountain;ZA;-33.96;18.41
Chapman's Peak;mountain;ZA;-34.09;18.36
Drakensberg;mountain;ZA;-29.3;29.3
Mount Cameroon;mountain;CM;4.2;9.17
Boiling Lake;water;DM;15.32;-61.3
Bog Walk Gorge|Bog Walk;valley;JM;18.1;-77
El Yunque;mountain;PR;18.31;-65.79
Poas Volcano|Poás Volcano;mountain;CR;10.2;-84.23
Irazu Volcano|Irazú;mountain;CR;9.98;-83.85
Arenal Volcano;mountain;CR;10.46;-84.7
Cerro de la Muerte;mountain;CR;9.56;-83.75
Braulio Carrillo|Braulio Carrillo National Park;park;CR;10.15;-83.97
San Vicente Volcano;mountain;SV;13.6;-88.84
Volcan de Fuego|Fuego Volcano;mountain;GT;14.47;-90.88
Lake Atitlan|Lago de Atitlan;water;GT;14.69;-91.2
Casita Volcano;mountain;NI;12.7;-86.98
Concepcion Volcano|Volcan Concepcion|Ometepe;island;NI;11.54;-85.62
Popocatepetl;mountain;MX;19.02;-98.63
Copper Canyon;valley;MX;27.5;-107.8
Alto de La Linea|La Linea Tunnel;mountain;CO;4.53;-75.56
Galeras;mountain;CO;1.22;-77.36
Cotopaxi;mountain;EC;-0.68;-78.44
Tungurahua Volcano;mountain;EC;-1.47;-78.44
Machu Picchu;mountain;PE;-13.16;-72.55
Huascaran|Huascarán;mountain;PE;-9.12;-77.6
Cordillera Blanca;mountain;PE;-9.3;-77.5
Colca Canyon;valley;PE;-15.6;-71.9
Aconcagua;mountain;AR;-32.65;-70.01
Los Libertadores Pass|Cristo Redentor Tunnel;mountain;CL;-32.83;-70.09
Cajon del Maipo|Cajón del Maipo;valley;CL;-33.6;-70.35
Torres del Paine;park;CL;-51;-73
Morro do Bumba;locality;BR;-22.88;-43.09
Rocinha;locality;BR;-22.99;-43.25
Corcovado;mountain;BR;-22.95;-43.21
Serra do Mar;mountain;BR;-24;-46.3
Ilha Grande;island;BR;-23.15;-44.23
`
  .trim()
  .split('\n');
