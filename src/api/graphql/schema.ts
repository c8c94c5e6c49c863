import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  type GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { type Dataset, type DimensionField, isMoney, QUANTILES } from './fields.ts';
import { SCALARS } from './scalars.ts';

const list = <Type extends GraphQLObjectType | GraphQLEnumType | GraphQLInputObjectType>(type: Type) =>
  new GraphQLList(new GraphQLNonNull(type));

/** The context of one query: answers the fields that need work. The rest is read off their answers by name. */
export interface QueryContext {
  accounts(filter: AccountFilter | null): unknown;
  dataset(dataset: Dataset, parameters: DatasetParameters, info: GraphQLResolveInfo): unknown;
  settings(dataset: Dataset): unknown;
}

export interface AccountFilter {
  readonly accountTag?: string | null;
  readonly accountTag_in?: readonly string[] | null;
}

/** Arguments of a dataset, their values checked by their types. */
export interface DatasetParameters {
  readonly limit?: number | null;
  readonly filter?: FilterInput | null;
  readonly orderBy?: readonly string[] | null;
}

export interface FilterInput {
  readonly [field: string]: unknown;
  readonly AND?: readonly FilterInput[] | null;
  readonly OR?: readonly FilterInput[] | null;
}

type Fields = GraphQLFieldConfigMap<unknown, QueryContext>;

export function createSchema(datasets: readonly Dataset[]): GraphQLSchema {
  const fields: Fields = {};
  const settings: Fields = {};
  for (const dataset of datasets) {
    fields[dataset.name] = {
      type: new GraphQLNonNull(list(groupType(dataset))),
      args: {
        limit: { type: SCALARS.uint64 },
        filter: { type: filterType(dataset) },
        orderBy: { type: list(orderType(dataset)) },
      },
      resolve: (_source, parameters, context, info) =>
        context.dataset(dataset, parameters as DatasetParameters, info),
    };
    settings[dataset.name] = {
      type: new GraphQLNonNull(SETTINGS),
      resolve: (_source, _parameters, context) => context.settings(dataset),
    };
  }
  fields.settings = {
    type: new GraphQLNonNull(new GraphQLObjectType({ name: 'AccountSettings', fields: settings })),
    resolve: () => ({}),
  };
  const account = new GraphQLObjectType({ name: 'account', fields });
  const filter = new GraphQLInputObjectType({
    name: 'AccountFilter_InputObject',
    fields: {
      accountTag: { type: SCALARS.string },
      accountTag_in: { type: new GraphQLList(new GraphQLNonNull(SCALARS.string)) },
    },
  });
  const viewer = new GraphQLObjectType({
    name: 'viewer',
    fields: {
      accounts: {
        type: new GraphQLNonNull(list(account)),
        args: { filter: { type: filter }, limit: { type: SCALARS.uint64 } },
        resolve: (_source, { filter: wanted }, context) =>
          context.accounts((wanted as AccountFilter | undefined) ?? null),
      },
    },
  });
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: { viewer: { type: new GraphQLNonNull(viewer), resolve: () => ({}) } },
  });
  return new GraphQLSchema({ query });
}

const SETTINGS = new GraphQLObjectType({
  name: 'Settings',
  fields: {
    enabled: { type: new GraphQLNonNull(GraphQLBoolean) },
    availableFields: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
    maxPageSize: { type: new GraphQLNonNull(GraphQLInt) },
    maxNumberOfFields: { type: new GraphQLNonNull(GraphQLInt) },
    maxDuration: { type: new GraphQLNonNull(GraphQLInt) },
    notOlderThan: { type: new GraphQLNonNull(GraphQLInt) },
  },
});

/** `AccountAiGatewayRequestsAdaptiveGroups`: clients name the types of their variables. */
const typeName = ({ name }: Dataset, suffix: string): string =>
  `Account${name.charAt(0).toUpperCase()}${name.slice(1)}${suffix}`;

function groupType(dataset: Dataset): GraphQLObjectType {
  const fields: Fields = {
    dimensions: {
      type: new GraphQLObjectType({
        name: typeName(dataset, 'Dimensions'),
        fields: dimensionFields(dataset),
      }),
    },
  };
  const part = (suffix: string, parts: Fields): GraphQLObjectType =>
    new GraphQLObjectType({ name: typeName(dataset, suffix), fields: parts });
  if (dataset.maxima.length === 0) fields.count = { type: new GraphQLNonNull(SCALARS.uint64) };
  if (dataset.sums.length > 0) {
    const sums = dataset.sums.map((name) => [
      name,
      { type: new GraphQLNonNull(isMoney(name) ? SCALARS.float64 : SCALARS.uint64) },
    ]);
    fields.sum = { type: part('Sum', Object.fromEntries(sums)) };
  }
  if (dataset.maxima.length > 0) {
    fields.max = { type: part('Max', { rows: { type: new GraphQLNonNull(SCALARS.uint64) } }) };
  }
  if (dataset.quantiles) {
    const quantiles = Object.keys(QUANTILES).map((name) => [name, { type: SCALARS.float64 }]);
    fields.quantiles = { type: part('Quantiles', Object.fromEntries(quantiles)) };
  }
  return new GraphQLObjectType({ name: typeName(dataset, ''), fields });
}

function dimensionFields(dataset: Dataset): Fields {
  const fields: Fields = {};
  for (const [name, dimension] of Object.entries(dataset.dimensions)) {
    const scalar = SCALARS[dimension.type];
    fields[name] = { type: isListed(dimension) ? new GraphQLList(new GraphQLNonNull(scalar)) : scalar };
  }
  if (dataset.sums.length > 0) {
    fields.metadata = {
      type: SCALARS.string,
      description: 'The value of one key of the metadata.',
      args: { key: { type: new GraphQLNonNull(SCALARS.string) } },
    };
  }
  return fields;
}

const isListed = (dimension: DimensionField): boolean => dimension.kind === 'entries';

const SCALAR_OPERATORS = ['', '_neq', '_gt', '_lt', '_geq', '_leq'];
const TIME_OPERATORS = ['', '_gt', '_lt', '_geq', '_leq'];

function filterType(dataset: Dataset): GraphQLInputObjectType {
  const type: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: typeName(dataset, 'Filter_InputObject'),
    fields: () => {
      const fields: GraphQLInputFieldConfigMap = { AND: { type: list(type) }, OR: { type: list(type) } };
      for (const operator of TIME_OPERATORS) fields[`datetime${operator}`] = { type: SCALARS.Time };
      for (const [name, dimension] of Object.entries(dataset.dimensions)) {
        const scalar = SCALARS[dimension.type];
        const several = new GraphQLList(new GraphQLNonNull(scalar));
        if (dimension.kind === 'entries') {
          fields[`${name}_has`] = { type: scalar };
          fields[`${name}_hasany`] = { type: several };
          fields[`${name}_hasall`] = { type: several };
          continue;
        }
        const operators = dimension.kind === 'time' ? TIME_OPERATORS : SCALAR_OPERATORS;
        for (const operator of operators) fields[name + operator] = { type: scalar };
        if (dimension.kind === 'time') continue;
        fields[`${name}_in`] = { type: several };
        fields[`${name}_notin`] = { type: several };
        if (dimension.type !== 'string') continue;
        fields[`${name}_like`] = { type: scalar };
        fields[`${name}_notlike`] = { type: scalar };
      }
      return fields;
    },
  });
  return type;
}

/** `count_DESC`, `sum_cost_DESC`, `datetimeHour_ASC`. */
function orderType(dataset: Dataset): GraphQLEnumType {
  const names = [
    ...(dataset.maxima.length > 0 ? ['max_rows'] : ['count']),
    ...dataset.sums.map((name) => `sum_${name}`),
    ...Object.entries(dataset.dimensions)
      .filter(([, dimension]) => !isListed(dimension))
      .map(([name]) => name),
  ];
  const values = names.flatMap((name) => [`${name}_ASC`, `${name}_DESC`]);
  return new GraphQLEnumType({
    name: typeName(dataset, 'OrderBy'),
    values: Object.fromEntries(values.map((value) => [value, {}])),
  });
}

/** As the settings node spells them: `count`, `sum_cost`, `dimensions_gateway`. */
export function availableFields(dataset: Dataset): string[] {
  return [
    ...(dataset.maxima.length > 0 ? ['max_rows'] : ['count']),
    ...dataset.sums.map((name) => `sum_${name}`),
    ...(dataset.quantiles ? Object.keys(QUANTILES).map((name) => `quantiles_${name}`) : []),
    ...Object.keys(dataset.dimensions).map((name) => `dimensions_${name}`),
  ];
}
