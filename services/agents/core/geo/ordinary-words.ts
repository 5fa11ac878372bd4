// English words that are also names of towns somewhere (Hope, Sale, Of, Police): alone they do not prove that a town is meant.

/** The words in lower case. The list is made from names of the gazetteer that ordinary texts also write in lower case. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  `acre adams advance al alga alma almas along anger angered angers angles apex april apt arab arches are argos armour
  arsenal as ask astros august autumn avis ayer ba baby bag bah bail baker ball bam band bangs banks banning bar barber
  barge bark barking basin basing bath battle bay beach beacon bear begun bella bend berg best bias bike bikes biking
  bishop bison black bland bled blue bo boo boom boot bore born box branch brand bravo bride bridge brig bright
  brilliant brits bro broken brown brush buffalo bully burns bury bus buy cactus cadillac can canadian canals canaries
  cane canon car cars cash cast cave center centre century chadian change charge chevy children chilly chop christmas
  church circa circle cisco city clever clinton clones coats coin college combine come comfort construction cook cool
  cooling corner corpus corral cottage coulombs court coyote crest crystal cube cut cyclist cyclists damp dane danes
  date dead deal december deposit dickens die dig dinar dire dobra dog dogs dole dollar drain driver drivers drug drugs
  dry dupont ea early earth east eastern echo economy effort eg egg emerald energy enterprise eu eureka experiment eye
  farad fate father february fell ferns fines fire firestone flood flooding force ford forest forks forth freer friday
  friend friendly front fry fully gail gaming gang gap gas gay gill give glad glide god goes going golden goodyear gore
  grabs graffiti gram grandson granite grave gray green greenway grill guy halfway halls ham harbor hard harvest haste
  hatch haven hazard healing heist hello help hill hillside hit hitachi hobo holly home honda hone honey hook hooks hope
  horn hot humble hunt hunter hurt hydrant ice illegal is jackson jam january jay jeep job july jun june jupiter justice
  karma kia kids kill kilo kinder king kissing laces lady lagrange lame lancing landing lane lao larva lash law lead
  leak lend lens les liberal lice licking light limit lincoln line lira list lit liter lively locking log long lots loud
  loving lower loyal luck lucky mad made magenta male mammoth man manage many march marines marks mars maya me media
  meeker mega mentor mercedes mere metro metz miles mine minor mobile mogul mold mon monday monsanto moody moon most
  mother motor much multiple music mystic narrows nato naval nay needle needles neighbor neighbors never nice noble
  noise nokia none normal north northern nov november october odder of officer oi one opera opportunity oracle orange os
  over pace pack page pale pals paradise park parking parks parkway paste pearl pedestrians peel peer pen people per
  permit permits person petal petting phoenix picayune piles pinch pine pines pining pink pioneer plan plate please
  plenty plunge pol police poll polling pols pool pop pore poses post pothole potholes pray premia price progress
  prospect prosper puke punch purchase quart race rain rainier rat rats raven ray re reading real red reform republic
  research reserve residents revel rice rio ripe robins rock rode rodeo root rose roses rot rots rude rust said saints
  sake sale salmon salt same sand sandwich sandy saturday save say school schools scissors se seagate sec see sees sells
  semi send sens september settle several sewer shaping share shepherd sic side sidewalk sign silly silver sir sisters
  ski smoke snow soars sober son song sorry sort sours south southern sparks speedway split spring springs spry spur
  stains stall stamps staples star sterling still stock stone store street strong sultan summer sun sunday sunrise
  sunshine superior supreme surprise sway tactic talent tame tar tea than thanks thursday tiling till tire tires tiring
  tore tornado tours toyota trail train trash tree trees triangle trim trinity trip trooper tuesday tumble tune tunes un
  union upper urgent us used usher van various vary venus vex vice viola violet voila volcano wahoo walker wall walls
  wang ward warrior water we wedding wednesday weed welcome well wells welsh west western wetter wheeling white wick
  wilder wing winner winter wise withers wool worth worthing yea yellow young zone`.split(/\s+/),
);
