import { cacheNote, type Scene, type Visitor } from './demo-visitor.ts';

const QUESTIONS = [
  'Summarise the minutes of the harbour meeting in three lines.',
  'Write a polite reply that declines the invitation.',
  'Explain back-pressure to a new colleague.',
  'Turn this list of dates into a table.',
  'Which of the two plans is cheaper over three years?',
  'Find the mistake in my SQL: select count(id) form orders;',
  'Suggest a name for a boat that is always late.',
  'What should a runbook for a full disk contain?',
];
const FREQUENT = [
  'How do I reset my password?',
  'What are your opening hours?',
  'Where can I see my invoices?',
  'How do I cancel my plan?',
];
const SUPPORT = `You are the assistant of a harbour office. Answer in a friendly tone, in at most three sentences, and never promise a berth. ${'Boats are moored by length; visitors pay at the office; the gate opens two hours around high water. '.repeat(4)}`;

const OPENAI_JS = 'OpenAI/JS 6.49.0';
const OPENAI_PYTHON = 'OpenAI/Python 2.8.1';

function question(visitor: Visitor): string {
  return `${visitor.dice.pick(QUESTIONS)} (case ${visitor.dice.below(10_000)})`;
}

function conversation(visitor: Visitor): object[] {
  return [
    { role: 'system', content: SUPPORT },
    { role: 'user', content: question(visitor) },
  ];
}

export const EVERYDAY_SCENES: readonly Scene[] = [
  {
    name: 'chat',
    weight: 10,
    async play(visitor) {
      const model = visitor.dice.pick(['gpt-4o-mini', 'gpt-4.1-mini', 'gpt-5-mini']);
      const more = { userAgent: OPENAI_JS, feature: 'support-chat' };
      await visitor.send('openai/chat/completions', { model, messages: conversation(visitor) }, more);
    },
  },
  {
    name: 'streamed chat',
    weight: 12,
    async play(visitor) {
      const body = {
        model: visitor.dice.pick(['gpt-4o', 'gpt-4o-mini']),
        messages: conversation(visitor),
        stream: true,
        stream_options: { include_usage: true },
      };
      const more = { userAgent: OPENAI_PYTHON, feature: 'support-chat' };
      const reply = await visitor.send('openai/chat/completions', body, more);
      if (reply.status === 200 && visitor.dice.below(4) === 0) {
        const events = reply.text.split('\n\n').length - 1;
        visitor.tell(`streamed ${events} events of ${body.model}`);
      }
    },
  },
  {
    name: 'frequent question',
    weight: 12,
    async play(visitor) {
      // One question is asked far more often than the others, as it is.
      const index = visitor.dice.below(2) === 0 ? 0 : visitor.dice.below(FREQUENT.length);
      const headers: Record<string, string> = {
        'cf-aig-cache-ttl': '600',
        'cf-aig-cache-key': `demo-faq-${index}`,
      };
      const messages = [{ role: 'user', content: FREQUENT[index] }];
      const more = { headers, userAgent: OPENAI_JS, feature: 'faq' };
      const isStream = index % 2 === 1;
      const reply = await visitor.send(
        'openai/chat/completions',
        { model: 'gpt-4o-mini', messages, stream: isStream },
        more,
      );
      visitor.tell(`"${FREQUENT[index]}"${cacheNote(reply)}`);
    },
  },
  {
    name: 'responses',
    weight: 4,
    async play(visitor) {
      const body = {
        model: 'gpt-5-mini',
        input: question(visitor),
        reasoning: { effort: visitor.dice.pick(['low', 'medium', 'high']) },
        stream: visitor.dice.below(2) === 0,
      };
      await visitor.send('openai/responses', body, { userAgent: OPENAI_JS, feature: 'planning' });
    },
  },
  {
    name: 'gemini',
    weight: 8,
    async play(visitor) {
      const model = visitor.dice.pick(['gemini-2.5-flash', 'gemini-2.5-pro']);
      const method = visitor.dice.below(2) === 0 ? 'generateContent' : 'streamGenerateContent?alt=sse';
      const body = {
        systemInstruction: { parts: [{ text: SUPPORT }] },
        contents: [{ role: 'user', parts: [{ text: question(visitor) }] }],
      };
      const more = { userAgent: 'google-genai-sdk/2.32.0 gl-node/v24', feature: 'summaries' };
      await visitor.send(`google-ai-studio/v1beta/models/${model}:${method}`, body, more);
    },
  },
  {
    name: 'embeddings',
    weight: 6,
    async play(visitor) {
      const input = Array.from({ length: 1 + visitor.dice.below(8) }, () => question(visitor));
      const more = { userAgent: OPENAI_PYTHON, feature: 'search-index' };
      await visitor.send('openai/embeddings', { model: 'text-embedding-3-small', input }, more);
    },
  },
  {
    name: 'other providers',
    weight: 6,
    async play(visitor) {
      const messages = [{ role: 'user', content: question(visitor) }];
      const isStream = visitor.dice.below(2) === 0;
      const [path, model] = visitor.dice.pick([
        ['mistral/v1/chat/completions', 'mistral-small-latest'],
        ['mistral/v1/chat/completions', 'codestral-latest'],
        ['cohere/v2/chat', 'command-a-03-2025'],
        ['groq/chat/completions', 'llama-3.3-70b-versatile'],
        ['deepseek/chat/completions', 'deepseek-chat'],
      ] as const);
      await visitor.send(
        path,
        { model, messages, stream: isStream },
        { userAgent: 'curl/8.14.1', feature: 'trials' },
      );
    },
  },
  {
    name: 'picture',
    weight: 1,
    async play(visitor) {
      const body = {
        model: 'gpt-image-1',
        prompt: 'A tide gate at dawn, woodcut',
        size: '1024x1024',
        quality: 'low',
      };
      const reply = await visitor.send('openai/images/generations', body, {
        userAgent: OPENAI_JS,
        feature: 'posters',
      });
      if (reply.status === 200) visitor.tell('one picture drawn by gpt-image-1');
    },
  },
];
