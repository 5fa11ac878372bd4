// Great islands, mountains, waters and parks that no source lists with a point. Written for this project from general knowledge; positions
// to about a tenth of a degree, of wide waters to about a degree.

/** One place a line: names, kind, ISO code of the only country or nothing, latitude, longitude. */
export const namedFeatures: readonly string[] = `
Pacific Ocean|Pacific;water;;0;-160
Atlantic Ocean|Atlantic;water;;0;-30
Indian Ocean;water;;-20;80
Arctic Ocean|Arctic;water;;85;0
Mediterranean Sea|Mediterranean|the Med;water;;35;18
Black Sea;water;;43;35
Caspian Sea;water;;41;51
Baltic Sea|Baltic;water;;58;20
North Sea;water;;56;3
Irish Sea;water;;53.7;-5
English Channel;water;;50;-2
Red Sea;water;;22;38
Persian Gulf|Arabian Gulf;water;;26;52
Gulf of Aden;water;;12;48
Gulf of Mexico;water;;25;-90
Caribbean Sea;water;;15;-75
South China Sea;water;;12;113
East China Sea;water;;30;125
Sea of Japan;water;;40;135
Yellow Sea;water;;35;123
Bay of Bengal;water;;15;88
Arabian Sea;water;;15;65
Andaman Sea;water;;10;96
Gulf of Guinea;water;;1;4
Coral Sea;water;;-18;158
Tasman Sea;water;;-40;160
Bering Sea;water;;58;-178
Great Lakes;water;;45;-84
Lake Superior;water;;47.7;-87.5
Lake Michigan;water;US;44;-87
Lake Huron;water;;44.8;-82.4
Lake Erie;water;;42.2;-81.2
Lake Ontario;water;;43.7;-77.9
Lake Victoria;water;;-1;33
Lake Tanganyika;water;;-6.5;29.8
Lake Titicaca;water;;-15.8;-69.3
Lake Baikal;water;RU;53.5;108
Lake Tahoe;water;US;39.1;-120
Strait of Hormuz;water;;26.6;56.5
Strait of Malacca;water;;4;100
Suez Canal;water;EG;30.7;32.3
Panama Canal;water;PA;9.1;-79.7
Bavarian Alps;mountain;DE;47.5;11.3
Long Island;island;US;40.8;-73.3
North Island;island;NZ;-38.8;175.7
South Island;island;NZ;-44;170.5
Honshu;island;JP;36;138
Hokkaido Island;island;JP;43;142
Kyushu;island;JP;33;131
Shikoku;island;JP;33.7;133.5
Okinawa Island;island;JP;26.5;128
Luzon;island;PH;16;121
Mindanao;island;PH;8;125
Java;island;ID;-7.5;110
Sumatra;island;ID;0;102
Sulawesi|Celebes;island;ID;-2;121
Borneo;island;;1;114
New Guinea;island;;-5;141
Bali Island;island;ID;-8.4;115.2
Lombok;island;ID;-8.6;116.3
Flores;island;ID;-8.7;121
Timor;island;;-9.2;125
Hainan Island;island;CN;19.2;109.7
Sicily;island;IT;37.5;14
Sardinia;island;IT;40;9
Corsica;island;FR;42.2;9.1
Crete;island;GR;35.2;24.9
Corfu;island;GR;39.6;19.8
Majorca|Mallorca;island;ES;39.6;2.9
Canary Islands|Canaries;island;ES;28.3;-16
Balearic Islands;island;ES;39.5;3
Azores;island;PT;38.5;-28
Madeira;island;PT;32.75;-17
Great Britain island;island;GB;54;-2.5
Shetland;island;GB;60.3;-1.3
Orkney;island;GB;59;-3
Isle of Wight;island;GB;50.7;-1.3
Sylt;island;DE;54.9;8.3
Gotland;island;SE;57.5;18.5
Zealand|Sjaelland;island;DK;55.5;11.8
Funen;island;DK;55.3;10.4
Isle of Skye|Skye;island;GB;57.3;-6.3
Anglesey;island;GB;53.3;-4.4
Hebrides|Outer Hebrides;island;GB;57.8;-7
Scilly|Isles of Scilly;island;GB;49.9;-6.3
Rhodes;island;GR;36.2;28
Santorini;island;GR;36.4;25.4
Lesbos;island;GR;39.2;26.3
Elba;island;IT;42.8;10.3
Ischia;island;IT;40.73;13.9
Tenerife;island;ES;28.3;-16.6
Gran Canaria;island;ES;28;-15.6
Lanzarote;island;ES;29;-13.6
Ibiza;island;ES;39;1.4
Sakhalin;island;RU;51;143
Novaya Zemlya;island;RU;74;57
Jeju Island;island;KR;33.4;126.5
Penghu;island;TW;23.6;119.6
Leyte;island;PH;10.8;124.9
Samar;island;PH;12;125
Negros;island;PH;10;123
Panay;island;PH;11.2;122.5
Palawan Island;island;PH;10;118.8
Mindoro;island;PH;12.9;121.1
Bohol Island;island;PH;9.85;124.2
Nias;island;ID;1.1;97.6
Sumba;island;ID;-9.7;119.9
Ambon Island;island;ID;-3.65;128.15
Halmahera;island;ID;0.7;128
Tasmania Island;island;AU;-42;146.6
Kangaroo Island;island;AU;-35.8;137.2
Stewart Island;island;NZ;-47;167.8
Viti Levu;island;FJ;-17.8;178
Vanua Levu;island;FJ;-16.6;179.2
Bougainville Island;island;PG;-6.2;155.2
Guadalcanal Island;island;SB;-9.6;160.1
Cape Breton Island|Cape Breton;island;CA;46.2;-60.7
Haida Gwaii|Queen Charlotte Islands;island;CA;53.2;-132.2
Kodiak Island;island;US;57.4;-153.5
Martha's Vineyard;island;US;41.4;-70.65
Nantucket Island;island;US;41.3;-70.05
Whidbey Island;island;US;48.2;-122.6
Hispaniola;island;;19;-71
Vancouver Island;island;CA;49.6;-125.5
Newfoundland;island;CA;49;-56
Baffin Island;island;CA;69;-72
Galapagos|Galapagos Islands;island;EC;-0.5;-91
Easter Island;island;CL;-27.1;-109.4
Zanzibar;island;TZ;-6.1;39.3
Andaman and Nicobar Islands|Andaman Islands;island;IN;11.7;92.7
Oahu;island;US;21.47;-157.98
Maui;island;US;20.8;-156.3
Big Island|Hawaii Island;island;US;19.6;-155.5
Kauai;island;US;22.05;-159.5
Molokai;island;US;21.13;-157
Himalayas|Himalaya;mountain;;29;84
Alps;mountain;;46.5;9.5
Andes;mountain;;-20;-67
Rocky Mountains|Rockies;mountain;;44;-111
Appalachians|Appalachian Mountains;mountain;US;38;-80
Sierra Nevada;mountain;US;37.7;-119.6
Cascade Range|Cascades;mountain;US;46;-121.7
Blue Ridge Mountains;mountain;US;36.5;-81
Great Smoky Mountains;mountain;US;35.6;-83.5
Pyrenees;mountain;;42.7;1
Carpathians|Carpathian Mountains;mountain;;47;25
Apennines;mountain;IT;43;12.5
Urals|Ural Mountains;mountain;RU;60;60
Caucasus Mountains;mountain;;42.5;45
Atlas Mountains;mountain;;32;-5
Western Ghats;mountain;IN;14;75
Eastern Ghats;mountain;IN;15;79
Hindu Kush;mountain;;35.5;70.5
Yosemite|Yosemite National Park;park;US;37.75;-119.59
Yellowstone|Yellowstone National Park;park;US;44.6;-110.5
Grand Canyon|Grand Canyon National Park;park;US;36.1;-112.1
Zion National Park;park;US;37.3;-113.05
Mount Rainier|Mount Rainier National Park;mountain;US;46.85;-121.76
Mount St Helens;mountain;US;46.2;-122.19
Mount Shasta;mountain;US;41.4;-122.2
Mount Hood;mountain;US;45.37;-121.7
Denali|Denali National Park|Mount McKinley;mountain;US;63.07;-151
Glacier National Park;park;US;48.7;-113.8
Olympic National Park;park;US;47.8;-123.6
Everest|Mount Everest;mountain;NP;27.99;86.93
Mount Fuji;mountain;JP;35.36;138.73
Kilimanjaro|Mount Kilimanjaro;mountain;TZ;-3.07;37.35
Mount Kenya;mountain;KE;-0.15;37.3
Mount Elgon;mountain;UG;1.12;34.53
Mount Etna|Etna;mountain;IT;37.75;14.99
Vesuvius|Mount Vesuvius;mountain;IT;40.82;14.43
Mount Merapi;mountain;ID;-7.54;110.45
Mayon|Mayon Volcano;mountain;PH;13.26;123.69
Mount Pinatubo|Pinatubo;mountain;PH;15.14;120.35
Khyber Pass;mountain;PK;34.1;71.1
Rohtang Pass;mountain;IN;32.37;77.25
Zojila Pass|Zoji La|Zojila;mountain;IN;34.28;75.47
Nathu La;mountain;IN;27.39;88.83
Nevada del Ruiz|Nevado del Ruiz;mountain;CO;4.9;-75.32
`
  .trim()
  .split('\n');
