import { kindOf, type LookAlikeKind, swapKindOf } from './kinds.ts';

/** The same things, in another relation to each other, or to be given in another form. */
export const OTHER_RELATIONS: readonly LookAlikeKind[] = [
  swapKindOf(
    'from-to',
    [
      'How do I move my photos from {x} to {y}?',
      'Give a script that copies rows from {x} to {y}',
      'What must be known when changing from {x} to {y}?',
      'Can a subscription be moved from {x} to {y}?',
      'Write a checklist for migrating from {x} to {y}',
      'What gets lost when I switch from {x} to {y}?',
    ],
    [
      ['Dropbox', 'OneDrive'],
      ['MySQL', 'PostgreSQL'],
      ['Jenkins', 'GitLab'],
      ['Excel', 'Notion'],
      ['Spotify', 'Tidal'],
      ['Angular', 'Vue'],
      ['Outlook', 'Thunderbird'],
    ],
  ),
  swapKindOf(
    'a-versus-b',
    [
      'Why is {x} better than {y} for a small garden?',
      'In what way does {x} beat {y}?',
      'Does {x} cost more than {y}?',
      'Why do experts prefer {x} over {y}?',
      'How much faster is {x} than {y}?',
      'Name three cases in which {x} replaces {y}',
    ],
    [
      ['gravel', 'bark'],
      ['oak', 'pine'],
      ['steel', 'copper'],
      ['bamboo', 'cedar'],
      ['concrete', 'brick'],
      ['wool', 'cotton'],
      ['clay', 'plastic'],
    ],
  ),
  kindOf(
    'target-language',
    [
      'Translate the following sentence into {x}: the ferry leaves at dawn',
      'How do you say thank you in {x}?',
      'Write a thank-you note in {x}',
      'Give me the {x} word for lighthouse',
      'Answer in {x}: what is a comet made of?',
      'Explain this error message in {x}',
      'Teach me to count to ten in {x}',
    ],
    [
      ['Spanish', 'Portuguese'],
      ['Danish', 'Swedish'],
      ['Polish', 'Czech'],
      ['Hindi', 'Urdu'],
      ['French', 'Italian'],
      ['Finnish', 'Estonian'],
      ['Japanese', 'Korean'],
    ],
  ),
  kindOf(
    'output-format',
    [
      'List the moons of Jupiter as {x}',
      'Give the opening hours of a library as {x}',
      'Summarise how tides work in {x}',
      'Describe a good password policy as {x}',
      'Show the ingredients of a lentil soup as {x}',
      'Present the phases of a project as {x}',
      'Explain photosynthesis in {x}',
    ],
    [
      ['JSON', 'YAML'],
      ['a table', 'bullet points'],
      ['one sentence', 'one paragraph'],
      ['CSV', 'XML'],
      ['a numbered list', 'plain prose'],
      ['a poem', 'an essay'],
      ['Markdown', 'HTML'],
    ],
  ),
];
