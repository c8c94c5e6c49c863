/** Several words that mean one: what is left stands in their place. Longest first where they share a beginning. */
const LINES = `
turn on > enable, turns on > enable, turned on > enable, turning on > enable, switch on > enable,
switching on > enable, turn off > disable, turns off > disable, turned off > disable, turning off > disable,
switch off > disable, switching off > disable, shut off > disable, shut down > shutdown, power on > enable,
power off > disable, log in > login, log into > login to, log on > login, logging in > login,
sign in > login, sign into > login to, signing in > login, log out > logout, log off > logout,
sign out > logout, signing out > logout, sign up > register, signing up > register, set up > setup,
setting up > setup, find out > discover, figure out > discover, give up > quit, give in > yield,
get rid of > remove, getting rid of > remove, do away with > remove, take off > takeoff, put on > wear,
grow up > growup, look for > seek, looking for > seek, look up > lookup, work out > exercise,
working out > exercise, deal with > handle, dealing with > handle, cope with > handle, run out of > exhaust,
back up > backup, carry out > perform, point out > indicate, come up with > invent, take place > happen,
go up > rise, go down > fall, pick up > pickup, drop off > dropoff, check in > checkin,
check out > checkout, break down > breakdown, make up > makeup, instead of > insteadof,
rather than > insteadof, as opposed to > versus, prior to > before, out of > outof, because of > because,
due to > because, as well as > and, in order to > to, so as to > to, such as > like, in spite of > despite,
next to > near, close to > near, vs > versus, v/s > versus, e mail > email, wi fi > wifi,
united states of america > america, united states > america, the states > america, u s a > america,
usa > america, united kingdom > uk, great britain > uk, britain > uk, united arab emirates > uae,
european union > eu, united nations > un, new york city > nyc, artificial intelligence > ai,
machine learning > ml, two factor authentication > 2fa, two factor auth > 2fa,
2 factor authentication > 2fa, two step verification > 2fa, multi factor authentication > mfa,
ww 1 > world war 1, ww 2 > world war 2, ww 3 > world war 3, wwi > world war 1, ww1 > world war 1, wwii > world war 2, ww2 > world war 2, wwiii > world war 3,
ww3 > world war 3, first world war > world war 1, second world war > world war 2,
third world war > world war 3, television > tv, fb > facebook, insta > instagram, js > javascript,
info > information, govt > government, prez > president, db > database, pics > picture, pic > picture,
uni > university, temp > temperature, approx > about, approximately > about, roughly > about,
a lot of > many, lots of > many, plenty of > many, a bunch of > many, a couple of > few, a few > few,
a number of > many, number of > number, gonna > going to, wanna > want to, gotta > have to, kinda > kind of,
dont know > not know, each and every > every, is able to > can, are able to > can, am able to > can,
be able to > can, unable to > can not, not possible > impossible, no longer > not anymore,
cell phone > phone, mobile phone > phone, smart phone > phone, cellphone > phone, smartphone > phone,
step by step > stepwise, one night stand > onenightstand, what s > what is, what is it like > howfeel,
what is it like to > howfeel to, what does it feel like > howfeel,
what does it feel to be like > howfeel to be, what does it feel > howfeel, how does it feel > howfeel,
how do you feel > howfeel, how come > why, what for > why, what is the reason > why,
what is the main reason > why, what are the reasons > why, what are reasons > why,
what are some reasons > why, for what reason > why, what causes > why, what caused > why, what cause > why,
what is the cause of > why, what was the cause of > why, what are the causes of > why, what makes > why,
what made > why, how many > howmany, how much > howmuch, how long > howlong, how far > howfar,
how old > howold, how often > howoften, how tall > howmany tall, how big > howmany big,
how fast > howmany fast, how deep > howmany deep, how high > howmany high, how heavy > howmany heavy,
how large > howmany large, what number of > howmany, what is the number of > howmany,
what is the total number of > howmany, what amount of > howmuch, what time > when, what date > when,
what year > when, which year > when, what day > when, at what time > when, in what year > when,
in which year > when, on what date > when, at which place > where, in which place > where,
what should be done to > how to, what can be done to > how to, what should i do to > how to, what can i do to > how to, what could i do to > how to,
what do i do to > how to, what do i need to do to > how to, what must i do to > how to,
what should one do to > how to, what can one do to > how to, what should we do to > how to,
what can we do to > how to, what do you do to > how to, what should you do to > how to,
what can you do to > how to, is it possible to > can i, is it possible for me to > can i,
is it possible for someone to > can i, is it possible > can, is there any way to > how to,
is there a way to > how to, is there any way i can > how to, is there a way i can > how to,
is there any method to > how to, are there any ways to > how to, are there ways to > how to,
do i have to > must i, do you have to > must i, do we have to > must i, does one have to > must i,
do i need to > must i, do you need to > must i, do we need to > must i, is it necessary to > must i,
is it mandatory to > must i, is it required to > must i, is it compulsory to > must i,
am i required to > must i, am i allowed to > allowed i, are you allowed to > allowed i,
is it allowed to > allowed i, is it permitted to > allowed i,
is it a good idea to > should i, is it advisable to > should i, is it better to > should i,
is it worth > should i, do you think >, do you believe >, do you guys think >, do you know >,
would you say >, in your opinion >, in my opinion >, can you tell me >, could you tell me >,
can you please tell me >, could you please tell me >, would you tell me >, can anyone tell me >,
can someone tell me >, can you explain > explain, could you explain > explain, can you describe > explain,
can you help me > help me, could you help me > help me, can you give me > give me,
could you give me > give me, can you show me > show me, could you show me > show me, can you list > list,
could you list > list, would you please >, will you please >, could you please >, can you please >,
could you kindly >, would you kindly >, would you mind telling me >, please could you >, please can you >,
please help >, please help me >, please tell me >, please let me know >, please >, plz >, pls >, kindly >,
thank you very much >, thank you so much >, thank you in advance >, thanks in advance >, thanks a lot >,
thank you >, thanks >, thx >, cheers >, hey there >, hi there >, hello there >, good morning >,
good afternoon >, good evening >, i want to know >, i would like to know >, i would like to ask >,
i would love to know >, i need to know >, i wanted to know >, i wanted to ask >, i am wondering >,
i was wondering >, i wonder >, i have a question >, just wondering >, just curious >, quick question >,
tell me >, let me know >, isn t it >, or not >, if possible >, if you can >, as soon as possible >, asap >,
by the way >, btw >, what do you call > what is, what is meant by > what is,
what is the meaning of > what is, what is the definition of > what is, what exactly is > what is,
what exactly are > what are, i do not know > notknow, what is causing > why, what could cause > why,
what can cause > why, what might cause > why, what was the reason > why, what was the real cause of > why,
what is the real cause of > why, what was the cause > why`;

export interface Phrase {
  readonly words: readonly string[];
  readonly stands: readonly string[];
}

/** Phrases by their first word, longest first. */
export const PHRASES: ReadonlyMap<string, readonly Phrase[]> = (() => {
  const found = new Map<string, Phrase[]>();
  for (const line of LINES.split(',')) {
    const [left = '', right = ''] = line.split('>');
    const words = left.trim().split(' ');
    if (words[0] === '') continue;
    const phrase = {
      words,
      stands: right
        .trim()
        .split(' ')
        .filter((word) => word !== ''),
    };
    found.set(words[0]!, [...(found.get(words[0]!) ?? []), phrase]);
  }
  for (const list of found.values()) list.sort((one, other) => other.words.length - one.words.length);
  return found;
})();

/** Written without its apostrophe, or with it: what it stands for. */
export const CONTRACTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  `whats what is,whos who is,wheres where is,whens when is,whys why is,hows how is,thats that is,theres there is,
  its its,dont do not,doesnt does not,didnt did not,cant can not,cannot can not,couldnt could not,wont will not,
  wouldnt would not,shouldnt should not,isnt is not,arent are not,wasnt was not,werent were not,havent have not,
  hasnt has not,hadnt had not,mustnt must not,aint is not,im i am,ive i have,youre you are,youve you have,
  theyre they are,can't can not,won't will not,shan't shall not,ain't is not,let's let us,i'm i am,y'all you`
    .split(',')
    .map((line) => {
      const [word, ...rest] = line.trim().split(' ');
      return [word!, rest] as const;
    }),
);

/** Words whose 's is 'is' and no possession. */
export const TAKES_IS: ReadonlySet<string> = new Set(
  'what who where when why how it that there here he she this everything something'.split(' '),
);
