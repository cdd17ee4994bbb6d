/** Checks a value against a schema and its closed forms, and names every field at fault. */
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Refusal, type RefusalCode } from '../errors.js';
import { type Finding, inspect } from './inspect.js';

const compiled = new WeakMap<object, Validator>();

function validatorOf(schema: TSchema): Validator {
  let validator = compiled.get(schema);
  if (!validator) {
    validator = Compile(schema) as Validator;
    compiled.set(schema, validator);
  }
  return validator;
}

/** The schema node a JSON pointer leads to, as far as properties and items go. */
function nodeAt(schema: TSchema, pointer: string): Record<string, unknown> {
  let node = schema as Record<string, unknown>;
  for (const part of pointer.split('/').slice(1)) {
    const properties = node.properties as Record<string, Record<string, unknown>> | undefined;
    node = properties?.[part] ?? (node.items as Record<string, unknown> | undefined) ?? {};
  }
  return node;
}

function shapeFindings(schema: TSchema, value: unknown): Finding[] {
  return validatorOf(schema)
    .Errors(value)
    .filter((error) => error.keyword !== 'boolean')
    .map((error) => {
      const node = nodeAt(schema, error.instancePath);
      const isForm = error.keyword === 'pattern';
      const code = isForm && node.errorCode === 'request.id-invalid' ? 'request.id-invalid' : 'request.invalid';
      const params = error.params as { requiredProperties?: string[]; additionalProperties?: string[] };
      const named = params.requiredProperties ?? params.additionalProperties;
      return { path: error.instancePath, code, message: named ? `${error.message}: ${named.join(', ')}` : error.message };
    });
}

/** Findings of shape first; forms and personal data only of a value that has the shape. */
export function findings(schema: TSchema, value: unknown): Finding[] {
  if (!validatorOf(schema).Check(value)) return shapeFindings(schema, value);
  return inspect(schema, value);
}

const GRAVITY: readonly Finding['code'][] = ['request.invalid', 'request.id-invalid', 'privacy.personal-data'];

/** @throws Refusal with the gravest code among the findings, naming each field. */
function refuseFindings(found: readonly Finding[]): void {
  const code = GRAVITY.find((candidate) => found.some((finding) => finding.code === candidate));
  if (code) throw new Refusal(code as RefusalCode, { fields: found.map(({ path, message }) => ({ path, message })) });
}

/** @throws Refusal when the value breaks the schema. */
export function check(schema: TSchema, value: unknown): void {
  refuseFindings(findings(schema, value));
}
