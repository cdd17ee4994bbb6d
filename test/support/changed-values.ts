/** Every value in some JSON with the way to it, and the JSON with one of them changed. */
import type { Json } from '../../network/proof/canonical-json.js';

export type Place = readonly string[];

export function placesIn(value: Json, path: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]));
}

export function changed(value: Json, [name, ...rest]: Place, put: (old: Json) => Json): Json {
  if (name === undefined) return put(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>;
  copy[name] = changed(copy[name] as Json, rest, put);
  return copy as Json;
}
