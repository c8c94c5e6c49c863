/** What harmless rewrites are made of: requests, words that mean the same, and orders that change nothing. */

/** Requests of many sorts. Case, spaces, punctuation, politeness and typing errors are put on top of them. */
export const REQUESTS: readonly string[] = [
  'How do I remove rust from garden tools?',
  'What is the boiling point of ethanol?',
  'Explain the difference between a virus and a bacterium',
  'Write a haiku about a lighthouse in winter',
  'Why do cats purr when they are asleep?',
  'Which spices go well with roasted pumpkin?',
  'Summarise the plot of Moby Dick in three sentences',
  'How can I stop my glasses from fogging up?',
  'What does a product manager do all day?',
  'Suggest names for a small bakery by the sea',
  'How is paper recycled?',
  'Give me an example of a palindrome',
  'How long does it take to learn to play the piano?',
  'What are the symptoms of a vitamin D deficiency?',
  'Describe how a refrigerator keeps food cold',
  'Which countries border Switzerland?',
  'How do I split a string by commas in Python?',
  'What is the plural of octopus?',
  'How many players are there in a rugby team?',
  'Who painted the ceiling of the Sistine Chapel?',
  'Why is the sky red in the evening?',
  'How do noise cancelling headphones work?',
  'What should I pack for a week of hiking in Norway?',
  'Draft an email that asks a customer for feedback',
  'What is the capital gains tax?',
  'How do I center a heading with CSS?',
  'Which vitamins are found in carrots?',
  'What causes thunder during a storm?',
  'How do I get candle wax out of a tablecloth?',
  'Explain recursion to a beginner',
  'When was the printing press invented?',
  'How do bees find their way back to the hive?',
  'What is a good warm-up before lifting weights?',
  'How can a school reduce its use of electricity?',
  'Which trees grow fast in sandy soil?',
  'What is the purpose of a semicolon?',
  'How do I merge two branches in Git?',
  'Where do monarch butterflies spend the winter?',
  'What is the best way to store fresh basil?',
  'How do I write a cover letter for a first job?',
  'Why does bread rise in the oven?',
  'What is a mortgage?',
  'Create a slogan for a bicycle repair shop',
  'How do submarines stay under water?',
];

/** Requests with a contraction, and without. */
export const CONTRACTED: readonly (readonly [string, string])[] = [
  ["What's the purpose of a keystone in an arch?", 'What is the purpose of a keystone in an arch?'],
  ["Why doesn't oil mix with water?", 'Why does not oil mix with water?'],
  ["How's glass made?", 'How is glass made?'],
  ["What's a good name for a grey horse?", 'What is a good name for a grey horse?'],
  ["Why can't penguins fly?", 'Why can not penguins fly?'],
  ["Who's the author of Middlemarch?", 'Who is the author of Middlemarch?'],
  ["Where's the oldest library in Europe?", 'Where is the oldest library in Europe?'],
  ["I'm afraid of flying, how do I calm down?", 'I am afraid of flying, how do I calm down?'],
  ["What should I do if my cat won't eat?", 'What should I do if my cat will not eat?'],
  ["Why aren't tomatoes vegetables?", 'Why are not tomatoes vegetables?'],
  ["I've lost my passport abroad, what now?", 'I have lost my passport abroad, what now?'],
  ["What's the easiest instrument to learn?", 'What is the easiest instrument to learn?'],
  ["Why isn't the moon always round?", 'Why is not the moon always round?'],
  ["How do I know it's time to change a tyre?", 'How do I know it is time to change a tyre?'],
  ["We're moving house, what should we pack first?", 'We are moving house, what should we pack first?'],
  ["Which plants don't need much light?", 'Which plants do not need much light?'],
  ["What's the role of a notary?", 'What is the role of a notary?'],
  ["My laptop doesn't charge, what can I check?", 'My laptop does not charge, what can I check?'],
  ["Why wasn't the tower finished?", 'Why was not the tower finished?'],
  ["When's the best season to plant garlic?", 'When is the best season to plant garlic?'],
];

/** Sentences with a gap, and fillings that mean the same in it. */
export const SYNONYMS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'How do I {x} a used bicycle?',
    [
      ['buy', 'purchase'],
      ['fix', 'repair'],
    ],
  ],
  ['How can I {x} a knife at home?', [['sharpen', 'hone']]],
  [
    'What is the {x} way to learn touch typing?',
    [
      ['fastest', 'quickest'],
      ['best', 'most effective'],
      ['easiest', 'simplest'],
    ],
  ],
  [
    'How do I {x} a blocked sink?',
    [
      ['clear', 'unclog'],
      ['fix', 'repair'],
    ],
  ],
  ['What is the {x} of the word ephemeral?', [['meaning', 'definition']]],
  ['Why do dogs {x} at strangers?', [['bark', 'woof']]],
  [
    'How can I {x} my handwriting?',
    [
      ['improve', 'get better at'],
      ['improve', 'make better'],
    ],
  ],
  [
    'How do I {x} weight in a healthy way?',
    [
      ['lose', 'drop'],
      ['gain', 'put on'],
    ],
  ],
  [
    'What are the {x} of drinking green tea?',
    [
      ['benefits', 'advantages'],
      ['drawbacks', 'disadvantages'],
    ],
  ],
  [
    'How do I {x} my account?',
    [
      ['close', 'delete'],
      ['log in to', 'sign in to'],
    ],
  ],
  [
    'How do I {x} learning to draw?',
    [
      ['start', 'begin'],
      ['get started with', 'start'],
    ],
  ],
  ['Which {x} are good for a windy balcony?', [['plants', 'types of plants']]],
  ['How can I {x} my child to read more?', [['encourage', 'motivate']]],
  [
    'How do I {x} a presentation about whales?',
    [
      ['prepare', 'put together'],
      ['create', 'make'],
    ],
  ],
  [
    'What {x} the First World War?',
    [
      ['caused', 'were the causes of'],
      ['triggered', 'caused'],
    ],
  ],
  ['How can I {x} for a marathon?', [['train', 'prepare']]],
  ['How do I get {x} mosquitoes?', [['rid of', 'free of']]],
  [
    'How does a {x} work?',
    [
      ['fridge', 'refrigerator'],
      ['TV', 'television'],
      ['plane', 'airplane'],
      ['bike', 'bicycle'],
    ],
  ],
  [
    'How do I take care of a {x}?',
    [
      ['puppy', 'young dog'],
      ['baby', 'newborn'],
      ['sick person', 'person who is ill'],
    ],
  ],
  [
    'What {x} in the French Revolution?',
    [
      ['happened', 'took place'],
      ['occurred', 'happened'],
    ],
  ],
  [
    'How do {x} choose a university?',
    [
      ['students', 'pupils'],
      ['teenagers', 'teens'],
    ],
  ],
  [
    'How can I become a {x}?',
    [
      ['doctor', 'physician'],
      ['lawyer', 'attorney'],
      ['software developer', 'software engineer'],
    ],
  ],
];

/** The same request in another order. */
export const REORDERED: readonly (readonly [string, string])[] = [
  [
    'How do I clean a keyboard without taking it apart?',
    'Without taking it apart, how do I clean a keyboard?',
  ],
  ['What should I drink when I have a sore throat?', 'When I have a sore throat, what should I drink?'],
  ['How can I save energy at home in winter?', 'In winter, how can I save energy at home?'],
  ['What is the difference between jam and marmalade?', 'What is the difference between marmalade and jam?'],
  ['Which is healthier, butter or margarine?', 'Which is healthier, margarine or butter?'],
  ['How do I peel and cut a mango?', 'How do I cut and peel a mango?'],
  ['If my flight is cancelled, what are my rights?', 'What are my rights if my flight is cancelled?'],
  ['As a student, how can I earn some money?', 'How can I earn some money as a student?'],
  ['In Python, how do I sort a dictionary by value?', 'How do I sort a dictionary by value in Python?'],
  ['For a beginner, which camera is good?', 'Which camera is good for a beginner?'],
  [
    'What are the rules of chess and where do they come from?',
    'Where do the rules of chess come from and what are they?',
  ],
  ['Without an oven, how can I make pizza?', 'How can I make pizza without an oven?'],
  ['How do I make a website with HTML and CSS?', 'How do I make a website with CSS and HTML?'],
  ['What can I cook with rice, eggs and spinach?', 'What can I cook with spinach, rice and eggs?'],
  ['How do volcanoes form under the sea?', 'Under the sea, how do volcanoes form?'],
  ['Write a story about a fox and a crow', 'Write a story about a crow and a fox'],
  [
    'What is the best time of the year to visit Iceland?',
    'To visit Iceland, what is the best time of the year?',
  ],
  ['How do I stop hiccups quickly?', 'How do I quickly stop hiccups?'],
  [
    'Is there a bus from the airport to the centre at night?',
    'At night, is there a bus from the airport to the centre?',
  ],
  ['Explain in simple terms how a loan works', 'Explain how a loan works in simple terms'],
  ['After a long break, how do I start running again?', 'How do I start running again after a long break?'],
  [
    'How do I remove a coffee stain from a white shirt?',
    'From a white shirt, how do I remove a coffee stain?',
  ],
  ['Are mushrooms plants or animals?', 'Are mushrooms animals or plants?'],
  ['Who was older, Mozart or Beethoven?', 'Who was older, Beethoven or Mozart?'],
  ['What do owls eat in the wild?', 'In the wild, what do owls eat?'],
  ['How do I write a polite refusal in an email?', 'In an email, how do I write a polite refusal?'],
  ['With a small budget, how can I decorate a flat?', 'How can I decorate a flat with a small budget?'],
  ['Suggest a gift for a friend who likes tea', 'For a friend who likes tea, suggest a gift'],
  ['What are the pros and cons of solar panels?', 'What are the cons and pros of solar panels?'],
  ['How are diamonds and graphite related?', 'How are graphite and diamonds related?'],
  ['When baking, why is salt needed?', 'Why is salt needed when baking?'],
  ['Can I keep a rabbit and a guinea pig together?', 'Can I keep a guinea pig and a rabbit together?'],
  ['During pregnancy, which foods should be avoided?', 'Which foods should be avoided during pregnancy?'],
  ['How do I fold a fitted sheet properly?', 'How do I properly fold a fitted sheet?'],
  ['What is the distance between Madrid and Rome?', 'What is the distance between Rome and Madrid?'],
  ['To remove paint from wood, what do I need?', 'What do I need to remove paint from wood?'],
  ['Give me three ideas for lunch, all vegetarian', 'Give me three vegetarian ideas for lunch'],
  ['Which books by Jane Austen should I read first?', 'Which books should I read first by Jane Austen?'],
  ['In the Middle Ages, how did people tell the time?', 'How did people tell the time in the Middle Ages?'],
  ['How do I politely end a phone call?', 'How do I end a phone call politely?'],
];
