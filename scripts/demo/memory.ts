/**
 * What a run chose once: its times and its salts. The first start keeps them in a file of the data
 * folder, so that one that was killed half-way asks for the very same writes again, and none twice.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DemoFault } from './fault.js';

const MEMORY_FORMAT = 'delta-demo/1';

export interface Memory {
  /** the value under a name, made at its first use */
  recall(name: string, make: () => string): string;
  known(name: string): boolean;
}

export function memoryInProcess(): Memory {
  const values = new Map<string, string>();
  return {
    known: (name) => values.has(name),
    recall: (name, make) => {
      const known = values.get(name) ?? make();
      values.set(name, known);
      return known;
    },
  };
}

function read(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const { format, values } = JSON.parse(readFileSync(file, 'utf8'));
  if (format !== MEMORY_FORMAT)
    throw new DemoFault(`${file} has format ${format}.`, 'Start with the version that made it, or on a new DATA_DIR.');
  return values;
}

/** @throws DemoFault for a file of another version */
export function memoryInFile(file: string): Memory {
  const values = read(file);
  return {
    known: (name) => name in values,
    recall: (name, make) => {
      const known = values[name];
      if (known !== undefined) return known;
      const value = make();
      values[name] = value;
      const draft = `${file}.draft`;
      writeFileSync(draft, `${JSON.stringify({ format: MEMORY_FORMAT, values }, null, 2)}\n`, { mode: 0o600 });
      renameSync(draft, file);
      return value;
    },
  };
}
