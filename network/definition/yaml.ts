/** Settings as YAML: block style, strings always quoted as JSON quotes them, which YAML reads the same. */
export type Settings = string | number | boolean | null | readonly Settings[] | { readonly [name: string]: Settings };

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function lines(value: Settings): string[] {
  if (value === null || typeof value !== 'object') return [JSON.stringify(value)];
  if (isEmpty(value)) return [Array.isArray(value) ? '[]' : '{}'];
  if (Array.isArray(value)) {
    return (value as readonly Settings[]).flatMap((item) =>
      lines(item).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`),
    );
  }
  return Object.entries(value).flatMap(([name, item]) => {
    const [first = '', ...rest] = lines(item);
    const scalar = item === null || typeof item !== 'object' || isEmpty(item);
    return scalar ? [`${name}: ${first}`] : [`${name}:`, ...[first, ...rest].map((line) => `  ${line}`)];
  });
}

/** @param origin says in the first line who wrote the file and where to change it */
export function toYaml(value: Settings, origin: string): string {
  return `# ${origin}\n${lines(value).join('\n')}\n`;
}
