import { anthropicMessages } from './anthropic.ts';
import { bedrockConverse } from './bedrock.ts';
import { cohereChat } from './cohere.ts';
import type { ChatFormat } from './format.ts';
import { googleGenerate } from './google.ts';
import { openaiChat } from './openai.ts';

/** By the dialect of a provider's chat endpoint. */
const FORMATS: Readonly<Record<string, ChatFormat>> = {
  openai: openaiChat,
  anthropic: anthropicMessages,
  google: googleGenerate,
  cohere: cohereChat,
  bedrock: bedrockConverse,
};

export const formatOf = (dialect: string): ChatFormat | null =>
  Object.hasOwn(FORMATS, dialect) ? FORMATS[dialect]! : null;
