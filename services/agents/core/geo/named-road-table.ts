// Roads that are known by a name of their own, with towns along them. Written for this project from general knowledge; where the towns lie is
// the gazetteer's business. Roads named after the towns at their ends ("Manali-Leh highway") need no entry. A list only.

/**
 * One road a line: names, ISO code of the country, towns from one end to the other; `Rosario/01` is the one in that first-order division, as
 * GeoNames codes it.
 */
export const namedRoadLines: readonly string[] = `
Karakoram Highway|Karakoram Hwy|Karakorum Highway|KKH;PK;Abbottabad,Mansehra,Chilas,Gilgit
Neelum Valley Road|Neelum Road;PK;Muzaffarabad,Athmuqam
Kaghan Road|Kaghan Valley Road|Mansehra-Naran Road;PK;Balakot,Naran
Murree Expressway|Murree Road;PK;Islamabad,Murree
Mechi Highway;NP;Birtamod,Ilam,Phidim,Taplejung
Koshi Highway;NP;Dharan,Dhankuta,Khandbari
Prithvi Highway|Prithivi Highway|Prithvi Hwy|Prithvi Rajmarga;NP;Kathmandu,Mugling,Damauli,Pokhara
Araniko Highway|Arniko Highway|Araniko Rajmarga;NP;Kathmandu,Dhulikhel,Barhabise,Kodari
Siddhartha Highway|Siddharth Highway;NP;Butwal,Tansen,Waling,Pokhara
Tribhuvan Highway|Tribhuvan Rajpath;NP;Hetauda,Daman,Kathmandu
Karnali Highway;NP;Birendranagar,Dailekh,Manma,Jumla
BP Highway|B.P. Highway|Sindhuli Highway;NP;Dhulikhel,Sindhulimadi,Bardibas
Pasang Lhamu Highway;NP;Bidur,Dhunche
Mahakali Highway;NP;Dadeldhura,Baitadi,Darchula
Madan Bhandari Highway;NP;Hetauda,Sindhulimadi,Gaighat
Kali Gandaki Corridor|Beni-Jomsom Road;NP;Beni,Jomsom
Narayangadh-Muglin Road|Narayanghat-Mugling Road|Muglin-Narayangadh Road|Mugling-Narayanghat Road;NP;Bharatpur,Mugling
Mughal Road;IN;Punch,Shupiyan
Hindustan-Tibet Road|Hindustan Tibet Road;IN;Shimla,Rampur/11
Kennon Road;PH;Rosario/01,Baguio
Halsema Highway|Halsema Road|Halsema National Highway;PH;La Trinidad,Buguias,Bontoc
Marcos Highway|Aspiras Highway;PH;Agoo,Baguio
Naguilian Road|Naguilian Highway;PH;Bauang,Baguio
Sea-to-Sky Highway|Sea to Sky Highway;CA;Vancouver,Squamish,Whistler
Coquihalla Highway;CA;Hope,Merritt,Kamloops
Malahat Drive|Malahat Highway;CA;Victoria,Duncan
Icefields Parkway;CA;Banff,Jasper
Great Ocean Road;AU;Torquay,Lorne,Apollo Bay,Port Campbell
Great Alpine Road;AU;Wangaratta,Bright,Omeo,Bairnsdale
Gwydir Highway;AU;Grafton,Glen Innes,Inverell,Moree
Oxley Highway;AU;Port Macquarie,Wauchope,Walcha,Tamworth
Kings Highway;AU;Queanbeyan,Braidwood,Batemans Bay
Waterfall Way;AU;Armidale,Dorrigo,Bellingen
Bells Line of Road;AU;Bilpin,Lithgow
Lyell Highway;AU;Hobart,New Norfolk,Queenstown/06
Snowy Mountains Highway;AU;Bega,Cooma,Tumut
Kennedy Highway;AU;Cairns,Kuranda,Mareeba
Rimutaka Hill Road|Remutaka Hill Road;NZ;Upper Hutt,Featherston
Manawatu Gorge Road|Manawatu Gorge;NZ;Palmerston North,Woodville
Georgian Military Highway|Georgian Military Road;GE;Tbilisi,Mtskheta,Pasanauri,Stepantsminda
Highlands Highway|Okuk Highway;PG;Lae,Goroka,Kundiawa,Mount Hagen
Yungas Road|North Yungas Road;BO;La Paz,Coroico
Carretera Central;PE;Lima,Chosica,Matucana,La Oroya
Via al Llano;CO;Bogotá,Villavicencio
Rio-Santos Highway|Rio-Santos;BR;Rio de Janeiro,Angra dos Reis,Paraty,Santos
Karak Highway|KL-Karak Highway|Kuala Lumpur-Karak Highway;MY;Kuala Lumpur,Bentong,Karak
Simpang Pulai-Cameron Highlands Road;MY;Ipoh,Tanah Rata
Sichuan-Tibet Highway;CN;Ya'an,Kangding,Litang
Million Dollar Highway;US;Silverton/CO,Ouray/CO
`
  .trim()
  .split('\n');
