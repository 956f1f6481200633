# frozen_string_literal: true

$LOAD_PATH.unshift(File.join(__dir__, 'lib'))

require 'runtime_kit/compiled_code'

RuntimeKit::CompiledCode.use

require 'runtime_kit/launch'

RuntimeKit.launch(ENV)
