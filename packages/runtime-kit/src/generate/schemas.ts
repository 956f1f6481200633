import { z } from 'zod';
import { benchSchema } from '../bench/contenders/schema.js';
import { configSchema } from '../catalog/config.js';
import { runtimeImagesSchema } from '../config/structure.js';
import { manifestSchema } from '../manifest/schema.js';
import { lockSchema } from '../pins/lock.js';

/** The JSON Schemas of the documents that people write or read, by file name. */
export function jsonSchemas(): Record<string, string> {
  return {
    'runtime.schema.json': schemaText('A runtime-kit language (runtime.yaml)', manifestSchema),
    'bench.schema.json': schemaText(
      'What a runtime-kit language is compared with (bench/bench.yaml)',
      benchSchema,
    ),
    'config.schema.json': schemaText('runtime-kit.config.yaml', configSchema),
    'runtime-images.schema.json': schemaText(
      'The value of runtime-images in the ConfigMap kubeless-config',
      runtimeImagesSchema,
    ),
    'lock.schema.json': schemaText('A runtime-kit pin (pins/RUNTIME.lock.json)', lockSchema),
  };
}

function schemaText(title: string, schema: z.ZodType): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`;
}
