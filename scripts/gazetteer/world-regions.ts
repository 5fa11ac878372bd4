// Names of continents and of groups of countries; their middles follow from their members' shapes. Written for this project from general
// knowledge.

/** Continents by OurAirports' code. */
export const continents: Readonly<Record<string, readonly string[]>> = {
  AF: ['Africa'],
  AS: ['Asia'],
  EU: ['Europe', 'Continental Europe'],
  NA: ['North America'],
  SA: ['South America'],
  OC: ['Oceania', 'Australasia'],
  AN: ['Antarctica'],
};

/** Groups of countries: names before the equals sign, ISO codes of the members after it. */
export const groupsOfCountries: readonly string[] = `
European Union|EU|E.U.=AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
West Africa|Western Africa=BJ BF CV GM GH GN GW CI LR ML MR NE NG SN SL TG
East Africa|Eastern Africa=BI DJ ER ET KE RW SO SS TZ UG
Central Africa|Middle Africa=AO CM CF TD CG CD GQ GA
Southern Africa=BW LS NA ZA SZ ZW ZM MZ
North Africa|Northern Africa|Maghreb=DZ EG LY MA TN SD
Sub-Saharan Africa=AO BJ BW BF BI CM CF TD CD CG CI ET GA GH GN KE LR MG ML MZ NA NE NG RW SN SL SO ZA TZ TG UG ZM ZW SS
Horn of Africa=SO ET ER DJ
Sahel=MR ML BF NE TD SN
Middle East|Mideast|Near East=SA IR IQ SY JO IL LB AE OM YE QA KW BH TR EG
Central Asia=KZ KG TJ TM UZ
South Asia|Southern Asia|Indian subcontinent=IN PK BD NP LK BT AF
Southeast Asia|South East Asia|South-East Asia=ID MY PH TH VN MM KH LA SG BN TL
East Asia|Eastern Asia|Far East=CN JP KR KP TW MN
Western Europe=FR DE BE NL LU CH AT GB IE
Eastern Europe=PL UA BY RO MD CZ SK HU BG
Central Europe=DE PL CZ SK AT HU CH SI
Northern Europe=SE NO FI DK IS EE LV LT
Southern Europe=IT ES PT GR
Scandinavia=SE NO DK
Nordic countries=SE NO DK FI IS
Balkans|Balkan Peninsula=AL BA BG XK ME MK RS GR HR
Baltic states|Baltics=EE LV LT
Benelux|Low Countries=BE NL LU
Iberia|Iberian Peninsula=ES PT
British Isles=GB IE
Caucasus=GE AM AZ
Central America=GT BZ SV HN NI CR PA
Latin America=MX GT HN NI CR PA CO VE PE BO BR CL AR PY UY EC
Caribbean|West Indies=CU DO HT JM PR BS TT BB LC GD VC AG DM
Lesser Antilles=AG DM LC VC BB GD
Gulf states|Persian Gulf states=SA AE QA KW BH OM
Levant=SY LB IL JO PS
Arabian Peninsula|Arabia=SA YE OM AE QA KW BH
Indochina=VN LA KH TH MM
Korea|Korean Peninsula=KR KP
Soviet Union|USSR|U.S.S.R.=RU UA BY KZ UZ
Yugoslavia=RS HR BA SI MK ME
Czechoslovakia=CZ SK
Polynesia=WS TO TV PF CK
Micronesia region=FM MH KI NR PW
Melanesia=PG SB VU FJ NC
`
  .trim()
  .split('\n');
