import { z } from 'zod';

export const providerObjectSchema = z.object({
  id: z
    .string()
    .meta({ description: 'What keys, records and settings go by; `custom-{slug}` of your own ones.' }),
  slugs: z.array(z.string()).meta({ description: 'Names that stand for it in a path, its id first.' }),
  name: z.string(),
  custom: z.boolean(),
  base_url: z.string().nullable().meta({ description: 'Null where it is made from the path.' }),
  credential: z.object({ header: z.string(), prefix: z.string() }),
  example: z
    .object({ endpoint: z.string(), dialect: z.string() })
    .nullable()
    .meta({ description: 'A working endpoint, as a client writes it after the slug.' }),
  chat: z.object({ endpoint: z.string(), stream_endpoint: z.string(), dialect: z.string() }).nullable().meta({
    description: 'Where to talk with a model; names in braces are to be filled in. Null: no such models.',
  }),
  key_test: z.boolean().meta({ description: 'Whether a stored key can be tested without cost.' }),
  models: z
    .array(z.string())
    .meta({ description: 'Models that the price catalogue lists; there may be others.' }),
});
export type ProviderObject = z.infer<typeof providerObjectSchema>;

export const keyTestSchema = z.object({
  outcome: z.enum(['accepted', 'refused', 'unclear', 'not_tested']),
  status_code: z.number().nullable(),
  message: z
    .string()
    .meta({ description: 'What the provider said, without anything secret, or why it was not asked.' }),
  duration: z.number().nullable().meta({ description: 'Ms.' }),
});
export type KeyTestObject = z.infer<typeof keyTestSchema>;
