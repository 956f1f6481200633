# frozen_string_literal: true

# For the image: keeps the code of all that a server loads before the function, compiled by the Ruby that will
# run it. To be run once, where the server and its libraries are.

$LOAD_PATH.unshift(File.join(__dir__, 'lib'))

require 'runtime_kit/compiled_code'
require 'runtime_kit/launch'

RuntimeKit::Worker.preload
RuntimeKit::CompiledCode.keep
