import { openai } from './openai.ts';
import type { Family } from './provider-request.ts';
export const mistral: Family = { ...openai, id: 'mistral' };
