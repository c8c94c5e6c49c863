import { describe, expect, it } from 'vitest';
import { readAs } from '../../../test/support/conversation.ts';

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

describe('requests of other formats', () => {
  it('Google: calls and their results, pictures, thoughts, in both spellings', () => {
    const read = readAs(
      { path: 'v1beta/models/gemini-2.5-pro:generateContent' },
      {
        system_instruction: { parts: [{ text: 'Rules' }] },
        contents: [
          {
            role: 'user',
            parts: [{ text: 'Look' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }],
          },
          {
            role: 'model',
            parts: [{ text: 'Hm', thought: true }, { functionCall: { name: 'look', args: { at: 'it' } } }],
          },
          {
            role: 'function',
            parts: [{ functionResponse: { name: 'look', response: { result: 'a cat' } } }],
          },
          {
            role: 'user',
            parts: [{ fileData: { fileUri: 'gs://bucket/a.pdf', mimeType: 'application/pdf' } }],
          },
        ],
        tools: [
          { functionDeclarations: [{ name: 'look', description: 'Looks', parameters: weather }] },
          { googleSearch: {} },
        ],
      },
    );
    expect(read).toMatchObject({
      system: [{ text: 'Rules' }],
      messages: [
        { role: 'user', parts: [{ text: 'Look' }, { type: 'image', dataUrl: 'data:image/png;base64,AAAA' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'thinking', text: 'Hm' },
            { type: 'tool-call', name: 'look', arguments: { at: 'it' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'look', parts: [{ text: 'a cat' }] }] },
        { role: 'user', parts: [{ type: 'file', url: 'gs://bucket/a.pdf' }] },
      ],
      tools: [{ name: 'look', description: 'Looks' }, { name: 'googleSearch' }],
    });
  });

  it('Bedrock converse: cache points, calls, results and reasoning', () => {
    const read = readAs(
      { path: 'model/anthropic.claude/converse' },
      {
        system: [{ text: 'Rules' }, { cachePoint: { type: 'default' } }],
        messages: [
          { role: 'user', content: [{ text: 'Go' }] },
          {
            role: 'assistant',
            content: [
              { reasoningContent: { reasoningText: { text: 'Hm' } } },
              { toolUse: { toolUseId: 't1', name: 'go', input: { to: 'x' } } },
            ],
          },
          {
            role: 'user',
            content: [
              {
                toolResult: {
                  toolUseId: 't1',
                  status: 'error',
                  content: [{ json: { a: 1 } }, { text: 'b' }],
                },
              },
            ],
          },
        ],
        toolConfig: { tools: [{ toolSpec: { name: 'go', inputSchema: { json: weather } } }] },
        inferenceConfig: { maxTokens: 10 },
      },
    );
    expect(read).toMatchObject({
      dialect: 'bedrock-converse',
      system: [{ text: 'Rules', cacheMarker: true }],
      messages: [
        { role: 'user' },
        {
          parts: [
            { type: 'thinking', text: 'Hm' },
            { type: 'tool-call', id: 't1', arguments: { to: 'x' } },
          ],
        },
        {
          parts: [
            {
              type: 'tool-result',
              callId: 't1',
              isError: true,
              parts: [
                { type: 'other', json: { a: 1 } },
                { type: 'text', text: 'b' },
              ],
            },
          ],
        },
      ],
      tools: [{ name: 'go', schema: weather }],
      parameters: { inferenceConfig: { maxTokens: 10 } },
    });
  });

  it('Bedrock invoke: the format of the model that is invoked', () => {
    const invoke = { path: 'model/x/invoke' };
    expect(readAs(invoke, { anthropic_version: 'bedrock-2023-05-31', messages: [] }).dialect).toBe(
      'anthropic',
    );
    expect(readAs(invoke, { inferenceConfig: {}, messages: [] }).dialect).toBe('bedrock-converse');
    expect(readAs(invoke, { inputText: 'Hi' }).messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ]);
    expect(readAs(invoke, { prompt: '<s>Hi' }).messages[0]!.parts).toEqual([{ type: 'text', text: '<s>Hi' }]);
  });

  it('Cohere, first version: history, message and tool results', () => {
    const read = readAs(
      { path: 'v1/chat' },
      {
        preamble: 'Rules',
        chat_history: [
          { role: 'USER', message: 'one' },
          { role: 'CHATBOT', message: 'two' },
        ],
        message: 'three',
        tool_results: [{ call: { name: 'f' }, outputs: [{ x: 1 }] }],
      },
    );
    expect(read.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'tool']);
    expect(read.system).toEqual([{ type: 'text', text: 'Rules' }]);
  });

  it.each([
    ['completions', { prompt: ['a', 'b'] }, ['a', 'b']],
    ['embeddings', { input: 'a' }, ['a']],
    ['images/generations', { prompt: 'a cat' }, ['a cat']],
    ['audio/speech', { input: 'say it', voice: 'x' }, ['say it']],
    ['rerank', { query: 'q', documents: ['d1', 'd2'] }, ['q', 'd1', 'd2']],
    ['predictions', { version: 'v', input: { prompt: 'p' } }, ['p']],
    ['@cf/meta/llama', { prompt: 'p' }, ['p']],
    ['v1beta/models/e:embedContent', { content: { parts: [{ text: 'e' }] } }, ['e']],
  ])('%s shows what is asked', (path, body, texts) => {
    const { messages } = readAs({ path }, body);
    const shown = messages.flatMap(({ parts }) =>
      parts.map((part) => ('text' in part ? part.text : part.type)),
    );
    expect(shown).toEqual(texts);
  });

  it('a form lists its parts with names and sizes, also when it was cut', () => {
    const form = [
      '--xyz\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n',
      '--xyz\r\ncontent-disposition: form-data; name="language"\r\n\r\nde\r\n',
      '--xyz\r\ncontent-disposition: form-data; name="file"; filename="talk.mp3"\r\ncontent-type: audio/mpeg\r\n\r\n',
      'ID3 not really a sound\r\n',
      '--xyz--\r\n',
    ].join('');
    const place = { path: 'audio/transcriptions', requestType: 'multipart/form-data; boundary=xyz' };
    const read = readAs(place, Buffer.from(form));
    expect(read).toMatchObject({
      model: 'whisper-1',
      parameters: { language: 'de' },
      messages: [{ parts: [{ type: 'audio', name: 'talk.mp3', mediaType: 'audio/mpeg', bytes: 22 }] }],
    });
    const cut = readAs(place, Buffer.from(form.slice(0, form.indexOf('really'))));
    expect(cut.messages[0]!.parts[0]).toMatchObject({ name: 'talk.mp3', bytes: 8 });
  });

  it('a universal request shows the step that answered', () => {
    const steps = [
      {
        provider: 'openai',
        endpoint: 'chat/completions',
        query: { messages: [{ role: 'user', content: 'first' }] },
      },
      {
        provider: 'anthropic',
        endpoint: 'v1/messages',
        query: { messages: [{ role: 'user', content: 'second' }] },
      },
    ];
    const read = readAs({ path: 'v1/messages', step: 1 }, steps);
    expect(read).toMatchObject({ dialect: 'anthropic', messages: [{ parts: [{ text: 'second' }] }] });
  });
});
