// English words around and inside names of places: kinds, directions and the generic words that name nothing on their own. Lists only.

/** Words that say of which kind a place is, where they stand behind its name in lower case. */
export const kindWord =
  /^(?:county|district|regency|department|province|prefecture|state|region|governorate|oblast|parish|borough|municipality|division|zone|island|islands|city|town|township|village|taluk|tehsil|upazila)$/i;

/** Words that stand beside names without belonging to them. */
export const besideNames: ReadonlySet<string> = new Set(
  `north south east west northern southern eastern western northeast northwest southeast southwest central upper lower greater new old near
  in at of on to from the and or by between along off above below towards toward around outside inside through via behind over under
  county district regency department province prefecture state region governorate oblast parish borough municipality division zone island
  islands city town township village taluk taluka tehsil upazila vdc ward barangay brgy sitio purok kampung desa block sector area
  road rd street st avenue ave highway hwy route rte drive dr lane ln boulevard blvd way freeway expressway motorway parkway turnpike
  bridge tunnel pass interstate exit junction intersection corner mile milepost km kilometer national coast coastal bay beach
  airport station hospital school university college temple church park dam mine mines river creek lake canyon valley mountain mountains
  mount hill hills several located landslide landslides slide both lanes approximately about roughly just suburb neighborhood community
  rural downtown hwy. rd. st. dist dist. tehsil. us ca bc wa or site home houses villages towns districts republic`.split(
    /\s+/,
  ),
);

/** Words that are names of places somewhere but say nothing when they stand alone. */
export const neverAlone: ReadonlySet<string> = new Set(
  `north south east west northern southern eastern western northeast northwest southeast southwest central upper lower greater new old
  county district regency department province prefecture state region parish borough municipality division zone island islands city town
  township village ward block sector area road street avenue highway hwy route drive lane boulevard way freeway bridge tunnel pass
  interstate exit junction corner mile km national coast bay beach airport station hospital school university college academy institute
  temple church park dam mine mines mining river creek lake canyon valley mountain mountains mount hill hills forest reserve camp lodge
  hotel rest bush apart grand grande san santa saint santo los las les villa colonia barrio vista centre center market square field
  fields garden gardens rock point cape cliff cliffs falls spring springs wood woods house houses home farm estate site building both
  near between along located mid middle rural public royal memorial port fort church monument mission summit plateau gulf sea ocean
  taman bukit jalan kampung sungai hat ban nan ulu raya purba nava naya pura peak ridge trail line access community complex resort
  republic federal democratic jungle glacier border boundary police army air force base corps line club society trust bank main inner
  outer side norte sur sul nord sud este oeste ouest oriental occidental over slide group first second third costa cote sitio purok barangay brgy desa kecamatan kabupaten loop mile vdc`.split(
    /\s+/,
  ),
);
