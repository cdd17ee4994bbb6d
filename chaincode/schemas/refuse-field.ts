/** Breaches of shape that span fields, which a schema cannot say. */
import { Refusal } from '../errors.js';
import { isBefore } from '../time.js';

/** @throws Refusal `request.invalid` naming one field by its JSON pointer */
export function refuseField(path: string, message: string): never {
  throw new Refusal('request.invalid', { fields: [{ path, message }] });
}

/** @throws Refusal `request.invalid` unless the second instant, where given, lies after the first */
export function ensureAfter(first: string, second: string | undefined, path: string): void {
  if (second !== undefined && !isBefore(first, second)) refuseField(path, `must lie after ${first}`);
}

/** @throws Refusal `request.invalid` when two items of a list have the same value at one field */
export function ensureDistinct<T>(items: readonly T[], field: keyof T & string, path: string): void {
  const repeated = items.findIndex((item, index) => items.findIndex((other) => other[field] === item[field]) < index);
  if (repeated >= 0) refuseField(`${path}/${repeated}/${field}`, 'stands in the list already');
}
