/** Whether a line is a record that can be anchored: read as strictly as any body, and by the same schema. */
import { Refusal } from '../../chaincode/errors.js';
import { check } from '../../chaincode/schemas/check.js';
import { type AnchoredRecord, AnchorLine, leafText, recordTag } from '../../chaincode/transactions/anchor/record.js';
import type { ProblemCode } from '../http/problem-table.js';
import { parseStrictJson } from '../http/strict-json.js';
import type { RawLine } from './split-lines.js';

/** A line whose record can be anchored. */
export interface GoodLine {
  /** from 1 */
  readonly line: number;
  readonly tag: string;
  readonly digest: string;
  /** the leaf's text */
  readonly text: string;
}

export interface BadLine {
  readonly line: number;
  readonly code: ProblemCode;
}

/** The record that a line holds. @throws Refusal `request.invalid`, `request.id-invalid`, `privacy.personal-data` */
function readRecord(agency: string, raw: RawLine): AnchoredRecord {
  if (raw === undefined) throw new Refusal('request.invalid');
  const value = parseStrictJson(raw);
  check(AnchorLine, value);
  return { agency, ...(value as AnchorLine) };
}

export function judgeLine(agency: string, line: number, raw: RawLine): GoodLine | BadLine {
  try {
    const record = readRecord(agency, raw);
    return { line, tag: recordTag(agency, record.recordId), digest: record.digest.value, text: leafText(record) };
  } catch (error) {
    if (error instanceof Refusal) return { line, code: error.code };
    throw error;
  }
}

export function isBad(judged: GoodLine | BadLine): judged is BadLine {
  return 'code' in judged;
}
