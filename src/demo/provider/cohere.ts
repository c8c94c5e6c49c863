import { openai } from './openai.ts';
import type { Family } from './provider-request.ts';
export const cohere: Family = { ...openai, id: 'cohere' };
