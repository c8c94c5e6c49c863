import type { Part } from '../../core/conversation.ts';
import { MOST_PARTS, nameOf } from './loose-body.ts';
import { callPart } from './parts.ts';

type TextKind = 'text' | 'thinking' | 'refusal';
type Draft =
  | { readonly kind: TextKind; text: string }
  | { readonly kind: 'call'; id: string | null; name: string; text: string; given: unknown }
  | { readonly kind: 'parts'; parts: readonly Part[] };

/** Puts the parts of a streamed answer together from their pieces, each piece under the key of its part. */
export class PartBuilder {
  readonly #drafts = new Map<string, Draft>();

  addText(key: string, kind: TextKind, piece: unknown): void {
    if (typeof piece !== 'string' || piece === '') return;
    const draft = this.#drafts.get(key);
    if (draft?.kind === kind) draft.text += piece;
    else if (draft === undefined) this.#put(key, { kind, text: piece });
  }

  /** A name or id that comes later fills up what is not known yet; `piece` is appended to the arguments. */
  addCall(key: string, call: { id?: unknown; name?: unknown; piece?: unknown; given?: unknown }): void {
    let draft = this.#drafts.get(key);
    if (draft === undefined) {
      draft = { kind: 'call', id: null, name: '', text: '', given: undefined };
      this.#put(key, draft);
    }
    if (draft.kind !== 'call') return;
    draft.id ??= nameOf(call.id);
    if (draft.name === '') draft.name = nameOf(call.name) ?? '';
    if (typeof call.piece === 'string') draft.text += call.piece;
    if (call.given !== undefined) draft.given = call.given;
  }

  /** Parts that come whole; they replace what was collected under the key. */
  setParts(key: string, parts: readonly Part[]): void {
    this.#put(key, { kind: 'parts', parts });
  }

  has(key: string): boolean {
    return this.#drafts.has(key);
  }

  parts(): Part[] {
    return [...this.#drafts.values()].flatMap((draft): readonly Part[] => {
      if (draft.kind === 'parts') return draft.parts;
      if (draft.kind !== 'call') return [{ type: draft.kind, text: draft.text }];
      return [callPart(draft.id, draft.name, draft.text === '' ? draft.given : draft.text)];
    });
  }

  #put(key: string, draft: Draft): void {
    if (this.#drafts.has(key) || this.#drafts.size < MOST_PARTS) this.#drafts.set(key, draft);
  }
}
