// Short forms of states and further names of countries that no source lists. Written for this project from general knowledge.

/** Short forms by the full name of the division they stand for: `country:Division=form form`. A blank inside a form is an underscore. */
export const divisionShortForms: readonly string[] = `
US:Alabama=AL Ala. US:Alaska=AK US:Arizona=AZ Ariz. US:Arkansas=AR Ark. US:California=CA Calif. Cal. US:Colorado=CO Colo.
US:Connecticut=CT Conn. US:Delaware=DE Del. US:Florida=FL Fla. US:Georgia=GA Ga. US:Hawaii=HI US:Idaho=ID US:Illinois=IL Ill.
US:Indiana=IN Ind. US:Iowa=IA US:Kansas=KS Kan. Kans. US:Kentucky=KY Ky. US:Louisiana=LA La. US:Maine=ME US:Maryland=MD Md.
US:Massachusetts=MA Mass. US:Michigan=MI Mich. US:Minnesota=MN Minn. US:Mississippi=MS Miss. US:Missouri=MO Mo. US:Montana=MT Mont.
US:Nebraska=NE Neb. Nebr. US:Nevada=NV Nev. US:New_Hampshire=NH N.H. US:New_Jersey=NJ N.J. US:New_Mexico=NM N.M. US:New_York=NY N.Y.
US:North_Carolina=NC N.C. US:North_Dakota=ND N.D. US:Ohio=OH US:Oklahoma=OK Okla. US:Oregon=OR Ore. US:Pennsylvania=PA Pa. Penn.
US:Rhode_Island=RI R.I. US:South_Carolina=SC S.C. US:South_Dakota=SD S.D. US:Tennessee=TN Tenn. US:Texas=TX Tex. US:Utah=UT
US:Vermont=VT Vt. US:Virginia=VA Va. US:Washington=WA Wash. US:West_Virginia=WV W.Va. W._Va. US:Wisconsin=WI Wis. Wisc. US:Wyoming=WY
Wyo. US:Washington,_D.C.=DC D.C. CA:Alberta=AB Alta. CA:British_Columbia=BC B.C. CA:Manitoba=MB CA:New_Brunswick=NB N.B.
CA:Newfoundland_and_Labrador=NL CA:Nova_Scotia=NS N.S. CA:Ontario=ON Ont. CA:Prince_Edward_Island=PEI P.E.I. CA:Quebec=QC Que.
CA:Saskatchewan=SK Sask. CA:Yukon=YT CA:Northwest_Territories=NWT CA:Nunavut=NU AU:New_South_Wales=NSW N.S.W. AU:Queensland=QLD Qld.
AU:Victoria=VIC Vic. AU:South_Australia=SA AU:Western_Australia=WA W.A. AU:Tasmania=TAS Tas. AU:Northern_Territory=NT N.T.
AU:Australian_Capital_Territory=ACT A.C.T. IN:Uttar_Pradesh=UP U.P. IN:Madhya_Pradesh=MP IN:Himachal_Pradesh=HP H.P.
IN:Jammu_and_Kashmir=JK J&K IN:Andhra_Pradesh=AP IN:Tamil_Nadu=TN BR:Rio_de_Janeiro=RJ BR:Sao_Paulo=SP BR:Minas_Gerais=MG BR:Santa_Catarina=SC BR:Parana=PR BR:Rio_Grande_do_Sul=RS
ZA:KwaZulu-Natal=KZN PK:Khyber_Pakhtunkhwa=KPK
`
  .trim()
  .split(/\s+(?=[A-Z]{2}:)/);

/** Further names of countries by ISO code, such as former ones; the Factbook and Unicode's names need not be said again. */
export const countryAliases: readonly string[] = `
US=USA|U.S.A.|U.S.|US|America|the States|United States of America
GB=UK|U.K.|Britain|Great Britain
AE=UAE|U.A.E.|Emirates
CD=DRC|D.R.C.|DR Congo|D.R. Congo|Congo-Kinshasa|Zaire|Democratic Republic of Congo|Democratic Republic of the Congo|the Congo
CG=Congo|Republic of Congo|Republic of the Congo|Congo-Brazzaville
CN=PRC|P.R.C.|People's Republic of China|Mainland China
TW=Republic of China|Formosa
KR=South Korea|Republic of Korea|S. Korea|ROK
KP=North Korea|DPRK|N. Korea
CZ=Czech Republic|Czechia
MM=Burma|Myanmar
CI=Ivory Coast
TR=Turkey|Turkiye
RU=Russian Federation
SA=KSA
NZ=NZ|Aotearoa
PG=PNG
TL=East Timor
SZ=Swaziland|Eswatini
MK=Macedonia|FYROM|North Macedonia
CV=Cape Verde
VA=Vatican|Holy See|Vatican City
PS=Palestine|Palestinian Territories
NL=Holland|the Netherlands
BA=Bosnia|Bosnia-Herzegovina
IR=Persia
TH=Siam
LK=Ceylon
ZW=Rhodesia
BF=Upper Volta
KH=Kampuchea
DO=Dominican Rep.
CF=CAR
IE=Ireland|Republic of Ireland|Eire
TT=Trinidad|Tobago
ST=Sao Tome
VC=St Vincent|Saint Vincent
KN=St Kitts
LC=St Lucia
AG=Antigua
SY=Syria
LA=Laos
VN=Viet Nam
TZ=Tanzania
MD=Moldova
BO=Bolivia
VE=Venezuela
BN=Brunei
FM=Micronesia
HK=Hong Kong|Hongkong
MO=Macau|Macao
PR=Puerto Rico
XK=Kosovo
GS=South Georgia
VI=US Virgin Islands|Virgin Islands
`
  .trim()
  .split('\n');
