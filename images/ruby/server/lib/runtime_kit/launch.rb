# frozen_string_literal: true

# Read before Sinatra loads: it decides about development pages while its class body runs.
ENV['APP_ENV'] ||= 'production'
ENV['RACK_ENV'] ||= 'production'

# IO::Buffer is the standard library's shared memory; its interface is the same in 3.1 and 3.3.
Warning[:experimental] = false

require_relative 'configuration'
require_relative 'logs'
require_relative 'supervisor'
require_relative 'termination_log'

# A function server: loads one function and answers HTTP with it.
module RuntimeKit
  # Runs the server until it is told to stop and ends the process: 0 after a signal, 1 where the
  # configuration or the function is at fault.
  # @param env [Hash{String => String}] the environment, see Configuration
  def self.launch(env)
    $stdout.sync = $stderr.sync = true
    configuration = Configuration.from(env)
    exit Supervisor.new(configuration).run
  rescue Configuration::Invalid => e
    message = "runtime-kit: #{e.message}"
    warn message
    TerminationLog.new(env).write(message)
    exit 1
  end
end
