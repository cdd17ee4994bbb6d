/** A document that comes as a form: hashed while it arrives, never stored. */
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { check } from '../../chaincode/schemas/check.js';
import { Closed, Time } from '../../chaincode/schemas/primitives.js';
import { Problem } from '../http/problem.js';
import type { DocumentHasher } from './hash-document.js';
import type { Question } from './verify.js';

const DOCUMENT_LIMIT = 256 * 1024 * 1024;

export const FORM_LIMITS = {
  fileSize: DOCUMENT_LIMIT,
  files: 1,
  fields: 3,
  parts: 4,
  fieldNameSize: 32,
  fieldSize: 64,
  headerPairs: 8,
};

/** A form has nothing but text. */
const MinHeight = Type.String({ pattern: '^(?:0|[1-9][0-9]{0,14})$' });
const FormFields = Closed({ asOf: Type.Optional(Time), knownAt: Type.Optional(Time), minHeight: Type.Optional(MinHeight) });

type Digests = Question['digests'];

interface Form {
  digests: Digests | undefined;
  readonly fields: Record<string, unknown>;
}

function refuse(path: string, message: string): Problem {
  return new Problem('request.invalid', { errors: [{ path, message }] });
}

async function readPart(hasher: DocumentHasher, form: Form, part: Multipart): Promise<void> {
  const path = `/${part.fieldname}`;
  if (part.type === 'field') {
    if (Object.hasOwn(form.fields, part.fieldname)) throw refuse(path, 'field is repeated');
    form.fields[part.fieldname] = part.value;
    return;
  }
  if (part.fieldname !== 'file') throw refuse(path, 'the document comes in a part called file');
  const { sha256, sm3 } = await hasher.hash(part.file);
  if (part.file.truncated) throw new Problem('request.too-large');
  form.digests = [
    { alg: 'sha-256', value: sha256 },
    { alg: 'sm3', value: sm3 },
  ];
}

async function readParts(hasher: DocumentHasher, request: FastifyRequest): Promise<Form> {
  const form: Form = { digests: undefined, fields: Object.create(null) };
  try {
    for await (const part of request.parts({ limits: FORM_LIMITS })) await readPart(hasher, form, part);
  } catch (error) {
    if (error instanceof Problem) throw error;
    if ((error as { code?: unknown }).code === 'FST_REQ_FILE_TOO_LARGE') throw new Problem('request.too-large');
    // Whatever else the parser stumbles over is the form's fault: its parts, their number, its end.
    throw refuse('', 'not a form with one file and the fields asOf, knownAt and minHeight');
  }
  return form;
}

/** @throws Problem `request.invalid`, `request.too-large`, and Refusal for a time that is none */
export async function readForm(hasher: DocumentHasher, request: FastifyRequest): Promise<Question> {
  const { digests, fields } = await readParts(hasher, request);
  const given = { ...fields };
  check(FormFields, given);
  if (!digests) throw refuse('/file', 'file is missing');
  const { minHeight, ...times } = given as Static<typeof FormFields>;
  return { digests, ...times, ...(minHeight !== undefined && { minHeight: Number(minHeight) }) };
}
