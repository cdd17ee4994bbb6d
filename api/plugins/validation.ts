/**
 * Input as it is, or not at all: nothing is coerced, dropped or filled in. Bodies go through the very
 * check that the contracts run; parameters are text, and where a number is due, one spelling of it.
 */

import type { FastifySchemaCompiler } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { TSchema } from 'typebox';
import { check } from '../../chaincode/schemas/check.js';
import { Closed } from '../../chaincode/schemas/primitives.js';

const INTEGER = /^(?:0|[1-9][0-9]{0,6})$/;

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** Text that spells an integer becomes one where the schema wants one; anything else stays what it is and is refused. */
function readParameters(schema: ObjectSchema, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isNumber = schema.properties?.[name]?.type === 'integer' && typeof value === 'string' && INTEGER.test(value);
      return [name, isNumber ? Number(value) : value];
    }),
  );
}

function attempt(validate: () => unknown): { value: unknown } | { error: Error } {
  try {
    return { value: validate() };
  } catch (error) {
    return { error: error as Error };
  }
}

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'body')
    return (value) =>
      attempt(() => {
        check(schema, value);
        return value;
      });
  const { properties = {} } = schema as unknown as { properties?: Record<string, unknown> };
  const names = Object.keys(properties);
  if (httpPart === 'headers')
    return (values: Readonly<Record<string, unknown>>) => {
      // Headers are everybody's; only those that a route names are looked at.
      const named = names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]] as const);
      return named.length === 0
        ? { value: values }
        : attempt(() => {
            check(schema, Object.fromEntries(named));
            return values;
          });
    };
  return (values: Readonly<Record<string, unknown>>) => {
    const isEmpty = names.length === 0 && Object.keys(values).length === 0;
    if (isEmpty) return { value: values };
    return attempt(() => {
      const read = readParameters(schema as ObjectSchema, values);
      check(schema, read);
      return read;
    });
  };
};

/** A route that names no query parameters takes none. */
export const validation = fastifyPlugin(
  async (app) => {
    app.setValidatorCompiler(compileValidator);
    app.setSerializerCompiler(() => (value) => JSON.stringify(value));
    app.addHook('onRoute', (route) => {
      route.schema = { querystring: Closed({}), ...route.schema };
    });
  },
  { name: 'validation' },
);
