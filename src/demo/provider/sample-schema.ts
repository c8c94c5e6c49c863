import { isObject, type JsonObject, listAt, objectAt, textAt } from './loose-json.ts';

/** Arguments that satisfy a tool's JSON schema in the usual cases, about the city that was asked for. */
export function sampleArguments(schema: JsonObject, city: string): JsonObject {
  const value = sampleValue({ ...schema, type: 'object' }, 'arguments', city);
  return isObject(value) ? value : {};
}

/** A value for a JSON schema. Types may be written in capitals, as Google does. */
export function sampleValue(schema: unknown, name: string, city: string, depth = 0): unknown {
  if (isObject(schema) && 'const' in schema) return schema.const;
  const choices = listAt(schema, 'enum');
  if (choices.length > 0) return choices[0];
  const options = [...listAt(schema, 'anyOf'), ...listAt(schema, 'oneOf')];
  if (options.length > 0 && depth < 8) return sampleValue(options[0], name, city, depth + 1);
  const type = (textAt(schema, 'type') ?? String(listAt(schema, 'type')[0] ?? '')).toLowerCase();
  const properties = objectAt(schema, 'properties');
  if (type === 'object' || Object.keys(properties).length > 0) {
    if (depth > 8) return {};
    const required = listAt(schema, 'required').map(String);
    const names = required.length > 0 ? required : Object.keys(properties);
    return Object.fromEntries(names.map((key) => [key, sampleValue(properties[key], key, city, depth + 1)]));
  }
  if (type === 'array')
    return depth > 8 ? [] : [sampleValue(objectAt(schema, 'items'), name, city, depth + 1)];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === '' && !/city|location|place/i.test(name)) return {};
  return /city|location|place|town/i.test(name) ? city : `sample ${name}`;
}
