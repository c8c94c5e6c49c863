import { z } from 'zod';
import { permissionSchema, roleSchema } from '../contract.ts';

export const sessionObjectSchema = z.object({
  account: z.string(),
  token: z.object({
    id: z.string(),
    name: z.string(),
    role: roleSchema.nullable().meta({ description: 'Null when the permissions are those of no role.' }),
    permissions: z.array(permissionSchema),
  }),
  csrf: z.string().nullable().meta({
    description: 'To be sent as `x-tidegate-csrf` with each change; null for a caller that shows its token.',
  }),
  expires_at: z.iso.datetime().nullable().meta({
    description:
      'When the session, or else the token, ends; null is never. A session lives on while it is used.',
  }),
});
export type SessionObject = z.infer<typeof sessionObjectSchema>;
