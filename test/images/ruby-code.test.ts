import { expect, test } from 'vitest';
import { imageName, loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { engine, ROOT } from './support.js';

/** Loads what a server loads, and says of how many files the image has the code and which it had to compile. */
const LOAD = `
require 'runtime_kit/compiled_code'
before = $LOADED_FEATURES.dup
code = RuntimeKit::CompiledCode
code.use
used = []
code.singleton_class.prepend(Module.new { define_method(:of) { |path| super(path).tap { used << path if _1 } } })
require 'runtime_kit/launch'
RuntimeKit::Worker.preload
loaded = ($LOADED_FEATURES - before).grep(%r{\\A/.*\\.rb\\z})
puts used.size, loaded - used
`;

const { config, runtimes } = await loadRepositoryCatalog(ROOT);
const variants = runtimes.find(({ language }) => language === 'ruby')?.variants ?? [];

test.each(variants)(
  '$id: a start of the image compiles nothing before the function',
  async (variant) => {
    const { exitCode, stdout, stderr } = await engine.containers.run({
      image: imageName(config.prefix, variant, 'runtime'),
      labels: {},
      entrypoint: [`/usr/bin/ruby${variant.version.version}`],
      command: ['-I/opt/runtime-kit/lib', '-e', LOAD],
      network: 'none',
    });
    expect(exitCode, stderr).toBe(0);
    const [used, ...compiled] = stdout.trimEnd().split('\n');
    expect(Number(used)).toBeGreaterThan(100);
    expect(compiled).toEqual([]);
  },
);
