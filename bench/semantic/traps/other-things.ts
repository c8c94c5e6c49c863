import { kindOf, type LookAlikeKind } from './kinds.ts';

/** Another number, name or thing in the same sentence. */
export const OTHER_THINGS: readonly LookAlikeKind[] = [
  kindOf(
    'number',
    [
      'Plan a menu for a dinner with {x} guests',
      'Which chords can a beginner play on a guitar with {x} strings?',
      'How much paint do I need for a room with {x} walls?',
      'Suggest a training schedule for a {x} kilometre run',
      'List {x} tips for sleeping better on a plane',
      'How should I split the rent among {x} flatmates?',
      'What can a child of {x} years do alone in the kitchen?',
      'Is a battery of {x} watt hours allowed in hand luggage?',
    ],
    [
      ['4', '6'],
      ['five', 'seven'],
      ['10', '12'],
      ['three', 'thirteen'],
      ['8', '80'],
      ['15', '50'],
      ['21', '42'],
      ['99', '101'],
    ],
  ),
  kindOf(
    'date',
    [
      'Which holidays fall into the week of {x}?',
      'Was the stock exchange open on {x}?',
      'Draft a reminder that the invoice is due on {x}',
      'What did the moon look like on {x}?',
      'Write a birthday card for somebody born on {x}',
      'How many weeks are left until {x}?',
      'Tell me about the eclipse of {x}',
    ],
    [
      ['3 March 2021', '3 May 2021'],
      ['12 August 2019', '21 August 2019'],
      ['2024-02-28', '2024-02-29'],
      ['July 4', 'July 14'],
      ['1 October 2018', '1 October 2017'],
      ['the first of June', 'the first of July'],
      ['9/11/2022', '11/9/2022'],
    ],
  ),
  kindOf(
    'currency',
    [
      'Convert a salary of 52,000 {x} into a monthly budget',
      'What can a tourist buy with 300 {x} in a market?',
      'How is the {x} pegged?',
      'Why did the {x} fall against its neighbours last spring?',
      'Draft an offer for 1,200 {x} a month',
      'Explain the history of the {x} as a currency',
      'Which coins of the {x} are worth collecting?',
    ],
    [
      ['euros', 'dollars'],
      ['pounds', 'francs'],
      ['yen', 'yuan'],
      ['Swedish kronor', 'Danish kroner'],
      ['Mexican pesos', 'Chilean pesos'],
      ['rupees', 'rubles'],
      ['USD', 'CAD'],
    ],
  ),
  {
    kind: 'unit',
    phrases: [
      [
        'My parcel weighs 7 {x}, which box should I take?',
        [
          ['kilograms', 'pounds'],
          ['kg', 'lb'],
          ['grams', 'ounces'],
        ],
      ],
      [
        'How much does a plank cost that is 2 {x} thick?',
        [
          ['inches', 'centimetres'],
          ['cm', 'mm'],
        ],
      ],
      [
        'Describe a barrel that holds 40 {x}',
        [
          ['litres', 'gallons'],
          ['pints', 'gallons'],
        ],
      ],
      ['What clothes do I need at 30 degrees {x}?', [['Celsius', 'Fahrenheit']]],
      [
        'How long does a snail need for 12 {x}?',
        [
          ['metres', 'feet'],
          ['inches', 'metres'],
          ['miles', 'kilometres'],
        ],
      ],
      [
        'Write the recipe again with 250 {x} of flour',
        [
          ['grams', 'ounces'],
          ['g', 'oz'],
        ],
      ],
      [
        'Is a suitcase of 30 {x} too heavy for one person?',
        [
          ['kilograms', 'pounds'],
          ['kg', 'lbs'],
          ['kilos', 'stones'],
        ],
      ],
      [
        'Can I send a file of 40 {x} by email?',
        [
          ['MB', 'GB'],
          ['KB', 'MB'],
          ['kilobytes', 'megabytes'],
        ],
      ],
      [
        'How far does a cyclist get in 90 {x}?',
        [
          ['minutes', 'hours'],
          ['seconds', 'minutes'],
        ],
      ],
      [
        'Is a pool of 3 {x} deep enough for diving?',
        [
          ['metres', 'feet'],
          ['m', 'ft'],
        ],
      ],
      [
        'What grows on a field of 5 {x}?',
        [
          ['acres', 'hectares'],
          ['square metres', 'square feet'],
        ],
      ],
      [
        'Should dried beans be soaked for 12 {x}?',
        [
          ['minutes', 'hours'],
          ['hours', 'days'],
        ],
      ],
      [
        'Which lamp has a power of 60 {x}?',
        [
          ['watts', 'kilowatts'],
          ['volts', 'watts'],
        ],
      ],
      [
        'How many people can live on 2 {x} of rice?',
        [
          ['tons', 'kilograms'],
          ['pounds', 'tons'],
        ],
      ],
      [
        'Compare two runners who did 10 {x} in an hour',
        [
          ['miles', 'kilometres'],
          ['km', 'mi'],
        ],
      ],
      [
        'Is a speed of 80 {x} allowed on this road?',
        [
          ['km/h', 'mph'],
          ['kilometres per hour', 'miles per hour'],
        ],
      ],
      [
        'How wide is a river of 200 {x}?',
        [
          ['metres', 'yards'],
          ['feet', 'metres'],
        ],
      ],
      [
        'Is 20 {x} of rain a lot for one day?',
        [
          ['millimetres', 'inches'],
          ['mm', 'cm'],
        ],
      ],
      [
        'How much is a pension of 1,500 a {x}?',
        [
          ['month', 'year'],
          ['week', 'month'],
        ],
      ],
    ],
  },
  kindOf(
    'person',
    [
      'Summarise the early life of {x}',
      'What was {x} best known for?',
      'Write a short obituary of {x}',
      'Which prizes did {x} win?',
      'Did {x} ever marry?',
      'Name a good biography of {x}',
      'In which school was {x} taught?',
    ],
    [
      ['Marie Curie', 'Pierre Curie'],
      ['Charlotte Brontë', 'Emily Brontë'],
      ['Wilhelm Grimm', 'Jacob Grimm'],
      ['Serena Williams', 'Venus Williams'],
      ['George Bush', 'George Washington'],
      ['Niels Bohr', 'Max Planck'],
      ['Clara Schumann', 'Robert Schumann'],
      ['Frida Kahlo', 'Diego Rivera'],
    ],
  ),
  kindOf(
    'place',
    [
      'Where should I park when I visit {x}?',
      'Describe the climate of {x} in autumn',
      'Which museums in {x} are free on Sundays?',
      'How did {x} get its name?',
      'Is it easy to find a flat in {x}?',
      'Recommend a walk through {x} that takes two hours',
      'Which dishes come from {x}?',
    ],
    [
      ['Lyon', 'Marseille'],
      ['Porto', 'Lisbon'],
      ['Ghana', 'Guyana'],
      ['Oslo', 'Bergen'],
      ['Kyoto', 'Osaka'],
      ['Austria', 'Australia'],
      ['New South Wales', 'South Wales'],
      ['Perth', 'Adelaide'],
    ],
  ),
  kindOf(
    'product',
    [
      'How do I reset my {x} to factory settings?',
      'Does the {x} come with a warranty of two years?',
      'Where is the serial number on a {x}?',
      'Write a product review of the {x}',
      'Which charger fits the {x}?',
      'Why does my {x} get so hot?',
      'Is there a repair manual for the {x}?',
    ],
    [
      ['Galaxy S21', 'Galaxy S22'],
      ['Kindle Oasis', 'Kindle Paperwhite'],
      ['PlayStation 4', 'PlayStation 5'],
      ['Canon EOS R6', 'Canon EOS R7'],
      ['iPad Air', 'iPad Pro'],
      ['Surface Go', 'Surface Pro'],
      ['ThinkPad T480', 'ThinkPad T480s'],
    ],
  ),
  kindOf(
    'literal',
    [
      'What does the phrase "{x}" mean?',
      'Where is the function `{x}` defined?',
      'Rename the variable `{x}` in this script',
      'Use the expression "{x}" in a sentence',
      'Why does `{x}` raise an exception?',
      'Count the letters in "{x}"',
      'Who said "{x}" for the first time?',
    ],
    [
      ['bite the bullet', 'bite the dust'],
      ['read_file', 'read_files'],
      ['max_retries', 'min_retries'],
      ['spill the beans', 'spill the tea'],
      ['parseInt', 'parseFloat'],
      ['user.id', 'user.name'],
      ['under the weather', 'under the radar'],
    ],
  ),
];
