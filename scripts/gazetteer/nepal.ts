// Nepal's districts, the seats of their offices and places on its highways, of which no source gives a point. Written for this project from
// general knowledge; positions to about a twentieth of a degree, of districts their middles to about a tenth.

import { placeKey } from '../../services/agents/core/geo/place-key.ts';
import type { RawPlace } from './raw-place.ts';

/** One district a line: names, latitude, longitude. */
export const nepaliDistricts: readonly string[] = `
Taplejung;27.55;87.85
Panchthar|Pachthar;27.13;87.8
Ilam;26.9;87.9
Jhapa;26.6;87.9
Morang;26.65;87.45
Sunsari;26.65;87.15
Dhankuta;26.98;87.3
Terathum|Terhathum|Tehrathum;27.15;87.55
Sankhuwasabha;27.6;87.25
Bhojpur;27.18;87.05
Solukhumbu;27.7;86.7
Okhaldhunga;27.32;86.45
Khotang;27.2;86.8
Udayapur|Udaypur;26.9;86.65
Saptari;26.6;86.75
Siraha;26.7;86.3
Dhanusa|Dhanusha;26.8;86
Mahottari;26.85;85.8
Sarlahi;26.95;85.6
Sindhuli;27.2;85.95
Ramechhap;27.45;86.1
Dolakha|Dolkha;27.8;86.2
Sindhupalchowk|Sindhupalchok|Sindhupalanchok|Sindupalchowk|Sindupalchok;27.88;85.75
Kavrepalanchok|Kavre|Kabhre|Kavrepalanchowk|Kabhrepalanchok|Kavreplanchowk;27.55;85.65
Lalitpur;27.5;85.35
Bhaktapur;27.68;85.43
Kathmandu;27.73;85.35
Nuwakot;27.92;85.2
Rasuwa;28.15;85.35
Dhading;27.95;84.95
Makwanpur|Makawanpur;27.48;85.1
Rautahat;26.98;85.3
Bara;27.05;85.05
Parsa;27.15;84.75
Chitwan|Chitawan;27.6;84.4
Gorkha;28.3;84.8
Lamjung;28.25;84.4
Tanahun|Tanahu;27.93;84.25
Syangja;28.05;83.8
Kaski;28.33;83.95
Manang|Manag;28.6;84.1
Mustang;28.95;83.85
Myagdi;28.5;83.5
Parbat;28.2;83.7
Baglung;28.3;83.35
Gulmi;28.08;83.3
Palpa;27.85;83.65
Nawalparasi;27.6;83.9
Rupandehi;27.6;83.4
Kapilbastu|Kapilvastu;27.55;83
Arghakhanchi;27.95;83.05
Pyuthan;28.1;82.85
Rolpa;28.35;82.6
Rukum;28.65;82.45
Salyan;28.35;82.15
Dang;28;82.3
Banke;28.05;81.75
Bardiya|Bardia;28.35;81.4
Surkhet;28.6;81.55
Dailekh;28.87;81.7
Jajarkot;28.85;82.15
Dolpa|Dolpo;29.15;83
Jumla;29.3;82.15
Kalikot;29.2;81.75
Mugu;29.6;82.45
Humla;30;81.8
Bajura;29.6;81.5
Bajhang;29.75;81.2
Achham|Accham;29.1;81.3
Doti;29.15;80.9
Kailali;28.8;80.85
Kanchanpur;28.9;80.3
Dadeldhura;29.2;80.55
Baitadi;29.5;80.5
Darchula;29.9;80.75
`
  .trim()
  .split('\n');

/** One town a line: names, latitude, longitude. */
export const nepaliTowns: readonly string[] = `
Phungling;27.35;87.67
Phidim;27.15;87.77
Birtamod;26.64;87.99
Damak;26.66;87.7
Itahari;26.66;87.27
Myanglung;27.12;87.55
Chainpur;27.28;87.32
Hile;27.04;87.32
Basantapur;27.13;87.42
Diktel;27.21;86.79
Gaighat;26.79;86.7
Katari;26.95;86.37
Okhaldhunga Bazar;27.31;86.5
Salleri;27.5;86.59
Namche Bazar|Namche;27.8;86.71
Lukla;27.69;86.73
Sindhulimadi|Kamalamai;27.21;85.91
Bardibas;26.99;85.9
Manthali;27.39;86.06
Charikot;27.67;86.03
Jiri;27.63;86.23
Barhabise|Barabise|Bahrabise;27.79;85.9
Lamosanghu|Lamosangu;27.74;85.87
Chautara;27.77;85.71
Dolalghat;27.64;85.71
Melamchi;27.83;85.57
Trishuli|Bidur;27.92;85.15
Dhunche;28.11;85.3
Syabrubesi|Syafrubesi;28.16;85.34
Dhading Besi|Dhadingbesi;27.91;84.9
Malekhu|Maleku;27.81;84.84
Naubise;27.74;85.12
Mugling|Muglin;27.86;84.56
Narayangadh|Narayanghat|Narayangarh;27.7;84.43
Daman;27.61;85.09
Besisahar|Besi Sahar;28.23;84.38
Chame;28.55;84.24
Damauli;27.97;84.28
Dumre;27.98;84.41
Arughat;28.04;84.81
Kusma|Kushma;28.22;83.68
Beni;28.35;83.57
Tamghas;28.07;83.25
Sandhikharka;27.97;83.13
Tansen;27.87;83.55
Musikot;28.63;82.49
Liwang|Libang;28.3;82.63
Bijuwar|Pyuthan Khalanga;28.1;82.87
Salyan Khalanga;28.38;82.16
Jajarkot Khalanga;28.7;82.2
Dunai;28.95;82.9
Manma;29.14;81.61
Gamgadhi;29.55;82.16
Martadi;29.45;81.48
Chainpur Bajhang;29.55;81.2
Mangalsen;29.15;81.28
Silgadhi|Dipayal Silgadhi;29.26;80.98
Gothalapani;29.52;80.46
Tatopani;27.95;85.95
`
  .trim()
  .split('\n');

/** A district's further names and its middle. */
export interface KnownDistrict {
  readonly aliases: readonly string[];
  readonly point: readonly [longitude: number, latitude: number];
}

/** The districts by the key of any of their names. */
export function readNepaliDistricts(): Map<string, KnownDistrict> {
  return new Map(
    nepaliDistricts.flatMap((line) => {
      const [names = '', latitude, longitude] = line.split(';');
      const aliases = names.split('|');
      const district: KnownDistrict = { aliases, point: [Number(longitude), Number(latitude)] };
      return aliases.map((name) => [placeKey(name), district] as const);
    }),
  );
}

/** The towns, without codes of what they lie in. */
export function readNepaliTowns(): RawPlace[] {
  return nepaliTowns.map((line) => {
    const [names = '', latitude, longitude] = line.split(';');
    const [name = '', ...aliases] = names.split('|');
    return {
      name,
      aliases,
      kind: 'town',
      country: 'NP',
      admin1: '',
      admin2: '',
      population: 0,
      longitude: Number(longitude),
      latitude: Number(latitude),
    };
  });
}
