import Mustache from 'mustache';
import type { Variant } from '../catalog/runtime.js';
import { RuntimeKitError } from '../errors.js';

export type Values = { [name: string]: string | number | Values };

/** The names that templates, and the manifest's own strings, can use. */
export function valuesOf({ id, runtime, version }: Variant): Values {
  const values: Values = {
    runtime: id,
    language: runtime.language,
    version: version.version,
    suite: version.suite,
  };
  return { ...values, vars: { ...runtime.manifest.vars, ...version.vars } };
}

/**
 * Fills a template in. Values can use names themselves (a manifest's `vars` may hold
 * `{{version}}`), so text is expanded until nothing is left to expand.
 *
 * @throws RuntimeKitError TEMPLATE_INVALID for a name that has no value, a section, a bad tag.
 */
export function expand(
  text: string,
  values: Values,
  file: string,
  partials: Record<string, string> = {},
): string {
  let expanded = text;
  for (let depth = 0; expanded.includes('{{'); depth++) {
    if (depth === 5) throw invalidTemplate(file, 'values refer to each other in a circle');
    requireValues(expanded, values, file, partials);
    expanded = Mustache.render(expanded, values, partials, {
      escape: String, // a Dockerfile is no HTML
    });
  }
  return expanded;
}

function requireValues(
  text: string,
  values: Values,
  file: string,
  partials: Record<string, string>,
): void {
  for (const [type, name] of tagsOf(text, file)) {
    if (type === 'text' || type === '!') continue;
    if (type === '>') {
      if (!(name in partials)) throw invalidTemplate(file, `there is no part "{{> ${name}}}" here`);
    } else if (type === 'name' || type === '&') {
      if (!hasValue(values, name)) throw invalidTemplate(file, `{{${name}}} has no value`);
    } else {
      throw invalidTemplate(file, `{{${type}${name}}}: templates have no logic`);
    }
  }
}

function tagsOf(text: string, file: string): [string, string][] {
  try {
    return Mustache.parse(text).map(([type, name]) => [String(type), String(name)]);
  } catch (error) {
    throw invalidTemplate(file, error instanceof Error ? error.message : String(error));
  }
}

function hasValue(values: Values, path: string): boolean {
  let value: unknown = values;
  for (const part of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Values)[part] : undefined;
  return value !== undefined;
}

function invalidTemplate(file: string, message: string): RuntimeKitError {
  return new RuntimeKitError('TEMPLATE_INVALID', `${file}: ${message}`, {
    hint: 'docs/adding-a-runtime.md lists the names that templates can use',
  });
}
