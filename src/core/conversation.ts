/** Plain JSON, bounded in depth and size. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A piece of a message. Where `length` is given, the text was cut, and that is how long it really is, in UTF-16 units. */
export type Part = { readonly cacheMarker?: true } & (
  | { readonly type: 'text' | 'thinking' | 'refusal'; readonly text: string; readonly length?: number }
  | {
      readonly type: 'image' | 'audio' | 'file';
      readonly mediaType: string | null;
      /** Only of media that a browser shows without running anything, and only up to a size. */
      readonly dataUrl: string | null;
      readonly url: string | null;
      readonly bytes: number | null;
      readonly name: string | null;
    }
  | {
      readonly type: 'tool-call';
      readonly id: string | null;
      readonly name: string;
      /** Text where it is no JSON. */
      readonly arguments: Json;
    }
  | {
      readonly type: 'tool-result';
      readonly callId: string | null;
      readonly parts: readonly Part[];
      readonly isError: boolean;
    }
  /** What has no form of its own here, as it stands in the body. */
  | { readonly type: 'other'; readonly json: Json }
);

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
}

export interface Answer extends Message {
  readonly finishReason: string | null;
}

export interface ToolDeclaration {
  readonly name: string;
  readonly description: string | null;
  readonly schema: Json;
}

/** A request and its answer as people read them, whatever the wire format was. */
export interface Conversation {
  /** The wire format: `openai-chat`, `openai-responses`, `anthropic`, `google` …; null when it is not known. */
  readonly dialect: string | null;
  readonly model: string | null;
  readonly system: readonly Part[];
  readonly messages: readonly Message[];
  /** Messages before the first one shown that were left out because there are too many. */
  readonly omittedMessages: number;
  readonly answer: Answer | null;
  readonly tools: readonly ToolDeclaration[];
  readonly parameters: { readonly [name: string]: Json };
  /** Index of the first message that the session's previous request did not have; null without a previous one. */
  readonly newFrom: number | null;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  /** Why not all could be read, for people; null when all could. */
  readonly problem: string | null;
}

/** A body as it was stored. */
export interface ConversationBody {
  readonly bytes: Buffer;
  readonly contentType: string | null;
  readonly encoding: string;
  readonly truncated: boolean;
}

export interface ConversationInput {
  /** After the provider, without query. */
  readonly path: string;
  /** Which step of a universal request is meant. */
  readonly step: number;
  readonly request: ConversationBody | null;
  readonly response: ConversationBody | null;
  /** Requests of the same session before this one, the latest first: what they said is not new. */
  readonly earlier: readonly ConversationBody[];
}

/** What a search finds a record by, and what lists show of it. */
export interface ConversationText {
  /** First line of what the user said last; null when there is none. */
  readonly preview: string | null;
  readonly prompt: string;
  readonly answer: string;
}

/** What the module of the conversation readers exports: loaded by its URL, on the threads that use it. */
export interface ConversationBackend {
  /** Never throws, whatever the bytes. */
  readConversation(input: ConversationInput): Conversation;
  /** Never throws either. */
  readText(input: Omit<ConversationInput, 'earlier'>): ConversationText;
}

/** Where conversations are asked for. */
export interface ConversationStore {
  /** Null for a record that is not there, or is another gateway's. */
  conversation(account: string, gateway: string, id: string): Promise<Conversation | null>;
}
