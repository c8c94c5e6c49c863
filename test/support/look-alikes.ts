import type { GateReason } from '../../src/core/semantic.ts';

type Pairs = readonly (readonly [string, string])[];

/** Questions that only look alike, by what tells them apart. */
export const DIFFERENT: Partial<Record<GateReason, Pairs>> = {
  numbers: [
    ['How do I split a bill between 3 people?', 'How do I split a bill between 4 people?'],
    ['What are the 3 best books on chess?', 'What are the 5 best books on chess?'],
    ['How do I lose 10 kg in six months?', 'How do I lose 10 kg in four months?'],
    ['What is 15 percent of 80?', 'What is 15 percent of 90?'],
    ['How do I solve chapter two?', 'How do I solve chapter seven?'],
    ['What happened in World War I?', 'What happened in World War II?'],
  ],
  units: [
    ['How many calories are in 5 kilos of rice?', 'How many calories are in 5 pounds of rice?'],
    ['How far is 10 miles on foot?', 'How far is 10 km on foot?'],
    ['How do I lose weight in 2 weeks?', 'How do I lose weight in 2 months?'],
  ],
  dates: [
    ['Who won the election in 2016?', 'Who won the election in 2020?'],
    ['Is the bank open on Monday?', 'Is the bank open on Sunday?'],
    ['What is the weather like in Rome in March?', 'What is the weather like in Rome in October?'],
    ['What happened on 4/5/2019?', 'What happened on 5/4/2019?'],
    ['Is the library open at Christmas?', 'Is the library open at Easter?'],
  ],
  money: [
    ['What is the best laptop for $500?', 'What is the best laptop for $150?'],
    ['How do I invest 500 dollars?', 'How do I invest 500 euros?'],
    ['What can I buy for £20?', 'What can I buy for €20?'],
  ],
  names: [
    ['What is the battery life of the iPhone 6?', 'What is the battery life of the iPhone 6s?'],
    ['When was Marie Curie born?', 'When was Lise Meitner born?'],
    ['How do I sort a list in Python?', 'How do I sort a list in Haskell?'],
    ['Is C++ hard to learn?', 'Is C# hard to learn?'],
    ['What does Ericsson make?', 'What does Nokia make?'],
  ],
  places: [
    ['What is the population of Kenya?', 'What is the population of Ghana?'],
    ['What are good restaurants in Hyderabad?', 'What are good restaurants in Bangalore?'],
    ['Is it safe to drink tap water in Canada?', 'Is it safe to drink tap water in Peru?'],
  ],
  quotes: [
    ['What does "je t\'aime" mean?', 'What does "je t\'adore" mean?'],
    ['How do I say "we love you" to a crowd?', 'How do I say "we love it" to a crowd?'],
  ],
  code: [
    ['What does --force do in git push?', 'What does --dry-run do in git push?'],
    ['How do I edit /etc/hosts?', 'How do I edit /etc/passwd?'],
    ['How do I open data.csv?', 'How do I open report.csv?'],
    ['What is wrong with https://a.example/x?', 'What is wrong with https://a.example/y?'],
    ['What does user_id mean?', 'What does order_id mean?'],
    ['What does arr.map() return?', 'What does arr.filter() return?'],
  ],
  negation: [
    ['Why is the sky blue?', 'Why is the sky not blue?'],
    ['Can I travel with a passport?', 'Can I travel without a passport?'],
    ['What foods should I eat during a diet?', "What foods shouldn't I eat during a diet?"],
    ['Is there a cure for the flu?', 'Is there no cure for the flu?'],
    ['How do I stop biting nails?', 'How do I bite nails?'],
  ],
  antonyms: [
    ['How do I enable 2FA?', 'How do I disable 2FA?'],
    ['How do I turn on dark mode?', 'How do I turn off dark mode?'],
    ['Where can I buy used books?', 'Where can I sell used books?'],
    ['Is this mushroom edible?', 'Is this mushroom inedible?'],
    ['What is the largest ocean?', 'What is the smallest ocean?'],
    ['Should I stretch before running?', 'Should I stretch after running?'],
    ['How do I increase the font size?', 'How do I decrease the font size?'],
    [
      'What are the similarities between frogs and toads?',
      'What are the differences between frogs and toads?',
    ],
    ['Is it legal to record calls?', 'Is it illegal to record calls?'],
    ['How do I log in to my account?', 'How do I log out of my account?'],
  ],
  direction: [
    ['How do I fly from Rome to Oslo?', 'How do I fly from Oslo to Rome?'],
    ['How do I convert a string to a number?', 'How do I convert a number to a string?'],
    ['Is a cat smarter than a dog?', 'Is a dog smarter than a cat?'],
    ['How do I translate Latin into Greek?', 'How do I translate Greek into Latin?'],
    ['How do I convert miles to kilometers?', 'How do I convert kilometers to miles?'],
    ['Are trains from Paris late?', 'Are trains to Paris late?'],
  ],
  roles: [
    ['What happens when a dog bites a man?', 'What happens when a man bites a dog?'],
    ['What seems complex but is simple?', 'What seems simple but is complex?'],
    ['Who killed Caesar?', 'Who was killed by Caesar?'],
    ['What do spiders eat?', 'What eats spiders?'],
    ['How do I stop following someone?', 'How do I stop someone from following?'],
    ['How do I apply for a visa?', 'How does my wife apply for a visa?'],
    ['Can 2 adults and 3 children share it?', 'Can 3 adults and 2 children share it?'],
  ],
  quantity: [
    ['Are all swans white?', 'Are some swans white?'],
    ['What is the fastest animal?', 'What are the fastest animals?'],
    ['Who was the first man on the moon?', 'Who was the last man on the moon?'],
    ['Who can see my posts?', 'Who can only see my posts?'],
  ],
  time: [
    ['What is the weather today?', 'What is the weather tomorrow?'],
    ['How will the war end?', 'How did the war end?'],
  ],
  format: [
    ['Explain gravity as JSON', 'Explain gravity as a table'],
    ['Describe photosynthesis', 'Describe photosynthesis in one sentence'],
    ['Write about the sea', 'Write a poem about the sea'],
  ],
  language: [
    ['How do I say hello in French?', 'How do I say hello in Korean?'],
    ['Explain gravity', 'Explain gravity in Spanish'],
  ],
  question: [
    ['When was the Eiffel Tower built?', 'Why was the Eiffel Tower built?'],
    ['Who invented the telephone?', 'When was the telephone invented?'],
    ['Should I take aspirin?', 'Do I have to take aspirin?'],
    ['What is inflation?', 'What is inflation? Does it hurt the poor?'],
    ['How many moons does Jupiter have?', 'Why does Jupiter have moons?'],
  ],
  condition: [
    ['How do I bake bread?', 'How do I bake bread for guests with allergies?'],
    ['What should I eat?', 'What should I eat during chemotherapy?'],
    ['When did the war end?', 'When did the war start and end?'],
    [
      'What is the difference between a mouse and a rat?',
      'What is the difference between a mouse, a rat and a rodent?',
    ],
  ],
  words: [
    ['How do I clean a carpet?', 'How do I clean a fireplace?'],
    ['What is the boiling point of ethanol?', 'What is the boiling point of methanol?'],
    ['How do I repair a bicycle?', 'How do I repair a piano?'],
  ],
};

/** The same question in another dress. */
export const SAME: Readonly<Record<string, Pairs>> = {
  'case, spaces and punctuation': [
    ['What is the capital of France?', 'what is the capital of france'],
    ['How do I boil an egg?', '  HOW DO I   BOIL AN EGG !!'],
    ['What is a well-structured essay?', 'What is a well structured essay'],
    ['How do I join the U.S. Army?', 'How do I join the US army?'],
  ],
  politeness: [
    [
      'What is the capital of France?',
      'Hey, could you please tell me what the capital of France is? Thanks!',
    ],
    ['How do I boil an egg?', 'Hi there, please, how do I boil an egg?'],
    ['Explain recursion', 'Can you explain recursion, please?'],
    ['Why is the sky blue?', 'I was wondering why the sky is blue. Thank you!'],
  ],
  contractions: [
    ["What's the point of life?", 'What is the point of life?'],
    ["Why don't cats like water?", 'Why do cats not like water?'],
    ['Whats the tallest mountain?', "What's the tallest mountain?"],
  ],
  typos: [
    ['How do I find a new oppurtunity?', 'How do I find a new opportunity?'],
    ['Who is Hilary Clinton?', 'Who is Hillary Clinton?'],
    ['How does photosythesis work?', 'How does photosynthesis work?'],
  ],
  synonyms: [
    ['How do I enable 2FA?', 'How can I turn on 2FA?'],
    ['How do I delete my account?', 'How can I remove my account?'],
    ['What is the best way to learn French?', 'How do I learn French?'],
    ['What is the reason the sky is blue?', 'Why is the sky blue?'],
    ['How do I get rid of ants?', 'What is the best way to remove ants?'],
    ['Is it possible to freeze eggs?', 'Can I freeze eggs?'],
  ],
  order: [
    ['What is the capital of France?', 'In France, what is the capital?'],
    [
      'What is the difference between a frog and a toad?',
      'What is the difference between a toad and a frog?',
    ],
    ['If it rains, what should I wear?', 'What should I wear if it rains?'],
    ['What are the rules of the game of chess?', "What are the chess game's rules?"],
  ],
  inflection: [
    ['What is the best book on chess?', 'What are the best books on chess?'],
    ['How do touchscreens work?', 'How does a touchscreen work?'],
    ['Why do people compare Ronaldo and Messi?', 'Why do people compare Messi and Ronaldo?'],
  ],
  'numbers and units': [
    ['What can I do in 2 days?', 'What can I do in two days?'],
    ['How long does it take to walk 5 km?', 'How long does it take to walk five kilometers?'],
    ['What is the best phone under 15k?', 'What is the best phone under 15,000?'],
    ['What can I buy for $5?', 'What can I buy for 5 dollars?'],
    ['What caused World War II?', 'What caused WW2?'],
  ],
  abbreviations: [
    ['Who is the president of the USA?', 'Who is the president of the United States?'],
    ['Is AI dangerous?', 'Is artificial intelligence dangerous?'],
    ['What is the biggest city in the UK?', 'What is the biggest city in the United Kingdom?'],
  ],
};
