import { kindOf, type LookAlikeKind } from './kinds.ts';

/** The same things, with a word in the sentence that turns what is asked. */
export const OTHER_WORDS: readonly LookAlikeKind[] = [
  {
    kind: 'negation',
    phrases: [
      [
        'Which vegetables {x} be kept in a fridge?',
        [
          ['should', 'should not'],
          ['can', "can't"],
          ['must', 'must never'],
        ],
      ],
      [
        'Explain why a landlord {x} enter the flat',
        [
          ['may', 'may not'],
          ['can', 'cannot'],
          ['should', "shouldn't"],
        ],
      ],
      [
        'When {x} a letter have to be signed by hand?',
        [
          ['does', "doesn't"],
          ['does', 'does not'],
          ['will', "won't"],
        ],
      ],
      [
        'Name animals that {x} swim',
        [
          ['can', 'cannot'],
          ['do', "don't"],
          ['like to', 'do not like to'],
        ],
      ],
      [
        'For which jobs {x} a licence needed?',
        [
          ['is', "isn't"],
          ['is', 'is not'],
          ['was', "wasn't"],
        ],
      ],
      [
        'Which planets {x} visible to the naked eye?',
        [
          ['are', "aren't"],
          ['are', 'are never'],
          ['were', 'were not'],
        ],
      ],
      [
        'List the cases in which cookies {x} stored',
        [
          ['are', 'are not'],
          ['must be', 'must not be'],
          ['get', 'never get'],
        ],
      ],
      [
        'Which passengers {x} allowed to sit at the front?',
        [
          ['are', 'are not'],
          ['were', "weren't"],
        ],
      ],
      [
        'Why {x} my tomatoes turn red?',
        [
          ['do', "don't"],
          ['did', "didn't"],
          ['will', 'will not'],
        ],
      ],
      [
        'Make a cake {x} eggs',
        [
          ['with', 'without'],
          ['using', 'not using'],
        ],
      ],
      [
        'Write a story {x} dialogue',
        [
          ['with', 'without'],
          ['that has', 'that has no'],
        ],
      ],
      [
        'What happens when a witness {x} the summons?',
        [
          ['follows', 'does not follow'],
          ['accepts', "doesn't accept"],
        ],
      ],
      [
        'Why {x} octopuses live long?',
        [
          ['do', "don't"],
          ['can', "can't"],
        ],
      ],
      [
        'Why do people {x} their doctor?',
        [
          ['trust', 'not trust'],
          ['believe', 'no longer believe'],
        ],
      ],
      [
        'Which fruits {x} seeds?',
        [
          ['have', 'have no'],
          ['contain', "don't contain"],
        ],
      ],
      [
        'How is a contract ended that was {x} signed?',
        [
          ['properly', 'not properly'],
          ['ever', 'never'],
        ],
      ],
    ],
  },
  {
    kind: 'antonym',
    phrases: [
      [
        'How do I make the text on my screen {x}?',
        [
          ['larger', 'smaller'],
          ['sharper', 'blurrier'],
          ['lighter', 'darker'],
        ],
      ],
      ['What happens if the tyre pressure is too {x}?', [['high', 'low']]],
      [
        'Find reasons for {x} blood sugar',
        [
          ['high', 'low'],
          ['rising', 'falling'],
        ],
      ],
      [
        'Give advice for photographing in a very {x} room',
        [
          ['bright', 'dark'],
          ['large', 'small'],
          ['empty', 'crowded'],
        ],
      ],
      [
        'Why does my voice sound {x} on recordings?',
        [
          ['higher', 'deeper'],
          ['loud', 'quiet'],
          ['young', 'old'],
        ],
      ],
      [
        'Which plants like {x} soil?',
        [
          ['dry', 'wet'],
          ['acidic', 'alkaline'],
          ['loose', 'firm'],
          ['warm', 'cold'],
        ],
      ],
      [
        'How can a pond be made {x}?',
        [
          ['deeper', 'shallower'],
          ['wider', 'narrower'],
          ['warmer', 'cooler'],
        ],
      ],
      [
        'What are the {x} of working at night?',
        [
          ['advantages', 'disadvantages'],
          ['pros', 'cons'],
          ['benefits', 'drawbacks'],
        ],
      ],
      [
        'How do I {x} the volume of a podcast file?',
        [
          ['increase', 'decrease'],
          ['raise', 'lower'],
        ],
      ],
      ['Who {x} the match on Sunday?', [['won', 'lost']]],
      [
        'How do I {x} my seat belt in an old car?',
        [
          ['fasten', 'unfasten'],
          ['tighten', 'loosen'],
        ],
      ],
      [
        'What is the {x} temperature for storing wine?',
        [
          ['maximum', 'minimum'],
          ['best', 'worst'],
        ],
      ],
      [
        'How do you {x} a wooden chair?',
        [
          ['assemble', 'disassemble'],
          ['build', 'destroy'],
        ],
      ],
      [
        'Name {x} habits of managers',
        [
          ['good', 'bad'],
          ['common', 'rare'],
          ['useful', 'harmful'],
        ],
      ],
      [
        'What if the {x} of a river is polluted?',
        [
          ['beginning', 'end'],
          ['top', 'bottom'],
        ],
      ],
      [
        'How do I {x} a group chat?',
        [
          ['join', 'leave'],
          ['mute', 'unmute'],
          ['open', 'close'],
        ],
      ],
      [
        'Why did exports {x} last year?',
        [
          ['rise', 'fall'],
          ['grow', 'shrink'],
          ['increase', 'decrease'],
        ],
      ],
    ],
  },
  kindOf(
    'quantifier',
    [
      'Do {x} birds migrate in winter?',
      'Prove that {x} integers of this set are even',
      'Delete {x} lines that begin with a hash',
      'Explain why {x} metals conduct electricity',
      'Which rule says that {x} members have to agree?',
      'Show the orders that contain {x} of these items',
      'Have {x} candidates answered the letter?',
    ],
    [
      ['all', 'some'],
      ['most', 'few'],
      ['at least three', 'at most three'],
      ['both', 'neither of the'],
      ['every one of the', 'only one of the'],
      ['more than half of the', 'less than half of the'],
    ],
  ),
  kindOf(
    'time-word',
    [
      'What should I do {x} the exam?',
      'Which forms do I need {x} moving abroad?',
      'How do I feel fit {x} a long flight?',
      'Is it wise to drink coffee {x} a run?',
      'Which exercises help {x} an operation on the knee?',
      'What did the town look like {x} the flood?',
      'May the alarm ring {x} the night shift?',
      'Which documents are checked {x} the sale of a house?',
      'Write down what a guide says {x} a tour',
    ],
    [
      ['before', 'after'],
      ['during', 'after'],
      ['right before', 'long before'],
      ['during', 'before'],
      ['an hour before', 'a week before'],
    ],
  ),
];
