/** Under these names JSON dependency files have what they need at run time. */
const KEYS = ['dependencies', 'require'];

/** A dependency file for a table: of a JSON one only the dependencies, a line each. */
export function dependencyLines(text: string): string {
  const document = parsed(text);
  const key = KEYS.find((one) => typeof document?.[one] === 'object');
  if (!document || key === undefined) return text.trim();
  return Object.entries(document[key] as object)
    .map(([name, version]) => `${name}: ${version}`)
    .join('\n');
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as never) : undefined;
  } catch {
    return undefined;
  }
}
