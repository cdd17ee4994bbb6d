/** The one table from error code to HTTP status and public text. A 5xx tells nothing from inside. */
import type { RefusalCode } from '../../chaincode/errors.js';
import { anchorProblems } from './problems/anchor-problems.js';
import { caseProblems } from './problems/case-problems.js';
import { catalogueProblems } from './problems/catalogue-problems.js';
import { certificateProblems } from './problems/certificate-problems.js';
import { evidenceProblems } from './problems/evidence-problems.js';
import { grantProblems } from './problems/grant-problems.js';
import type { ProblemEntry } from './problems/problem.js';
import { registryProblems } from './problems/registry-problems.js';
import { requestProblems } from './problems/request-problems.js';

const TABLE = {
  ...requestProblems,
  ...registryProblems,
  ...catalogueProblems,
  ...caseProblems,
  ...certificateProblems,
  ...grantProblems,
  ...anchorProblems,
  ...evidenceProblems,
} satisfies Record<RefusalCode, ProblemEntry> & Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof TABLE;

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemEntry>> = TABLE;

export const PROBLEM_CODES = Object.keys(TABLE) as ProblemCode[];

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
