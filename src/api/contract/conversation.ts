import { z } from 'zod';

/** The conversation of a request, for people to read. Null is 'unknown' or 'does not apply'. */
const json = z.unknown().meta({ description: 'Any JSON; very deep or long values end in `…`.' });
const cacheMarker = z
  .literal(true)
  .optional()
  .meta({ description: 'The provider was asked to cache up to here.' });
const length = z
  .number()
  .optional()
  .meta({ description: 'Where the text was cut: how long it really is, in UTF-16 units.' });

const textPartSchema = z.object({
  type: z.enum(['text', 'thinking', 'refusal']),
  text: z.string(),
  length,
  cache_marker: cacheMarker,
});

const mediaPartSchema = z.object({
  type: z.enum(['image', 'audio', 'file']),
  media_type: z.string().nullable(),
  data_url: z.string().nullable().meta({ description: 'Of raster images and sound up to a size only.' }),
  url: z.string().nullable(),
  bytes: z.number().nullable(),
  name: z.string().nullable(),
  cache_marker: cacheMarker,
});

const callPartSchema = z.object({
  type: z.literal('tool-call'),
  id: z.string().nullable(),
  name: z.string(),
  arguments: json,
  cache_marker: cacheMarker,
});

const otherPartSchema = z.object({ type: z.literal('other'), json, cache_marker: cacheMarker });

const resultPartSchema = z.object({
  type: z.literal('tool-result'),
  call_id: z.string().nullable(),
  get parts(): z.ZodArray<typeof partSchema> {
    return z.array(partSchema);
  },
  is_error: z.boolean(),
  cache_marker: cacheMarker,
});

/** With an id it stands in the OpenAPI document once, and may hold itself. */
const partSchema = z
  .union([textPartSchema, mediaPartSchema, callPartSchema, resultPartSchema, otherPartSchema])
  .meta({ id: 'ConversationPart' });
export type ConversationPart =
  | z.infer<typeof textPartSchema>
  | z.infer<typeof mediaPartSchema>
  | z.infer<typeof callPartSchema>
  | z.infer<typeof otherPartSchema>
  | {
      type: 'tool-result';
      call_id: string | null;
      parts: ConversationPart[];
      is_error: boolean;
      cache_marker?: true | undefined;
    };

const messageSchema = z.object({
  role: z.string().meta({ description: '`user`, `assistant`, `tool`, or what the format calls it.' }),
  parts: z.array(partSchema),
});

export const conversationSchema = z.object({
  dialect: z.string().nullable(),
  model: z.string().nullable(),
  system: z.array(partSchema),
  messages: z.array(messageSchema),
  omitted_messages: z.number().meta({ description: 'Messages before the first one shown.' }),
  answer: messageSchema.extend({ finish_reason: z.string().nullable() }).nullable(),
  tools: z.array(z.object({ name: z.string(), description: z.string().nullable(), schema: json })),
  parameters: z.record(z.string(), json),
  new_from: z.number().nullable().meta({
    description: 'Index of the first message that the session’s previous request did not have.',
  }),
  request_truncated: z.boolean(),
  response_truncated: z.boolean(),
  problem: z.string().nullable().meta({ description: 'Why not all could be read.' }),
});

export interface ConversationObject
  extends Omit<z.infer<typeof conversationSchema>, 'system' | 'messages' | 'answer'> {
  system: ConversationPart[];
  messages: ConversationMessage[];
  answer: (ConversationMessage & { finish_reason: string | null }) | null;
}
export interface ConversationMessage {
  role: string;
  parts: ConversationPart[];
}
