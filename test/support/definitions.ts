/** Every transaction that any file under chaincode/transactions defines, found rather than listed. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TransactionDefinition } from '../../chaincode/runtime/definition.js';

export interface FoundDefinition {
  /** below chaincode/transactions */
  readonly file: string;
  readonly exportName: string;
  readonly definition: TransactionDefinition;
}

function isDefinition(value: unknown): value is TransactionDefinition {
  return typeof value === 'object' && value !== null && 'contract' in value && 'apply' in value && 'input' in value;
}

export async function findDefinitions(): Promise<FoundDefinition[]> {
  const folder = resolve('chaincode/transactions');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(
    files.map(async (file) => ({ file, exported: (await import(pathToFileURL(join(folder, file)).href)) as object })),
  );
  return modules.flatMap(({ file, exported }) =>
    Object.entries(exported).flatMap(([exportName, definition]) =>
      isDefinition(definition) ? [{ file, exportName, definition }] : [],
    ),
  );
}
