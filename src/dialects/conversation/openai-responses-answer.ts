import type { Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf, within } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';
import { MOST_PARTS, nameOf, objectsOf } from './loose-body.ts';
import { readItem } from './openai-responses-request.ts';
import { PartBuilder } from './part-builder.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

export const responsesAnswer: AnswerReader = { readBody, readEvents };

function readBody(response: Fields): AnswerReading {
  const parts = objectsOf(response.output, MOST_PARTS).flatMap(readItem);
  return { model: nameOf(response.model), answer: assistantAnswer(parts, reasonOf(response)) };
}

/** The end is told by a status, and the reason only when it is incomplete. */
function reasonOf(response: Fields): string | null {
  return nameOf(within(response, 'incomplete_details').reason) ?? nameOf(response.status);
}

/** The last event has the whole answer once more; a stream that was cut has only the pieces. */
function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const pieces = new ItemPieces();
  let model: string | null = null;
  let finishReason: string | null = null;
  for (const { fields } of events) {
    const response = fieldsOf(fields.response);
    model ??= nameOf(response?.model);
    if (
      response !== null &&
      /^response\.(completed|incomplete|failed|cancelled)$/.test(String(fields.type))
    ) {
      const whole = readBody(response);
      if (whole.answer !== null && whole.answer.parts.length > 0) return whole;
      finishReason = reasonOf(response);
    } else {
      pieces.take(fields);
    }
  }
  return { model, answer: assistantAnswer(pieces.parts(), finishReason) };
}

class ItemPieces {
  readonly #items = new Map<string, PartBuilder | readonly Part[]>();

  take(event: Fields): void {
    const type = typeof event.type === 'string' ? event.type : '';
    const key = String(event.output_index ?? 0);
    const item = within(event, 'item');
    if (type === 'response.output_item.done') {
      if (this.#items.has(key) || this.#items.size < MOST_PARTS) this.#items.set(key, readItem(item));
      return;
    }
    const builder = this.#builder(key);
    if (builder === null) return;
    if (type === 'response.output_item.added') {
      if (item.type === 'function_call' || item.type === 'custom_tool_call')
        builder.addCall('call', { id: item.call_id ?? item.id, name: item.name });
      return;
    }
    const part = String(event.content_index ?? event.summary_index ?? 0);
    switch (type) {
      case 'response.output_text.delta':
        builder.addText(`text ${part}`, 'text', event.delta);
        break;
      case 'response.refusal.delta':
        builder.addText(`refusal ${part}`, 'refusal', event.delta);
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        builder.addText(`${type} ${part}`, 'thinking', event.delta);
        break;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        builder.addCall('call', { piece: event.delta });
        break;
    }
  }

  parts(): Part[] {
    const sorted = [...this.#items].sort(([a], [b]) => Number(a) - Number(b));
    return sorted.flatMap(([, item]) => (item instanceof PartBuilder ? item.parts() : [...item]));
  }

  /** Null for an item that came whole, and beyond the most that are kept. */
  #builder(key: string): PartBuilder | null {
    const known = this.#items.get(key);
    if (known instanceof PartBuilder) return known;
    if (known !== undefined || this.#items.size >= MOST_PARTS) return null;
    const made = new PartBuilder();
    this.#items.set(key, made);
    return made;
  }
}
