import { z } from 'zod';

export const viewObjectSchema = z.object({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  page: z.string(),
  query: z.string().meta({ description: 'Query part of the page’s address, without the question mark.' }),
  created_at: z.iso.datetime(),
});
export type ViewObject = z.infer<typeof viewObjectSchema>;
