# frozen_string_literal: true

# As little as Puma needs to serve the benchmark's scenarios.

require 'json'
require 'puma'
require 'puma/configuration'
require 'puma/launcher'

SCENARIOS = {
  'hello' => ->(_env) { 'hello world' },
  'json' => ->(env) { JSON.generate(JSON.parse(env['rack.input'].read)) },
  'large' => ->(env) { env['rack.input'].read.bytesize.to_s },
  'wait' => lambda { |_env|
    sleep 0.01
    'waited'
  }
}.freeze

scenario = SCENARIOS.fetch(ENV.fetch('SCENARIO'))
type = ENV.fetch('SCENARIO') == 'json' ? 'application/json' : 'text/plain; charset=utf-8'
application = lambda do |env|
  body = scenario.call(env)
  [200, { 'content-type' => type, 'content-length' => body.bytesize.to_s }, [body]]
end

configuration = Puma::Configuration.new do |config|
  config.app application
  config.bind 'tcp://0.0.0.0:8080'
  config.threads 16, 16
  config.environment 'production'
end
Puma::Launcher.new(configuration).run
