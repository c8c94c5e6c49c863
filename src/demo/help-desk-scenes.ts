import type { Scene, Visitor } from './demo-visitor.ts';
import type { GatewayReply } from './gateway-call.ts';

/** Each line is one question in several words; the lines about plans and nights look alike and are not. */
const ASKED = [
  [
    'How do I reset my password?',
    'how can i reset my password',
    'I forgot my password, how do I reset it?',
    'Please tell me how to reset my password.',
  ],
  ['What are your opening hours?', 'what are your opening hours please', 'When are you open?'],
  [
    'Where can I see my invoices?',
    'Where do I find my invoices?',
    'where can i find my invoices?',
    'Please show me where I can see my invoices.',
  ],
  ['How do I cancel my plan?', 'How can I cancel my plan?', 'how do i cancel my subscription'],
  ['How do I change my plan?', 'How can I change my plan?'],
  ['What does a berth cost for 2 nights?', 'How much is a berth for 2 nights?'],
  ['What does a berth cost for 3 nights?', 'How much is a berth for 3 nights?'],
] as const;

const SYSTEM = 'You are the help desk of a harbour office. Answer in at most two sentences.';
const HOW_MANY_AT_ONCE = 4;
const MORE = { userAgent: 'OpenAI/JS 6.49.0', feature: 'help-desk' };

const ask = (visitor: Visitor, content: string, stream: boolean): Promise<GatewayReply> =>
  visitor.send(
    'openai/chat/completions',
    {
      model: 'gpt-4o-mini',
      temperature: 0.2,
      stream,
      messages: [
        { role: 'system', content: SYSTEM },
        { role: 'user', content },
      ],
    },
    MORE,
  );

const kindOf = (reply: GatewayReply): string | undefined => {
  const kind = reply.headers['tidegate-cache-kind'];
  return typeof kind === 'string' ? kind : undefined;
};

/** What many people ask: in their own words, or at the same moment. */
export const HELP_DESK_SCENES: readonly Scene[] = [
  {
    name: 'help desk',
    weight: 14,
    async play(visitor) {
      const question = visitor.dice.pick(visitor.dice.pick(ASKED));
      const reply = await ask(visitor, question, false);
      const similarity = reply.headers['tidegate-cache-similarity'];
      if (kindOf(reply) === 'semantic')
        visitor.tell(`"${question}" got the answer to a similar question (${String(similarity)})`);
    },
  },
  {
    name: 'same question at once',
    weight: 3,
    async play(visitor) {
      const question = `Is the gate open for ship ${visitor.dice.below(10_000)} tonight?`;
      const replies = await Promise.all(
        Array.from({ length: HOW_MANY_AT_ONCE }, () => ask(visitor, question, true)),
      );
      const shared = replies.filter((reply) => kindOf(reply) === 'shared').length;
      if (shared > 0) visitor.tell(`${shared + 1} asked the same at once: one call was made and shared`);
    },
  },
];
