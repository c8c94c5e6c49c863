/** What numbers are written with: words, suffixes, units, currencies, parts of dates. All in lower case. */

export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
    'eighteen nineteen twenty'
  )
    .split(' ')
    .map((word, value) => [word, value] as const),
);
export const TENS: ReadonlyMap<string, number> = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, (at + 2) * 10]),
);
export const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['thousands', 1e3],
  ['k', 1e3],
  ['grand', 1e3],
  ['lakh', 1e5],
  ['lakhs', 1e5],
  ['lac', 1e5],
  ['lacs', 1e5],
  ['million', 1e6],
  ['millions', 1e6],
  ['mn', 1e6],
  ['crore', 1e7],
  ['crores', 1e7],
  ['cr', 1e7],
  ['billion', 1e9],
  ['billions', 1e9],
  ['bn', 1e9],
  ['trillion', 1e12],
]);
export const ORDINALS: ReadonlyMap<string, number> = new Map(
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, value) => [word, value] as const),
);
export const ROMAN: ReadonlyMap<string, number> = new Map(
  'II III IV VI VII VIII IX XI XII XIII XIV'
    .split(' ')
    .map((word, at) => [word, [2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14][at]!]),
);

const spelled = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(',')
      .map((line) => line.trim().split(/\s+/))
      .flatMap((line) => line.map((word) => [word, line[0]!] as const)),
  );

/** Every spelling of a unit to its one name. Single letters count only behind a number. */
export const UNITS = spelled(`
  kilometer kilometers kilometre kilometres km kms,meter meters metre metres,centimeter centimeters centimetre
  centimetres cm cms,millimeter millimeters millimetre millimetres mm,mile miles mi,foot feet ft,inch inches,
  yard yards yd yds,kilogram kilograms kilo kilos kg kgs,gram grams gm gms,milligram milligrams mg,
  pound pounds lb lbs,ounce ounces oz,ton tons tonne tonnes,liter liters litre litres,milliliter milliliters
  millilitre millilitres ml,gallon gallons gal,pint pints,cup cups,tablespoon tablespoons tbsp,teaspoon teaspoons tsp,
  second seconds sec secs,minute minutes min mins,hour hours hr hrs,day days,night nights,week weeks wk wks,
  fortnight fortnights,month months,year years yr yrs,decade decades,century centuries,
  celsius centigrade,fahrenheit,kelvin,percent percentage %,degree degrees °,mph,kph kmh,byte bytes,kilobyte kilobytes
  kb,megabyte megabytes mb,gigabyte gigabytes gb gig gigs,terabyte terabytes tb,kbps,mbps,gbps,hz hertz,khz,mhz,ghz,
  watt watts,kilowatt kilowatts kw,kwh,volt volts,amp amps ampere amperes,calorie calories cal,kcal,joule joules,
  stone stones,acre acres,hectare hectares,sqft,mah,megapixel megapixels mp,rpm,hp horsepower`);
export const SHORT_UNITS = spelled(
  'meter m,gram g,liter l,second s,hour h,inch in,volt v,watt w,celsius c,fahrenheit f',
);

export const CURRENCIES = spelled(`
  dollar dollars usd $ buck bucks,euro euros eur €,sterling gbp £ quid,rupee rupees rs inr ₹,yen jpy ¥,
  yuan rmb cny renminbi,won krw ₩,ruble rubles rouble roubles rub,peso pesos,franc francs chf,cent cents,
  bitcoin bitcoins btc,ether ethereum eth,aud,cad,sgd,dirham dirhams aed,riyal riyals,naira,rand,real reais,lira`);

export const MONTHS = spelled(`
  january jan,february feb,april apr,june jun,july jul,august aug,september sept sep,october oct,november nov,
  december dec`);
/** Names of months that are words as well. */
export const MONTHS_BY_CONTEXT: ReadonlySet<string> = new Set(['may', 'march']);
export const WEEKDAYS = spelled(`
  monday mon mondays,tuesday tue tues tuesdays,wednesday wed weds wednesdays,thursday thu thur thurs thursdays,
  friday fri fridays,saturday saturdays,sunday sundays`);
export const FEASTS: ReadonlySet<string> = new Set(
  'christmas easter halloween thanksgiving diwali eid ramadan hanukkah weekend weekends weekday weekdays'.split(
    ' ',
  ),
);
