import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { QUANTILES } from './fields.ts';

/** What a query wants of a dataset, by the names of the schema; aliases do not matter here. */
export interface Selection {
  readonly dimensions: ReadonlySet<string>;
  /** Keys of `metadata(key: …)`. */
  readonly metadataKeys: ReadonlySet<string>;
  readonly hasQuantiles: boolean;
  /** Fields below the dataset, each counted once. */
  readonly fieldCount: number;
}

export function readSelection(info: GraphQLResolveInfo): Selection {
  const parts = new Map<string, FieldNode[]>();
  for (const field of fieldsOf(info.fieldNodes, info.fragments)) {
    const name = field.name.value;
    parts.set(name, [...(parts.get(name) ?? []), field]);
  }
  const below = (name: string): FieldNode[] => fieldsOf(parts.get(name) ?? [], info.fragments);
  const names = (name: string): Set<string> =>
    new Set(
      below(name)
        .map((field) => field.name.value)
        .filter((field) => !field.startsWith('__')),
    );
  const dimensions = names('dimensions');
  const metadataKeys = new Set<string>();
  for (const field of below('dimensions')) {
    const key = field.arguments?.find((argument) => argument.name.value === 'key')?.value;
    if (field.name.value === 'metadata' && key?.kind === Kind.STRING) metadataKeys.add(key.value);
  }
  dimensions.delete('metadata');
  const quantiles = [...names('quantiles')].filter((name) => Object.hasOwn(QUANTILES, name));
  return {
    dimensions,
    metadataKeys,
    hasQuantiles: quantiles.length > 0,
    fieldCount:
      dimensions.size +
      metadataKeys.size +
      quantiles.length +
      names('sum').size +
      names('max').size +
      (parts.has('count') ? 1 : 0),
  };
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

/** The fields below the given ones. Fragments have no cycles: validation has seen to that. */
function fieldsOf(fields: readonly FieldNode[], fragments: Fragments): FieldNode[] {
  const found: FieldNode[] = [];
  const visit = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (isSkipped(selection)) continue;
      if (selection.kind === Kind.FIELD) found.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else visit(fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const field of fields) visit(field.selectionSet);
  return found;
}

/** Variables stand in their places already, so `if` is a literal. */
function isSkipped({ directives }: SelectionNode): boolean {
  return (directives ?? []).some((directive) => {
    const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    const flag = value?.kind === Kind.BOOLEAN && value.value;
    return directive.name.value === 'skip' ? flag : directive.name.value === 'include' && !flag;
  });
}
