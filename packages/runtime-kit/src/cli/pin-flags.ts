import { loadRepositoryCatalog, selectVariants } from '../catalog/index.js';

export { loadRepositoryCatalog };

export interface PlanFlags {
  all?: true;
  registry?: string;
  allowUnverified?: true;
  json?: true;
}

/** The repository, and the variants that the arguments name. */
export async function chosen(selectors: string[], flags: PlanFlags) {
  const catalog = await loadRepositoryCatalog();
  return { catalog, variants: selectVariants(catalog.runtimes, selectors, flags) };
}
