import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { overLimit } from './refusal.ts';

/** Fields of a query when its fragments are written out; each alias is a field. */
const MOST_FIELDS = 500;
const DEEPEST = 20;
const MOST_DATASETS = 20;
/** The schema itself is a large answer. */
const MOST_INTROSPECTIONS = 4;

/**
 * Refuses what would cost too much, before anything is checked or run: fragments that unfold, depth, and many fields
 * under aliases. Works on the document alone, so names may still be unknown and fragments may still form circles.
 */
export function checkBounds(document: DocumentNode): void {
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  let fields = 0;
  let datasets = 0;
  let introspections = 0;
  const open = new Set<string>();
  const count = (set: SelectionSetNode | undefined, depth: number, parent: string): void => {
    if (set === undefined) return;
    if (depth > DEEPEST) throw overLimit(`a query can't be more than ${DEEPEST} levels deep`);
    for (const selection of set.selections) {
      if (++fields > MOST_FIELDS) throw overLimit(`a query can't have more than ${MOST_FIELDS} fields`);
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (name.startsWith('aiGateway') && parent !== 'settings' && ++datasets > MOST_DATASETS) {
          throw overLimit(`a query can't ask for more than ${MOST_DATASETS} datasets`);
        }
        if ((name === '__schema' || name === '__type') && ++introspections > MOST_INTROSPECTIONS) {
          throw overLimit(`a query can't look at the schema more than ${MOST_INTROSPECTIONS} times`);
        }
        count(selection.selectionSet, depth + 1, name);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        count(selection.selectionSet, depth + 1, parent);
      } else {
        const name = selection.name.value;
        // A circle is for validation to name.
        if (open.has(name)) continue;
        open.add(name);
        count(fragments.get(name)?.selectionSet, depth + 1, parent);
        open.delete(name);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) count(definition.selectionSet, 1, '');
  }
}
