/** The systemd units of a province's folder, as what systemd would run of them: for the proof on four hosts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLED } from '../../network/definition/systemd-units.js';

export interface Unit {
  /** the file's name without `.service` */
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where on this machine is what the units look for on their host; a user has no place. */
export type Places = Readonly<Record<Exclude<keyof typeof INSTALLED, 'user'>, string>>;

function placed(path: string, places: Places): string {
  for (const [name, place] of Object.entries(places)) {
    const installed = INSTALLED[name as keyof Places];
    if (path === installed || path.startsWith(`${installed}/`)) return place + path.slice(installed.length);
  }
  return path;
}

function readUnit(file: string, name: string, places: Places): Unit {
  const settings = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const all = (key: string) => settings.filter(([known]) => known === key).map(([, value]) => value);
  const [command = '', ...words] = (all('ExecStart')[0] ?? '').split(' ').map((word) => placed(word, places));
  const [folder = ''] = all('WorkingDirectory');
  const environment = all('Environment').map((variable) => {
    const [key = '', ...value] = variable.split('=');
    return [key, placed(value.join('='), places)];
  });
  return { name, command, arguments: words, folder: placed(folder, places), environment: Object.fromEntries(environment) };
}

/** In the order of their names, in which each comes after those that it waits for. */
export function readUnits(places: Places): readonly Unit[] {
  const units = join(places.folder, 'systemd');
  return readdirSync(units)
    .sort()
    .map((file) => readUnit(join(units, file), file.replace(/\.service$/, ''), places));
}
