import type { Scene, Visitor } from './demo-visitor.ts';
import type { GatewayReply } from './gateway-call.ts';

/** Each entry is one question in several words; some pairs of entries look alike and are not, such as 2 and 3 nights. */
const ASKED = [
  [
    'How do I reset my password?',
    'How can I reset my password?',
    'What do I do to reset my password?',
    'I forgot my password, how do I reset it?',
  ],
  ['What are your opening hours?', 'Tell me your opening hours', 'When are you open?'],
  ['Where can I see my invoices?', 'Where do I find my invoices?', 'Where can I view my invoices?'],
  ['How do I cancel my plan?', 'How can I cancel my plan?', 'I want to cancel my plan, how does that work?'],
  ['How do I change my plan?', 'How can I change my plan?'],
  ['What does a berth cost for 2 nights?', 'What is the price of a berth for 2 nights?'],
  ['What does a berth cost for 3 nights?', 'What is the price of a berth for 3 nights?'],
] as const;
const GREETINGS = ['', '', 'Hello, ', 'hi, ', 'Good morning. '] as const;
const THANKS = ['', '', ' Thank you!', ' Thanks.'] as const;

function inOwnWords({ dice }: Visitor): string {
  return `${dice.pick(GREETINGS)}${dice.pick(dice.pick(ASKED))}${dice.pick(THANKS)}`;
}

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
    weight: 18,
    async play(visitor) {
      const question = inOwnWords(visitor);
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
