/** Lists made by hand: what WordNet lacks, and what is too common to tell two questions apart. */

/** Pairs and groups, with commas between them. */
const list = (text: string): readonly string[] => text.split(',').map((line) => line.trim());
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Like meanings that WordNet does not hold, or holds in rare senses. Phrases are one word by then (see phrases.ts). */
export const SAME_MEANING = list(`
  enable activate, disable deactivate, remove delete erase uninstall clear, earth world globe,
  improve increase enhance boost better, reduce decrease lower lessen, photo picture image pic photograph,
  phone smartphone cellphone mobile handset, laptop notebook, internet online web net,
  website site webpage web, application app apps, earn make gain, purchase buy,
  important significant essential main major key primary crucial, difficult hard tough challenging,
  simple easy, overcome beat conquer fight defeat cure treat rid, begin start commence initiate,
  end finish terminate conclude, famous popular known renowned, interface ui,
  create build make develop write design construct, learn study master, teach educate,
  programming coding code program, movie film,
  effect impact consequence repercussion result outcome influence, affect impact influence,
  ban demonetize scrap abolish, cost price charge fee, job career work profession employment occupation,
  company firm business organization organisation corporation, university college school institute,
  doctor physician, lawyer attorney, car automobile vehicle, kid child, mother mom mum, father dad,
  spouse partner, fix repair solve resolve correct, error bug issue problem, reset recover restore,
  change modify alter edit update, verify check validate confirm, get obtain acquire receive gain,
  advantage benefit pro merit, disadvantage drawback con downside demerit, tall height high, old age,
  far distance, long length duration, heavy weight weigh, big size large huge,
  fast speed quick quickly rapid, deep depth, wide width, expensive costly cost,
  cheap inexpensive budget affordable cheaply, fake hoax false, real true genuine legit legitimate actual,
  funny hilarious humorous, strange weird odd, crazy weird insane, love like adore, favorite favourite,
  smart intelligent clever, sad unhappy, scared afraid frightened, fear afraid phobia, angry mad,
  die death dead, kill murder, alive live life living, marry marriage wedding married,
  view see watch look viewed, occur happen, explain describe, prepare preparation,
  differ difference different differentiate distinguish, imminent near, lose shed drop, fat weight,
  address tackle handle deal, question query, email mail, sign register enroll, quickly fast soon,
  thing object item, quora quoran, launch release, opportunity job, rationale reason logic,
  hire employ recruit, workout exercise, shop store, town city, vacation holiday trip, flat apartment,
  autumn fall, soccer football, taxi cab, cellular cell, garbage trash rubbish waste, color colour,
  center centre, bicycle bike, motorcycle motorbike, fridge refrigerator, exam examination, flu influenza,
  ad advertisement advert, lab laboratory, plane airplane aeroplane aircraft, cv resume, gym gymnasium,
  vet veterinarian, sofa couch, replace change, stance position opinion view, comprehension understanding,
  nail fingernail, homesickness homesick`);

export const OPPOSITES = list(`
  enable disable, enable deactivate, activate disable, on off, login logout, upload download, give receive,
  send receive, import export, push pull, open close, lock unlock, encrypt decrypt, encode decode,
  compress decompress, compress extract, install uninstall, install remove, add remove, add delete,
  create delete, create destroy, block unblock, follow unfollow, mute unmute, subscribe unsubscribe,
  start stop, begin end, start end, start finish, start quit, connect disconnect, attach detach,
  insert remove, insert delete, show hide, increase decrease, increase reduce, raise lower, increase lower,
  improve worsen, gain lose, win lose, buy sell, borrow lend, rent buy, pass fail, accept reject,
  accept decline, allow block, allow forbid, allow prevent, allow deny, grant revoke, save spend,
  save delete, deposit withdraw, hire fire, join leave, enter exit, arrive depart, remember forget,
  difference similarity, different similar, different same, differ similarity, advantage disadvantage,
  pro con, benefit drawback, benefit risk, strength weakness, cause effect, cause symptom, cause prevent,
  cause cure, cause treatment, symptom treatment, best worst, good bad, most least, more less, more fewer,
  maximum minimum, max min, maximize minimize, upper lower, largest smallest, biggest smallest,
  large small, big small, high low, highest lowest, tall short, long short, fast slow, early late,
  first last, old young, old new, hot cold, warm cool, heavy light, rich poor, cheap expensive,
  strong weak, easy difficult, easy hard, simple complex, simple complicated, safe dangerous, safe unsafe,
  healthy unhealthy, love hate, like dislike, like hate, happy sad, male female, man woman, boy girl,
  husband wife, mother father, brother sister, son daughter, boyfriend girlfriend, uncle aunt, king queen,
  before after, above below, inside outside, indoor outdoor, online offline, public private,
  internal external, input output, front back, left right, north south, east west, northern southern,
  eastern western, day night, morning evening, summer winter, true false, legal illegal,
  possible impossible, overrated underrated, optimistic pessimistic, positive negative, success failure,
  succeed fail, attack defend, offense defense, guilty innocent, dead alive, die live, die survive,
  sleep wake, full empty, wet dry, thick thin, fat thin, wide narrow, deep shallow, hardware software,
  frontend backend, client server, ascending descending, vertical horizontal, horizontally vertically,
  parent child, employer employee, teacher student, buyer seller, landlord tenant, doctor patient,
  introvert extrovert, theist atheist, liberal conservative, democrat republican, vegan vegetarian,
  raw cooked, fresh frozen, wired wireless, asynchronous synchronous, async sync, static dynamic,
  mutable immutable, shrink grow, expand contract, shrink expand, grow shrink, merge split, freeze melt,
  freeze thaw, boil freeze, inhale exhale, credit debit, asset liability, profit loss, lender borrower,
  major minor, senior junior, married single, divorce marry, quit join, debug break, build destroy,
  break fix, break repair, praise criticize, support oppose, for against, always never, upgrade downgrade,
  up down, in out, over under, agree disagree, approve reject, approve disapprove, zoom unzoom,
  mount unmount, promote demote, hide reveal, ask answer, question answer, teach learn, gain loss,
  predator prey, past future, previous next, sooner later, vaguely exactly, odd even, ancient modern,
  urban rural, domestic foreign, domestic international, amateur professional, permanent temporary,
  voluntary mandatory, optional mandatory, optional required, sweet sour, attract repel, hot chilly,
  closed opened, wife girlfriend, prevent treat, prevent cure, ground air, bright dark, bright dim,
  useful harmful, useful useless, helpful harmful, tighten loosen, tight loose, crowded empty, warm cold,
  hot cool, rare common, rare frequent, bigger smaller, higher lower, soft hard, smooth rough, loud quiet,
  noisy quiet, clean dirty, sharp blunt, sharp dull, brave cowardly, polite rude, generous stingy,
  lazy diligent, optional compulsory, visible hidden, visible invisible, known unknown, lucky unlucky,
  beginner expert, novice expert, solid liquid, natural artificial, natural synthetic, real fake,
  genuine fake, curly straight, fertile barren, spicy mild, strengthen weaken, lengthen shorten,
  widen narrow, accelerate brake, heat cool, fill empty, dress undress, wrap unwrap, pack unpack,
  plug unplug, load unload, fold unfold, appear disappear, obey disobey, trust distrust,
  qualify disqualify, sink float, ascend descend, rise fall, rise set, laugh cry, whisper shout`);

/** Forms that no rule makes. */
export const IRREGULAR: ReadonlyMap<string, string> = new Map(
  `men man,women woman,children child,people person,feet foot,teeth tooth,mice mouse,geese goose,wives wife,lives life,
  knives knife,wolves wolf,leaves leave,halves half,shelves shelf,thieves thief,criteria criterion,phenomena phenomenon,
  data data,media media,bacteria bacterium,analyses analysis,crises crisis,theses thesis,indices index,
  went go,gone go,goes go,going go,did do,done do,does do,doing do,had have,has have,having have,was be,were be,is be,
  are be,am be,been be,being be,made make,gave give,given give,took take,taken take,bought buy,sold sell,got get,
  gotten get,came come,became become,saw see,seen see,knew know,known know,thought think,found find,told tell,said say,
  left leave,felt feel,kept keep,began begin,begun begin,showed show,shown show,wrote write,written write,ran run,
  spoke speak,spoken speak,broke break,broken break,drove drive,driven drive,ate eat,eaten eat,fell fall,fallen fall,
  flew fly,flown fly,forgot forget,forgotten forget,grew grow,grown grow,held hold,led lead,lost lose,met meet,paid pay,
  sent send,slept sleep,spent spend,stood stand,taught teach,threw throw,thrown throw,understood understand,won win,
  wore wear,worn wear,chose choose,chosen choose,drew draw,drawn draw,drank drink,drunk drink,built build,caught catch,
  fought fight,heard hear,hid hide,hidden hide,learnt learn,lent lend,lit light,meant mean,rose rise,risen rise,
  sang sing,sung sing,sat sit,stole steal,stolen steal,struck strike,swam swim,swore swear,tore tear,torn tear,
  woke wake,bit bite,bitten bite,blew blow,blown blow,brought bring,dealt deal,died die,dying die,lying lie,lied lie,
  tying tie,tied tie,used use,using use,uses use,news news,series series,species species,always always,mathematics math,
  maths math,better good,best good,worse bad,worst bad,physics physics,economics economics,this this,thus thus,
  yes yes,its its,his his,hers hers,us us,as as,is be,nothing nothing,something something,anything anything,
  everything everything,thing thing,during during,need need,speed speed,indeed indeed,bus bus,gas gas,string string,
  bring bring,king king,ring ring,sing sing,spring spring,wing wing,morning morning,evening evening,building building,
  hundred hundred,wedding wedding,red red,bed bed,feed feed,seed seed,species species,less less,access access`
    .split(',')
    .map((line) => line.trim().split(' ') as [string, string]),
);

/** Words of grammar. What they say together is read by the checks; one by one they tell nothing. */
export const FUNCTION_WORDS = words(`
  a an the this that these those there here it its itself i me my mine myself you your yours yourself we us our ours one
  he him his himself she her hers herself they them their theirs themselves who whom whose which what when where why how
  be do have can could will would shall should may might must ought let going to of in on at by for from with
  about into onto over under above below between among through during before after since until till against within
  without upon than as if whether because while although though unless so then and or but nor not no yes per via versus
  near across along around behind beside besides beyond despite except inside outside off out up down toward towards
  like such same both either neither each every all any some none few many much more most less least several various
  only just even also too very quite rather pretty really actually truly ever never always often sometimes usually
  still yet already again anymore now today currently nowadays recently soon later ago else instead however therefore
  someone somebody something anyone anybody anything everyone everybody everything nobody nothing no-one nowhere
  somewhere anywhere everywhere etc ok okay oh well please thanks thank hello hi hey dear sir right am is are was were
  been being does did done doing has had having cannot us another other others once twice own thing stuff person
  tell exactly basically simply literally generally possibly probably maybe perhaps apparently obviously absolutely
  definitely totally completely entirely fully certainly specifically especially particularly mainly mostly`);

/** Content words that many questions have and few answers hang on: added or exchanged, they make no other question. */
export const WEAK_WORDS = words(`
  way method tip step trick technique approach process procedure idea suggestion advice recommendation guide
  good great nice top perfect ideal proper right correct effective efficient interesting amazing awesome useful
  favorite favourite personal personally important main major key significant biggest notable common popular famous
  basic general overall different various possible available able certain particular specific kind type sort form
  example instance get go come make take give put use want need try help find know think believe feel say see look
  mean happen become seem start keep work exist call name define describe explain consider suggest recommend show like
  reason thing stuff lot bit much many people person human guy life world time day part point fact case matter
  question answer opinion view thought experience word term meaning definition purpose real true actual exact
  exactly serious seriously legit best better easy easily quick quickly simple simply ever never have do be ask learn
  internet online website site page option list level end place area situation everyday daily cause system mark note
  regularly regular usual unknown total great so-called whole entire complete full own self new current recent latest
  modern must should current present now today year ever choose pick select buy purchase prefer first last next previous back upcoming
  avail preferably really likely probable likely apparently expect consist contain include involve require
  anyone quora`);
